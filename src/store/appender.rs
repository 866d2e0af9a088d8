//! One open data file: appends whole lines, heals a torn tail, and notices when the file is no longer the right one.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::disk::Disk;
use super::last_write::{LastWrite, is_found};
use super::own_file::OwnFile;

/// How long the path is trusted to lead to the open file, in milliseconds of the disk's coarse clock.
const LOOK_EVERY_MS: u64 = 50;

/// How often a changing tail is looked at again before the record is written as if the tail were whole.
const TAIL_LOOKS: usize = 8;

/// How often an interrupted write is tried again before it counts as refused.
const INTERRUPTIONS: usize = 100;

/// How often a folder that vanishes while a file in it is opened is made again, and a file that does is opened again.
const FOLDERS: usize = 3;

/// Data files open in this process, over all handles.
static OPEN: AtomicUsize = AtomicUsize::new(0);

/// With more open files than this, a file is closed again after each append.
const KEEP_OPEN: usize = 128;

/// How an append went.
#[derive(Debug)]
pub(super) struct Appended {
    /// How many of the given bytes are in the file.
    pub written: usize,
    /// Where they end, after a write that took a part of them.
    pub end: u64,
    /// Why it is not all of them.
    pub error: Option<io::Error>,
}

/// Whether a reader finds the record that begins at an offset of a line.
pub type Found = fn(&[u8], usize) -> bool;

#[derive(Debug)]
struct Open {
    file: OwnFile,
    last: LastWrite,
    /// Where the last append ended with a newline, if nothing is known to have gone wrong since.
    end: Option<u64>,
    /// How large the file was at the last look at its tail.
    size: u64,
    looked: u64,
    /// Folders whose entry for the file, or for a folder above it, may not have reached the device; the lowest one first.
    unsynced: Vec<PathBuf>,
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
    found: Found,
    open: Option<Open>,
    healed: Vec<u8>,
    lost: Vec<Vec<u8>>,
}

impl Appender {
    pub const fn new(path: PathBuf, found: Found) -> Self {
        Self { path, found, open: None, healed: Vec::new(), lost: Vec::new() }
    }

    /// A line that was accepted but that no reader finds, because another program's half line came right before it between
    /// the look and the write. It has to be written again.
    pub fn take_lost(&mut self) -> Option<Vec<u8>> {
        self.lost.pop()
    }

    /// Looks whether the last line is found; nobody may look at it later. Tells whether there is a line to be taken.
    pub fn look_back(&mut self) -> bool {
        if let Some(open) = self.open.as_mut() {
            // A file that cannot be read now is no reason to write the line again.
            self.lost.extend(open.last.lost(&*open.file, self.found).unwrap_or(None));
        }
        !self.lost.is_empty()
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
        self.try_append(disk, lines).unwrap_or_else(|error| {
            // Whatever went wrong, the descriptor is not trusted any more.
            self.open = None;
            Appended { written: 0, end: 0, error: Some(error) }
        })
    }

    fn try_append(&mut self, disk: &dyn Disk, lines: &[u8]) -> io::Result<Appended> {
        let torn = self.ready(disk)?;
        let Some(open) = self.open.as_mut() else { return Err(io::ErrorKind::NotFound.into()) };
        open.last.forget();
        if !torn {
            let appended = open.write(lines)?;
            if appended.error.is_none() {
                open.last.remember(open.size, lines);
            }
            return Ok(appended);
        }
        self.healed.clear();
        self.healed.push(b'\n');
        self.healed.extend_from_slice(lines);
        let appended = open.write(&self.healed)?;
        if appended.error.is_none() {
            open.end = open.end.or_else(|| open.file.position().ok());
        }
        Ok(Appended { written: appended.written.saturating_sub(1), ..appended })
    }

    /// Gives the descriptor back when this process holds too many.
    pub fn rest(&mut self) {
        if OPEN.load(Ordering::Relaxed) > KEEP_OPEN {
            self.open = None;
        }
    }

    /// Makes sure that the open file is the one the path names; tells whether its tail is torn.
    fn ready(&mut self, disk: &dyn Disk) -> io::Result<bool> {
        let now = disk.ticks();
        if self.open.as_ref().is_some_and(|open| now.wrapping_sub(open.looked) > LOOK_EVERY_MS) {
            self.look_at_path(disk, now);
        }
        for _ in 0..FOLDERS {
            if let Some(torn) = self.tail_of_open()? {
                return Ok(torn);
            }
            self.open = Some(open(disk, &self.path, now)?);
        }
        let replaced = || io::Error::new(io::ErrorKind::ResourceBusy, "it is replaced faster than it can be opened");
        self.tail_of_open()?.ok_or_else(replaced)
    }

    fn look_at_path(&mut self, disk: &dyn Disk, now: u64) {
        let same = disk.stat_name(&self.path).ok().map(|stat| stat.identity);
        match self.open.as_mut() {
            Some(open) if same == Some(open.file.identity) => open.looked = now,
            _ => self.open = None,
        }
    }

    /// Whether the open file's tail is torn; `None` when no file is open, it was removed or got another name (opening it again
    /// tells which), or its descriptor is not ours any more.
    fn tail_of_open(&mut self) -> io::Result<Option<bool>> {
        let Some(open) = self.open.as_mut() else { return Ok(None) };
        match open.file.look()? {
            Some(stat) if stat.links == 1 => {
                if open.is_whole(stat.size)? {
                    return Ok(Some(false));
                }
                self.lost.extend(open.last.lost(&*open.file, self.found)?);
                open.is_torn(stat.size).map(Some)
            }
            _ => {
                self.open = None;
                Ok(None)
            }
        }
    }

    /// Completes `line`, which stands in the file but for its newline; that belongs at `due`. False when the line has to be
    /// written again, because it is gone or no reader finds it. What others appended right behind it hides nothing.
    ///
    /// The descriptor that wrote the line is used as long as it is open, also when the file has another name by now.
    pub fn finish_line(&mut self, disk: &dyn Disk, due: u64, line: &[u8]) -> io::Result<bool> {
        match self.try_finish(disk, due, line.strip_suffix(b"\n").unwrap_or(line)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            finished => finished,
        }
    }

    fn try_finish(&mut self, disk: &dyn Disk, due: u64, text: &[u8]) -> io::Result<bool> {
        if self.open.is_none() {
            self.open = Some(open(disk, &self.path, disk.ticks())?);
        }
        let Some(open) = self.open.as_mut() else { return Ok(false) };
        let Some(stat) = open.file.look()? else {
            self.open = None;
            return self.try_finish(disk, due, text);
        };
        let start = due.saturating_sub(text.len() as u64);
        let mut found = vec![0; text.len()];
        if stat.links == 0 || open.file.read_at(&mut found, start)? < text.len() || found != text {
            return Ok(false);
        }
        // Looked at again after the newline was written, because somebody else may have been faster.
        for _ in 0..2 {
            match open.byte_behind(due)? {
                Some(b'\n') => return Ok(true),
                Some(_) => return is_found(&*open.file, start, text, self.found),
                None => open.write(b"\n")?.error.map_or(Ok(()), Err)?,
            }
        }
        Ok(false)
    }

    /// Brings what was appended to the device, and with it the way that leads there.
    pub fn sync(&mut self, disk: &dyn Disk) -> io::Result<()> {
        let Some(open) = self.open.as_mut() else { return Ok(()) };
        open.file.sync()?;
        while let Some(folder) = open.unsynced.first() {
            disk.sync_dir(folder)?;
            open.unsynced.remove(0);
        }
        Ok(())
    }
}

fn open(disk: &dyn Disk, path: &Path, now: u64) -> io::Result<Open> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut unsynced = vec![folder.to_owned()];
    let mut opened = disk.open_append(path);
    for _ in 0..FOLDERS {
        if !opened.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            break;
        }
        unsynced = missing(disk, folder);
        disk.create_dirs(folder)?;
        opened = disk.open_append(path);
    }
    let file = OwnFile::new(opened?)?;
    OPEN.fetch_add(1, Ordering::Relaxed);
    Ok(Open { file, size: 0, last: LastWrite::default(), end: None, looked: now, unsynced })
}

/// The folders from `folder` upwards that are not there yet, and the first one that is.
fn missing(disk: &dyn Disk, folder: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for folder in folder.ancestors().filter(|folder| !folder.as_os_str().is_empty()) {
        folders.push(folder.to_owned());
        if disk.stat(folder).is_ok() {
            break;
        }
    }
    folders
}

impl Open {
    /// Whether the last write is known to be in its place, and the file to end with a newline.
    fn is_whole(&mut self, size: u64) -> io::Result<bool> {
        let whole = self.last.ends_at(size) || self.last.last_byte(&*self.file, size)? == Some(b'\n');
        if whole {
            self.size = size;
        }
        Ok(whole)
    }

    /// Whether the last byte of the file is not a newline and nobody is in the middle of writing it.
    fn is_torn(&mut self, mut size: u64) -> io::Result<bool> {
        for _ in 0..TAIL_LOOKS {
            self.size = size;
            if size == 0 || self.end == Some(size) {
                return Ok(false);
            }
            // Somebody else appended, so my next line ends elsewhere than my last one tells.
            self.end = None;
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
        // Somebody appends half lines without a pause. A newline in front of my record costs at worst a blank line.
        Ok(true)
    }

    /// The first byte that is not blank behind a line's end at `due`; `None` when the file ends there.
    fn byte_behind(&self, due: u64) -> io::Result<Option<u8>> {
        let mut behind = [0; 64];
        let count = self.file.read_at(&mut behind, due)?;
        Ok(behind[..count].iter().copied().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r')))
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<Appended> {
        let end = self.end.take();
        let written = self.append(bytes)?;
        if written == bytes.len() {
            self.end = end.map(|end| end + written as u64);
            return Ok(Appended { written, end: 0, error: None });
        }
        let end = self.file.position().unwrap_or(self.size + written as u64);
        Ok(Appended { written, end, error: Some(io::ErrorKind::StorageFull.into()) })
    }

    fn append(&self, bytes: &[u8]) -> io::Result<usize> {
        for _ in 0..INTERRUPTIONS {
            match self.file.append(bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
        Err(io::ErrorKind::Interrupted.into())
    }
}
