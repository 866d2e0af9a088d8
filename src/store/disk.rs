//! The little that the store asks of a disk, as a trait, so that tests can fail, cut or stop any single call.

use std::fmt::Debug;
use std::io;
use std::path::{Path, PathBuf};

/// Which file a path or an open file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The device that holds it.
    pub device: u64,
    /// Its number on that device.
    pub inode: u64,
}

/// What the store needs to know about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// Which file it is.
    pub identity: Identity,
    /// Length in bytes.
    pub size: u64,
    /// Names that lead to it; 0 when it was removed while open.
    pub links: u64,
    /// Last change of the content, nanoseconds since 1970; 0 where it was not asked for.
    pub modified: i128,
    /// When the file was made, nanoseconds since 1970; 0 where it was not asked for or the file system does not tell. It
    /// tells a new file from the one whose number it was given.
    pub born: i128,
}

impl Stat {
    /// Whether this is another file than `other`.
    #[must_use]
    pub fn is_other_than(&self, other: &Self) -> bool {
        self.identity != other.identity || (self.born != other.born && self.born != 0 && other.born != 0)
    }
}

/// An open file.
pub trait DiskFile: Send + Sync + Debug {
    /// Size, link count and identity; the times are left out, because asking for them makes the next write dearer.
    ///
    /// # Errors
    /// As the system says.
    fn stat(&self) -> io::Result<Stat>;
    /// Appends at most `bytes`; gives how many were taken.
    ///
    /// # Errors
    /// As the system says.
    fn append(&self, bytes: &[u8]) -> io::Result<usize>;
    /// Where this descriptor's last append ended.
    ///
    /// # Errors
    /// As the system says.
    fn position(&self) -> io::Result<u64>;
    /// Reads at `offset` until `buffer` is full or the file ends; gives how much was read.
    ///
    /// # Errors
    /// As the system says.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;
    /// Waits until a write in progress by anybody is over.
    fn await_writers(&self);
    /// Brings the content to the device.
    ///
    /// # Errors
    /// As the system says.
    fn sync(&self) -> io::Result<()>;
}

/// The file system and the coarse clock.
pub trait Disk: Send + Sync + Debug {
    /// Opens a data file for appending, made with mode 0600 if it is missing. Never follows a link in its place and never
    /// blocks on a pipe.
    ///
    /// # Errors
    /// As the system says; a file of another kind and a foreign hard link are refused (see [`super::Reason`]).
    fn open_append(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Opens a file for reading.
    ///
    /// # Errors
    /// As the system says; anything but a regular file is refused.
    fn open_read(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Creates a new file with mode 0600 and fills it.
    ///
    /// # Errors
    /// As the system says, also when the file exists.
    fn create_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Looks at a path, with `modified`, following links.
    ///
    /// # Errors
    /// As the system says.
    fn stat(&self, path: &Path) -> io::Result<Stat>;
    /// Looks at a path itself: at a link, not at what it leads to. A disk without links needs no way of its own.
    ///
    /// # Errors
    /// As the system says.
    fn stat_name(&self, path: &Path) -> io::Result<Stat> {
        self.stat(path)
    }
    /// Makes a folder and those above it, mode 0700.
    ///
    /// # Errors
    /// As the system says.
    fn create_dirs(&self, path: &Path) -> io::Result<()>;
    /// Gives a file another name, replacing what has that name.
    ///
    /// # Errors
    /// As the system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Lets two files change their names, in one step: each name leads to a file at any time.
    ///
    /// # Errors
    /// As the system says; not every system and file system can.
    fn exchange(&self, _one: &Path, _other: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    /// Removes a file.
    ///
    /// # Errors
    /// As the system says.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Brings a folder's entries to the device.
    ///
    /// # Errors
    /// As the system says.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
    /// Names in a folder; a missing folder has none.
    ///
    /// # Errors
    /// As the system says.
    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>>;
    /// Takes the lock that a file stands for, without waiting; `None` when somebody else has it. Dropping gives it back.
    ///
    /// # Errors
    /// As the system says.
    fn try_lock(&self, _path: &Path) -> io::Result<Option<Box<dyn Send>>> {
        Ok(Some(Box::new(())))
    }
    /// Milliseconds of a coarse clock that only moves forward.
    fn ticks(&self) -> u64;
}
