//! Bad data in files: a line counts exactly when `JSON.parse` accepts it and it is a record; nothing else is disturbed.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "a test panics when it is wrong, and its numbers are small"
)]

#[path = "support/fields.rs"]
mod fields;
#[path = "support/json.rs"]
mod json;
#[path = "support/seeds.rs"]
mod seeds;

use std::fs;
use std::path::PathBuf;

use json::Json;
use obs_native::aggregate::{Resets, SkillFilter};
use obs_native::event::{ProgressEvent, Record};
use obs_native::json::whole_value;
use obs_native::monitor::Monitor;
use seeds::{Random, each_seed, long};

const NOW: f64 = 1_767_977_312_275.0;

struct Place {
    root: tempfile::TempDir,
    monitor: Monitor,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join(".claude/context/analytics")).unwrap();
        fs::create_dir_all(root.path().join(".claude/context/logs")).unwrap();
        let monitor = Monitor::open(root.path());
        Self { root, monitor }
    }

    fn with(content: &[u8]) -> Self {
        let place = Self::new();
        fs::write(place.executions(), content).unwrap();
        place
    }

    fn executions(&self) -> PathBuf {
        self.root.path().join(".claude/context/analytics/cuj-metrics.jsonl")
    }

    fn day(&self, name: &str) -> PathBuf {
        self.root.path().join(".claude/context/logs").join(name)
    }

    /// Executions of the CUJ `A`, and lines that did not count.
    fn counts(&self) -> (u64, u64) {
        let total = self.monitor.success_rate(b"\"A\"", None, NOW).unwrap().total;
        (total, self.monitor.health().skipped_lines)
    }
}

fn counts(content: impl AsRef<[u8]>) -> (u64, u64) {
    Place::with(content.as_ref()).counts()
}

fn line(rest: &str) -> String {
    format!(
        "{{\"timestamp\":\"2026-01-09T16:48:32.275Z\",\"cuj_id\":\"A\",\"success\":true,\"duration_ms\":5,\"error\":null{rest}}}\n"
    )
}

#[test]
fn d1_a_torn_last_line_waits_and_counts_once() {
    let whole = line("");
    for cut in 0..=whole.len() {
        let place = Place::with(whole.as_bytes());
        let text = [whole.as_bytes(), &whole.as_bytes()[..cut]].concat();
        fs::write(place.executions(), text).unwrap();
        let parses = u64::from(cut + 1 >= whole.len());
        assert_eq!(place.counts(), (1 + parses, 0), "cut at {cut}");
        assert_eq!(place.counts(), (1 + parses, 0), "asked again");
        fs::write(place.executions(), [whole.as_bytes(), whole.as_bytes()].concat()).unwrap();
        assert_eq!(place.counts(), (2, 0), "once its end is there");
    }
}

#[test]
fn d2_a_fragment_glued_to_a_whole_record_costs_only_itself() {
    assert_eq!(counts(line("")[..50].to_owned() + &line("")), (1, 1));
    assert_eq!(counts(line("").trim_end().to_owned() + &line("")), (2, 0));
    assert_eq!(counts("{\"a\":1}".to_owned() + &line("") + &line("")), (2, 1));
}

#[test]
fn d3_c4_runs_of_nul_of_any_length_cost_one_line() {
    for length in [1, 2, 63, 64, 4095, 4096, 300_000] {
        let nul = "\0".repeat(length);
        assert_eq!(counts(nul.clone() + &line("")), (1, 1));
        assert_eq!(counts(line("") + &nul + "\n" + &line("")), (2, 1));
        assert_eq!(counts(line("") + &nul), (1, 0));
    }
    // A hole; longer than any record, so what is glued to it is skipped with it.
    let place = Place::with(line("").as_bytes());
    let hole = if long() { 1 << 30 } else { 64 << 20 };
    let file = fs::OpenOptions::new().write(true).open(place.executions()).unwrap();
    file.set_len(hole).unwrap();
    assert_eq!(place.counts().0, 1);
    place.monitor.record_execution(fields::execution("\"A\"", "true", "1", "null", "{}").as_bytes(), NOW).unwrap();
    assert_eq!(place.counts(), (2, 1), "a record behind the hole stands alone");
}

#[test]
fn d4_invalid_utf_8_and_utf_16_count_as_javascript_reads_them() {
    let bytes = |middle: &[u8]| [br#"{"cuj_id":"A","error":""#, middle, b"\"}\n"].concat();
    for middle in [&b"\xff"[..], b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\x80\x80"] {
        assert_eq!(counts(bytes(middle)), (1, 0), "{middle:?}");
    }
    // It counted before the byte came; behind one it never did, and does not tell its time.
    assert_eq!(counts(b"{\"cuj_id\":\"A\"}\xff\n"), (1, 1));
    assert_eq!(counts(b"\xff{\"cuj_id\":\"A\"}\n"), (0, 1));
    let utf_16: Vec<u8> = line("").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(counts(utf_16.repeat(3)).0, 0);
    // The same invalid bytes are the same name.
    let place = Place::with(b"{\"cuj_id\":\"\xff\"}\n{\"cuj_id\":\"\\ufffd\"}\n{\"cuj_id\":\"\xfe\"}\n");
    assert_eq!(place.monitor.all_metrics(None, NOW).unwrap().0.len(), 1);
}

#[test]
fn d5_lines_up_to_the_limit_count_and_longer_ones_never_wherever_reads_fall() {
    let limit = obs_native::store::MAX_LINE_BYTES;
    let wide = |length: usize| {
        let empty = line(",\"metadata\":\"\"").len() - 1;
        line(&format!(",\"metadata\":\"{}\"", "x".repeat(length - empty)))
    };
    for (length, counted) in [(limit - 1, 1), (limit, 1), (limit + 1, 0), (limit + 100, 0), (limit + 300_000, 0)] {
        let text = wide(length);
        assert_eq!(counts(text.clone() + &line("")), (1 + counted, 1 - counted), "{length}");
        // The same in steps, with looks in between.
        let place = Place::with(b"");
        for end in [10, limit - 5, limit, limit + 50, text.len()] {
            fs::write(place.executions(), &text.as_bytes()[..end.min(text.len())]).unwrap();
            place.counts();
        }
        fs::write(place.executions(), text + &line("")).unwrap();
        assert_eq!(place.counts(), (1 + counted, 1 - counted), "{length} in steps");
    }
}

#[test]
fn d6_nesting_of_any_depth_neither_overflows_nor_breaks_the_next_line() {
    for depth in [127, 128, 129, 10_000, 1_000_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let inner = if open == "[" { "" } else { "1" };
            let nested = open.repeat(depth) + inner + &close.repeat(depth);
            assert_eq!(counts(line(&format!(",\"metadata\":{nested}")) + &line("")), (2, 0), "{depth} of {open}");
            assert_eq!(counts(open.repeat(depth) + "\n" + &line("")), (1, 1), "{depth} of {open} unclosed");
        }
    }
    // Recording it neither.
    let place = Place::new();
    let deep = fields::execution("\"A\"", "true", "1", "null", &("[".repeat(100_000) + &"]".repeat(100_000)));
    place.monitor.record_execution(deep.as_bytes(), NOW).unwrap();
    assert_eq!(place.counts(), (1, 0));
}

#[test]
fn d7_last_duplicate_key_wins() {
    assert_eq!(counts(r#"{"cuj_id":"B","cuj_id":"A"}"#), (1, 0));
    assert_eq!(counts(r#"{"cuj_id":"A","cuj_id":"B"}"#), (0, 0));
    assert_eq!(counts("{\"cuj_id\":\"B\",\"\\u0063uj_id\":\"A\"}\n{\"cuj_id\":\"A\",\"cuj_id\":null}\n"), (1, 1));
    let place = Place::with(line(",\"duration_ms\":7,\"success\":false").as_bytes());
    let rate = place.monitor.success_rate(b"\"A\"", None, NOW).unwrap();
    assert_eq!((rate.avg_duration_ms, rate.failed), (7.0, 1));
}

#[test]
fn d8_numbers_beyond_every_measure() {
    let huge = "9".repeat(100_000);
    let answer = |duration: &str| {
        let place = Place::with(format!("{{\"cuj_id\":\"A\",\"duration_ms\":{duration}}}\n").as_bytes());
        let percentiles = place.monitor.percentiles(b"\"A\"", None, NOW).unwrap();
        let rate = place.monitor.success_rate(b"\"A\"", None, NOW).unwrap();
        (rate.total, rate.avg_duration_ms, percentiles.count)
    };
    assert_eq!(answer("1e999"), (1, 0.0, None));
    assert_eq!(answer("-1e999"), (1, 0.0, None));
    assert_eq!(answer(&huge), (1, 0.0, None));
    assert_eq!(answer("-0"), (1, 0.0, Some(1)));
    assert_eq!(answer("9007199254740993"), (1, 9_007_199_254_740_992.0, Some(1)));
    assert_eq!(answer("1e-400"), (1, 0.0, Some(1)));
    for refused in ["NaN", "Infinity", "-Infinity", "0x10", "01", "1.", ".5", "+1", "1e", "--1"] {
        assert_eq!(answer(refused).0, 0, "{refused}");
    }
}

#[test]
fn d9_lone_surrogates_are_accepted_and_the_same_spelling_is_the_same_name() {
    let text = r#"{"cuj_id":"\ud800"}
{"cuj_id":"\uD800"}
{"cuj_id":"\udc00"}
{"cuj_id":"\ud83d\ude00"}
{"cuj_id":"😀"}
"#;
    let place = Place::with(text.as_bytes());
    let found: Vec<(String, u64)> = place
        .monitor
        .all_metrics(None, NOW)
        .unwrap()
        .0
        .iter()
        .map(|(name, rate)| (name.as_json().to_owned(), rate.total))
        .collect();
    let expected = [("\"\\ud800\"", 2), ("\"\\udc00\"", 1), ("\"😀\"", 2)];
    assert_eq!(found, expected.map(|(name, total)| (name.to_owned(), total)));
    assert_eq!(place.monitor.success_rate(br#""\uD800""#, None, NOW).unwrap().total, 2);
}

#[test]
fn d10_timestamps_of_every_kind() {
    let hour = Some(3_600_000.0);
    let recent = |timestamp: &str| {
        let place = Place::with(format!("{{\"cuj_id\":\"A\",\"timestamp\":{timestamp}}}\n").as_bytes());
        assert_eq!(place.counts(), (1, 0), "all of history holds it");
        place.monitor.success_rate(b"\"A\"", hour, NOW).unwrap().total == 1
    };
    for inside in [
        "\"2026-01-09T16:48:00Z\"",
        "\"2026-01-09T16:48:00\"",
        "\"2026-01-09T22:18:00+05:30\"",
        "\"2026-01-09T16:47:60Z\"",
        "\"2027-01-09T16:48:00Z\"",
        "1767977280000",
        "1767977280000.75",
        "1799513280000",
        "1767977280000000",
    ] {
        assert!(recent(inside), "{inside}");
    }
    for outside in
        ["null", "\"\"", "\"yesterday\"", "1767977280", "\"0000-01-01T00:00:00Z\"", "1e999", "-1", "{}", "true"]
    {
        assert!(!recent(outside), "{outside}");
    }
    assert_eq!(counts("{\"cuj_id\":\"A\"}\n"), (1, 0));
}

#[test]
fn d11_byte_order_mark_crlf_blank_lines_and_line_separators() {
    assert_eq!(counts(line("").replace('\n', "\r\n").repeat(3)), (3, 0));
    assert_eq!(counts(format!("\n\r\n  \t\n{}\n\n", line(""))), (1, 0));
    assert_eq!(counts(format!("  \t{}", line("").replace('\n', " \t \n"))), (1, 0));
    assert_eq!(counts(line(",\"metadata\":\"\u{2028}\u{2029}\u{85}\"")), (1, 0));
    // A byte order mark at the beginning of a file is passed over; elsewhere it is no JSON and costs itself.
    assert_eq!(counts(format!("\u{feff}{}", line(""))), (1, 0));
    assert_eq!(counts(format!("\u{feff}{}", line("").trim_end())), (1, 0));
    assert_eq!(counts(format!("{}\u{feff}{}", line(""), line(""))), (2, 1));
}

#[test]
fn d12_what_lies_among_the_day_files_is_passed_over() {
    let place = Place::new();
    place
        .monitor
        .record_skill(None, fields::skill("\"s\"", "\"success\"", "1", "false", "null").as_bytes(), NOW)
        .unwrap();
    let record = fs::read(place.day("skill-invocations-2026-01-09.jsonl")).unwrap();
    for name in [
        "skill-invocations-2026-01-08.jsonl.gz",
        "skill-invocations-2026-01-08.jsonl~",
        ".skill-invocations-2026-01-08.jsonl.swp",
        "skill-invocations-2026-02-30.jsonl",
        "skill-invocations-today.jsonl",
        "skill-invocations-.jsonl",
        "Skill-invocations-2026-01-08.jsonl",
    ] {
        fs::write(place.day(name), &record).unwrap();
    }
    fs::write(place.day("skill-invocations-2026-01-07.jsonl"), "").unwrap();
    fs::create_dir(place.day("skill-invocations-2026-01-06.jsonl")).unwrap();
    let pipe = place.day("skill-invocations-2026-01-05.jsonl");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
    drop(std::os::unix::net::UnixListener::bind(place.day("skill-invocations-2026-01-04.jsonl")).unwrap());
    std::os::unix::fs::symlink("nowhere", place.day("skill-invocations-2026-01-03.jsonl")).unwrap();
    let filter = SkillFilter { from: Some(0), ..SkillFilter::default() };
    assert_eq!(place.monitor.statistics(None, &filter, NOW).unwrap().total_invocations, 1);
    // The same in place of the other files.
    fs::create_dir(place.executions()).unwrap();
    assert_eq!(place.counts(), (0, 0));
}

#[test]
fn d13_valid_json_of_another_shape() {
    for other in
        ["[]", "[{\"cuj_id\":\"A\"}]", "\"A\"", "null", "true", "5", "{}", "{\"cuj_id\":null}", "{\"cuj_id\":\"\"}"]
    {
        assert_eq!(counts(format!("{other}\n{}", line(""))), (1, 1), "{other}");
    }
    let rate = |members: &str| {
        let place = Place::with(format!("{{\"cuj_id\":\"A\",{members}}}\n").as_bytes());
        let rate = place.monitor.success_rate(b"\"A\"", None, NOW).unwrap();
        (rate.successful, rate.avg_duration_ms)
    };
    assert_eq!(rate(r#""success":"false","duration_ms":"12""#), (1, 0.0));
    assert_eq!(rate(r#""success":0,"duration_ms":-1"#), (0, -1.0));
    assert_eq!(rate(r#""success":[],"duration_ms":[5]"#), (1, 0.0));
    assert_eq!(rate(r#""success":"","duration_ms":true"#), (0, 0.0));
    assert_eq!(rate(r#""success":-0.0e5,"duration_ms":null"#), (0, 0.0));
}

#[test]
fn d14_a_line_in_the_file_of_another_day_counts_by_its_own_time_and_twice_is_twice() {
    let place = Place::new();
    place
        .monitor
        .record_skill(None, fields::skill("\"s\"", "\"success\"", "1", "false", "null").as_bytes(), NOW)
        .unwrap();
    let today = place.day("skill-invocations-2026-01-09.jsonl");
    let record = fs::read(&today).unwrap();
    fs::rename(today, place.day("skill-invocations-2026-01-01.jsonl")).unwrap();
    let filter = SkillFilter { from: Some(NOW as i64 - 1000), ..SkillFilter::default() };
    assert_eq!(place.monitor.statistics(None, &filter, NOW).unwrap().total_invocations, 1);
    fs::write(place.day("skill-invocations-2026-01-09.jsonl"), record.repeat(2)).unwrap();
    assert_eq!(place.monitor.statistics(None, &filter, NOW).unwrap().total_invocations, 3);
}

#[test]
fn d15_a_flood_of_names_is_answered_exactly() {
    let names = if long() { 1_000_000 } else { 100_000 };
    let line = |n| format!("{{\"cuj_id\":\"N{n}\",\"success\":true,\"error\":\"E{n}\"}}\n");
    let mut content = (0..names).map(line).collect::<Vec<_>>().concat();
    let wide = "w".repeat(1 << 20);
    content.extend(["{\"cuj_id\":\"", &wide, "\"}\n"]);
    let place = Place::with(content.as_bytes());
    assert_eq!(place.monitor.all_metrics(None, NOW).unwrap().0.len(), names + 1);
    assert_eq!(place.monitor.success_rate(b"\"N77\"", None, NOW).unwrap().total, 1);
    assert_eq!(place.monitor.success_rate(format!("\"{wide}\"").as_bytes(), None, NOW).unwrap().total, 1);
}

#[test]
fn d16_control_characters_are_stored_escaped() {
    let place = Place::new();
    let hostile: Vec<u8> =
        (0..32_u8).flat_map(|code| format!("\\u{code:04x}").into_bytes()).chain("\u{202e}\u{7f}".bytes()).collect();
    let quoted = [b"\"", &hostile[..], b"\""].concat();
    for error in [&quoted[..], b"null"] {
        let (quoted, error) = (String::from_utf8_lossy(&quoted), String::from_utf8_lossy(error));
        let metadata = format!("{{\"x\":{quoted}}}");
        let execution = fields::execution(&quoted, "false", "1", &error, &metadata);
        let call = fields::call(&quoted, "false", "1", &error);
        place.monitor.record_execution(execution.as_bytes(), NOW).unwrap();
        place.monitor.record_provider_call(call.as_bytes(), NOW).unwrap();
    }
    let content = fs::read(place.executions()).unwrap();
    assert!(content.iter().all(|&byte| byte >= 0x20 || byte == b'\n'));
    assert_eq!(content.split_inclusive(|&byte| byte == b'\n').count(), 2);
    assert_eq!(place.monitor.success_rate(&quoted, None, NOW).unwrap().total, 2);
    assert_eq!(place.monitor.overall_health(&Resets::default()).unwrap().total_providers, 1);
}

#[test]
fn w20_a_record_beyond_the_limit_is_cut_and_stays_one_whole_line() {
    let limit = 4096;
    let text = "é\\n💥\\\"".repeat(5_000);
    let many: Vec<String> = (0..5_000).map(|n| format!("\"k{n}\":{n}")).collect();
    let deep = "[".repeat(20_000) + &"]".repeat(20_000);
    for metadata in
        [format!("{{\"text\":\"{text}\"}}"), format!("{{{}}}", many.join(",")), deep, format!("{{\"{text}\":1}}")]
    {
        for error in ["null".to_owned(), format!("\"{text}\"")] {
            let place = Place::new();
            let settings = serde_json::from_str(&format!("{{\"maxRecordBytes\":{limit}}}")).unwrap();
            place.monitor.configure(&settings).unwrap();
            let fields = fields::execution("\"A\"", "true", "5", &error, &metadata);
            assert!(place.monitor.record_execution(fields.as_bytes(), NOW).unwrap().changed);
            let content = fs::read(place.executions()).unwrap();
            assert!(content.len() <= limit, "{} bytes", content.len());
            assert!(String::from_utf8_lossy(&content).contains("[Truncated "));
            assert!(Json::read(&content).is_some());
            assert_eq!(place.counts(), (1, 0));
        }
    }
}

#[test]
fn k4_fields_of_another_version_are_kept() {
    let place = Place::new();
    let event = r#"{"timestamp":1,"run_id":"r","v":9,"new":{"deep":[1,2,{"x":null}]},"iso_timestamp":5}"#;
    fs::write(place.day("progress.jsonl"), format!("{event}\n")).unwrap();
    place.monitor.record_progress(fields::event("\"r\"", "1").as_bytes(), NOW).unwrap();
    let history = place.monitor.progress_history(None, Some(1)).unwrap();
    assert_eq!(history, [format!("[{event}]")]);
}

#[test]
fn k8_a_file_that_grows_faster_than_it_is_read_is_read_to_the_size_it_had() {
    let place = Place::with(line("").repeat(20_000).as_bytes());
    let done = std::sync::atomic::AtomicBool::new(false);
    let path = place.executions();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            use std::io::Write;
            let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
            let block = line("").repeat(2_000);
            // Bounded, so that a reader that never ends fails instead of filling the disk.
            for _ in 0..300 {
                if done.load(std::sync::atomic::Ordering::Relaxed) {
                    break;
                }
                file.write_all(block.as_bytes()).unwrap();
            }
        });
        let first = place.counts().0;
        let second = place.counts().0;
        assert!(first >= 20_000 && second >= first);
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

/// Texts with the verdict of `JSON.parse`, in the spirit of `JSONTestSuite`.
const ACCEPTED: &[&str] = &[
    "{}",
    "[]",
    " [ ] ",
    "\t\n\r {} \r\n",
    "0",
    "-0",
    "1",
    "-1",
    "1.5",
    "1e5",
    "1E+5",
    "1e-5",
    "0e1",
    "0.0",
    "-0.0e-0",
    "1e999",
    "-1e999",
    "123456789012345678901234567890",
    "true",
    "false",
    "null",
    "\"\"",
    "\"a\"",
    r#""\"\\\/\b\f\n\r\t""#,
    r#""\u0000""#,
    r#""\uD800""#,
    r#""\ud83d\ude00""#,
    r#""\uDFAA""#,
    r#""\u00e9""#,
    "\"\u{7f}\"",
    "\"\u{2028}\u{2029}\"",
    "\"\u{10ffff}\"",
    "\"\u{feff}\"",
    "[1,2,3]",
    "[[[]]]",
    "{\"a\":1}",
    "{\"a\":{\"b\":[]}}",
    "{\"\":0}",
    "{\"a\":1,\"a\":2}",
    r#"{"\u0061":1}"#,
    "[null,true,false,\"\"]",
    "[1\n,2]",
    "{\"a\" : 1 , \"b\" : 2}",
    "[0.1e-2]",
    "[1]\n",
    " 5 ",
    "\"\\ud800\\u0000\"",
    "[\"\u{80}\"]",
    "[1e00,2e+00,2e-00]",
    "{\"__proto__\":1}",
];
const REFUSED: &[&str] = &[
    "",
    " ",
    "[",
    "]",
    "{",
    "}",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[1,,2]",
    "[1 2]",
    "[1:2]",
    "{,}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{\"a\":1 \"b\":2}",
    "{a:1}",
    "{'a':1}",
    "{1:1}",
    "{\"a\":1}}",
    "{\"a\":1]",
    "[1}",
    "01",
    "-01",
    "00",
    "1.",
    ".5",
    "-.5",
    "+1",
    "1e",
    "1e+",
    "1.e5",
    "0x1",
    "1_0",
    "--1",
    "- 1",
    "NaN",
    "Infinity",
    "-Infinity",
    "nul",
    "nulll",
    "True",
    "tru",
    "TRUE",
    "undefined",
    "\"",
    "\"a",
    "'a'",
    "\"\t\"",
    "\"\n\"",
    "\"\0\"",
    "\"\x1f\"",
    r#""\x""#,
    r#""\u12""#,
    r#""\u12g4""#,
    r#""\U0041""#,
    r#""\""#,
    "\"\\\n\"",
    "{} {}",
    "1 2",
    "{}x",
    "\u{feff}{}",
    "{}\u{feff}",
    "\u{a0}1",
    "1\u{a0}",
    "\x0c1",
    "\x0b1",
    "1\0",
    "\0",
    "// c\n1",
    "/* c */1",
    "1#",
    "[1];",
    "\u{2028}1",
    "(1)",
    "[\"a\",\n4\n,1,",
    "\"\\a\"",
    "[\"\\\"]",
    "{\"a\":\"b\"}#",
    "<.>",
    "[<null>]",
    "aé",
    "[-]",
    "[1.0e]",
    "[2.e3]",
    "[0e+]",
    "[\"x\"",
    "[True]",
    "\\u000A\"\"",
    "[\\n]",
    "*",
    "{\"x\", null}",
    "{\"x\"::\"b\"}",
    "{[: \"x\"}\n",
    "{\"a\" b}",
    "{:\"b\"}",
    "{\"a\":\"b\",,\"c\":\"d\"}",
    "{null:null}",
];

#[test]
fn d13_the_scanner_agrees_with_json_parse_on_a_corpus() {
    for (texts, verdict) in [(ACCEPTED, true), (REFUSED, false)] {
        for text in texts {
            assert_eq!(whole_value(text.as_bytes()).is_ok(), verdict, "{text:?}");
            assert_eq!(Json::read(text.as_bytes()).is_some(), verdict, "the tests' own reader: {text:?}");
        }
    }
    // Node itself, where it is there.
    let texts: Vec<&str> = ACCEPTED.iter().chain(REFUSED).copied().collect();
    let script = "for (const t of JSON.parse(process.argv[1])) { let ok = 1; try { JSON.parse(t) } catch { ok = 0 } process.stdout.write(`${ok}`) }";
    let asked = serde_json::to_string(&texts).unwrap();
    let Ok(output) = std::process::Command::new("node").args(["-e", script, &asked]).output() else {
        eprintln!("skipped: there is no node to ask");
        return;
    };
    let verdicts = String::from_utf8(output.stdout).unwrap();
    assert_eq!(verdicts, "1".repeat(ACCEPTED.len()) + &"0".repeat(REFUSED.len()));
}

#[test]
fn d4_d7_d9_d13_damaged_lines_count_exactly_when_they_parse() {
    let whole = line(r#","metadata":{"a":[1,-2.5e3,true,null],"b":"\ud800\n\"é😀","c":{}}"#);
    let whole = whole.trim_end().as_bytes();
    each_seed(20_000, |seed| {
        let mut random = Random::new(seed);
        let mut text = whole.to_vec();
        for _ in 0..=random.below(4) {
            let at = random.below(text.len());
            match random.below(5) {
                0 => text[at] = random.next().to_le_bytes()[0],
                1 if text.len() > 1 => drop(text.remove(at)),
                2 => text.insert(at, *random.pick(b"{}[]\",:\\0e-u \0\xff")),
                3 => text.truncate(at.max(1)),
                _ => {
                    let to = (at + random.below(20)).min(text.len());
                    let copy = text[at..to].to_vec();
                    text.splice(at..at, copy);
                }
            }
        }
        let expected = Json::read(&text);
        assert_eq!(whole_value(&text).is_ok(), expected.is_some(), "{}", String::from_utf8_lossy(&text));
        let object = matches!(expected, Some(Json::Object(_)));
        assert_eq!(ProgressEvent::read(&text).is_some(), object, "{}", String::from_utf8_lossy(&text));
    });
}
