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
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use obs_native::monitor::Monitor;
use obs_native::store::{Disk, DiskFile, Identity, Stat};

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

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
        Stat { identity: Identity { device: u64::MAX, inode: 1 }, size, links: 1, modified: i128::from(size) }
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

#[test]
fn d5_d3_two_gigabytes_without_a_newline_take_bounded_memory_and_an_unterminated_tail_does_not_grow_it() {
    const MIB: usize = 1 << 20;
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
