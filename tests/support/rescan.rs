//! Answers every question by reading all lines anew, straight from the specification; shares nothing with `src/`.
#![allow(dead_code, reason = "each test crate uses a part")]

use super::apart::take_apart;
use super::json::{Json, count, object, text};

/// A stream, by the key of its records' id.
#[derive(Debug, Clone, Copy)]
pub struct Stream {
    pub id: Option<&'static str>,
}

pub const EXECUTIONS: Stream = Stream { id: Some("cuj_id") };
pub const PROGRESS: Stream = Stream { id: None };
pub const PROVIDERS: Stream = Stream { id: Some("provider") };
pub const SKILLS: Stream = Stream { id: Some("skill") };

/// The records of a file, and how many lines did not count.
#[derive(Debug, Default, Clone)]
pub struct Scan {
    pub records: Vec<Json>,
    pub skipped: usize,
}

impl Scan {
    pub fn of(stream: Stream, content: &[u8]) -> Self {
        let mut scan = Self::default();
        let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
        let mut lines: Vec<&[u8]> = content.split(|&byte| byte == b'\n').collect();
        let tail = lines.pop().unwrap_or_default();
        for line in lines.into_iter().filter(|line| !line.trim_ascii().is_empty()) {
            let (records, others) = take_apart(stream, line);
            scan.records.extend(records.into_iter().map(|(_, record)| record));
            scan.skipped += others;
        }
        // A last line without its newline counts once a whole record stands on it.
        let (records, others) = take_apart(stream, tail);
        scan.skipped += if records.is_empty() { 0 } else { others };
        scan.records.extend(records.into_iter().map(|(_, record)| record));
        scan
    }
}

/// Epoch ms of a record's timestamp.
pub fn time(record: &Json) -> Option<i64> {
    match record.get("timestamp")? {
        Json::Number(ms) if ms.is_finite() && ms.abs() <= 8.64e15 => Some(*ms as i64),
        Json::Text(units) => {
            let text = String::from_utf16(units).ok()?;
            let zoned = chrono::DateTime::parse_from_rfc3339(&text).map(|time| time.timestamp_millis());
            let plain = || chrono::NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f").ok();
            zoned.ok().or_else(|| plain().map(|time| time.and_utc().timestamp_millis()))
        }
        _ => None,
    }
}

pub fn iso(ms: i64) -> Json {
    text(&chrono::DateTime::from_timestamp_millis(ms).unwrap().format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
}

fn finite(record: &Json, key: &str) -> Option<f64> {
    match record.get(key) {
        Some(Json::Number(value)) if value.is_finite() => Some(*value),
        _ => None,
    }
}

fn is(record: &Json, key: &str, value: &Json) -> bool {
    record.get(key) == Some(value)
}

/// A question about `null` or an empty id is about all CUJs.
fn about(execution: &Json, id: &Json) -> bool {
    *id == Json::Null || matches!(id, Json::Text(units) if units.is_empty()) || is(execution, "cuj_id", id)
}

fn inside(record: &Json, window: Option<f64>, now: f64) -> bool {
    match window {
        None | Some(0.0) => true,
        Some(length) => time(record).is_some_and(|at| now - at as f64 <= length),
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn truthy(record: &Json, key: &str) -> bool {
    record.get(key).is_some_and(Json::is_truthy)
}

/// Values of a key in order of first appearance.
fn names(records: &[&Json], key: &str) -> Vec<Json> {
    let mut names: Vec<Json> = Vec::new();
    for name in records.iter().filter_map(|record| record.get(key)) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

fn by_name(names: Vec<Json>, value: impl Fn(&Json) -> Json) -> Json {
    let member = |name: Json| {
        let value = value(&name);
        match name {
            Json::Text(units) => (units, value),
            _ => ("undefined".encode_utf16().collect(), value),
        }
    };
    Json::Object(names.into_iter().map(member).collect())
}

pub fn success_rate(scan: &Scan, id: &Json, window: Option<f64>, now: f64) -> Json {
    let own = |record: &&Json| about(record, id) && inside(record, window, now);
    let records: Vec<&Json> = scan.records.iter().filter(own).collect();
    let successful = records.iter().filter(|record| truthy(record, "success")).count();
    let sum: f64 = records.iter().filter_map(|record| finite(record, "duration_ms")).sum();
    let average = if records.is_empty() { 0.0 } else { sum / records.len() as f64 };
    let mut rate = object([
        ("cuj_id", id.clone()),
        ("total", count(records.len())),
        ("successful", count(successful)),
        ("failed", count(records.len() - successful)),
        ("rate", Json::Number(ratio(successful, records.len()))),
        ("avg_duration_ms", Json::Number(average)),
        ("time_window_ms", window.map_or(Json::Null, Json::Number)),
    ]);
    if let (Json::Object(members), false) = (&mut rate, records.is_empty()) {
        let start = match window {
            None | Some(0.0) => records.iter().filter_map(|record| time(record)).min().map_or(Json::Null, iso),
            Some(length) => iso((now - length) as i64),
        };
        members.push(("window_start".encode_utf16().collect(), start));
        members.push(("window_end".encode_utf16().collect(), iso(now as i64)));
    }
    rate
}

pub fn all_metrics(scan: &Scan, window: Option<f64>, now: f64) -> Json {
    let records: Vec<&Json> = scan.records.iter().filter(|record| inside(record, window, now)).collect();
    by_name(names(&records, "cuj_id"), |id| success_rate(scan, id, window, now))
}

pub fn trending(scan: &Scan, id: &Json, buckets: u32, size: f64, now: f64) -> Json {
    let bucket = |back: u32| {
        let (start, end) = (now - f64::from(back + 1) * size, now - f64::from(back) * size);
        let within = |record: &&&Json| time(record).is_some_and(|at| start <= at as f64 && (at as f64) < end);
        let all: Vec<&Json> = scan.records.iter().filter(|record| about(record, id)).collect();
        let total = all.iter().filter(within).count();
        let successful = all.iter().filter(within).filter(|record| truthy(record, "success")).count();
        object([
            ("bucket_start", iso(start as i64)),
            ("bucket_end", iso(end as i64)),
            ("total", count(total)),
            ("successful", count(successful)),
            ("failed", count(total - successful)),
            ("rate", Json::Number(ratio(successful, total))),
        ])
    };
    Json::Array((0..buckets).rev().map(bucket).collect())
}

/// The stored values of some keys, absent ones left out.
fn stored(record: &Json, keys: &[&str]) -> Json {
    let member = |key: &&str| Some((key.encode_utf16().collect(), record.get(key)?.clone()));
    Json::Object(keys.iter().filter_map(member).collect())
}

pub fn failures(scan: &Scan, id: &Json, window: Option<f64>, now: f64) -> Json {
    let own = |record: &&Json| about(record, id) && inside(record, window, now) && !truthy(record, "success");
    let failed: Vec<&Json> = scan.records.iter().filter(own).collect();
    let mut errors: Vec<(Json, usize)> = Vec::new();
    for record in &failed {
        let error = record.get("error").filter(|error| error.is_truthy()).cloned();
        let error = error.unwrap_or_else(|| text("Unknown error"));
        match errors.iter_mut().find(|(known, _)| *known == error) {
            Some(entry) => entry.1 += 1,
            None => errors.push((error, 1)),
        }
    }
    let unique = errors.len();
    errors.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let top = errors.into_iter().take(10).map(|(error, n)| object([("error", error), ("count", count(n))])).collect();
    let recent = failed[failed.len().saturating_sub(5)..].iter();
    object([
        ("cuj_id", id.clone()),
        ("total_failures", count(failed.len())),
        ("unique_errors", count(unique)),
        ("top_errors", Json::Array(top)),
        ("recent_failures", Json::Array(recent.map(|r| stored(r, &["timestamp", "error", "duration_ms"])).collect())),
    ])
}

fn rank(sorted: &[f64], percentage: f64) -> f64 {
    let index = (percentage / 100.0 * sorted.len() as f64).ceil() as usize;
    sorted.get(index.max(1) - 1).copied().unwrap_or(0.0)
}

pub fn percentiles(scan: &Scan, id: &Json, window: Option<f64>, now: f64) -> Json {
    let own = |record: &&Json| about(record, id) && inside(record, window, now);
    let mut sorted: Vec<f64> = scan.records.iter().filter(own).filter_map(|r| finite(r, "duration_ms")).collect();
    sorted.sort_by(f64::total_cmp);
    let p = |percentage| Json::Number(rank(&sorted, percentage));
    let ranks = [("p50", p(50.0)), ("p75", p(75.0)), ("p90", p(90.0)), ("p95", p(95.0)), ("p99", p(99.0))];
    if sorted.is_empty() {
        return object(ranks);
    }
    let (min, max) = (Json::Number(sorted[0]), Json::Number(sorted[sorted.len() - 1]));
    let mut members = vec![("cuj_id", id.clone())];
    members.extend(ranks);
    members.extend([("min", min), ("max", max), ("count", count(sorted.len()))]);
    Json::Object(members.into_iter().map(|(key, value)| (key.encode_utf16().collect(), value)).collect())
}

fn round(value: f64) -> f64 {
    (value + 0.5).floor()
}

pub fn provider_health(scan: &Scan, provider: &Json) -> Json {
    let calls: Vec<&Json> = scan.records.iter().filter(|record| is(record, "provider", provider)).collect();
    if calls.is_empty() {
        return object([
            ("provider", provider.clone()),
            ("available", Json::Bool(false)),
            ("reason", text("No data available")),
        ]);
    }
    let successful = calls.iter().filter(|call| truthy(call, "success")).count();
    let latencies: Vec<f64> = calls.iter().filter_map(|call| finite(call, "latency_ms")).collect();
    let average = if latencies.is_empty() { 0.0 } else { latencies.iter().sum::<f64>() / latencies.len() as f64 };
    let latest = &calls[calls.len().saturating_sub(100)..];
    let mut sorted: Vec<f64> = latest.iter().filter_map(|call| finite(call, "latency_ms")).collect();
    sorted.sort_by(f64::total_cmp);
    let last = |success: bool| {
        let call = calls.iter().rev().find(|call| truthy(call, "success") == success);
        call.and_then(|call| time(call)).map_or(Json::Null, |at| Json::Number(at as f64))
    };
    let wrong: Vec<&&Json> = calls.iter().filter(|call| !truthy(call, "success") && truthy(call, "error")).collect();
    let errors = wrong[wrong.len().saturating_sub(10)..].iter().map(|call| stored(call, &["timestamp", "error"]));
    object([
        ("provider", provider.clone()),
        ("available", Json::Bool(true)),
        ("success_rate", Json::Number(ratio(successful, calls.len()))),
        ("total_calls", count(calls.len())),
        ("successful_calls", count(successful)),
        ("failed_calls", count(calls.len() - successful)),
        ("avg_latency_ms", Json::Number(round(average))),
        ("latency_p50", Json::Number(rank(&sorted, 50.0))),
        ("latency_p95", Json::Number(rank(&sorted, 95.0))),
        ("latency_p99", Json::Number(rank(&sorted, 99.0))),
        ("last_success", last(true)),
        ("last_failure", last(false)),
        ("recent_errors", Json::Array(errors.collect())),
    ])
}

pub fn all_provider_health(scan: &Scan) -> Json {
    by_name(names(&scan.records.iter().collect::<Vec<_>>(), "provider"), |name| provider_health(scan, name))
}

pub fn progress_history(scan: &Scan, run: Option<&Json>, limit: usize) -> Json {
    let own = scan.records.iter().filter(|event| run.is_none_or(|run| is(event, "run_id", run)));
    Json::Array(own.take(limit).cloned().collect())
}

/// What a question about skills asks for.
#[derive(Debug, Default, Clone)]
pub struct Filter {
    pub fields: Vec<(&'static str, Json)>,
    pub from: Option<i64>,
    pub to: Option<i64>,
    pub limit: Option<usize>,
}

pub fn query_logs<'a>(days: &'a [Scan], filter: &Filter) -> Vec<&'a Json> {
    let matches = |record: &&Json| {
        let ranged = filter.from.is_some() || filter.to.is_some();
        let in_range = match time(record) {
            Some(at) => filter.from.is_none_or(|from| at >= from) && filter.to.is_none_or(|to| at <= to),
            None => !ranged,
        };
        in_range && filter.fields.iter().all(|(key, value)| is(record, key, value))
    };
    days.iter().flat_map(|day| &day.records).filter(matches).take(filter.limit.unwrap_or(usize::MAX)).collect()
}

pub fn statistics(days: &[Scan], filter: &Filter) -> Json {
    let records = query_logs(days, filter);
    let sum = |records: &[&Json]| records.iter().filter_map(|record| finite(record, "duration_ms")).sum::<f64>();
    let with = |records: &[&Json], result: &str| records.iter().filter(|r| is(r, "result", &text(result))).count();
    let hits = |records: &[&Json]| records.iter().filter(|record| truthy(record, "cache_hit")).count();
    let group = |key: &'static str, value: &dyn Fn(&[&Json]) -> Json| {
        let wanted = |record: &&&Json| key != "cuj_id" || truthy(record, key);
        let records: Vec<&Json> = records.iter().filter(wanted).copied().collect();
        let mut names: Vec<Json> = Vec::new();
        for record in &records {
            let name = record.get(key).cloned().unwrap_or(Json::Bool(false));
            if !names.contains(&name) {
                names.push(name);
            }
        }
        by_name(names, |name| {
            let own = |record: &&&Json| record.get(key).cloned().unwrap_or(Json::Bool(false)) == *name;
            value(&records.iter().filter(own).copied().collect::<Vec<_>>())
        })
    };
    let share = |own: &[&Json]| object([("count", count(own.len())), ("duration_ms", Json::Number(sum(own)))]);
    let total = sum(&records);
    object([
        ("total_invocations", count(records.len())),
        ("successful", count(with(&records, "success"))),
        ("failed", count(with(&records, "failure"))),
        ("cache_hits", count(hits(&records))),
        ("total_duration_ms", Json::Number(total)),
        ("avg_duration_ms", Json::Number(if records.is_empty() { 0.0 } else { total / records.len() as f64 })),
        (
            "by_skill",
            group("skill", &|own| {
                object([
                    ("count", count(own.len())),
                    ("duration_ms", Json::Number(sum(own))),
                    ("failures", count(with(own, "failure"))),
                    ("cache_hits", count(hits(own))),
                ])
            }),
        ),
        ("by_agent", group("agent", &share)),
        ("by_cuj", group("cuj_id", &share)),
    ])
}
