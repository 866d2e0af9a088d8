//! The cache beside the data never changes an answer, whatever happens to it or while it is written.
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
#[path = "support/seeds.rs"]
mod seeds;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fault_disk::{Fault, FaultDisk, Other, Plan};
use obs_native::monitor::Monitor;
use rustix::io::Errno;
use seeds::{Random, each_seed, long};

const ROOT: &str = "/project";
const NOW: f64 = 1_767_977_312_275.0;

fn data() -> PathBuf {
    Path::new(ROOT).join(".claude/context/analytics/cuj-metrics.jsonl")
}

fn cache() -> PathBuf {
    Path::new(ROOT).join(".claude/context/.obs")
}

fn lines(from: usize, count: usize) -> Vec<u8> {
    let line = |n: usize| {
        let (id, success, second) = (n % 3, n % 7 != 0, n % 60);
        format!(
            "{{\"timestamp\":\"2026-01-09T16:48:{second:02}.275Z\",\"cuj_id\":\"CUJ-{id}\",\"success\":{success},\"duration_ms\":{n},\"error\":\"E{id}\",\"metadata\":{{}}}}\n"
        )
    };
    (from..from + count).map(line).collect::<Vec<_>>().concat().into_bytes()
}

fn open(disk: &FaultDisk) -> Monitor {
    Monitor::on(Arc::new(disk.other_process()), Path::new(ROOT))
}

/// What a new process answers.
fn answers(disk: &FaultDisk) -> String {
    ask(&open(disk)).unwrap()
}

fn ask(monitor: &Monitor) -> Result<String, obs_native::error::Error> {
    let mut all = vec![serde_json::to_string(&monitor.all_metrics(None, NOW)?).unwrap()];
    for window in [None, Some(30_000.0)] {
        all.push(serde_json::to_string(&monitor.failures(b"\"CUJ-1\"", window, NOW)?).unwrap());
        all.push(serde_json::to_string(&monitor.percentiles(b"\"CUJ-2\"", window, NOW)?).unwrap());
    }
    Ok(all.join("\n"))
}

/// A disk with data and a cache of it, and the right answers.
fn cached() -> (FaultDisk, String) {
    let disk = FaultDisk::new(Path::new(ROOT));
    disk.act(&Other::Write(data(), lines(0, 9_500)));
    let expected = answers(&disk);
    assert_eq!(stored(&disk).len(), 2, "a state and its chunks");
    (disk, expected)
}

fn stored(disk: &FaultDisk) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = disk.files();
    files.retain(|path, _| path.starts_with(cache()) && path.to_string_lossy().contains("executions"));
    files
}

/// Offsets to damage: all of them in the long run, else a sample with the edges.
fn offsets(length: usize) -> Vec<usize> {
    let step = if long() { 1 } else { length / 60 + 1 };
    (0..length).filter(|at| at % step == 0 || *at < 24 || length - at < 8).collect()
}

#[test]
fn i1_a_cache_that_is_missing_cut_or_flipped_anywhere_changes_no_answer() {
    let (disk, expected) = cached();
    let files = stored(&disk);
    let restore = || files.iter().for_each(|(path, content)| disk.act(&Other::Write(path.clone(), content.clone())));
    for (path, content) in &files {
        disk.act(&Other::Remove(path.clone()));
        assert_eq!(answers(&disk), expected, "without {}", path.display());
        restore();
        for at in offsets(content.len()) {
            disk.act(&Other::Write(path.clone(), content[..at].to_vec()));
            assert_eq!(answers(&disk), expected, "{} cut at {at}", path.display());
            restore();
            let mut flipped = content.clone();
            flipped[at] ^= 1 << (at % 8);
            disk.act(&Other::Write(path.clone(), flipped));
            assert_eq!(answers(&disk), expected, "{} flipped at {at}", path.display());
            restore();
        }
    }
}

#[test]
fn i2_k4_a_cache_of_another_version_is_neither_read_nor_overwritten() {
    let (disk, expected) = cached();
    let state = stored(&disk).into_iter().find(|(path, _)| path.extension().unwrap() == "state").unwrap().0;
    let newer = PathBuf::from(state.to_string_lossy().replace(".v1.", ".v2."));
    disk.act(&Other::Write(newer.clone(), b"obs-idx2 whatever".to_vec()));
    disk.act(&Other::Append(data(), lines(9_500, 9_500)));
    assert_ne!(answers(&disk), expected);
    assert_eq!(disk.content(&newer), b"obs-idx2 whatever");
    // The same name with another beginning, such as other endianness would have.
    let mut swapped = disk.content(&state);
    swapped[..8].reverse();
    let grown = answers(&disk);
    disk.act(&Other::Write(state, swapped));
    assert_eq!(answers(&disk), grown);
}

#[test]
fn i3_i4_i5_c6_a_cache_of_other_data_is_not_believed() {
    let rebuilt = |content: &[u8]| {
        let disk = FaultDisk::new(Path::new(ROOT));
        disk.act(&Other::Write(data(), content.to_vec()));
        disk.set_free(Some(0));
        answers(&disk)
    };
    let whole = lines(0, 9_500);
    let length = whole.len();
    let mut edited = whole.clone();
    let middle = length / 2 + edited[length / 2..].iter().position(|&byte| byte == b'J').unwrap();
    edited[middle + 2] = b'9';
    let mut zeros = whole.clone();
    zeros[length - 3_000..].fill(0);
    let changes: [(&str, Vec<u8>, bool); 7] = [
        ("cut", whole[..length - 1000].to_vec(), false),
        ("cut in a line", whole[..length / 3 + 5].to_vec(), false),
        ("other lines of the same length", lines(9_499, 9_500)[..length].to_vec(), false),
        ("edited", edited, false),
        ("zeros after a loss of power, size and time as before", zeros, true),
        ("grown", [whole.clone(), lines(9_500, 50)].concat(), false),
        ("empty", Vec::new(), false),
    ];
    for (name, content, forged) in changes {
        let (disk, _) = cached();
        let change = if forged { Other::Forge } else { Other::Write };
        disk.act(&change(data(), content.clone()));
        assert_eq!(answers(&disk), rebuilt(&content), "{name}");
        // Deleted and made anew while no process runs, with the same inode.
        let (disk, _) = cached();
        disk.reuse_inodes();
        disk.act(&Other::Remove(data()));
        disk.act(&Other::Write(data(), content.clone()));
        assert_eq!(answers(&disk), rebuilt(&content), "{name}, made anew");
    }
    let (disk, _) = cached();
    disk.act(&Other::Remove(data()));
    assert_eq!(answers(&disk), rebuilt(b""));
}

#[test]
fn i6_a_folder_that_cannot_be_written_is_no_matter() {
    let expected = cached().1;
    for errno in [Errno::ROFS, Errno::ACCESS, Errno::NOSPC, Errno::NOTDIR] {
        for call in ["create_dirs", "create_new", "try_lock", "open_append", "append", "rename", "list"] {
            let disk = FaultDisk::new(Path::new(ROOT));
            disk.act(&Other::Write(data(), lines(0, 9_500)));
            disk.fail_named(call, Some(errno));
            let monitor = open(&disk);
            assert_eq!(ask(&monitor).unwrap(), expected, "{errno:?} at {call}");
            disk.act(&Other::Append(data(), lines(9_500, 10)));
            assert_ne!(ask(&monitor).unwrap(), expected);
        }
    }
}

#[test]
fn i7_a_hostile_cache_with_a_right_checksum_neither_panics_nor_fills_memory() {
    let (disk, expected) = cached();
    let (state, content) = stored(&disk).into_iter().find(|(path, _)| path.extension().unwrap() == "state").unwrap();
    let files = stored(&disk);
    each_seed(150, |seed| {
        let mut random = Random::new(seed);
        let mut body = content[12..].to_vec();
        for _ in 0..=random.below(4) {
            let near = if random.once_in(2) { 700 } else { usize::MAX };
            let at = random.below(body.len().min(near));
            // Bytes that make lengths and counts enormous or negative.
            let end = (at + 1 + random.below(10)).min(body.len());
            body[at..end].fill(*random.pick(&[0xff, 0x80, 0x7f, 0x00, 0x01]));
        }
        let bytes = [&content[..8], &crc32fast::hash(&body).to_le_bytes()[..], &body].concat();
        disk.act(&Other::Write(state.clone(), bytes));
        // What says of itself that it is right may give a wrong answer; it must give one.
        let _ = ask(&open(&disk));
        files.iter().for_each(|(path, content)| disk.act(&Other::Write(path.clone(), content.clone())));
    });
    assert_eq!(answers(&disk), expected);
}

#[test]
fn c3_c7_i6_every_fault_and_a_crash_at_every_call_while_the_cache_is_written() {
    let run = |plan: Option<Plan>| {
        let (disk, _) = cached();
        disk.act(&Other::Append(data(), lines(9_500, 9_500)));
        disk.plan(plan);
        let answer = ask(&open(&disk));
        (disk.calls(), disk, answer.ok())
    };
    let (calls, _, expected) = run(None);
    assert!(calls.contains(&"rename"), "the cache is written: {calls:?}");
    for (at, call) in (0..).zip(&calls) {
        let cuts = if matches!(*call, "append" | "create_new") { vec![0, 1, 100, 5_000] } else { vec![0] };
        let crashes = cuts.iter().map(|&cut| (Fault::Crash(cut), true));
        let errnos = [Errno::NOSPC, Errno::IO, Errno::ACCESS].map(Fault::Errno);
        let faults = errnos.into_iter().chain(cuts.iter().map(|&cut| Fault::Short(cut)));
        for (fault, lasting) in faults.flat_map(|fault| [(fault, false), (fault, true)]).chain(crashes) {
            let (_, disk, answer) = run(Some(Plan { at, fault, lasting }));
            assert!(answer.is_none() || answer == expected, "{fault:?} at {call} {at}");
            disk.kill();
            disk.heal();
            assert_eq!(Some(answers(&disk)), expected, "after {fault:?} at {call} {at}");
        }
    }
}

#[test]
fn c4_c6_a_loss_of_power_leaves_a_cache_that_changes_no_answer() {
    each_seed(60, |seed| {
        let mut random = Random::new(seed);
        let (disk, _) = cached();
        disk.act(&Other::Append(data(), lines(9_500, 9_500 + random.below(50))));
        let _ = ask(&open(&disk));
        // The names are there, the contents are whatever the device has.
        disk.sync_names();
        disk.lose_power(|length| random.below(length));
        let found = answers(&disk);
        let plain = FaultDisk::new(Path::new(ROOT));
        plain.act(&Other::Write(data(), disk.content(&data())));
        assert_eq!(found, answers(&plain));
    });
}

#[test]
fn k5_many_processes_that_keep_the_cache_at_once_agree() {
    let (disk, _) = cached();
    let mut total = 9_500;
    for _ in 0..3 {
        disk.act(&Other::Append(data(), lines(total, 9_500)));
        total += 9_500;
        let found: Vec<String> = std::thread::scope(|scope| {
            let handles: Vec<_> = (0..8).map(|_| scope.spawn(|| answers(&disk))).collect();
            handles.into_iter().map(|handle| handle.join().unwrap()).collect()
        });
        assert!(found.iter().all(|answer| *answer == found[0]));
        assert_eq!(found[0], answers(&disk));
        assert!(stored(&disk).len() <= 3, "nobody's leftovers pile up");
    }
}

#[test]
fn c3_c7_a_dashboard_is_saved_although_a_dead_process_left_its_temporary_file() {
    let disk = FaultDisk::new(Path::new(ROOT));
    let path = data().with_file_name("metrics-dashboard.json");
    // A process with the same id (in a container it always is) died in the middle of saving, again and again.
    for serial in 0..400 {
        let name = format!("metrics-dashboard.json.{}-{serial}.tmp", std::process::id());
        disk.act(&Other::Write(path.with_file_name(name), b"{".to_vec()));
    }
    open(&disk).save_dashboard(br#"{"saved":1}"#).unwrap();
    assert_eq!(disk.content(&path), br#"{"saved":1}"#);
}
