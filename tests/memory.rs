//! Memory stays bounded whatever stands in a file; alone in its program, because it counts every allocation.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "a test panics when it is wrong, and its numbers are small"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use obs_native::monitor::Monitor;
use obs_native::store::{Disk, DiskFile, Identity, Stat};

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// One test counts at a time.
static COUNTED: Mutex<()> = Mutex::new(());

// SAFETY: everything is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(now, Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A disk on which every file is so many bytes of one kind, without a newline.
#[derive(Debug)]
struct Endless {
    size: AtomicUsize,
    byte: u8,
}

#[derive(Debug)]
struct EndlessDisk(Arc<Endless>);

impl Endless {
    fn stat(&self) -> Stat {
        let size = self.size.load(Ordering::Relaxed) as u64;
        Stat { identity: Identity { device: u64::MAX, inode: 1 }, size, links: 1, modified: i128::from(size), born: 0 }
    }
}

fn refused<T>() -> io::Result<T> {
    Err(io::ErrorKind::PermissionDenied.into())
}

impl Disk for EndlessDisk {
    fn open_append(&self, _: &Path) -> io::Result<Box<dyn DiskFile>> {
        refused()
    }
    fn open_read(&self, _: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(EndlessDisk(Arc::clone(&self.0))))
    }
    fn create_new(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        refused()
    }
    fn stat(&self, _: &Path) -> io::Result<Stat> {
        Ok(self.0.stat())
    }
    fn create_dirs(&self, _: &Path) -> io::Result<()> {
        refused()
    }
    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        refused()
    }
    fn remove(&self, _: &Path) -> io::Result<()> {
        refused()
    }
    fn sync_dir(&self, _: &Path) -> io::Result<()> {
        refused()
    }
    fn list(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
    fn ticks(&self) -> u64 {
        0
    }
}

impl DiskFile for EndlessDisk {
    fn stat(&self) -> io::Result<Stat> {
        Ok(self.0.stat())
    }
    fn append(&self, _: &[u8]) -> io::Result<usize> {
        refused()
    }
    fn position(&self) -> io::Result<u64> {
        refused()
    }
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let left = self.0.size.load(Ordering::Relaxed).saturating_sub(usize::try_from(offset).unwrap());
        let count = buffer.len().min(left);
        buffer[..count].fill(self.0.byte);
        Ok(count)
    }
    fn await_writers(&self) {}
    fn sync(&self) -> io::Result<()> {
        refused()
    }
}

/// The most memory that the first question over so many executions takes.
fn first_question(lines: usize) -> usize {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join(".claude/context/analytics/cuj-metrics.jsonl");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let mut text = Vec::new();
    for number in 0..lines {
        let (id, success, duration) = (number % 7, number % 5 != 0, number as f64 / 7.0);
        writeln!(text, r#"{{"timestamp":{number}000,"cuj_id":"{id}","success":{success},"duration_ms":{duration}}}"#)
            .unwrap();
    }
    std::fs::write(&file, &text).unwrap();
    drop(text);
    let monitor = Monitor::open(root.path());
    let before = NOW.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let answer = monitor.all_metrics(Some(lines as f64 * 500.0), lines as f64 * 1000.0).unwrap();
    assert_eq!(answer.0.len(), 7);
    PEAK.load(Ordering::Relaxed) - before
}

#[test]
fn the_first_question_over_a_long_history_takes_no_memory_for_each_record() {
    let _alone = COUNTED.lock();
    first_question(100_000);
    let (short, long) = (first_question(300_000), first_question(1_200_000));
    // A chunk of 1024 rows has a summary of some 150 bytes.
    let summaries = 900_000 / 1024 * 2 * 256;
    assert!(long < short + (1 << 20) + summaries, "{short} bytes, and {long} for four times as many");
}

#[test]
fn d5_d3_two_gigabytes_without_a_newline_take_bounded_memory_and_an_unterminated_tail_does_not_grow_it() {
    const MIB: usize = 1 << 20;
    let _alone = COUNTED.lock();
    for byte in [b'x', 0, b'[', b'{', b'"'] {
        let file = Arc::new(Endless { size: AtomicUsize::new(2 << 30), byte });
        let monitor = Monitor::on(Arc::new(EndlessDisk(Arc::clone(&file))), Path::new("/endless"));
        let before = NOW.load(Ordering::Relaxed);
        PEAK.store(before, Ordering::Relaxed);
        let total = monitor.success_rate(b"\"A\"", None, 0.0).unwrap().total;
        let peak = PEAK.load(Ordering::Relaxed) - before;
        assert_eq!((total, monitor.health().skipped_lines), (0, 1));
        assert!(peak < 64 * MIB, "{} MiB", peak / MIB);
        // A short tail that grows a little at each look.
        file.size.store(MIB, Ordering::Relaxed);
        let small = NOW.load(Ordering::Relaxed);
        for _ in 0..200 {
            file.size.fetch_add(1000, Ordering::Relaxed);
            monitor.success_rate(b"\"A\"", None, 0.0).unwrap();
        }
        let grown = NOW.load(Ordering::Relaxed).saturating_sub(small);
        assert!(grown < MIB, "{grown} bytes are kept");
    }
}

#[test]
fn a_gigabyte_of_nothing_in_place_of_a_cache_costs_no_memory() {
    let _alone = COUNTED.lock();
    let root = tempfile::tempdir().unwrap();
    let context = root.path().join(".claude/context");
    std::fs::create_dir_all(context.join("analytics")).unwrap();
    std::fs::create_dir_all(context.join(".obs")).unwrap();
    let line = r#"{"timestamp":1,"cuj_id":"A","success":true,"duration_ms":1}"#;
    std::fs::write(context.join("analytics/cuj-metrics.jsonl"), format!("{line}\n")).unwrap();
    let state = std::fs::File::create(context.join(".obs/executions.v6.state")).unwrap();
    state.set_len(1 << 30).unwrap();
    let before = NOW.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    assert_eq!(Monitor::open(root.path()).success_rate(b"\"A\"", None, 0.0).unwrap().total, 1);
    let peak = PEAK.load(Ordering::Relaxed) - before;
    assert!(peak < 32 << 20, "{} MiB", peak >> 20);
}
