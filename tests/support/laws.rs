//! What holds for every input of a room, whatever its bytes: each function takes some bytes and panics where a law is broken.
//! `tests/fuzz.rs` calls them with mutations of the corpus, `fuzz/` with what a fuzzer finds.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "a law panics where it is broken, and its numbers are small"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use obs_native::event::{
    CujExecution, CujResources, Keys, Packed, ProgressEvent, ProviderCall, Reader, Record, SkillInvocation, take_apart,
    time, unpack,
};
use obs_native::json::{self, Elements, Members, whole_value};
use obs_native::monitor::Monitor;
use obs_native::redact::{LineRedactor, Pattern, Redactor, Settings};
use obs_native::transcript::{Fact, SETTLED_MS, Session, read};

use super::fault_disk::{FaultDisk, Other};
use super::json::Json;

/// A law and the name of its corpus.
pub type Law = (&'static str, fn(&[u8]));

/// All of them.
pub const LAWS: [Law; 9] = [
    ("json", json_is_read_as_javascript_reads_it),
    ("apart", damaged_lines_give_whole_records),
    ("reader", catching_up_is_reading_anew),
    ("redact", redaction_is_thorough_and_done_once),
    ("redact_lines", lines_stay_lines),
    ("cache", a_hostile_cache_is_survived),
    ("time", times_are_read_as_the_calendar_says),
    ("packed", packed_values_are_json_or_nothing),
    ("transcript", transcripts_give_records),
];

/// Acceptance, values, members and numbers are those of a naive reader.
pub fn json_is_read_as_javascript_reads_it(text: &[u8]) {
    let text = &text[..text.len().min(2000)];
    let naive = Json::read(text);
    let range = whole_value(text);
    assert_eq!(range.is_ok(), naive.is_some(), "{}", shown(text));
    let (Ok(range), Some(naive)) = (range, naive) else { return };
    let value = &text[range];
    assert_eq!(json::is_falsy(value), !naive.is_truthy(), "{}", shown(text));
    is_same(value, &naive);
    let mut compact = Vec::new();
    json::append_compact(&mut compact, value);
    assert_eq!(Json::read(&compact), Some(naive), "{}", shown(&compact));
}

/// A token of JSON against what the naive reader made of it, all the way down.
fn is_same(token: &[u8], naive: &Json) {
    match naive {
        Json::Null | Json::Bool(_) => assert!(matches!(token, b"null" | b"true" | b"false")),
        Json::Number(number) => {
            assert_eq!(json::number(token).map(f64::to_bits), Some(number.to_bits()), "{}", shown(token));
        }
        Json::Text(units) => {
            let text = json::decode(token);
            assert_eq!(&*text, &*wtf8(units), "{}", shown(token));
            assert_eq!(json::utf16_len(&text), units.len());
            let mut quoted = Vec::new();
            json::append_quoted_units(&mut quoted, units);
            assert_eq!(json::decode(&quoted), text, "{}", shown(&quoted));
            assert_eq!(json::quote(&text).as_bytes(), quoted, "{}", shown(token));
        }
        Json::Array(items) => {
            let elements: Vec<&[u8]> = Elements::new(token).collect();
            assert_eq!(elements.len(), items.len(), "{}", shown(token));
            elements.iter().zip(items).for_each(|(element, item)| is_same(element, item));
        }
        Json::Object(members) => {
            let all: Vec<_> = Members::new(token).map(|(key, value)| (json::decode(key).into_owned(), value)).collect();
            for (key, value) in members {
                let key = wtf8(key);
                let last = all.iter().rev().find(|(own, _)| *own == key).map(|(_, value)| *value);
                is_same(last.unwrap(), value);
            }
        }
    }
}

/// UTF-8 in which half of a surrogate pair is written as if it were a character.
fn wtf8(units: &[u16]) -> Vec<u8> {
    let mut out = Vec::new();
    for unit in char::decode_utf16(units.iter().copied()) {
        match unit {
            Ok(letter) => out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(lone) => {
                let unit = lone.unpaired_surrogate();
                let low = |shift: u16| 0x80 | ((unit >> shift) & 0x3f) as u8;
                out.extend_from_slice(&[0xe0 | (unit >> 12) as u8, low(6), low(0)]);
            }
        }
    }
    out
}

fn shown(text: &[u8]) -> String {
    text.escape_ascii().to_string()
}

/// What is found on a line is whole, in order, apart, and stays found when the line grows; a remembering reader reads the same.
pub fn damaged_lines_give_whole_records(line: &[u8]) {
    let line: Vec<u8> = line.iter().copied().filter(|&byte| byte != b'\n').take(300).collect();
    apart::<CujExecution<'_>>(&line);
    apart::<SkillInvocation<'_>>(&line);
    apart::<ProviderCall<'_>>(&line);
    apart::<ProgressEvent<'_>>(&line);
    // A reader that has met the line's shape before reads it like one that has not.
    let values = |reader: &mut Reader| {
        let found = reader.read(&line);
        // As text, because of NaN, which stands for what is missing.
        found.map(|values| format!("{:?} {:?}", values.all(), values.resources()))
    };
    let mut reader = Reader::of::<CujResources<'_>>();
    let first = values(&mut reader);
    assert_eq!(first, values(&mut reader), "{}", shown(&line));
}

fn apart<'a, R: Record<'a>>(line: &'a [u8]) {
    if R::read(line).is_some() {
        assert!(whole_value(line).is_ok(), "{}", shown(line));
        return;
    }
    let mut before: Vec<std::ops::Range<usize>> = Vec::new();
    for end in (0..line.len()).step_by(7).chain([line.len()]) {
        if R::read(&line[..end]).is_some() {
            continue;
        }
        let found = take_apart::<R>(&line[..end]).records;
        let apart = found.windows(2).all(|pair| pair[0].end <= pair[1].start);
        let whole =
            found.iter().all(|place| whole_value(&line[place.clone()]).is_ok_and(|range| range.len() == place.len()));
        assert!(apart && whole, "{found:?} at {end} of {}", shown(line));
        assert!(found.starts_with(&before), "{before:?}, then {found:?} at {end} of {}", shown(line));
        before = found;
    }
}

const ROOT: &str = "/project";
const DATA: &str = "/project/.claude/context/analytics/cuj-metrics.jsonl";
const CACHE: &str = "/project/.claude/context/.obs";
const NOW: f64 = 1_767_977_312_275.0;

/// A file that grows piece by piece, as the first bytes say, gives in the end what a process that reads it anew sees.
pub fn catching_up_is_reading_anew(bytes: &[u8]) {
    let (cuts, content) = bytes.split_at(bytes.len().min(6));
    let content = &content[..content.len().min(4000)];
    let disk = FaultDisk::new(Path::new(ROOT));
    let path = PathBuf::from(DATA);
    disk.act(&Other::Write(path.clone(), Vec::new()));
    let follower = Monitor::on(Arc::new(disk.clone()), Path::new(ROOT));
    let mut at = 0;
    for &cut in cuts {
        let end = (at + usize::from(cut) * 3).min(content.len());
        disk.act(&Other::Append(path.clone(), content[at..end].to_vec()));
        at = end;
        follower.success_rate(b"null", None, NOW).unwrap();
    }
    disk.act(&Other::Append(path, content[at..].to_vec()));
    let fresh = Monitor::on(Arc::new(disk), Path::new(ROOT));
    let seen = |monitor: &Monitor| {
        let all = serde_json::to_string(&monitor.all_metrics(None, NOW).unwrap()).unwrap();
        let failures = serde_json::to_string(&monitor.failures(b"null", None, NOW).unwrap()).unwrap();
        (all, failures, monitor.health().skipped_lines)
    };
    assert_eq!(seen(&follower), seen(&fresh), "{}", shown(bytes));
}

/// A redactor that walks every text instead of trusting its first look.
fn thorough() -> &'static Redactor {
    static THOROUGH: OnceLock<Redactor> = OnceLock::new();
    THOROUGH.get_or_init(|| {
        let never = Pattern { source: "no text has this in it".into(), flags: String::new() };
        Redactor::new(&Settings { patterns: vec![never], ..Settings::default() }).unwrap()
    })
}

/// JSON stays JSON, twice is once, no rule fails, and the quick look at the text misses nothing.
pub fn redaction_is_thorough_and_done_once(text: &[u8]) {
    let text = &text[..text.len().min(2000)];
    let quick = Redactor::standard();
    if whole_value(text).is_ok() {
        let clean = quick.json(text);
        assert!(whole_value(&clean).is_ok(), "{} became {}", shown(text), shown(&clean));
        // What is recorded is UTF-8; in other bytes the first look counts those, and the walk what they are read as.
        if std::str::from_utf8(text).is_ok() {
            assert_eq!(&*clean, &*thorough().json(text), "{}", shown(text));
        }
        assert_eq!(&*quick.json(&clean), &*clean, "{}", shown(text));
        assert!(quick.findings(text).iter().all(|finding| finding.kind != "error"), "{}", shown(text));
    } else {
        let clean = quick.json(text);
        assert!(*clean == *text || whole_value(&clean).is_ok(), "{} became {}", shown(text), shown(&clean));
    }
    let text = String::from_utf8_lossy(text);
    let clean = quick.text(text.as_bytes());
    assert!(std::str::from_utf8(&clean).is_ok() && *clean != *b"[REDACTED:error]".as_slice(), "{text:?}");
    assert_eq!(&*quick.text(&clean), &*clean, "{text:?}");
    assert!(std::str::from_utf8(&quick.clean_error(text.as_bytes())).is_ok(), "{text:?}");
}

/// Lines keep their number and ends, and what was redacted has nothing left to redact.
pub fn lines_stay_lines(text: &[u8]) {
    let text = &text[..text.len().min(2000)];
    let redacted = LineRedactor::default().lines(text);
    assert_eq!(redacted.text.is_none(), redacted.hits.is_empty(), "{}", shown(text));
    assert!(redacted.hits.iter().all(|hit| hit.kind != "error"), "{}", shown(text));
    let Some(clean) = redacted.text else { return };
    let ends = |text: &[u8]| memchr::memchr_iter(b'\n', text).count();
    assert_eq!(ends(text), ends(&clean), "{} became {}", shown(text), shown(&clean));
    // Lines half of one and half of two bytes a letter are looked at in one way, and then perhaps in the other.
    if std::str::from_utf8(text).is_ok() && !text.contains(&0) {
        assert_eq!(LineRedactor::default().lines(&clean).text, None, "{} became {}", shown(text), shown(&clean));
    }
}

/// The content of a data file, and the files of its cache.
type Cached = (Vec<u8>, Vec<(PathBuf, Vec<u8>)>);

/// The files of a small cache that is used.
fn cache_files() -> &'static Cached {
    static FILES: OnceLock<Cached> = OnceLock::new();
    FILES.get_or_init(|| {
        let pad = "x".repeat(4000);
        let mut data = String::new();
        for number in 0..300 {
            let (id, at, success) = (["A", "B", "\\ud800"][number % 3], 1_767_970_000_000_u64 + number as u64 * 9000, number % 4 > 0);
            writeln!(
                data,
                "{{\"timestamp\":{at},\"cuj_id\":\"{id}\",\"success\":{success},\"duration_ms\":{number}.5,\"error\":\"e{}\",\"metadata\":{{\"pad\":\"{pad}\"}}}}",
                number % 3
            )
            .unwrap();
        }
        let disk = FaultDisk::new(Path::new(ROOT));
        disk.act(&Other::Write(PathBuf::from(DATA), data.clone().into_bytes()));
        ask(&disk);
        let files: Vec<_> = disk.files().into_iter().filter(|(path, _)| path.starts_with(CACHE)).collect();
        assert!(files.iter().any(|(path, _)| path.extension().is_some_and(|end| end == "state")), "no cache was saved");
        (data.into_bytes(), files)
    })
}

fn ask(disk: &FaultDisk) {
    let monitor = Monitor::on(Arc::new(disk.clone()), Path::new(ROOT));
    for window in [None, Some(3_600_000.0)] {
        let _ = monitor.all_metrics(window, NOW);
        let _ = monitor.failures(b"null", window, NOW);
        let _ = monitor.percentiles(b"\"A\"", window, NOW);
    }
    let _ = monitor.trending(b"\"B\"", 24, 60_000.0, NOW);
    let _ = monitor.stability(b"\"A\"", None, NOW);
}

/// A state whose checksum is right and whose content is not, and damaged chunks: questions end, well or with an error.
/// Four bytes each are an edit: two say where, one what, and one in which way.
pub fn a_hostile_cache_is_survived(edits: &[u8]) {
    let (data, files) = cache_files();
    let disk = FaultDisk::new(Path::new(ROOT));
    disk.act(&Other::Write(PathBuf::from(DATA), data.clone()));
    for (path, bytes) in files {
        let mut bytes = bytes.clone();
        let is_state = path.extension().is_some_and(|end| end == "state");
        for edit in edits.chunks_exact(4).take(40) {
            // What is not part of the data file's identity, mostly.
            let at = usize::from(u16::from_le_bytes([edit[0], edit[1]])) % bytes.len().max(1);
            match edit[3] % 4 {
                0 if at < bytes.len() => bytes[at] = edit[2],
                1 if at < bytes.len() => bytes[at] ^= 1 << (edit[2] % 8),
                2 => bytes.insert(at.min(bytes.len()), edit[2]),
                _ if at < bytes.len() => drop(bytes.remove(at)),
                _ => {}
            }
        }
        if is_state && bytes.len() > 12 {
            bytes[..8].copy_from_slice(b"obs-idx4");
            let sum = crc32fast::hash(&bytes[12..]).to_le_bytes();
            bytes[8..12].copy_from_slice(&sum);
        }
        disk.act(&Other::Write(path.clone(), bytes));
    }
    ask(&disk);
}

/// Days before a year and month, counted year by year as a calendar has them.
fn days_before(year: i64, month: i64) -> i64 {
    let leap = |year: i64| year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
    // Whole periods of four hundred years are 146,097 days each.
    let (periods, rest) = ((year - 1970).div_euclid(400), (year - 1970).rem_euclid(400));
    let years: i64 = (0..rest).map(|back| if leap(1970 + back) { 366 } else { 365 }).sum();
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    periods * 146_097 + years + lengths.iter().take(usize::try_from(month - 1).unwrap()).sum::<i64>()
}

/// What the sentence "RFC 3339, without a zone UTC, without a time midnight" says, by an expression.
fn naive_time(text: &str) -> Option<i64> {
    static FORM: OnceLock<regex::Regex> = OnceLock::new();
    let form = FORM.get_or_init(|| {
        regex::Regex::new(
            r"^([0-9]{4}|[+-][0-9]{6})-([0-9]{2})-([0-9]{2})(?:[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(?:[Zz]|([+-])([0-9]{2}):?([0-9]{2}))?)?$",
        )
        .unwrap()
    });
    let found = form.captures(text)?;
    let number = |at: usize| found.get(at).map_or(0, |part| part.as_str().parse::<i64>().unwrap());
    let (year, month, day) = (number(1), number(2), number(3));
    if !(1..=12).contains(&month) || !(-262_143..=262_142).contains(&year) {
        return None;
    }
    let length = days_before(year + month / 12, month % 12 + 1) - days_before(year, month);
    let (hour, minute, second) = (number(4), number(5), number(6));
    let (ahead_hours, ahead_minutes) = (number(9), number(10));
    if !(1..=length).contains(&day) || hour > 23 || minute > 59 || second > 60 || ahead_hours > 23 || ahead_minutes > 59
    {
        return None;
    }
    let ms: i64 = found.get(7).map_or(0, |part| format!("{:0<3}", part.as_str())[..3].parse().unwrap());
    let ahead =
        (ahead_hours * 60 + ahead_minutes) * if found.get(8).is_some_and(|sign| sign.as_str() == "-") { -1 } else { 1 };
    let days = days_before(year, month) + day - 1;
    let time = (((days * 24 + hour) * 60 + minute - ahead) * 60 + second) * 1000 + ms;
    (time.abs() <= 8_640_000_000_000_000).then_some(time)
}

/// Text is the time that a calendar gives it, as a value of JSON too; and a time is read back from its text.
pub fn times_are_read_as_the_calendar_says(bytes: &[u8]) {
    let text = &bytes[..bytes.len().min(60)];
    let right = std::str::from_utf8(text).ok().and_then(naive_time);
    assert_eq!(time::parse(text), right, "{}", shown(text));
    let quoted = json::quote(&json::decode_lossy(text));
    assert_eq!(time::read(quoted.as_bytes()), right, "{quoted}");
    if let Some(number) = bytes.first_chunk::<8>() {
        let ms = i64::from_le_bytes(*number) % 8_200_000_000_000_000;
        assert_eq!(time::parse(time::iso(ms).as_bytes()), Some(ms), "{ms}");
        assert_eq!(time::read(json::quote(time::iso(ms).as_bytes()).as_bytes()), Some(ms), "{ms}");
        assert_eq!(time::read(ms.to_string().as_bytes()), Some(ms), "{ms}");
        assert_eq!(time::parse_day(&time::day_text(time::day_of(ms))), Some(ms.div_euclid(86_400_000)), "{ms}");
    }
}

/// Whatever stands in the memory, what comes out is the JSON object of these keys, or nothing.
pub fn packed_values_are_json_or_nothing(bytes: &[u8]) {
    const KEYS: Keys = Keys { quoted: &["\"a\":", "\"b\":", "\"c\":"], special: Some(1) };
    let (head, rest) = bytes.split_at(bytes.len().min(16));
    let mut values = vec![0; 512];
    values[..head.len()].copy_from_slice(head);
    values.extend_from_slice(&rest[..rest.len().min(400)]);
    let texts: Vec<u16> = bytes.iter().map(|&byte| u16::from(byte) << (byte % 9)).collect();
    let known = vec![br#""x""#[..].into(), br#""\"\ud800""#[..].into()];
    let mut out = Vec::new();
    let Some(fields) = unpack(&KEYS, Packed { values: &values, texts: &texts, known: &known }, &mut out) else {
        return;
    };
    let Some(Json::Object(members)) = Json::read(fields.json) else { panic!("{}", shown(fields.json)) };
    let keys: Vec<String> = members.iter().map(|(key, _)| String::from_utf16_lossy(key)).collect();
    assert_eq!(keys, ["a", "b", "c"]);
    let special = fields.special.clone().unwrap();
    assert_eq!(Json::read(&fields.json[special]).as_ref(), Some(&members[1].1), "{}", shown(fields.json));
}

/// Every event that comes of the lines of a session can be recorded, and a line is damaged exactly when it is no object.
pub fn transcripts_give_records(bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(6000)];
    let mut session = Session::new(regex::bytes::Regex::new(r"run-cuj\S*\s+(CUJ-\d+)").unwrap());
    session.begin_file(bytes.first().is_some_and(|&byte| byte == b'\n').then(|| Box::from(*b"a1")));
    for line in bytes.split(|&byte| byte == b'\n') {
        let fact = read(line);
        let is_object = line.trim_ascii().starts_with(b"{") && whole_value(line).is_ok();
        assert_eq!(matches!(fact, Fact::Damaged), !is_object, "{}", shown(line));
        session.take(fact);
    }
    let events = session.finish(i64::MAX - SETTLED_MS).events;
    for event in &events {
        let fields = event.fields(event.error.as_deref());
        assert!(matches!(Json::read(&fields), Some(Json::Object(_))), "{}", shown(&fields));
        assert!(event.duration_ms.is_none_or(|duration| duration >= 0), "{}", shown(bytes));
        assert!(!event.id.is_empty() && !event.name.is_empty(), "{}", shown(bytes));
    }
    assert!(events.windows(2).all(|pair| pair[0].at <= pair[1].at), "{}", shown(bytes));
}
