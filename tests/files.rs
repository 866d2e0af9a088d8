//! Real files: many writers at once, what other programs put in a file's place, permissions, and the clock.
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
#[path = "support/lines.rs"]
mod lines;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lines::{damaged, execution, foreign, numbers, skill};
use obs_native::monitor::Monitor;
use obs_native::store::Reason;
use rustix::fs::{CWD, FileType, Mode, mknodat};

const NOW: f64 = 1_767_977_312_275.0;
const DAY_MS: f64 = 86_400_000.0;

fn executions(root: &Path) -> PathBuf {
    root.join(".claude/context/analytics/cuj-metrics.jsonl")
}

fn root() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(executions(root.path()).parent().unwrap()).unwrap();
    root
}

fn long() -> bool {
    std::env::var_os("OBS_LONG").is_some()
}

/// Every file below a folder.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.insert(entry.path());
        }
    }
    found
}

/// Fields whose line has some 100 bytes to 64 KiB, from the number alone.
fn record_of(writer: i64, number: i64) -> Vec<u8> {
    let length = [0, 10, 300, 4000, 64_000][usize::try_from((writer * 7 + number * 13) % 97 % 5).unwrap()];
    let length = if number % 50 == 0 { length } else { length % 4000 };
    let text = "x".repeat(length);
    let metadata = format!("{{\"text\":\"{text}\"}}");
    fields::execution(&format!("\"W{writer}\""), "true", &number.to_string(), "null", &metadata).into_bytes()
}

#[test]
fn k1_k6_many_writers_lose_double_and_mix_nothing_while_others_read() {
    let (writers, records) = (16, if long() { 60_000 } else { 1_500 });
    let root = root();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..writers)
            .map(|writer| {
                let root = root.path();
                scope.spawn(move || {
                    let monitor = Monitor::open(root);
                    for number in 0..records {
                        monitor.record_execution(&record_of(writer, number), NOW).unwrap();
                    }
                    assert_eq!(monitor.health().counts.accepted, u64::try_from(records).unwrap());
                })
            })
            .collect();
        scope.spawn(|| {
            let (reader, mut seen) = (Monitor::open(root.path()), 0);
            while !done.load(Ordering::Relaxed) {
                let total: u64 = reader.all_metrics(None, NOW).unwrap().0.iter().map(|(_, rate)| rate.total).sum();
                assert!(total >= seen, "a reader sees a growing prefix");
                assert_eq!(reader.health().skipped_lines, 0, "never a part of a record");
                seen = total;
            }
        });
        handles.into_iter().for_each(|handle| handle.join().unwrap());
        done.store(true, Ordering::Relaxed);
    });
    let content = fs::read(executions(root.path())).unwrap();
    assert_eq!(damaged(&content), 0);
    let mut next: BTreeMap<String, i64> = BTreeMap::new();
    for line in content.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        let record: serde_json::Value = serde_json::from_slice(line).unwrap();
        let expected = next.entry(record["cuj_id"].as_str().unwrap().to_owned()).or_default();
        assert_eq!(record["duration_ms"].as_i64(), Some(*expected), "the order of each writer is kept");
        *expected += 1;
    }
    assert_eq!(next.len(), 16);
    assert!(next.values().all(|&count| count == records), "{next:?}");
}

#[test]
fn k2_a_foreign_program_with_halves_and_large_lines_among_our_writers() {
    let root = root();
    let path = executions(root.path());
    let records = 3_000;
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..4_i64)
            .map(|writer| {
                let root = root.path();
                scope.spawn(move || {
                    let monitor = Monitor::open(root);
                    for number in 0..records {
                        monitor.record_execution(&execution(writer * records + number), NOW).unwrap();
                    }
                })
            })
            .collect();
        scope.spawn(move || {
            use std::io::Write;
            let mut file = fs::OpenOptions::new().append(true).create(true).open(path).unwrap();
            let line = foreign(1);
            for round in 0..2_000 {
                // Not where a brace behind it may be a value: there the design guesses nothing.
                let cut = 1 + (round * 37) % (line.len() - 1);
                let cut = if matches!(line.as_bytes()[cut - 1], b':' | b',' | b'[') { cut + 1 } else { cut };
                file.write_all(&line.as_bytes()[..cut]).unwrap();
                if round % 500 == 0 {
                    file.write_all(&vec![b'y'; 600 * 1024]).unwrap();
                }
            }
        });
        handles.into_iter().for_each(|handle| handle.join().unwrap());
    });
    let mut found = numbers(&fs::read(executions(root.path())).unwrap());
    found.sort_unstable();
    assert_eq!(found, (0..4 * records).collect::<Vec<_>>());
}

#[test]
fn k6_readers_survive_rotation_and_deletion_at_any_moment() {
    let root = root();
    let path = executions(root.path());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let monitor = Monitor::open(root.path());
            for number in 0..6_000 {
                monitor.record_execution(&execution(number), NOW).unwrap();
                monitor
                    .record_skill(None, &skill(number), NOW + f64::from(u32::try_from(number % 5).unwrap()) * DAY_MS)
                    .unwrap();
                if number % 100 == 0 {
                    let _ = fs::rename(&path, path.with_extension("1"));
                    let _ = fs::remove_dir_all(root.path().join(".claude/context/logs"));
                }
            }
            done.store(true, Ordering::Relaxed);
        });
        let filter = obs_native::aggregate::SkillFilter { from: Some(0), ..Default::default() };
        let reader = Monitor::open(root.path());
        while !done.load(Ordering::Relaxed) {
            reader.all_metrics(None, NOW).unwrap();
            reader.failures(br#""CUJ-1""#, None, NOW).unwrap();
            let rows = reader.query_logs(None, &filter, NOW).unwrap();
            rows.iter().for_each(|piece| drop(serde_json::from_str::<serde_json::Value>(piece).unwrap()));
        }
        assert_eq!(reader.health().skipped_lines, 0);
    });
}

#[test]
fn k8_a_thousand_day_files_are_read_with_few_descriptors() {
    let root = root();
    let monitor = Monitor::open(root.path());
    let days = if long() { 10_000 } else { 1_000 };
    for day in 0..days {
        monitor.record_skill(None, &skill(day), NOW - day as f64 * DAY_MS).unwrap();
    }
    let filter = obs_native::aggregate::SkillFilter { from: Some(-8_640_000_000_000_000), ..Default::default() };
    assert_eq!(monitor.statistics(None, &filter, NOW).unwrap().total_invocations, u64::try_from(days).unwrap());
    let open = fs::read_dir("/proc/self/fd").map_or(0, |entries| {
        let below = |entry: fs::DirEntry| fs::read_link(entry.path()).is_ok_and(|link| link.starts_with(root.path()));
        entries.flatten().map(below).filter(|&own| own).count()
    });
    assert!(open <= 16, "{open} descriptors");
    monitor.close();
}

/// Records, then checks that nothing was written, with what reason, and that recording goes on once the way is free.
fn refused(plant: impl Fn(&Path, &Path), reason: Reason) {
    let root = root();
    let outside = tempfile::tempdir().unwrap();
    let path = executions(root.path());
    let victim = outside.path().join("victim");
    fs::write(&victim, "mine\n").unwrap();
    plant(&path, &victim);
    let monitor = Monitor::open(root.path());
    monitor.record_execution(&execution(1), NOW).unwrap();
    let counts = monitor.health().counts;
    assert_eq!(counts.dropped.by_reason.get(&reason), Some(&1), "{counts:?}");
    assert_eq!(monitor.take_faults()[0].reason, reason);
    assert_eq!(fs::read(&victim).unwrap(), b"mine\n");
    assert_eq!(files(outside.path()).len(), 1);
    if path.is_dir() {
        fs::remove_dir(&path).unwrap();
    } else {
        fs::remove_file(&path).unwrap();
    }
    monitor.record_execution(&execution(2), NOW).unwrap();
    assert_eq!(numbers(&fs::read(&path).unwrap()), [2]);
}

#[test]
fn w14_a_symbolic_link_in_place_of_a_file_is_refused() {
    refused(|path, victim| symlink(victim, path).unwrap(), Reason::Symlink);
    refused(|path, victim| symlink(victim.with_extension("new"), path).unwrap(), Reason::Symlink);
    refused(|path, _| symlink(path, path).unwrap(), Reason::Symlink);
    refused(|path, _| symlink("/dev/null", path).unwrap(), Reason::Symlink);
}

#[test]
fn w14_a_symbolic_link_planted_while_the_file_is_open_is_refused() {
    let root = root();
    let path = executions(root.path());
    let monitor = Monitor::open(root.path());
    monitor.record_execution(&execution(1), NOW).unwrap();
    let victim = root.path().join("victim");
    fs::write(&victim, "").unwrap();
    fs::rename(&path, path.with_extension("1")).unwrap();
    symlink(&victim, &path).unwrap();
    std::thread::sleep(Duration::from_millis(80));
    monitor.record_execution(&execution(2), NOW).unwrap();
    assert_eq!(monitor.health().counts.dropped.by_reason.get(&Reason::Symlink), Some(&1));
    assert_eq!(fs::read(&victim).unwrap(), b"");
}

#[test]
fn w14_a_link_in_place_of_the_saved_dashboard_is_replaced_and_not_followed() {
    let root = root();
    let victim = root.path().join("victim");
    fs::write(&victim, "mine").unwrap();
    let path = executions(root.path()).with_file_name("metrics-dashboard.json");
    symlink(&victim, &path).unwrap();
    Monitor::open(root.path()).save_dashboard(b"{}").unwrap();
    assert_eq!((fs::read(&victim).unwrap(), fs::read(&path).unwrap()), (b"mine".to_vec(), b"{}".to_vec()));
    assert!(!fs::symlink_metadata(&path).unwrap().file_type().is_symlink());
}

#[test]
fn w15_a_hard_link_in_place_of_a_file_is_refused() {
    let root = root();
    let path = executions(root.path());
    let victim = root.path().join("victim");
    fs::write(&victim, "mine\n").unwrap();
    fs::hard_link(&victim, &path).unwrap();
    let monitor = Monitor::open(root.path());
    monitor.record_execution(&execution(1), NOW).unwrap();
    assert_eq!(monitor.health().counts.dropped.by_reason.get(&Reason::HardLink), Some(&1));
    assert_eq!(fs::read(&victim).unwrap(), b"mine\n");
}

#[test]
fn w16_a_pipe_a_device_a_socket_or_a_folder_in_place_of_a_file_is_refused_at_once() {
    let node = |kind: FileType, device: u64| {
        move |path: &Path, _: &Path| mknodat(CWD, path, kind, Mode::RUSR | Mode::WUSR, device).unwrap()
    };
    refused(node(FileType::Fifo, 0), Reason::NotAFile);
    refused(|path, _| fs::create_dir(path).unwrap(), Reason::NotAFile);
    refused(|path, _| drop(std::os::unix::net::UnixListener::bind(path).unwrap()), Reason::NotAFile);
    let scratch = tempfile::tempdir().unwrap();
    let device = scratch.path().join("device");
    let null = rustix::fs::makedev(1, 3);
    let made = mknodat(CWD, &device, FileType::CharacterDevice, Mode::RUSR | Mode::WUSR, null);
    if made.is_ok() && fs::OpenOptions::new().write(true).open(&device).is_ok() {
        assert!(fs::metadata(&device).unwrap().file_type().is_char_device());
        refused(node(FileType::CharacterDevice, null), Reason::NotAFile);
    } else {
        eprintln!("skipped: devices cannot be made here");
    }
}

#[test]
fn w17_ids_never_become_parts_of_a_path() {
    let root = root();
    let hostile = [
        "../../../escape",
        "..",
        "/etc/x",
        "a\\u0000b",
        "CON",
        "x.",
        "con.jsonl",
        &"n".repeat(300),
        "\\ud800",
        "a/b\\\\c",
    ];
    let monitor = Monitor::open(root.path());
    for id in hostile.map(|id| format!("\"{id}\"")) {
        monitor.record_execution(fields::execution(&id, "true", "1", "null", "{}").as_bytes(), NOW).unwrap();
        monitor.record_provider_call(fields::call(&id, "true", "1", "null").as_bytes(), NOW).unwrap();
        monitor.record_progress(fields::event(&id, "1").as_bytes(), NOW).unwrap();
        let skill = fields::skill(&id, &id, "1", "false", &id);
        monitor.record_skill(None, skill.as_bytes(), NOW).unwrap();
    }
    let names: BTreeSet<_> =
        files(root.path()).iter().map(|path| path.strip_prefix(root.path()).unwrap().to_owned()).collect();
    let expected = [
        ".claude/context/analytics/cuj-metrics.jsonl",
        ".claude/context/analytics/provider-health.jsonl",
        ".claude/context/logs/progress.jsonl",
        ".claude/context/logs/skill-invocations-2026-01-09.jsonl",
    ];
    assert_eq!(names, expected.iter().map(PathBuf::from).collect());
}

#[test]
fn w18_files_are_0600_and_folders_0700_under_umask_0_and_a_looser_file_keeps_its_mode() {
    // The mask is the whole process's, so this part runs in a process of its own.
    if std::env::var_os("OBS_TEST_UMASK").is_none() {
        let this = std::env::current_exe().unwrap();
        let name = "w18_files_are_0600_and_folders_0700_under_umask_0_and_a_looser_file_keeps_its_mode";
        let script = format!("umask 0; exec \"$0\" --exact {name}");
        let status =
            std::process::Command::new("sh").args(["-c", &script]).arg(this).env("OBS_TEST_UMASK", "1").status();
        assert!(status.unwrap().success());
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let loose = root.path().join(".claude/context/logs/progress.jsonl");
    let monitor = Monitor::open(root.path());
    monitor.record_execution(&execution(1), NOW).unwrap();
    monitor.record_skill(None, &skill(1), NOW).unwrap();
    fs::write(&loose, "").unwrap();
    fs::set_permissions(&loose, fs::Permissions::from_mode(0o644)).unwrap();
    monitor.record_progress(fields::event("\"r\"", "1").as_bytes(), NOW).unwrap();
    monitor.record_provider_call(fields::call("\"p\"", "true", "1", "null").as_bytes(), NOW).unwrap();
    monitor.save_dashboard(b"{}").unwrap();
    for file in files(root.path()) {
        let expected = if file == loose { 0o644 } else { 0o600 };
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, expected, "{}", file.display());
        for folder in file.ancestors().skip(1).take_while(|folder| *folder != root.path()) {
            assert_eq!(fs::metadata(folder).unwrap().mode() & 0o777, 0o700, "{}", folder.display());
        }
    }
}

#[test]
fn w11_w12_w13_removal_renaming_and_truncation_under_an_open_descriptor() {
    let root = root();
    let path = executions(root.path());
    let monitor = Monitor::open(root.path());
    let mut number = 0;
    let mut record = || {
        number += 1;
        monitor.record_execution(&execution(number), NOW).unwrap();
        number
    };
    record();
    fs::remove_dir_all(root.path().join(".claude")).unwrap();
    assert_eq!((record(), numbers(&fs::read(&path).unwrap())), (2, vec![2]), "removed: seen at once");
    fs::rename(&path, path.with_extension("1")).unwrap();
    std::thread::sleep(Duration::from_millis(80));
    assert_eq!((record(), numbers(&fs::read(&path).unwrap())), (3, vec![3]), "renamed: seen after 50 ms");
    assert_eq!(numbers(&fs::read(path.with_extension("1")).unwrap()), [2]);
    fs::OpenOptions::new().write(true).truncate(true).open(&path).unwrap();
    assert_eq!(record(), 4);
    let content = fs::read(&path).unwrap();
    assert_eq!((numbers(&content), content[0]), (vec![4], b'{'), "truncated: no hole");
    assert_eq!(monitor.success_rate(br#""CUJ-1""#, None, NOW).unwrap().total, 1);
    fs::write(&path, &content[..content.len() - 9]).unwrap();
    record();
    assert_eq!(numbers(&fs::read(&path).unwrap()), [5]);
    assert_eq!(monitor.health().counts.accepted, 5);
}

#[test]
fn w6_hundreds_of_roots_do_not_exhaust_descriptors() {
    let roots = tempfile::tempdir().unwrap();
    let monitors: Vec<Monitor> = (0..300).map(|n| Monitor::open(&roots.path().join(n.to_string()))).collect();
    for round in 0..2 {
        for monitor in &monitors {
            monitor.record_execution(&execution(round), NOW).unwrap();
        }
    }
    for (n, monitor) in monitors.iter().enumerate() {
        assert_eq!(monitor.health().counts.accepted, 2);
        assert_eq!(numbers(&fs::read(executions(&roots.path().join(n.to_string()))).unwrap()), [0, 1]);
    }
    let open = fs::read_dir("/proc/self/fd").map_or(0, |entries| {
        entries
            .flatten()
            .filter(|entry| fs::read_link(entry.path()).is_ok_and(|to| to.starts_with(roots.path())))
            .count()
    });
    assert!(open <= 200, "{open} descriptors");
}

fn day_file(root: &Path, day: &str) -> Vec<i64> {
    let path = root.join(format!(".claude/context/logs/skill-invocations-{day}.jsonl"));
    fs::read(path).map_or_else(|_| Vec::new(), |content| numbers(&content))
}

#[test]
fn t1_a_clock_that_jumps_puts_each_record_into_the_day_of_its_own_time() {
    let root = root();
    let monitor = Monitor::open(root.path());
    let times = [
        (NOW, "2026-01-09"),
        (NOW - 3_600_000.0, "2026-01-09"),
        (NOW + 3650.0 * DAY_MS, "2036-01-07"),
        (NOW, "2026-01-09"),
        (-1.0, "1969-12-31"),
        (0.0, "1970-01-01"),
        (-86_400_001.0, "1969-12-30"),
        (-62_198_755_200_000.0, "-000001-01-01"),
        (253_402_300_800_000.0, "+010000-01-01"),
    ];
    for (number, (now, day)) in (0..).zip(times) {
        monitor.record_skill(None, &skill(number), now).unwrap();
        assert!(day_file(root.path(), day).contains(&number), "{now} in {day}");
    }
    for now in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 8.64e15, -8.64e15, 1e300] {
        monitor.record_skill(None, &skill(99), now).unwrap();
        monitor.record_execution(&execution(99), now).unwrap();
        for window in [None, Some(0.0), Some(1.0), Some(1e300), Some(f64::MIN_POSITIVE)] {
            monitor.success_rate(br#""CUJ-1""#, window, now).unwrap();
            monitor.all_metrics(window, now).unwrap();
            monitor.percentiles(br#""CUJ-1""#, window, now).unwrap();
        }
        monitor.trending(br#""CUJ-1""#, 3, 1e300, now).unwrap();
        monitor.dashboard(now).unwrap();
    }
    // A clock that went back loses sight of nothing: what lies in the future counts as recent.
    assert_eq!(monitor.success_rate(br#""CUJ-1""#, Some(1.0), NOW - 9e12).unwrap().total, 4);
}

#[test]
fn t2_days_are_utc_whatever_the_zone() {
    // Nothing in the core asks for the zone; the hours around the change of Berlin's clocks stay in their UTC days.
    let root = root();
    let monitor = Monitor::open(root.path());
    let change = 1_774_746_000_000.0; // 2026-03-29T01:00:00Z
    for hour in 0..48_i64 {
        monitor.record_skill(None, &skill(hour), change + (hour - 24) as f64 * 3_600_000.0).unwrap();
    }
    assert_eq!(day_file(root.path(), "2026-03-28"), (0..23).collect::<Vec<_>>());
    assert_eq!(day_file(root.path(), "2026-03-29"), (23..47).collect::<Vec<_>>());
    assert_eq!(day_file(root.path(), "2026-03-30"), [47]);
}

#[test]
fn t3_midnight_with_16_writers() {
    let root = root();
    let midnight = 1_767_916_800_000.0;
    std::thread::scope(|scope| {
        for writer in 0..16_i64 {
            let root = root.path();
            scope.spawn(move || {
                let monitor = Monitor::open(root);
                for number in 0..200_i64 {
                    // Each crosses midnight, some of them back and forth.
                    let now = midnight
                        + (number - 100) as f64
                        + (writer % 3) as f64 * 20.0 * f64::from(u8::from(number % 2 == 0));
                    monitor
                        .record_skill(None, &skill(writer * 1000 + number * 2 + i64::from(now >= midnight)), now)
                        .unwrap();
                }
                assert_eq!(monitor.health().counts.accepted, 200);
            });
        }
    });
    let (before, after) = (day_file(root.path(), "2026-01-08"), day_file(root.path(), "2026-01-09"));
    assert!(before.iter().all(|number| number % 2 == 0) && after.iter().all(|number| number % 2 == 1));
    let all: BTreeSet<i64> = before.iter().chain(&after).copied().collect();
    assert_eq!((all.len(), before.len() + after.len()), (3200, 3200));
}
