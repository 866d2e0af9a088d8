//! The real disk.

#[cfg(unix)]
#[path = "unix.rs"]
mod platform;
#[cfg(windows)]
#[path = "windows.rs"]
mod platform;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::compacted;
use super::disk::{Disk, DiskFile, Stat};
use super::layout::day_of_file;
use super::reason::{HARD_LINK, NOT_A_FILE};

/// The operating system's file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsDisk;

#[derive(Debug)]
struct OsFile(File);

fn refused(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, why)
}

fn open_plain(path: &Path) -> io::Result<Box<dyn DiskFile>> {
    let file = platform::open_read(path)?;
    if file.metadata()?.is_file() { Ok(Box::new(OsFile(file))) } else { Err(refused(NOT_A_FILE)) }
}

/// A day file may have been compacted; a file of another name is what it is.
const RAW: compacted::Raw = compacted::Raw { stat: platform::stat, open: open_plain };

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
        if day_of_file(path).is_some() { compacted::open_read(&RAW, path) } else { open_plain(path) }
    }

    fn create_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = platform::private(OpenOptions::new().write(true).create_new(true)).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        if day_of_file(path).is_some() { compacted::stat(&RAW, path) } else { platform::stat(path) }
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

    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        platform::exchange(one, other)
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
            Ok(entries) => {
                let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
                paths.map(compacted::by_plain_name)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Send>>> {
        let file = platform::open_lock(path)?;
        if !file.metadata()?.is_file() {
            return Err(refused(NOT_A_FILE));
        }
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
        platform::append(&self.0, bytes)
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

#[cfg(all(test, any(target_os = "linux", target_vendor = "apple")))]
mod tests {
    use super::{Disk, OsDisk};

    #[test]
    fn two_files_change_their_names_and_a_missing_one_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other, missing] = ["one", "other", "missing"].map(|name| folder.path().join(name));
        OsDisk.create_new(&one, b"1").unwrap();
        OsDisk.create_new(&other, b"2").unwrap();
        let before = OsDisk.stat(&one).unwrap().identity;
        OsDisk.exchange(&one, &other).unwrap();
        assert_eq!((std::fs::read(&one).unwrap(), std::fs::read(&other).unwrap()), (b"2".to_vec(), b"1".to_vec()));
        assert_eq!(OsDisk.stat(&other).unwrap().identity, before);
        OsDisk.exchange(&one, &missing).unwrap_err();
        assert_eq!(std::fs::read(&one).unwrap(), b"2");
    }
}
