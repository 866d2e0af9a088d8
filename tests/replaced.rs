//! A file that is replaced or written anew at any moment of a question: the answer is that of the old content or of the new.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test panics when it is wrong")]

#[path = "support/fault_disk.rs"]
mod fault_disk;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fault_disk::{FaultDisk, Other};
use obs_native::aggregate::{Resets, SkillFilter};
use obs_native::monitor::Monitor;

const ROOT: &str = "/project";
const NOW: f64 = 1_767_977_312_275.0;

/// The data files of a workspace in which everything has `name`; those of names of different lengths have different sizes.
fn content(name: &str, records: usize) -> Vec<(PathBuf, Vec<u8>)> {
    let context = Path::new(ROOT).join(".claude/context");
    let at = r#""timestamp":"2026-01-09T16:48:32.275Z""#;
    let many = |line: String| format!("{line}\n").repeat(records).into_bytes();
    vec![
        (
            context.join("analytics/cuj-metrics.jsonl"),
            many(format!(
                r#"{{{at},"cuj_id":"{name}","success":false,"duration_ms":5,"error":"of {name}","metadata":{{}}}}"#
            )),
        ),
        (
            context.join("analytics/provider-health.jsonl"),
            many(format!(
                r#"{{"timestamp":1767977312275,"provider":"{name}","success":false,"latency_ms":5,"error":"of {name}"}}"#
            )),
        ),
        (
            context.join("logs/progress.jsonl"),
            many(format!(r#"{{"timestamp":1767977312275,"run_id":"{name}","step":1,"status":"running"}}"#)),
        ),
        (
            context.join("logs/skill-invocations-2026-01-09.jsonl"),
            many(format!(
                r#"{{{at},"type":"skill_invocation","skill":"{name}","params":"","result":"failure","duration_ms":5}}"#
            )),
        ),
    ]
}

/// Every question that fetches lines, about `name`.
fn answers(monitor: &Monitor, name: &str) -> Vec<String> {
    let id = format!("\"{name}\"");
    vec![
        json(&monitor.failures(id.as_bytes(), None, NOW).unwrap()),
        json(&monitor.failures(b"null", None, NOW).unwrap()),
        json(&monitor.provider_health(id.as_bytes(), &Resets::default()).unwrap()),
        json(&monitor.all_provider_health(&Resets::default()).unwrap()),
        json(&monitor.progress_history(None, None).unwrap()),
        json(&monitor.progress_history(Some(id.as_bytes()), Some(2)).unwrap()),
        json(&monitor.current_progress(id.as_bytes()).unwrap()),
        json(&monitor.query_logs(None, &SkillFilter::default(), NOW).unwrap()),
        json(&monitor.dashboard(NOW).unwrap()),
    ]
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

fn disk_with(files: &[(PathBuf, Vec<u8>)]) -> FaultDisk {
    let disk = FaultDisk::new(Path::new(ROOT));
    disk.reuse_inodes();
    files.iter().for_each(|(path, bytes)| disk.act(&Other::Write(path.clone(), bytes.clone())));
    disk
}

/// How one content takes the place of another.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Removed and made again; the file gets the same inode.
    Again,
    /// Cut to nothing and filled.
    InPlace,
    /// Cut to nothing.
    Cut,
    /// The same size and time, as a restored backup may have.
    Forged,
}

fn replacement(way: Way, path: &Path, new: &[u8]) -> Vec<Other> {
    let path = path.to_owned();
    match way {
        Way::Again => vec![Other::Remove(path.clone()), Other::Write(path, new.to_vec())],
        Way::InPlace => vec![Other::Write(path, new.to_vec())],
        Way::Cut => vec![Other::Write(path, Vec::new())],
        Way::Forged => vec![Other::Forge(path, new.to_vec())],
    }
}

#[test]
fn every_answer_is_of_the_old_or_of_the_new_content_whenever_a_file_is_replaced() {
    for (way, name, records) in [
        (Way::Again, "B", 3),
        (Way::Again, "longer", 3),
        (Way::InPlace, "B", 3),
        (Way::InPlace, "B", 2),
        (Way::InPlace, "longer", 9),
        (Way::Cut, "B", 0),
        (Way::Forged, "B", 3),
    ] {
        let (old, new) = (content("A", 3), content(name, records));
        for asked in ["A", name] {
            let before = answers(&Monitor::on(Arc::new(disk_with(&old)), Path::new(ROOT)), asked);
            let after = answers(&Monitor::on(Arc::new(disk_with(&new)), Path::new(ROOT)), asked);
            for call in 0..100 {
                let disk = disk_with(&old);
                let monitor = Monitor::on(Arc::new(disk.clone()), Path::new(ROOT));
                // What was read is known, and some descriptors were given back.
                assert_eq!(answers(&monitor, asked), before);
                disk.plan(None);
                for (path, bytes) in &new {
                    replacement(way, path, bytes).into_iter().for_each(|other| disk.schedule(call, other));
                }
                let found = answers(&monitor, asked);
                for (place, found) in found.iter().enumerate().take(8) {
                    let known = found == &before[place] || found == &after[place];
                    assert!(known, "{way:?} before call {call}, question {place} about {asked}: {found}");
                }
                disk.quiet();
                if call < disk.calls().len() as u64 && !matches!(way, Way::Forged) {
                    assert_eq!(answers(&monitor, asked), after, "{way:?} before call {call}: once it is over");
                }
            }
        }
    }
}

/// Lines of one length, so that a part of one content and a part of another make lines too.
fn lines(name: &str, records: usize) -> Vec<u8> {
    let at = r#""timestamp":"2026-01-09T16:48:32.275Z""#;
    format!("{{{at},\"cuj_id\":\"{name}\",\"success\":true,\"duration_ms\":5,\"metadata\":{{}}}}\n")
        .repeat(records)
        .into_bytes()
}

#[test]
fn a_read_that_spans_a_cut_and_what_was_appended_behind_it_is_of_one_moment() {
    let path = Path::new(ROOT).join(".claude/context/analytics/cuj-metrics.jsonl");
    let asked = |monitor: &Monitor| json(&monitor.all_metrics(None, NOW).unwrap());
    let line = lines("A", 1).len();
    // Of as many lines where all is read twice, of one less where the size has to tell.
    let cases = [(0, 0), (0, 20), (10, 0), (10, 5), (10, 20), (10, 10)];
    for (many, less, (known, kept)) in cases.into_iter().flat_map(|case| [(1, 0, case), (20, 1, case)]) {
        let (known, kept) = (known * many, kept * many);
        let old = lines("A", 40 * many);
        let new = [&old[..kept * line], &lines("B", 40 * many - kept - less)].concat();
        let of = |bytes: &[u8]| {
            let disk = disk_with(&[(path.clone(), bytes.to_vec())]);
            asked(&Monitor::on(Arc::new(disk), Path::new(ROOT)))
        };
        let (before, after) = (of(&old), of(&new));
        assert_ne!(before, after);
        let mut spanned = 0;
        for call in 0..40 {
            let disk = disk_with(&[(path.clone(), old[..known * line].to_vec())]);
            let monitor = Monitor::on(Arc::new(disk.clone()), Path::new(ROOT));
            asked(&monitor);
            disk.act(&Other::Write(path.clone(), old.clone()));
            disk.plan(None);
            disk.schedule_amid(call, Other::Write(path.clone(), new.clone()));
            let found = asked(&monitor);
            assert!(
                found == before || found == after,
                "{known} of {} known, {kept} kept, amid call {call}: {found}",
                40 * many
            );
            spanned += u64::from(call < disk.calls().len() as u64);
            disk.quiet();
        }
        assert!(spanned > 0, "no call was reached");
    }
}
