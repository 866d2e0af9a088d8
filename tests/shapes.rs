//! A reader that remembers the shapes of lines reads every line as one that remembers nothing.
#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test panics when it is wrong, and its numbers are small"
)]

#[path = "support/seeds.rs"]
mod seeds;

use obs_native::event::{CujExecution, CujResources, ProgressEvent, ProviderCall, Reader, Record, SkillInvocation};
use seeds::{Random, each_seed};

const SCALARS: [&str; 20] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "12",
    "-3.5",
    "6.02e23",
    "1E-7",
    "60317.123456789012",
    "12345678901234567890",
    "\"\"",
    "\"CUJ-001\"",
    "\"2026-01-09T16:48:32.275Z\"",
    "\"2026-01-09T16:48:32.275+01:00\"",
    "\"a longer text with é and 💥 and no end\"",
    "\"\\\"quoted\\\" and \\u0041\\ud800\"",
    "\"{\\\"cuj_id\\\":1}\"",
    "\"sixteen letters.\"",
    "\"fifteen letters\"",
];

/// `#` stands for a scalar.
const SHAPES: [&str; 12] = [
    r#"{"timestamp":#,"cuj_id":#,"success":#,"duration_ms":#,"error":#,"metadata":{}}"#,
    r#"{"timestamp":#,"cuj_id":#,"success":#,"duration_ms":#,"error":#,"metadata":{"a":[#,#],"resources":{"heap_used_mb":#,"cpu_user_ms":#}}}"#,
    r#"{"timestamp":#,"cuj_id":#,"metadata":{"heap_used_mb":#,"resources":{"heap_used_mb":#,"memory_delta_mb":{"x":#}}},"success":#}"#,
    r#"{"cuj_id":#,"cuj_id":#,"metadata":{"cpu_user_ms":#},"metadata":{"cpu_system_ms":#}}"#,
    r#"{ "cuj_id" : # , "error" : {"code":#} , "metadata" : # } "#,
    r#"{"cuj_id":[#],"error":#}"#,
    r#"{"timestamp":#,"type":"skill_invocation","skill":#,"params":#,"result":#,"duration_ms":#,"cache_hit":#,"agent":#,"run_id":#,"cuj_id":#,"error":#,"metadata":{"memory_delta_mb":#}}"#,
    r#"{"timestamp":#,"iso_timestamp":#,"run_id":#,"step":#,"status":#,"percentage":#,"message":#,"metadata":{}}"#,
    r#"{"timestamp":#,"iso_timestamp":#,"provider":#,"success":#,"latency_ms":#,"error":#,"metadata":{}}"#,
    r#"{"\u0063uj_id":#,"meta\u0064ata":{"resources":{"cpu\u005fuser_ms":#}},"provider":#,"skill":#,"run_id":#}"#,
    r"{}",
    r"[#,#]",
];

/// Bytes that matter to a scanner, and some that do not.
const BYTES: &[u8] = b"\"\\{}[],:0123456789-+.eEtfnu \t\r\x00\x1f\x7f\x80\xffabcdefx";

fn line(random: &mut Random, shapes: &[&str]) -> Vec<u8> {
    let mut line = Vec::new();
    for byte in random.pick(shapes).bytes() {
        if byte == b'#' {
            line.extend_from_slice(random.pick(&SCALARS[..]).as_bytes());
        } else {
            line.push(byte);
        }
    }
    for _ in 0..[0, 0, 0, 1, 1, 3][random.below(6)] {
        let at = random.below(line.len() + 1);
        match random.below(4) {
            0 => line.insert(at, *random.pick(BYTES)),
            1 if at < line.len() => drop(line.remove(at)),
            2 => line.truncate(at),
            _ if at < line.len() => line[at] = *random.pick(BYTES),
            _ => {}
        }
    }
    line
}

fn check<'a, R: Record<'a> + std::fmt::Debug>(lines: &'a [Vec<u8>]) -> usize {
    let mut reader = Reader::of::<R>();
    let shown = |record: Option<R>| format!("{record:?}");
    let mut records = 0;
    for line in lines {
        let found = reader.read(line).and_then(|values| R::of(&values));
        records += usize::from(found.is_some());
        assert_eq!(shown(found), shown(R::read(line)), "{}", String::from_utf8_lossy(line));
    }
    records
}

#[test]
fn a_line_is_read_alike_whatever_was_read_before_it() {
    each_seed(400, |seed| {
        let mut random = Random::new(seed);
        let first = random.below(SHAPES.len());
        let count = 1 + random.below(SHAPES.len() - first);
        let lines: Vec<Vec<u8>> = (0..300).map(|_| line(&mut random, &SHAPES[first..first + count])).collect();
        let records = check::<CujExecution<'_>>(&lines)
            + check::<CujResources<'_>>(&lines)
            + check::<SkillInvocation<'_>>(&lines)
            + check::<ProgressEvent<'_>>(&lines)
            + check::<ProviderCall<'_>>(&lines);
        assert!(records > 0 || first + 2 >= SHAPES.len());
    });
}
