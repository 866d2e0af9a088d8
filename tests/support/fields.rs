//! The fields of record calls, from JSON values.
#![allow(dead_code, reason = "each test crate uses a part")]

/// An execution's.
pub fn execution(cuj_id: &str, success: &str, duration: &str, error: &str, metadata: &str) -> String {
    format!(
        r#"{{"cuj_id":{cuj_id},"success":{success},"duration_ms":{duration},"error":{error},"metadata":{metadata}}}"#
    )
}

/// A provider call's.
pub fn call(provider: &str, success: &str, latency: &str, error: &str) -> String {
    format!(r#"{{"provider":{provider},"success":{success},"latency_ms":{latency},"error":{error},"metadata":{{}}}}"#)
}

/// A progress event's.
pub fn event(run: &str, percentage: &str) -> String {
    format!(r#"{{"run_id":{run},"step":1,"status":"running","percentage":{percentage},"message":"m","metadata":{{}}}}"#)
}

/// A skill invocation's.
pub fn skill(skill: &str, result: &str, duration: &str, cache_hit: &str, cuj_id: &str) -> String {
    format!(
        r#"{{"skill":{skill},"params":{{}},"result":{result},"duration_ms":{duration},"cache_hit":{cache_hit},"agent":"main","run_id":null,"cuj_id":{cuj_id},"error":null,"metadata":{{}}}}"#
    )
}
