//! The real disk.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::disk::{Disk, DiskFile, Identity, Stat};
use super::reason::{HARD_LINK, NOT_A_FILE};

/// The operating system's file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsDisk;

#[derive(Debug)]
struct OsFile(File);

fn refused(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, why)
}

impl Disk for OsDisk {
    fn open_append(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = platform::open_append(path)?;
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Err(refused(NOT_A_FILE));
        }
        if platform::links(&file)? > 1 {
            return Err(refused(HARD_LINK));
        }
        Ok(Box::new(OsFile(file)))
    }

    fn open_read(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = platform::open_read(path)?;
        if file.metadata()?.is_file() { Ok(Box::new(OsFile(file))) } else { Err(refused(NOT_A_FILE)) }
    }

    fn create_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = platform::private(OpenOptions::new().write(true).create_new(true)).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        platform::stat(path)
    }

    fn stat_name(&self, path: &Path) -> io::Result<Stat> {
        Ok(platform::from_metadata(&std::fs::symlink_metadata(path)?))
    }

    fn create_dirs(&self, path: &Path) -> io::Result<()> {
        platform::create_dirs(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        // Windows has no way to sync a folder; its rename is durable without.
        if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        match std::fs::read_dir(path) {
            Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Send>>> {
        let mut options = OpenOptions::new();
        let file = platform::private(options.write(true).create(true).truncate(false)).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Box::new(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn ticks(&self) -> u64 {
        platform::ticks()
    }
}

impl DiskFile for OsFile {
    fn stat(&self) -> io::Result<Stat> {
        platform::stat_open(&self.0)
    }

    fn append(&self, bytes: &[u8]) -> io::Result<usize> {
        (&self.0).write(bytes)
    }

    fn position(&self) -> io::Result<u64> {
        io::Seek::stream_position(&mut &self.0)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match platform::read_at(&self.0, &mut buffer[filled..], offset + filled as u64) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn await_writers(&self) {
        platform::await_writers(&self.0);
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}

#[cfg(unix)]
mod platform {
    use std::fs::{DirBuilder, File, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt};
    use std::path::Path;

    use super::{Identity, Stat};

    pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
        options.mode(0o600)
    }

    pub fn open_append(path: &Path) -> io::Result<File> {
        let flags = (rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits();
        let mut options = OpenOptions::new();
        private(options.read(true).append(true).create(true)).custom_flags(flags.cast_signed()).open(path)
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
}

#[cfg(windows)]
mod platform {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::os::windows::fs::{FileExt, MetadataExt, OpenOptionsExt};
    use std::path::Path;
    use std::time::Instant;

    use once_cell::sync::Lazy;

    use super::{Identity, Stat};

    /// Opens a link itself instead of what it leads to (Win32 `FILE_FLAG_OPEN_REPARSE_POINT`).
    const OPEN_REPARSE_POINT: u32 = 0x0020_0000;

    static START: Lazy<Instant> = Lazy::new(Instant::now);

    pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
        options
    }

    pub fn open_append(path: &Path) -> io::Result<File> {
        OpenOptions::new().read(true).append(true).create(true).custom_flags(OPEN_REPARSE_POINT).open(path)
    }

    pub fn open_read(path: &Path) -> io::Result<File> {
        File::open(path)
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
}
