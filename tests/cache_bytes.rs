//! The cache of columns on disk, one small one whole: every byte flipped and every length cut; what it saves; its lock.

#[path = "support/fault_disk.rs"]
mod fault_disk;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fault_disk::{FaultDisk, Other};
use obs_native::monitor::{Monitor, Settings};
use obs_native::store::{Disk, OsDisk};

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
        let back = (lines - number) * 60_000 + if number % 20 == 3 { 7_200_000 } else { 0 };
        let at = 1_767_977_312_275 - back;
        let success = number % 5 != 0;
        let error = if success { "null".to_owned() } else { format!("\"went wrong {}\"", number % 3) };
        let duration = if number % 11 == 0 { "null".to_owned() } else { format!("{}.5", number * 3 / 2) };
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
    assert!(cache_files(&disk).iter().any(|(path, bytes)| path.ends_with("executions.v6.state") && !bytes.is_empty()));
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
    assert!(!cache.join("executions.v6.state").exists());
    drop(held);
    assert_eq!(answers(&Monitor::open(folder.path())), expected);
    assert!(cache.join("executions.v6.state").exists());
    assert_eq!(std::fs::read(cache.join(".gitignore")).unwrap(), b"*\n");
}
