//! One open data file: appends whole lines, heals a torn tail, and notices when the file is no longer the right one.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::disk::{Disk, DiskFile, Identity};

/// How long the path is trusted to lead to the open file, in milliseconds of the disk's coarse clock.
const LOOK_EVERY_MS: u64 = 50;

/// How often a changing tail is looked at again before the record is written as if the tail were whole.
const TAIL_LOOKS: usize = 8;

/// Data files open in this process, over all handles.
static OPEN: AtomicUsize = AtomicUsize::new(0);

/// With more open files than this, a file is closed again after each append.
const KEEP_OPEN: usize = 128;

/// How an append went.
#[derive(Debug)]
pub(super) struct Appended {
    /// How many of the given bytes are in the file.
    pub written: usize,
    /// Where they end.
    pub end: u64,
    /// Why it is not all of them.
    pub error: Option<io::Error>,
}

#[derive(Debug)]
struct Open {
    file: Box<dyn DiskFile>,
    identity: Identity,
    /// Where the last append ended with a newline, if nothing is known to have gone wrong since.
    end: Option<u64>,
    looked: u64,
}

impl Drop for Open {
    fn drop(&mut self) {
        OPEN.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Appends to one path.
#[derive(Debug)]
pub(super) struct Appender {
    path: PathBuf,
    open: Option<Open>,
    healed: Vec<u8>,
}

impl Appender {
    pub const fn new(path: PathBuf) -> Self {
        Self { path, open: None, healed: Vec::new() }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the descriptor back.
    pub fn close(&mut self) {
        self.open = None;
    }

    /// Appends whole lines with one write.
    pub fn append(&mut self, disk: &dyn Disk, lines: &[u8]) -> Appended {
        match self.try_append(disk, lines) {
            Ok(appended) => appended,
            Err(error) => {
                // Whatever went wrong, the descriptor is not trusted any more.
                self.open = None;
                Appended { written: 0, end: 0, error: Some(error) }
            }
        }
    }

    fn try_append(&mut self, disk: &dyn Disk, lines: &[u8]) -> io::Result<Appended> {
        let torn = self.ready(disk)?;
        let Some(open) = self.open.as_mut() else { return Err(io::ErrorKind::NotFound.into()) };
        let appended = if torn {
            self.healed.clear();
            self.healed.push(b'\n');
            self.healed.extend_from_slice(lines);
            let appended = open.write(&self.healed);
            Appended { written: appended.written.saturating_sub(1), ..appended }
        } else {
            open.write(lines)
        };
        if appended.error.is_some() || OPEN.load(Ordering::Relaxed) > KEEP_OPEN {
            self.open = None;
        }
        Ok(appended)
    }

    /// Makes sure that the open file is the one the path names; tells whether its tail is torn.
    fn ready(&mut self, disk: &dyn Disk) -> io::Result<bool> {
        let now = disk.ticks();
        if self.open.as_ref().is_some_and(|open| now.wrapping_sub(open.looked) > LOOK_EVERY_MS) {
            self.look_at_path(disk, now);
        }
        if let Some(torn) = self.tail_of_open()? {
            return Ok(torn);
        }
        self.open = Some(open(disk, &self.path, now)?);
        Ok(self.tail_of_open()?.unwrap_or(false))
    }

    fn look_at_path(&mut self, disk: &dyn Disk, now: u64) {
        let same = disk.stat(&self.path).ok().map(|stat| stat.identity);
        match self.open.as_mut() {
            Some(open) if same == Some(open.identity) => open.looked = now,
            _ => self.open = None,
        }
    }

    /// Whether the open file's tail is torn; `None` when no file is open or it was removed.
    fn tail_of_open(&mut self) -> io::Result<Option<bool>> {
        let Some(open) = self.open.as_mut() else { return Ok(None) };
        let stat = open.file.stat()?;
        if stat.links > 0 && stat.identity == open.identity {
            return open.is_torn(stat.size).map(Some);
        }
        if let Some(open) = self.open.take()
            && stat.links > 0
        {
            // Somebody closed our descriptor and its number leads elsewhere now; it is not ours to close.
            std::mem::forget(open);
            OPEN.fetch_sub(1, Ordering::Relaxed);
        }
        Ok(None)
    }

    /// Writes the newline that the last line in the file still lacks, at `due`; false when it cannot be saved that way
    /// because something else stands behind it.
    pub fn finish_line(&mut self, disk: &dyn Disk, due: u64) -> io::Result<bool> {
        let file = disk.open_append(&self.path)?;
        let mut byte = [0];
        match file.read_at(&mut byte, due)? {
            0 if file.stat()?.size == due => Ok(file.append(b"\n")? == 1),
            0 => Ok(false),
            _ => Ok(byte == *b"\n"),
        }
    }

    /// Brings what was appended to the device.
    pub fn sync(&self) -> io::Result<()> {
        self.open.as_ref().map_or(Ok(()), |open| open.file.sync())
    }
}

fn open(disk: &dyn Disk, path: &Path, now: u64) -> io::Result<Open> {
    let file = match disk.open_append(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            disk.create_dirs(path.parent().unwrap_or_else(|| Path::new(".")))?;
            disk.open_append(path)?
        }
        opened => opened?,
    };
    let identity = file.stat()?.identity;
    OPEN.fetch_add(1, Ordering::Relaxed);
    Ok(Open { file, identity, end: None, looked: now })
}

impl Open {
    /// Whether the last byte of the file is not a newline and nobody is in the middle of writing it.
    fn is_torn(&mut self, mut size: u64) -> io::Result<bool> {
        for _ in 0..TAIL_LOOKS {
            if size == 0 || self.end == Some(size) {
                return Ok(false);
            }
            let mut last = [0];
            if self.file.read_at(&mut last, size - 1)? == 1 && last == *b"\n" {
                return Ok(false);
            }
            self.file.await_writers();
            let settled = self.file.stat()?.size;
            if settled == size {
                return Ok(true);
            }
            size = settled;
        }
        Ok(false)
    }

    fn write(&mut self, bytes: &[u8]) -> Appended {
        let size_before = self.end;
        loop {
            match self.file.append(bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Appended { written: 0, end: 0, error: Some(error) },
                Ok(written) if written == bytes.len() => {
                    self.end = size_before.map(|end| end + written as u64);
                    if self.end.is_none() {
                        self.end = self.file.position().ok();
                    }
                    return Appended { written, end: 0, error: None };
                }
                Ok(written) => {
                    self.end = None;
                    let end = self.file.position().unwrap_or(0);
                    return Appended { written, end, error: Some(io::ErrorKind::StorageFull.into()) };
                }
            }
        }
    }
}
