//! An open file that knows whether its descriptor is still its own: other code in the process may close any number.

use std::io;
use std::ops::Deref;

use super::disk::{DiskFile, Identity, Stat};

/// A file that is closed when it is dropped, but only while the descriptor still leads to it.
#[derive(Debug)]
pub(super) struct OwnFile {
    file: Option<Box<dyn DiskFile>>,
    /// Which file it was when it was opened.
    pub identity: Identity,
    /// What it was when it was opened.
    pub opened: Stat,
}

impl OwnFile {
    /// Takes charge of a file that was just opened.
    pub fn new(file: Box<dyn DiskFile>) -> io::Result<Self> {
        match file.stat() {
            Ok(opened) => Ok(Self { file: Some(file), identity: opened.identity, opened }),
            Err(error) => {
                if is_closed(&error) {
                    std::mem::forget(file);
                }
                Err(error)
            }
        }
    }

    /// Looks at the file; `None` when the descriptor was closed by somebody else, whatever its number leads to by now.
    pub fn look(&self) -> io::Result<Option<Stat>> {
        match self.stat() {
            Err(error) if is_closed(&error) => Ok(None),
            Ok(stat) if stat.identity != self.identity => Ok(None),
            stat => stat.map(Some),
        }
    }
}

impl Deref for OwnFile {
    type Target = dyn DiskFile;

    fn deref(&self) -> &Self::Target {
        self.file.as_deref().unwrap_or(&Closed)
    }
}

impl Drop for OwnFile {
    fn drop(&mut self) {
        if matches!(self.look(), Ok(None)) {
            // Closing it could close somebody else's file.
            std::mem::forget(self.file.take());
        }
    }
}

/// Stands for a file that was given back.
#[derive(Debug)]
struct Closed;

fn closed<T>() -> io::Result<T> {
    Err(io::ErrorKind::NotFound.into())
}

impl DiskFile for Closed {
    fn stat(&self) -> io::Result<Stat> {
        closed()
    }

    fn append(&self, _: &[u8]) -> io::Result<usize> {
        closed()
    }

    fn position(&self) -> io::Result<u64> {
        closed()
    }

    fn read_at(&self, _: &mut [u8], _: u64) -> io::Result<usize> {
        closed()
    }

    fn await_writers(&self) {}

    fn sync(&self) -> io::Result<()> {
        closed()
    }
}

/// Whether the error says that the descriptor is not open.
pub fn is_closed(error: &io::Error) -> bool {
    #[cfg(unix)]
    let number = rustix::io::Errno::BADF.raw_os_error();
    // Win32 ERROR_INVALID_HANDLE.
    #[cfg(not(unix))]
    let number = 6;
    error.raw_os_error() == Some(number)
}
