//! Which of a test's records stand in a file, as the reader counts them; a record is known by its duration.
#![allow(dead_code, reason = "each test crate uses a part")]

use obs_native::event::{CujExecution, Record, SkillInvocation, take_apart};

fn duration(line: &[u8]) -> Option<f64> {
    let execution = CujExecution::read(line).map(|record| record.duration_ms);
    execution.or_else(|| SkillInvocation::read(line).map(|record| record.duration_ms))
}

fn numbers_of(line: &[u8]) -> Vec<i64> {
    if let Some(duration) = duration(line) {
        return vec![duration as i64];
    }
    let mut records = take_apart::<CujExecution<'_>>(line).records;
    records.extend(take_apart::<SkillInvocation<'_>>(line).records);
    records.sort_by_key(|record| record.start);
    records.into_iter().filter_map(|record| duration(&line[record])).map(|duration| duration as i64).collect()
}

/// The numbers of the records in `content`, in order; the records of other programs have negative ones and are left out.
pub fn numbers(content: &[u8]) -> Vec<i64> {
    content.split(|&byte| byte == b'\n').flat_map(numbers_of).filter(|&number| number >= 0).collect()
}

/// Lines that do not count.
pub fn damaged(content: &[u8]) -> usize {
    let lines = content.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    lines.filter(|line| CujExecution::read(line).is_none() && SkillInvocation::read(line).is_none()).count()
}

/// The fields of an execution with this number.
pub fn execution(number: i64) -> Vec<u8> {
    format!(r#"{{"cuj_id":"CUJ-1","success":true,"duration_ms":{number},"error":null,"metadata":{{"n":{number}}}}}"#)
        .into_bytes()
}

/// The fields of a skill invocation with this number.
pub fn skill(number: i64) -> Vec<u8> {
    let rest = r#""cache_hit":false,"agent":"main","run_id":null,"cuj_id":null,"error":null,"metadata":{}"#;
    format!(r#"{{"skill":"reader","params":{{}},"result":"success","duration_ms":{number},{rest}}}"#).into_bytes()
}

/// The line of another program's execution.
pub fn foreign(number: i64) -> String {
    format!(
        r#"{{"timestamp":"2026-01-09T16:48:32.275Z","cuj_id":"OTHER","success":true,"duration_ms":-{number},"error":null,"metadata":{{}}}}"#
    )
}
