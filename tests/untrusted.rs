//! A checkout that somebody else made cannot stop a question, fill its memory, or have anything written outside: whatever
//! stands in place of the files of the cache.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test panics when it is wrong")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use obs_native::monitor::Monitor;
use rustix::fs::{CWD, FileType, Mode, mknodat};

const NOW: f64 = 1_767_977_312_275.0;

/// A workspace with so much data that its cache is worth saving; what stands outside it must stay as it is.
struct Checkout {
    root: tempfile::TempDir,
    outside: tempfile::TempDir,
}

impl Checkout {
    fn new() -> Self {
        let checkout = Self { root: tempfile::tempdir().unwrap(), outside: tempfile::tempdir().unwrap() };
        let line = r#"{"timestamp":"2026-01-09T16:48:32.275Z","cuj_id":"CUJ-1","success":true,"duration_ms":5}"#;
        let data = checkout.root.path().join(".claude/context/analytics/cuj-metrics.jsonl");
        fs::create_dir_all(data.parent().unwrap()).unwrap();
        fs::write(data, format!("{line}\n").repeat((3 << 20) / line.len())).unwrap();
        checkout
    }

    fn cache(&self, name: &str) -> PathBuf {
        self.root.path().join(".claude/context/.obs").join(name)
    }

    /// What a process with an empty memory answers; a question that hangs fails here and not at the end of all time.
    fn total(&self) -> u64 {
        let (tell, told) = mpsc::channel();
        let root = self.root.path().to_owned();
        std::thread::spawn(move || tell.send(Monitor::open(&root).success_rate(b"null", None, NOW).unwrap().total));
        told.recv_timeout(Duration::from_secs(60)).expect("an answer and not a wait without end")
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.cache("")).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn is_untouched_outside(&self) -> bool {
        fs::read_dir(self.outside.path()).unwrap().next().is_none()
    }
}

/// Puts something in place of a file; it is told where outside is.
type Plant = fn(&Path, &Path);

/// The ways to put something else in place of a file.
fn plants() -> Vec<(&'static str, Plant)> {
    let fifo: Plant = |path, _| mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    vec![
        ("a pipe", fifo),
        ("a link that leads nowhere", |path, outside| symlink(outside.join("new"), path).unwrap()),
        ("a link to itself", |path, _| symlink(path, path).unwrap()),
        ("a link to an endless device", |path, _| symlink("/dev/zero", path).unwrap()),
        ("a link to a folder", |path, outside| symlink(outside, path).unwrap()),
        ("a folder", |path, _| fs::create_dir(path).unwrap()),
        ("a socket", |path, _| drop(std::os::unix::net::UnixListener::bind(path).unwrap())),
        ("junk", |path, _| fs::write(path, b"obs-idx4 and more").unwrap()),
        ("a gigabyte of nothing", |path, _| fs::File::create(path).unwrap().set_len(1 << 30).unwrap()),
    ]
}

#[test]
fn whatever_stands_in_place_of_a_file_of_the_cache_no_question_hangs_and_nothing_is_written_outside() {
    let expected = Checkout::new().total();
    for (what, plant) in plants() {
        for name in ["lock", ".gitignore", "executions.v6.state"] {
            let checkout = Checkout::new();
            fs::create_dir_all(checkout.cache("")).unwrap();
            plant(&checkout.cache(name), checkout.outside.path());
            for _ in 0..2 {
                assert_eq!(checkout.total(), expected, "{what} as {name}");
            }
            assert!(checkout.is_untouched_outside(), "{what} as {name}");
        }
    }
}

#[test]
fn whatever_stands_in_place_of_the_chunks_that_a_state_names_they_are_made_anew() {
    let expected = Checkout::new().total();
    for (what, plant) in plants() {
        let checkout = Checkout::new();
        checkout.total();
        let chunks = checkout.names().into_iter().find(|name| name.ends_with(".chunks")).expect("a file of chunks");
        fs::remove_file(checkout.cache(&chunks)).unwrap();
        plant(&checkout.cache(&chunks), checkout.outside.path());
        for _ in 0..2 {
            assert_eq!(checkout.total(), expected, "{what}");
        }
        assert!(checkout.is_untouched_outside(), "{what}");
    }
}

#[test]
fn a_folder_of_caches_that_is_a_link_is_not_followed() {
    let expected = Checkout::new().total();
    for below in ["", "not there"] {
        let checkout = Checkout::new();
        symlink(checkout.outside.path().join(below), checkout.root.path().join(".claude/context/.obs")).unwrap();
        for _ in 0..2 {
            assert_eq!(checkout.total(), expected);
        }
        assert!(checkout.is_untouched_outside());
    }
}
