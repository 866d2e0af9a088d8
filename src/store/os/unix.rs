//! What the real disk is on Unix.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use crate::store::disk::{Identity, Stat};

pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options.mode(0o600)
}

pub fn open_append(path: &Path) -> io::Result<File> {
    let flags = (rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits();
    let mut options = OpenOptions::new();
    private(options.read(true).append(true).create(true)).custom_flags(flags.cast_signed()).open(path)
}

pub fn open_lock(path: &Path) -> io::Result<File> {
    let flags = (rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits();
    let mut options = OpenOptions::new();
    private(options.write(true).create(true).truncate(false)).custom_flags(flags.cast_signed()).open(path)
}

pub fn open_read(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NONBLOCK.bits();
    OpenOptions::new().read(true).custom_flags(flags.cast_signed()).open(path)
}

pub fn create_dirs(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

pub fn links(file: &File) -> io::Result<u64> {
    Ok(file.metadata()?.nlink())
}

pub fn from_metadata(meta: &std::fs::Metadata) -> Stat {
    Stat {
        identity: Identity { device: meta.dev(), inode: meta.ino() },
        size: meta.size(),
        links: meta.nlink(),
        modified: i128::from(meta.mtime()) * 1_000_000_000 + i128::from(meta.mtime_nsec()),
    }
}

pub fn stat(path: &Path) -> io::Result<Stat> {
    Ok(from_metadata(&std::fs::metadata(path)?))
}

#[cfg(target_os = "linux")]
pub fn stat_open(file: &File) -> io::Result<Stat> {
    use rustix::fs::{AtFlags, StatxFlags, makedev, statx};
    // Only these three: asking for times makes the next write update them at full precision, which costs it 200 ns.
    let mask = StatxFlags::SIZE | StatxFlags::NLINK | StatxFlags::INO;
    match statx(file, c"", AtFlags::EMPTY_PATH, mask) {
        Ok(stat) => Ok(Stat {
            identity: Identity { device: makedev(stat.stx_dev_major, stat.stx_dev_minor), inode: stat.stx_ino },
            size: stat.stx_size,
            links: u64::from(stat.stx_nlink),
            modified: 0,
        }),
        // Kernels before 4.11 and some sandboxes do not have it.
        Err(rustix::io::Errno::NOSYS | rustix::io::Errno::PERM) => Ok(from_metadata(&file.metadata()?)),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
pub fn stat_open(file: &File) -> io::Result<Stat> {
    Ok(from_metadata(&file.metadata()?))
}

pub fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    FileExt::read_at(file, buffer, offset)
}

/// Asking where the next hole is takes the inode's lock, which a writer holds until its write is over.
#[cfg(target_os = "linux")]
pub fn await_writers(file: &File) {
    let end = file.metadata().map_or(0, |meta| meta.size());
    let restore = rustix::fs::tell(file);
    let seek = rustix::fs::seek(file, rustix::fs::SeekFrom::Hole(end.saturating_sub(1)));
    if let Ok(position) = restore {
        let _ = rustix::fs::seek(file, rustix::fs::SeekFrom::Start(position));
    }
    if seek.is_err() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

#[cfg(not(target_os = "linux"))]
pub fn await_writers(_: &File) {
    std::thread::sleep(std::time::Duration::from_millis(1));
}

#[cfg(target_os = "linux")]
pub fn ticks() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::MonotonicCoarse);
    time.tv_sec.cast_unsigned() * 1000 + time.tv_nsec.cast_unsigned() / 1_000_000
}

#[cfg(not(target_os = "linux"))]
pub fn ticks() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    time.tv_sec.cast_unsigned() * 1000 + time.tv_nsec.cast_unsigned() / 1_000_000
}
