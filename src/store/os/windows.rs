//! What the real disk is on Windows.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::Instant;

use once_cell::sync::Lazy;

use crate::store::disk::{Identity, Stat};

/// Opens a link itself instead of what it leads to (Win32 `FILE_FLAG_OPEN_REPARSE_POINT`).
const OPEN_REPARSE_POINT: u32 = 0x0020_0000;

static START: Lazy<Instant> = Lazy::new(Instant::now);

pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

pub fn open_append(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).create(true).custom_flags(OPEN_REPARSE_POINT).open(path)
}

pub fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).custom_flags(OPEN_REPARSE_POINT).open(path)
}

pub fn open_read(path: &Path) -> io::Result<File> {
    File::open(path)
}

pub fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub fn create_dirs(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)
}

pub fn links(_: &File) -> io::Result<u64> {
    Ok(1)
}

/// Stable Rust gives no file index on Windows; the creation time tells a file from its replacement.
pub fn from_metadata(meta: &std::fs::Metadata) -> Stat {
    Stat {
        identity: Identity { device: 0, inode: meta.creation_time() },
        size: meta.file_size(),
        links: 1,
        modified: i128::from(meta.last_write_time()) * 100,
        // It is in the identity.
        born: 0,
    }
}

pub fn stat(path: &Path) -> io::Result<Stat> {
    Ok(from_metadata(&std::fs::metadata(path)?))
}

pub fn stat_open(file: &File) -> io::Result<Stat> {
    Ok(from_metadata(&file.metadata()?))
}

pub fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    file.seek_read(buffer, offset)
}

pub fn await_writers(_: &File) {
    std::thread::sleep(std::time::Duration::from_millis(1));
}

pub fn ticks() -> u64 {
    u64::try_from(START.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// The access right to append is all that the handle has, so that nothing can be overwritten through it.
pub fn append(mut file: &File, bytes: &[u8]) -> io::Result<usize> {
    io::Write::write(&mut file, bytes)
}
