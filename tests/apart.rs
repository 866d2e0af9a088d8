//! A damaged line gives every record on it: the reader's answer is that of the naive one, and never takes back what it gave.
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::single_range_in_vec_init,
    reason = "a test panics when it is wrong, its numbers are small, and it compares lists of ranges"
)]

#[path = "support/apart.rs"]
mod apart;
#[path = "support/json.rs"]
mod json;
#[path = "support/rescan.rs"]
mod rescan;
#[path = "support/seeds.rs"]
mod seeds;

use std::ops::Range;

use obs_native::event::{CujExecution, Record, take_apart};
use rescan::EXECUTIONS;
use seeds::{Random, each_seed};

const RECORDS: [&str; 8] = [
    r#"{"timestamp":"2026-01-09T16:48:32.275Z","cuj_id":"CUJ-1","success":true,"duration_ms":5,"error":null,"metadata":{}}"#,
    r#"{"cuj_id":"B","timestamp":1767977312275}"#,
    r#"{ "metadata" : {"a":[1,{"b":"{\"c\":["}]} , "timestamp":"2026-01-09T16:48:32Z", "cuj_id":"C" }"#,
    r#"{"cuj_id":"D","timestamp":1767977312275,"error":"tried {\"cuj_id\":\"Q\",\"timestamp\":1767977312275} in vain"}"#,
    r#"{"cuj_id":"E","in":{"cuj_id":"Q","timestamp":1767977312275},"timestamp":1767977312275}"#,
    // Records only where nothing stands before them, and none at all.
    r#"{"cuj_id":"timeless"}"#,
    r#"{"cuj_id":"","timestamp":1767977312275}"#,
    r#"{"timestamp":1767977312275,"other":true}"#,
];

/// What may stand between records, and what may look like a part of one: there a brace can be a value or not, and nothing
/// tells which.
const JUNK: [&str; 13] = ["", " ", "x", "junk ", "\0\0\0", "}", "{", "{}", "[]", "12", "nul", "\u{feff}", "\"a\""];
const UNCLEAR: [&str; 9] = ["\t", "]", "[", "\"", ",", ":", "\\", "{\"a\":", "[1,"];

fn line(random: &mut Random, clear: bool) -> Vec<u8> {
    let mut line = Vec::new();
    for _ in 0..=random.below(5) {
        let record = random.pick(&RECORDS).as_bytes();
        let piece = match random.below(5) {
            0 => fragment(record, random.below(record.len() + 1), clear),
            1 => random.pick(&JUNK).as_bytes(),
            2 if !clear => random.pick(&UNCLEAR).as_bytes(),
            _ => record,
        };
        line.extend_from_slice(piece);
    }
    line
}

fn fragment(record: &[u8], mut cut: usize, clear: bool) -> &[u8] {
    while clear && record[..cut].ends_with(b":") | record[..cut].ends_with(b",") | record[..cut].ends_with(b"[") {
        cut -= 1;
    }
    &record[..cut]
}

/// Where the reader finds records, and how many stretches of something else.
fn found(line: &[u8]) -> (Vec<Range<usize>>, u64) {
    if CujExecution::read(line).is_some() {
        let blank = line.len() - line.trim_ascii_start().len();
        return (vec![blank..line.trim_ascii_end().len()], 0);
    }
    let apart = take_apart::<CujExecution<'_>>(line);
    (apart.records, apart.skipped)
}

#[test]
fn a_damaged_line_gives_what_the_naive_reader_finds() {
    each_seed(20_000, |seed| {
        let line = line(&mut Random::new(seed), true);
        let (records, others) = apart::take_apart(EXECUTIONS, &line);
        let places = records.into_iter().map(|(place, _)| place).collect::<Vec<_>>();
        assert_eq!(found(&line), (places, others as u64), "{}", String::from_utf8_lossy(&line));
    });
}

#[test]
fn a_line_that_grows_keeps_what_was_found_on_it() {
    each_seed(3_000, |seed| {
        let line = line(&mut Random::new(seed), false);
        let mut before = Vec::new();
        for end in 0..=line.len() {
            let now = found(&line[..end]).0;
            let kept = now.len() >= before.len() && before.iter().zip(&now).all(|(a, b): (&Range<usize>, _)| a == b);
            assert!(kept, "at {end} of {}: {before:?}, then {now:?}", String::from_utf8_lossy(&line));
            before = now;
        }
    });
}
