//! The cache stays a small part of its data, is saved again whatever happened to the data, and leaves nothing behind.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test panics when it is wrong")]

#[path = "support/fault_disk.rs"]
mod fault_disk;
#[path = "support/seeds.rs"]
mod seeds;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fault_disk::{FaultDisk, Other};
use obs_native::monitor::Monitor;
use seeds::long;

const ROOT: &str = "/project";
const NOW: f64 = 1_767_977_312_275.0;
const MIB: usize = 1 << 20;

/// What `docs/guarantees.md` promises: a quarter of the data and 4 MiB.
const fn bound(data: usize) -> usize {
    data / 4 + 4 * MIB
}

fn context() -> PathBuf {
    Path::new(ROOT).join(".claude/context")
}

fn data() -> PathBuf {
    context().join("analytics/cuj-metrics.jsonl")
}

/// About so many bytes of executions of so many ids, the first of them with this number.
fn executions(first: usize, ids: usize, bytes: usize) -> Vec<u8> {
    let mut lines = String::with_capacity(bytes + 256);
    for n in first.. {
        if lines.len() >= bytes {
            break;
        }
        let id = n.wrapping_mul(2_654_435_761) % ids;
        let (second, success) = (n % 60, n % 7 != 0);
        let line = format!(
            r#"{{"timestamp":"2026-01-09T16:48:{second:02}.275Z","cuj_id":"CUJ-{id}","success":{success},"duration_ms":{n},"error":null}}"#
        );
        lines.extend([&line, "\n"]);
    }
    lines.into_bytes()
}

fn ask_anew(disk: &FaultDisk) -> String {
    ask(&Monitor::on(Arc::new(disk.other_process()), Path::new(ROOT)))
}

fn ask(monitor: &Monitor) -> String {
    serde_json::to_string(&monitor.percentiles(b"null", None, NOW).unwrap()).unwrap()
}

/// What a process answers that has no cache.
fn rescan(disk: &FaultDisk) -> String {
    let other = FaultDisk::new(Path::new(ROOT));
    other.act(&Other::Write(data(), disk.content(&data())));
    ask_anew(&other)
}

/// The names and sizes of what stands in the folder of caches, apart from the lock.
fn stored(disk: &FaultDisk) -> Vec<(String, usize)> {
    let all = disk.files().into_iter().filter(|(path, _)| path.starts_with(context().join(".obs")));
    let named = all.map(|(path, bytes)| (path.file_name().unwrap().to_str().unwrap().to_owned(), bytes.len()));
    named.filter(|(name, _)| !matches!(name.as_str(), "lock" | ".gitignore")).collect()
}

fn size(disk: &FaultDisk) -> usize {
    stored(disk).iter().map(|(_, size)| size).sum()
}

#[test]
fn after_truncation_in_place_the_cache_is_saved_again_and_leaves_no_file_for_each_process() {
    let disk = FaultDisk::new(Path::new(ROOT));
    disk.act(&Other::Write(data(), executions(0, 50, 9 * MIB)));
    ask_anew(&disk);
    for round in 1..4 {
        let before = stored(&disk);
        disk.tick(1);
        // Written anew under the same inode, each time with other content.
        disk.act(&Other::Write(data(), executions(round * 100_000, 50, (9 - round) * MIB)));
        for _ in 0..5 {
            assert_eq!(ask_anew(&disk), rescan(&disk));
        }
        let files = stored(&disk);
        assert_eq!(files.len(), 2, "a state and its chunks, not {files:?}");
        assert_ne!(files[0].0, before[0].0, "the chunks are those of the new content");
        let before = disk.calls().len();
        ask_anew(&disk);
        let calls = disk.calls().split_off(before);
        assert!(!calls.contains(&"append"), "a question of a process whose cache is good writes nothing: {calls:?}");
    }
}

#[test]
fn a_living_process_saves_again_after_truncation_too() {
    let disk = FaultDisk::new(Path::new(ROOT));
    let monitor = Monitor::on(Arc::new(disk.other_process()), Path::new(ROOT));
    for round in 0..4 {
        disk.act(&Other::Write(data(), executions(round * 100_000, 50, (3 + round % 2) * MIB)));
        assert_eq!(ask(&monitor), rescan(&disk));
        assert_eq!(stored(&disk).len(), 2, "a state and its chunks");
    }
}

#[test]
fn the_cache_is_never_larger_than_a_quarter_of_the_data_and_4_mib() {
    let cases: &[usize] = if long() { &[10, 1_000, 20_000, 1_000_000] } else { &[10, 1_000, 20_000] };
    for &ids in cases {
        let disk = FaultDisk::new(Path::new(ROOT));
        let living = Monitor::on(Arc::new(disk.other_process()), Path::new(ROOT));
        let mut length = 0;
        for round in 0..50 {
            let more = executions(round * 6_000, ids, MIB + MIB / 16);
            length += more.len();
            disk.act(&Other::Append(data(), more));
            if round % 2 == 0 {
                ask(&living)
            } else {
                ask_anew(&disk)
            };
            let (size, written) = (size(&disk), usize::try_from(disk.written()).unwrap());
            assert!(size <= bound(length), "{ids} ids, round {round}: {size} bytes for {length}");
            assert!(written <= 2 * bound(length), "{ids} ids, round {round}: {written} bytes written for {length}");
        }
        eprintln!("{ids} ids: {} bytes, {} written, for {length}", size(&disk), disk.written());
        assert_eq!(ask_anew(&disk), rescan(&disk));
        assert!(ids > 20_000 || size(&disk) > MIB, "{ids} ids: a cache is kept");
    }
}

#[test]
fn caches_of_files_that_are_gone_or_moved_and_of_older_versions_are_removed() {
    let disk = FaultDisk::new(Path::new(ROOT));
    let day = |n: usize| context().join(format!("logs/skill-invocations-2026-01-0{n}.jsonl"));
    let line = r#"{"timestamp":"2026-01-09T16:48:32.275Z","type":"skill_invocation","skill":"x","params":"","result":"success","duration_ms":5}"#;
    let invocations = format!("{line}\n").repeat(2 * MIB / line.len()).into_bytes();
    let filter = obs_native::aggregate::SkillFilter { from: Some(0), ..Default::default() };
    let ask_days = || {
        let monitor = Monitor::on(Arc::new(disk.other_process()), Path::new(ROOT));
        monitor.statistics(None, &filter, NOW).unwrap();
    };
    for n in 1..4 {
        disk.act(&Other::Write(day(n), invocations.clone()));
    }
    ask_days();
    assert_eq!(stored(&disk).len(), 6);
    let old = ["executions.v3.state", "executions.12-34.v3.chunks", "executions.12-35.v2.chunks"];
    for name in old {
        disk.act(&Other::Write(context().join(".obs").join(name), b"old".to_vec()));
    }
    let newer = context().join(".obs/executions.v99.state");
    disk.act(&Other::Write(newer.clone(), b"of a newer version".to_vec()));
    disk.act(&Other::Remove(day(1)));
    disk.act(&Other::Rename(day(2), context().join("logs/elsewhere.jsonl")));
    disk.act(&Other::Append(day(3), invocations));
    ask_days();
    let left: Vec<String> = stored(&disk).into_iter().map(|(name, _)| name).collect();
    assert_eq!(left.len(), 3, "the newer version's, a state and its chunks: {left:?}");
    assert_eq!(disk.content(&newer), b"of a newer version");
}

#[test]
fn a_project_that_was_moved_leaves_no_cache_of_its_old_place() {
    let disk = FaultDisk::new(Path::new(ROOT));
    disk.act(&Other::Write(data(), executions(0, 50, 2 * MIB)));
    ask_anew(&disk);
    let moved = Path::new("/moved");
    for (path, bytes) in disk.files() {
        disk.act(&Other::Write(moved.join(path.strip_prefix(ROOT).unwrap()), bytes));
    }
    disk.act(&Other::Remove(data()));
    let expected = {
        let other = FaultDisk::new(moved);
        let path = moved.join(".claude/context/analytics/cuj-metrics.jsonl");
        other.act(&Other::Write(path.clone(), disk.content(&path)));
        ask(&Monitor::on(Arc::new(other), moved))
    };
    for _ in 0..3 {
        assert_eq!(ask(&Monitor::on(Arc::new(disk.other_process()), moved)), expected);
    }
    let files = disk.files().into_keys().filter(|path| path.starts_with(moved.join(".claude/context/.obs"))).count();
    assert!(files <= 4, "the lock, .gitignore, a state and its chunks");
}

#[test]
fn a_process_takes_the_cache_that_another_wrote_meanwhile() {
    let disk = FaultDisk::new(Path::new(ROOT));
    disk.act(&Other::Write(data(), executions(0, 50, 2 * MIB)));
    let (one, other) = (disk.other_process(), disk.other_process());
    let one = Monitor::on(Arc::new(one), Path::new(ROOT));
    let other = Monitor::on(Arc::new(other), Path::new(ROOT));
    ask(&one);
    ask(&other);
    for round in 1..6 {
        // Written anew: each of them is once the first to see it.
        disk.act(&Other::Write(data(), executions(round * 100_000, 50, (2 + round) * MIB)));
        let (first, second) = if round % 2 == 0 { (&one, &other) } else { (&other, &one) };
        let expected = rescan(&disk);
        for _ in 0..2 {
            assert_eq!((ask(first), ask(second)), (expected.clone(), expected.clone()), "round {round}");
        }
        assert_eq!(stored(&disk).len(), 2, "round {round}");
    }
}

#[test]
fn day_files_of_two_folders_that_have_the_same_name_have_caches_of_their_own() {
    let disk = FaultDisk::new(Path::new(ROOT));
    let folders = ["one", "two"].map(|name| Path::new(ROOT).join(name));
    let filter = obs_native::aggregate::SkillFilter { from: Some(0), ..Default::default() };
    for (place, folder) in folders.iter().enumerate() {
        let line = format!(
            r#"{{"timestamp":"2026-01-09T16:48:32.275Z","type":"skill_invocation","skill":"s{place}","result":"success"}}"#
        );
        let text = format!("{line}\n").repeat((2 + place) * MIB / line.len());
        disk.act(&Other::Write(folder.join("skill-invocations-2026-01-09.jsonl"), text.into_bytes()));
    }
    let ask = || {
        let monitor = Monitor::on(Arc::new(disk.other_process()), Path::new(ROOT));
        folders.each_ref().map(|folder| {
            let statistics = monitor.statistics(Some(folder), &filter, NOW).unwrap();
            serde_json::to_string(&statistics).unwrap()
        })
    };
    let first = ask();
    assert!(first[0].contains("s0") && first[1].contains("s1") && !first[1].contains("s0"));
    assert_eq!((ask(), stored(&disk).len()), (first, 4));
}

#[test]
fn a_state_that_names_a_file_elsewhere_is_no_cache() {
    for name in ["../../../secret", "/secret", "executions.../../secret", "other.1-1.v6.chunks", ""] {
        let disk = FaultDisk::new(Path::new(ROOT));
        disk.act(&Other::Write(data(), executions(0, 50, 2 * MIB)));
        let expected = ask_anew(&disk);
        let (state, content) =
            disk.files().into_iter().find(|(path, _)| path.to_string_lossy().ends_with(".state")).unwrap();
        let own = stored(&disk).into_iter().find(|(name, _)| name.ends_with(".chunks")).unwrap().0;
        let body = replace_name(&content[12..], own.as_bytes(), name.as_bytes());
        let chunks = disk.content(&context().join(".obs").join(&own));
        let planted = [context().join(".obs").join(name), Path::new(ROOT).join("secret"), "/secret".into()];
        for place in &planted {
            disk.act(&Other::Write(place.clone(), chunks.clone()));
        }
        let forged = [&content[..8], &crc32fast::hash(&body).to_le_bytes()[..], &body].concat();
        disk.act(&Other::Write(state, forged));
        assert_eq!(ask_anew(&disk), expected, "{name}");
        // Enough for the cache to be written on.
        disk.act(&Other::Append(data(), executions(90_000, 50, 3 * MIB)));
        assert_eq!(ask_anew(&disk), rescan(&disk), "{name}");
        for place in planted.iter().filter(|place| !name.is_empty() && disk.files().contains_key(*place)) {
            assert_eq!(disk.content(place), chunks, "{} was written to", place.display());
        }
    }
}

/// The bytes with one name, after its length, replaced by another.
fn replace_name(bytes: &[u8], own: &[u8], name: &[u8]) -> Vec<u8> {
    let at = bytes.windows(own.len()).position(|window| window == own).unwrap();
    let length = u8::try_from(name.len()).unwrap();
    [&bytes[..at - 1], &[length], name, &bytes[at + own.len()..]].concat()
}
