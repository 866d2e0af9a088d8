//! The cache of columns on disk: whatever happens to it, answers stay those of the data file, and it never costs an answer.

#[path = "support/fault_disk.rs"]
mod fault_disk;
#[path = "support/seeds.rs"]
mod seeds;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fault_disk::{ERRNOS, Fault, FaultDisk, Other, Plan};
use obs_native::monitor::{Monitor, Settings};
use obs_native::store::{Disk, OsDisk};
use seeds::{Random, each_seed};

const ROOT: &str = "/project";
const DATA: &str = "/project/.claude/context/analytics/cuj-metrics.jsonl";
const CACHE: &str = "/project/.claude/context/.obs";
const NOW: f64 = 1_767_977_312_275.0;
const DAY: f64 = 86_400_000.0;

/// Lines of about four KiB, so that few of them make a file that is worth a cache; some late, failed, damaged or odd.
fn history(lines: usize) -> Vec<u8> {
    let pad = "x".repeat(4000);
    let mut out = Vec::new();
    for number in 0..lines {
        let id = ["A", "B", "\\ud800", "__proto__"][number % 7 % 4];
        let at = NOW as i64 - (lines - number) as i64 * 60_000 - if number % 20 == 3 { 7_200_000 } else { 0 };
        let success = number % 5 != 0;
        let error = if success { "null".to_owned() } else { format!("\"went wrong {}\"", number % 3) };
        let duration = if number % 11 == 0 { "null".to_owned() } else { format!("{}", number as f64 * 1.5) };
        out.extend_from_slice(
            format!(
                r#"{{"timestamp":{at},"cuj_id":"{id}","success":{success},"duration_ms":{duration},"error":{error},"metadata":{{"pad":"{pad}"}}}}"#
            )
            .as_bytes(),
        );
        out.extend_from_slice(if number % 50 == 49 { b"\n{\"torn\n" } else { b"\n" });
    }
    out
}

/// Every answer about executions, as text.
fn answers(monitor: &Monitor) -> String {
    let mut text = String::new();
    let json = |value: String| value + "\n";
    for window in [None, Some(3_600_000.0), Some(DAY)] {
        text += &json(serde_json::to_string(&monitor.all_metrics(window, NOW).unwrap()).unwrap());
        for id in ["\"A\"", "\"B\"", "\"\\ud800\"", "\"none\""] {
            let id = id.as_bytes();
            text += &json(serde_json::to_string(&monitor.success_rate(id, window, NOW).unwrap()).unwrap());
            text += &json(serde_json::to_string(&monitor.percentiles(id, window, NOW).unwrap()).unwrap());
            text += &json(serde_json::to_string(&monitor.failures(id, window, NOW).unwrap()).unwrap());
        }
    }
    text += &json(serde_json::to_string(&monitor.trending(b"\"A\"", 24, 3_600_000.0, NOW).unwrap()).unwrap());
    text + &monitor.health().skipped_lines.to_string()
}

fn write(disk: &FaultDisk, path: &Path, bytes: &[u8]) {
    disk.act(&Other::Write(path.to_owned(), bytes.to_vec()));
}

fn disk_with(data: &[u8]) -> FaultDisk {
    let disk = FaultDisk::new(Path::new(ROOT));
    write(&disk, Path::new(DATA), data);
    disk
}

fn ask(disk: &FaultDisk) -> String {
    answers(&Monitor::on(Arc::new(disk.clone()), Path::new(ROOT)))
}

fn cache_files(disk: &FaultDisk) -> Vec<(PathBuf, Vec<u8>)> {
    disk.files().into_iter().filter(|(path, _)| path.starts_with(CACHE)).collect()
}

/// What the answers are without any cache: writing it is off.
fn without_cache(data: &[u8]) -> String {
    let disk = disk_with(data);
    let monitor = Monitor::on(Arc::new(disk.clone()), Path::new(ROOT));
    monitor.configure(&Settings { disabled: Some(true), ..Settings::default() }).unwrap();
    let expected = answers(&monitor);
    assert!(cache_files(&disk).is_empty(), "nothing is written while writing is off");
    expected
}

/// A disk with a cache that is used, and the answers.
fn cached() -> (FaultDisk, String) {
    let data = history(300);
    let disk = disk_with(&data);
    let expected = without_cache(&data);
    assert_eq!(ask(&disk), expected);
    assert!(cache_files(&disk).iter().any(|(path, bytes)| path.ends_with("executions.v1.state") && !bytes.is_empty()));
    (disk, expected)
}

/// Makes these the files of the cache, and no others.
fn set_cache(disk: &FaultDisk, files: &[(PathBuf, Vec<u8>)]) {
    for (path, _) in cache_files(disk) {
        disk.act(&Other::Remove(path));
    }
    for (path, bytes) in files {
        write(disk, path, bytes);
    }
}

#[test]
fn a_fresh_process_reads_little_of_the_data_file() {
    let (disk, expected) = cached();
    let before = disk.calls().len();
    assert_eq!(ask(&disk), expected);
    let calls = disk.calls();
    let reads = calls[before..].iter().filter(|call| **call == "read_at").count();
    assert!(reads < 150, "{reads} reads, among them those of the lines of failures");
}

#[test]
fn i1_every_byte_of_the_cache_flipped_and_every_length_cut() {
    let (disk, expected) = cached();
    let files = cache_files(&disk);
    let mut points = 0;
    for (number, (path, bytes)) in files.iter().enumerate() {
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            for damaged in [flipped, bytes[..at].to_vec()] {
                let mut files = files.clone();
                files[number].1 = damaged;
                set_cache(&disk, &files);
                assert_eq!(ask(&disk), expected, "{} at {at}", path.display());
                points += 1;
            }
        }
    }
    println!("{points} points");
    assert!(points > 5_000, "{points}");
}

#[test]
fn i1_any_file_of_the_cache_missing_or_empty() {
    let (disk, expected) = cached();
    let files = cache_files(&disk);
    for number in 0..files.len() {
        let mut fewer = files.clone();
        fewer.remove(number);
        set_cache(&disk, &fewer);
        assert_eq!(ask(&disk), expected);
        let mut empty = files.clone();
        empty[number].1.clear();
        set_cache(&disk, &empty);
        assert_eq!(ask(&disk), expected);
    }
}

#[test]
fn i2_files_of_another_version_are_neither_read_nor_touched() {
    let (disk, expected) = cached();
    let newer = [("executions.v2.state", "newer"), ("executions.1-1.v2.chunks", "newer too")];
    for (name, text) in newer {
        write(&disk, &Path::new(CACHE).join(name), text.as_bytes());
    }
    disk.act(&Other::Append(DATA.into(), history(300)));
    let grown = without_cache(&disk.content(Path::new(DATA)));
    assert_ne!(grown, expected);
    assert_eq!(ask(&disk), grown, "and the cache was written anew");
    for (name, text) in newer {
        assert_eq!(disk.content(&Path::new(CACHE).join(name)), text.as_bytes());
    }
}

#[test]
fn i3_i5_a_cache_of_another_file_is_not_believed() {
    let (disk, _) = cached();
    let (files, data) = (cache_files(&disk), history(300));
    let middle = data.len() / 2;
    let mut other_middle = data.clone();
    let at = middle + data[middle..].windows(9).position(|text| text == b"\"success\"").unwrap();
    other_middle[at + 1] = b'S';
    let contents = [
        other_middle,
        data[..middle].to_vec(),
        [&history(301)[..], &data].concat(),
        history(299),
        [&data[..], b"{\"cuj_id\":\"A\"}"].concat(),
        Vec::new(),
    ];
    for content in contents {
        for in_place in [true, false] {
            set_cache(&disk, &files);
            if !in_place {
                disk.act(&Other::Remove(DATA.into()));
            }
            write(&disk, Path::new(DATA), &content);
            assert_eq!(ask(&disk), without_cache(&content), "{} bytes, in place: {in_place}", content.len());
            write(&disk, Path::new(DATA), &data);
        }
    }
    disk.act(&Other::Remove(DATA.into()));
    set_cache(&disk, &files);
    assert_eq!(ask(&disk), without_cache(b""), "a file that is gone counts no longer");
}

#[test]
fn i6_c3_every_call_fails_or_is_the_last_while_the_cache_is_written() {
    let data = history(300);
    let expected = without_cache(&data);
    let calls = {
        let disk = disk_with(&data);
        assert_eq!(ask(&disk), expected);
        disk.calls()
    };
    let mut points = 0;
    for at in 0..calls.len() as u64 {
        let reads = matches!(calls[at as usize], "read_at" | "open_read" | "stat" | "fstat");
        let faults = ERRNOS.iter().map(|&(errno, _)| Fault::Errno(errno)).chain([
            Fault::Short(7),
            Fault::Crash(0),
            Fault::Crash(9),
        ]);
        for fault in faults {
            for lasting in [false, true] {
                let disk = disk_with(&data);
                disk.plan(Some(Plan { at, fault, lasting }));
                let monitor = Monitor::on(Arc::new(disk.clone()), Path::new(ROOT));
                let asked = monitor.all_metrics(None, NOW);
                assert!(
                    asked.is_ok() || reads || lasting || disk.is_dead(),
                    "{at} {} {fault:?}: {asked:?}",
                    calls[at as usize]
                );
                drop(monitor);
                disk.heal();
                assert_eq!(ask(&disk), expected, "{at} {} {fault:?}", calls[at as usize]);
                points += 1;
            }
        }
    }
    println!("{points} points over {} calls", calls.len());
}

#[test]
fn i7_a_hostile_state_with_a_right_checksum() {
    let (disk, expected) = cached();
    let files = cache_files(&disk);
    let state = files.iter().position(|(path, _)| path.ends_with("executions.v1.state")).unwrap();
    each_seed(300, |seed| {
        let mut random = Random::new(seed);
        let mut files = files.clone();
        let bytes = &mut files[state].1;
        for _ in 0..=random.below(4) {
            // Behind the names of the data file and of the chunks: counts, lengths, places and sums.
            let at = bytes.len() - 1 - random.below(400);
            bytes[at] = *random.pick(&[0, 0x7f, 0x80, 0xff, 1]);
        }
        let checksum = crc32fast::hash(&bytes[12..]);
        bytes[8..12].copy_from_slice(&checksum.to_le_bytes());
        set_cache(&disk, &files);
        // Numbers that make sense are believed, so only that it ends well can be asked for.
        let monitor = Monitor::on(Arc::new(disk.clone()), Path::new(ROOT));
        let _ = monitor.all_metrics(Some(DAY), NOW);
        let _ = monitor.percentiles(b"\"A\"", Some(DAY), NOW);
        let _ = monitor.failures(b"\"A\"", None, NOW);
    });
    set_cache(&disk, &files);
    assert_eq!(ask(&disk), expected);
}

#[test]
fn k5_a_cache_that_is_locked_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join(".claude/context/analytics/cuj-metrics.jsonl");
    std::fs::create_dir_all(data.parent().unwrap()).unwrap();
    std::fs::write(&data, history(300)).unwrap();
    let cache = folder.path().join(".claude/context/.obs");
    std::fs::create_dir_all(&cache).unwrap();
    let held = OsDisk.try_lock(&cache.join("lock")).unwrap();
    assert!(held.is_some());
    let expected = without_cache(&history(300));
    assert_eq!(answers(&Monitor::open(folder.path())), expected);
    assert!(!cache.join("executions.v1.state").exists());
    drop(held);
    assert_eq!(answers(&Monitor::open(folder.path())), expected);
    assert!(cache.join("executions.v1.state").exists());
    assert_eq!(std::fs::read(cache.join(".gitignore")).unwrap(), b"*\n");
}
