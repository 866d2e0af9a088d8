//! A data file as questions read it, for those who read the files themselves: a compacted day under its plain name, with what
//! was appended since.

use std::io;
use std::path::{Path, PathBuf};

use super::Monitor;
use crate::error::{Error, Result};
use crate::store::{DiskFile, Stat};

/// Which file it is and how long, compacted or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataStat {
    /// Device and number, `2049:131`.
    pub identity: String,
    /// Length in bytes of what it stands for.
    pub size: u64,
}

impl From<Stat> for DataStat {
    fn from(Stat { identity, size, .. }: Stat) -> Self {
        Self { identity: format!("{}:{}", identity.device, identity.inode), size }
    }
}

/// An open data file.
#[derive(Debug)]
pub struct DataFile {
    path: PathBuf,
    file: Box<dyn DiskFile>,
}

fn present<T>(found: io::Result<T>, path: &Path) -> Result<Option<T>> {
    match found {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        found => found.map(Some).map_err(Error::io("read", path)),
    }
}

impl Monitor {
    /// Looks at a data file by its plain name; `None` when there is none, neither plain nor compacted.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub fn data_stat(&self, path: &Path) -> Result<Option<DataStat>> {
        Ok(present(self.disk.stat(path), path)?.map(DataStat::from))
    }

    /// Opens a data file by its plain name.
    ///
    /// ```
    /// use obs_native::monitor::Monitor;
    ///
    /// let root = tempfile::tempdir()?;
    /// let path = root.path().join("skill-invocations-2026-01-09.jsonl");
    /// let monitor = Monitor::open(root.path());
    /// assert!(monitor.open_data(&path)?.is_none());
    /// std::fs::write(&path, "{\"skill\":\"s\"}\n")?;
    /// let file = monitor.open_data(&path)?.unwrap();
    /// assert_eq!((file.stat()?.size, file.read(2, 5)?), (14, b"skill".to_vec()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When it cannot be opened, or its compacted form is damaged.
    pub fn open_data(&self, path: &Path) -> Result<Option<DataFile>> {
        let file = present(self.disk.open_read(path), path)?;
        Ok(file.map(|file| DataFile { path: path.to_owned(), file }))
    }
}

impl DataFile {
    /// Which file it is, and how long by now.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn stat(&self) -> Result<DataStat> {
        self.file.stat().map(DataStat::from).map_err(Error::io("read", &self.path))
    }

    /// At most `length` bytes from a place on: fewer only where it ends.
    ///
    /// # Errors
    /// When it cannot be read, or its compacted form is damaged.
    pub fn read(&self, position: u64, length: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        let count = self.file.read_at(&mut bytes, position).map_err(Error::io("read", &self.path))?;
        bytes.truncate(count);
        Ok(bytes)
    }
}
