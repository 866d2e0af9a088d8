//! While a long file is read for the first time, chunks go into the cache: whatever meets that, no answer changes.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test panics when it is wrong, and its numbers are small"
)]

#[path = "support/fault_disk.rs"]
mod fault_disk;
#[path = "support/seeds.rs"]
mod seeds;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fault_disk::{Fault, FaultDisk, Other, Plan};
use obs_native::monitor::{Monitor, Settings};
use obs_native::store::Disk;
use rustix::io::Errno;
use seeds::{Random, each_seed, long};

const ROOT: &str = "/project";
const DATA: &str = "/project/.claude/context/analytics/cuj-metrics.jsonl";
const CACHE: &str = "/project/.claude/context/.obs";
const NOW: f64 = 1_767_977_312_275.0;

/// Enough rows for chunks to be written twice before the end.
const LINES: usize = 80_000;

fn history(first: usize) -> Vec<u8> {
    let line = |number: usize| {
        let (id, success, at) = (number % 3, number % 9 != 0, 1_767_977_312_275 - number * 1000);
        format!(
            "{{\"timestamp\":{at},\"cuj_id\":\"{id}\",\"success\":{success},\"duration_ms\":{number},\"error\":\"E{id}\"}}\n"
        )
    };
    (first..first + LINES).map(line).collect::<String>().into_bytes()
}

fn disk_with(data: &[u8]) -> FaultDisk {
    let disk = FaultDisk::new(Path::new(ROOT));
    disk.act(&Other::Write(DATA.into(), data.to_vec()));
    disk
}

fn ask(disk: &FaultDisk, disabled: bool) -> Option<Vec<String>> {
    let monitor = Monitor::on(Arc::new(disk.other_process()), Path::new(ROOT));
    monitor.configure(&Settings { disabled: Some(disabled), ..Settings::default() }).unwrap();
    let mut texts = vec![serde_json::to_string(&monitor.all_metrics(Some(30_000_000.0), NOW).ok()?).unwrap()];
    for id in [b"\"0\"", b"\"1\""] {
        texts.push(serde_json::to_string(&monitor.percentiles(id, None, NOW).ok()?).unwrap());
        texts.push(serde_json::to_string(&monitor.failures(id, None, NOW).ok()?).unwrap());
    }
    Some(texts)
}

fn without_cache(data: &[u8]) -> Option<Vec<String>> {
    let disk = disk_with(data);
    let answer = ask(&disk, true);
    assert!(cache_files(&disk).is_empty());
    answer
}

fn cache_files(disk: &FaultDisk) -> Vec<PathBuf> {
    disk.files().into_keys().filter(|path| path.starts_with(CACHE)).collect()
}

fn chunk_files(disk: &FaultDisk) -> usize {
    cache_files(disk).iter().filter(|path| path.extension().is_some_and(|ending| ending == "chunks")).count()
}

#[test]
fn every_fault_and_a_crash_while_chunks_are_written() {
    let data = history(0);
    let expected = without_cache(&data);
    let whole = disk_with(&data);
    assert_eq!(ask(&whole, false), expected);
    let calls = whole.calls();
    assert!(calls.iter().filter(|call| **call == "open_append").count() >= 4, "chunks are written early: {calls:?}");
    for at in (0..calls.len() as u64).step_by(if long() { 1 } else { 9 }) {
        let faults = [Fault::Errno(Errno::NOSPC), Fault::Short(100), Fault::Crash(1000)];
        for (fault, lasting) in faults.into_iter().flat_map(|fault| [(fault, false), (fault, true)]) {
            let disk = disk_with(&data);
            disk.plan(Some(Plan { at, fault, lasting }));
            let answer = ask(&disk, false);
            assert!(answer.is_none() || answer == expected, "{fault:?} at {at}");
            disk.kill();
            disk.heal();
            assert_eq!(ask(&disk, false), expected, "after {fault:?} at {at}");
            assert_eq!(ask(&disk, false), expected, "with the cache after {fault:?} at {at}");
            assert!(chunk_files(&disk) <= 1, "after {fault:?} at {at}: {:?}", cache_files(&disk));
        }
    }
}

#[test]
fn a_disk_that_refuses_the_cache_or_is_soon_full() {
    let data = history(0);
    let expected = without_cache(&data);
    for call in ["create_dirs", "create_new", "try_lock", "open_append", "append", "rename", "list"] {
        let disk = disk_with(&data);
        disk.fail_named(call, Some(Errno::ROFS));
        assert_eq!(ask(&disk, false), expected, "{call}");
    }
    for free in [0, 2, 100, 65_000, 300_000, 600_000] {
        let disk = disk_with(&data);
        disk.set_free(Some(free));
        assert_eq!(ask(&disk, false), expected, "{free} bytes");
        disk.set_free(None);
        assert_eq!(ask(&disk, false), expected, "{free} bytes, and more");
    }
}

#[test]
fn a_file_that_is_replaced_meanwhile() {
    let (old, new) = (history(0), history(50_000));
    let (of_old, of_new) = (without_cache(&old), without_cache(&new));
    each_seed(12, |seed| {
        let mut random = Random::new(seed);
        let disk = disk_with(&old);
        let next = Path::new(DATA).with_extension("next");
        disk.act(&Other::Write(next.clone(), new.clone()));
        disk.schedule(random.below(90) as u64, Other::Rename(next, DATA.into()));
        let answers = ask(&disk, false).unwrap();
        let from = answers
            .iter()
            .zip(of_old.as_ref().unwrap())
            .position(|(answer, old)| answer != old)
            .unwrap_or(answers.len());
        assert_eq!(answers[from..], of_new.as_ref().unwrap()[from..]);
        disk.quiet();
        let now = if disk.content(Path::new(DATA)) == new { &of_new } else { &of_old };
        assert_eq!(&ask(&disk, false), now);
        assert_eq!(chunk_files(&disk), 1);
    });
}

#[test]
fn a_cache_that_another_process_locked() {
    let data = history(0);
    let disk = disk_with(&data);
    disk.create_dirs(Path::new(CACHE)).unwrap();
    let held = disk.other_process().try_lock(&Path::new(CACHE).join("lock")).unwrap();
    assert!(held.is_some());
    let expected = without_cache(&data);
    assert_eq!(ask(&disk, false), expected);
    assert_eq!(chunk_files(&disk), 0);
    drop(held);
    assert_eq!(ask(&disk, false), expected);
    assert_eq!(chunk_files(&disk), 1);
}
