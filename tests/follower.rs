//! A follower gives each event that is appended once: whatever stood there before, and across renaming, removal and
//! truncation.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test panics when it is wrong")]

#[path = "support/fault_disk.rs"]
mod fault_disk;
#[path = "support/seeds.rs"]
mod seeds;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fault_disk::{FaultDisk, Other};
use obs_native::monitor::{Follower, Monitor, Stream};
use seeds::{Random, each_seed};

const ROOT: &str = "/project";
const NOW: f64 = 1_767_977_312_275.0;

fn path() -> PathBuf {
    Path::new(ROOT).join(".claude/context/logs/progress.jsonl")
}

fn event(number: usize) -> String {
    format!("{{\"timestamp\":1767977312275,\"run_id\":\"r\",\"step\":{number}}}\n")
}

/// The numbers of the events that are new.
fn steps(follower: &mut Follower) -> Vec<usize> {
    let pieces = follower.read(NOW);
    let events = pieces.iter().flat_map(|piece| serde_json::from_str::<Vec<serde_json::Value>>(piece).unwrap());
    events.map(|event| usize::try_from(event["step"].as_u64().unwrap()).unwrap()).collect()
}

fn follow(disk: &FaultDisk) -> Follower {
    Monitor::on(Arc::new(disk.other_process()), Path::new(ROOT)).follow(Stream::Progress, NOW)
}

fn append(disk: &FaultDisk, text: &str) {
    disk.act(&Other::Append(path(), text.as_bytes().to_vec()));
}

#[test]
fn what_stood_there_before_is_not_given_and_a_line_that_was_begun_is_given_whole() {
    let disk = FaultDisk::new(Path::new(ROOT));
    let begun = event(2);
    append(&disk, &(event(1) + &begun[..20]));
    let mut follower = follow(&disk);
    assert!(steps(&mut follower).is_empty());
    append(&disk, &begun[20..]);
    append(&disk, &event(3));
    assert_eq!(steps(&mut follower), [2, 3]);
    assert!(steps(&mut follower).is_empty());
}

#[test]
fn an_edit_in_the_middle_of_what_was_read_gives_nothing_again() {
    let disk = FaultDisk::new(Path::new(ROOT));
    let text: String = (100..400).map(event).collect();
    append(&disk, &text);
    let mut follower = follow(&disk);
    disk.act(&Other::Write(path(), text.replace(&event(250), &event(999)).into_bytes()));
    assert!(steps(&mut follower).is_empty());
}

#[test]
fn what_was_appended_before_a_rename_is_given_before_what_came_after_it() {
    let disk = FaultDisk::new(Path::new(ROOT));
    append(&disk, &event(1));
    let mut follower = follow(&disk);
    append(&disk, &event(2));
    assert_eq!(steps(&mut follower), [2]);
    append(&disk, &event(3));
    disk.act(&Other::Rename(path(), path().with_extension("1")));
    append(&disk, &event(4));
    assert_eq!(steps(&mut follower), [3, 4]);
}

#[test]
fn each_event_is_given_once_and_in_order_whatever_is_done_to_the_file_between_two_looks() {
    each_seed(300, |seed| {
        let mut random = Random::new(seed);
        let disk = FaultDisk::new(Path::new(ROOT));
        let (mut next, mut given, mut expected) = (0, Vec::new(), Vec::new());
        if random.once_in(2) {
            append(&disk, &event(1_000_000));
        }
        let mut follower = follow(&disk);
        for _ in 0..30 {
            for _ in 0..random.below(4) {
                append(&disk, &event(next));
                expected.push(next);
                next += 1;
            }
            // Between two looks the file is taken away once at most: who is away for longer misses what came and went.
            let taken = random.below(6);
            if taken > 0 && disk.files().contains_key(&path()) {
                given.extend(steps(&mut follower));
            }
            match taken {
                1 => disk.act(&Other::Rename(path(), path().with_extension("1"))),
                2 => disk.act(&Other::Remove(path())),
                3 => disk.act(&Other::Write(path(), Vec::new())),
                _ => {}
            }
            if random.once_in(2) {
                given.extend(steps(&mut follower));
            }
        }
        given.extend(steps(&mut follower));
        assert_eq!(given, expected);
    });
}

#[test]
fn every_stream_is_followed_and_skill_invocations_across_midnight() {
    const DAY: f64 = 86_400_000.0;
    let root = tempfile::tempdir().unwrap();
    let monitor = Monitor::open(root.path());
    let before = "{\"skill\":\"before\",\"cuj_id\":\"before\",\"provider\":\"before\",\"run_id\":\"before\"}";
    let record = |text: &str, now: f64| {
        monitor.record_skill(None, text.as_bytes(), now).unwrap();
        monitor.record_execution(text.as_bytes(), now).unwrap();
        monitor.record_provider_call(text.as_bytes(), now).unwrap();
        monitor.record_progress(text.as_bytes(), now).unwrap();
    };
    record(before, NOW);
    let streams = [Stream::Executions, Stream::Progress, Stream::Providers, Stream::Skills];
    let mut followers = streams.map(|stream| monitor.follow(stream, NOW));
    for (day, name) in [(0.0, "today"), (1.0, "tomorrow"), (2.0, "again")] {
        let now = NOW + day * DAY;
        record(&before.replace("before", name), now);
        // A writer whose clock is late.
        record(&before.replace("before", "late"), now - DAY.min(day * DAY));
        for (follower, stream) in followers.iter_mut().zip(streams) {
            let text = follower.read(now).concat();
            assert!(
                text.contains(name) && text.contains("late") && !text.contains("before"),
                "{stream:?} {day}: {text}"
            );
            assert!(follower.read(now).is_empty());
        }
    }
}
