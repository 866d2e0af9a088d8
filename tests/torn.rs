//! A record cut anywhere costs only itself, whoever writes next; a record quoted inside another one never counts.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "a test panics when it is wrong, and its numbers are small"
)]

#[path = "support/fault_disk.rs"]
mod fault_disk;
#[path = "support/fields.rs"]
mod fields;
#[path = "support/lines.rs"]
mod lines;
#[path = "support/seeds.rs"]
mod seeds;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fault_disk::{Fault, FaultDisk, Other, Plan};
use lines::{execution, foreign, numbers};
use obs_native::event::{CujExecution, Record};
use obs_native::monitor::Monitor;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use seeds::{Random, each_seed, long};

const ROOT: &str = "/project";
const NOW: f64 = 1_767_977_312_275.0;

fn path() -> PathBuf {
    Path::new(ROOT).join(".claude/context/analytics/cuj-metrics.jsonl")
}

fn open(disk: &FaultDisk) -> Monitor {
    Monitor::on(Arc::new(disk.clone()), Path::new(ROOT))
}

/// The fields of an execution whose line has about this many bytes.
fn sized(number: i64, bytes: usize) -> Vec<u8> {
    let text = "é\\n\\\"".repeat(bytes.saturating_sub(130) / 6);
    let metadata = format!("{{\"text\":\"{text}\"}}");
    fields::execution("\"CUJ-1\"", "true", &number.to_string(), "null", &metadata).into_bytes()
}

/// Every offset of a small record; the edges of pages and a sample of the rest of a large one.
fn offsets(length: usize) -> Vec<usize> {
    let step = if long() || length < 5000 { 1 } else { 61 };
    (0..=length).filter(|at| at % step == 0 || (at + 2) % 4096 < 5 || length - at < 5).collect()
}

#[test]
fn w2_c1_c2_a_record_cut_at_every_byte_costs_only_itself_when_its_writer_is_dead() {
    for size in [130, 4096, 65536] {
        let whole = {
            let disk = FaultDisk::new(Path::new(ROOT));
            open(&disk).record_execution(&sized(1, size), NOW).unwrap();
            disk.content(&path())
        };
        for cut in offsets(whole.len()) {
            let disk = FaultDisk::new(Path::new(ROOT));
            disk.act(&Other::Append(path(), whole[..cut].to_vec()));
            let survivor = open(&disk);
            survivor.record_execution(&execution(2), NOW).unwrap();
            let expected: &[i64] = if cut + 1 >= whole.len() { &[1, 2] } else { &[2] };
            let content = disk.content(&path());
            assert_eq!(numbers(&content), expected, "cut at {cut} of {}", whole.len());
            let last = content.split(|&byte| byte == b'\n').rev().nth(1).unwrap();
            assert!(serde_json::from_slice::<serde_json::Value>(last).is_ok(), "the new record stands alone");
            let answer = survivor.success_rate(br#""CUJ-1""#, None, NOW).unwrap();
            assert_eq!(answer.total, expected.len() as u64);
        }
    }
}

#[test]
fn d2_k2_a_whole_record_glued_behind_a_cut_one_is_found() {
    let whole = format!("{}\n", foreign(1));
    let record = execution(2);
    let ours = {
        let disk = FaultDisk::new(Path::new(ROOT));
        open(&disk).record_execution(&record, NOW).unwrap();
        disk.content(&path())
    };
    for cut in 1..whole.len() {
        let fragment = &whole.as_bytes()[..cut];
        // The other program does not look at what it appends to. Where a brace may be a value nothing is guessed.
        let found = numbers(&[fragment, &ours].concat());
        let ambiguous = matches!(fragment[cut - 1], b':' | b',' | b'[');
        assert!(found == [2] || ambiguous, "cut at {cut}");
    }
}

#[test]
fn k2_a_living_program_that_appends_half_lines_costs_no_record() {
    let line = format!("{}\n", foreign(1));
    for cut in (1..line.len()).filter(|&cut| !matches!(line.as_bytes()[cut - 1], b':' | b',' | b'[')) {
        for call in 0..20 {
            let disk = FaultDisk::new(Path::new(ROOT));
            let monitor = open(&disk);
            disk.plan(None);
            // It goes on between any two calls of ours, with the first half and then the second.
            for (at, half) in (call..40).zip([&line[..cut], &line[cut..]].iter().cycle()) {
                disk.schedule(at, Other::Append(path(), half.as_bytes().to_vec()));
            }
            (1..4).for_each(|number| assert!(monitor.record_execution(&execution(number), NOW).is_ok()));
            assert_eq!(monitor.health().counts.accepted, 3);
            let text = disk.content(&path());
            assert_eq!(numbers(&text), [1, 2, 3], "cut {cut} call {call}\n{}", String::from_utf8_lossy(&text));
        }
    }
}

#[test]
fn k2_records_hidden_again_and_again_are_found_by_the_next_question() {
    let mut hidden = 0;
    each_seed(2000, |seed| {
        let mut random = Random::new(seed);
        let disk = FaultDisk::new(Path::new(ROOT));
        let monitor = open(&disk);
        disk.plan(None);
        // Behind this half a brace may be a value, so nobody could find a record that is glued to it.
        for call in (0..60).filter(|_| random.once_in(3)) {
            disk.schedule(call, Other::Append(path(), b"{\"half\":".to_vec()));
        }
        (1..5).for_each(|number| assert!(monitor.record_execution(&execution(number), NOW).is_ok()));
        assert_eq!(monitor.success_rate(br#""CUJ-1""#, None, NOW).unwrap().total, 4);
        assert_eq!(monitor.health().counts.accepted, 4);
        let mut found = numbers(&disk.content(&path()));
        hidden += usize::from(found != [1, 2, 3, 4]);
        found.sort_unstable();
        assert_eq!(found, [1, 2, 3, 4]);
    });
    assert!(hidden > 0 || std::env::var_os("OBS_TEST_SEED").is_some(), "no record had to be written again later");
}

#[test]
fn k2_half_lines_without_a_pause_end_before_our_record() {
    // Behind this half a brace may be a value, so nobody could find a record that is glued to it.
    let half = "{\"half\":";
    let mut healed = 0;
    for until in 0..40 {
        let disk = FaultDisk::new(Path::new(ROOT));
        let monitor = open(&disk);
        disk.plan(None);
        for call in 0..until {
            disk.schedule(call, Other::Append(path(), half.as_bytes().to_vec()));
        }
        monitor.record_execution(&execution(1), NOW).unwrap();
        // Only what comes right before the write itself cannot be seen.
        let write = disk.calls().iter().position(|&call| call == "append").unwrap();
        if until <= write as u64 {
            healed += 1;
            assert_eq!(numbers(&disk.content(&path())), [1], "until call {until} of {:?}", disk.calls());
        }
    }
    assert!(healed > 15, "{healed}");
}

#[test]
fn w2_a_cut_write_of_a_batch_costs_nothing_at_any_byte() {
    for cut in 0..600 {
        let disk = FaultDisk::new(Path::new(ROOT));
        let monitor = open(&disk);
        let settings = serde_json::from_str(r#"{"durability":"batch"}"#).unwrap();
        monitor.configure(&settings).unwrap();
        (1..6).for_each(|number| assert!(monitor.record_execution(&execution(number), NOW).is_ok()));
        disk.plan(None);
        monitor.record_execution(&execution(6), NOW).unwrap();
        disk.set_free(Some(cut));
        monitor.flush();
        disk.set_free(None);
        disk.act(&Other::Append(path(), format!("{}\n", foreign(7)).into_bytes()));
        monitor.flush();
        assert_eq!(monitor.health().counts.pending, 0);
        let found = numbers(&disk.content(&path()));
        assert_eq!(found, [1, 2, 3, 4, 5, 6], "cut at {cut}");
    }
}

#[test]
fn c7_every_pair_of_cuts_leaves_whole_records_alone() {
    for first in (0..130).step_by(3) {
        for second in (0..130).step_by(3) {
            let disk = FaultDisk::new(Path::new(ROOT));
            for (number, cut) in [(1, first), (2, second)] {
                let monitor = open(&disk);
                disk.plan(None);
                // A clean run needs to know which call is the write.
                let calls = if number == 1 { 5 } else { 4 };
                for at in 0..calls {
                    disk.plan(Some(Plan { at, fault: Fault::Short(cut), lasting: true }));
                }
                monitor.record_execution(&execution(number), NOW).unwrap();
                disk.kill();
                drop(monitor);
                disk.heal();
            }
            open(&disk).record_execution(&execution(3), NOW).unwrap();
            let found = numbers(&disk.content(&path()));
            assert_eq!(found.last(), Some(&3));
            assert!(found.is_sorted_by(|a, b| a < b), "{found:?}");
        }
    }
}

/// A record that quotes another one, number 777, in some way.
fn quoting() -> impl Strategy<Value = String> {
    let inner = r#"{"timestamp":"2026-01-09T16:48:32.275Z","cuj_id":"QUOTED","success":true,"duration_ms":777,"error":null,"metadata":{}}"#;
    let escaped = serde_json::to_string(inner).unwrap();
    let twice = serde_json::to_string(&escaped).unwrap();
    let quote = prop::sample::select(vec![
        inner.to_owned(),
        format!("[{inner}]"),
        format!("[1, {inner},{inner}]"),
        format!("{{\"a\": {inner} }}"),
        format!("[[ {inner}]]"),
        escaped,
        twice,
    ]);
    let text = prop::sample::select(vec!["", "{", "}", "a:", "x\\\"", "\\\\", "[,", "\\\\\\\"{"]);
    (quote, text, prop::bool::ANY, 0..900_u32).prop_map(|(quote, text, before, number)| {
        let number = if number == 777 { 0 } else { number };
        let noise = format!("\"note\":\"{text}\"");
        let metadata = if before { format!("{noise},\"in\":{quote}") } else { format!("\"in\":{quote},{noise}") };
        format!(
            r#"{{"timestamp":"2026-01-09T16:48:32.275Z","cuj_id":"CUJ-1","success":true,"duration_ms":{number},"error":"{text}","metadata":{{{metadata}}}}}"#
        )
    })
}

fn counts_quoted(line: &[u8]) -> bool {
    numbers(line).contains(&777)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if long() { 100_000 } else { 3_000 },
        rng_seed: if long() { RngSeed::Random } else { RngSeed::Fixed(1) },
        ..ProptestConfig::default()
    })]

    #[test]
    fn k2_d2_a_quoted_record_never_counts_wherever_its_line_is_cut(
        lines in prop::collection::vec((quoting(), 0.0..1.0, 0.0..1.0, prop::bool::ANY), 1..4),
    ) {
        let mut content = Vec::new();
        for (line, from, to, ended) in &lines {
            let bytes = line.as_bytes();
            prop_assert!(CujExecution::read(bytes).is_some());
            let at = |share: &f64| (share * (bytes.len() + 1) as f64) as usize;
            // A dead writer leaves the beginning of a line; a program that appends half lines also leaves ends, but
            // nobody starts in the middle of a line and stops before its end.
            let (mut from, to) = if at(from) % 3 == 0 { (at(from), bytes.len()) } else { (0, at(to)) };
            // An end that begins right with a record is told from that record by nothing.
            while from > 0 && bytes[from..].trim_ascii_start().starts_with(b"{") {
                from += 1;
            }
            // Behind a fragment, an end without its beginning may make a record that nobody wrote.
            if from > 0 && !content.is_empty() && !content.ends_with(b"\n") {
                content.push(b'\n');
            }
            content.extend_from_slice(&bytes[from..to]);
            if *ended {
                content.push(b'\n');
            }
        }
        prop_assert!(!counts_quoted(&content), "{}", String::from_utf8_lossy(&content));
    }
}

#[test]
fn k2_a_quoted_record_never_counts_at_any_single_cut_with_any_neighbour() {
    let inner = r#"{"timestamp":"2026-01-09T16:48:32.275Z","cuj_id":"QUOTED","success":true,"duration_ms":777,"error":null,"metadata":{}}"#;
    let line = format!(
        r#"{{"timestamp":"2026-01-09T16:48:32.275Z","cuj_id":"C","success":true,"duration_ms":1,"error":"{{","metadata":{{"a":[{inner}],"b":{inner}}}}}"#
    );
    let neighbours = ["", "{", "{\"half\":\"", "{\"half\":", "\0\0", "}}", "\"", "x\\", &line[..60]];
    for cut in 0..=line.len() {
        for neighbour in neighbours {
            for text in [format!("{neighbour}{}", &line[..cut]), format!("{}{neighbour}", &line[..cut])] {
                assert!(!counts_quoted(text.as_bytes()), "{text}");
            }
        }
    }
}
