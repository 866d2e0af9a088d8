//! Reads a growing file line by line and remembers where it was, so that only what is new is read the next time.

mod checkpoint;
mod lines;
mod stretch;

use std::any::Any;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

pub use checkpoint::Checkpoint;

use super::disk::{Disk, DiskFile, Identity, Stat};
use super::own_file::{OwnFile, is_closed};
use super::reason::Reason;

/// Lines longer than this are skipped and counted as one; JSON of that size is no record.
pub const MAX_LINE_BYTES: usize = 16 * 1024 * 1024;

/// How much is read at once: little enough that it is given memory that was used before, and stays in the core's cache.
const CHUNK: usize = 120 * 1024;

/// How many bytes before the position are compared to notice a file that was replaced in place.
///
/// Many records end alike (`…,"error":null,"metadata":{}}`), so a whole one or two of them have to fit.
const TAIL: usize = 512;

/// How many bytes at the start are compared.
const HEAD: usize = 4096;

/// How often a file that is replaced between two looks is looked at again.
const LOOKS: usize = 8;

/// What a sink makes of whole lines.
pub type Part = Box<dyn Any + Send>;

/// Makes something of whole lines, each with its newline; the number is the offset at which they begin. It knows nothing of
/// what comes before them, so that several threads may do it.
pub type Parse = fn(u64, &[u8]) -> Part;

/// What a reader hands its lines to.
pub trait Sink {
    /// The file is another one, or was cut: forget everything.
    fn restart(&mut self);
    /// What makes something of lines.
    fn parser(&self) -> Parse;
    /// Takes what was made of the next lines.
    fn take(&mut self, part: Part);
    /// The text behind the last newline; true when it counts already although its newline is missing.
    fn tail(&mut self, offset: u64, line: &[u8]) -> bool;
    /// A line longer than [`MAX_LINE_BYTES`].
    fn overlong(&mut self);
}

/// A position in a file and what is needed to know that it is still valid.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and none excludes another")]
pub struct LineReader {
    path: PathBuf,
    open: Option<OwnFile>,
    seen: Option<Stat>,
    /// Everything before this was handed over.
    position: u64,
    /// The bytes right before `position`, at most [`TAIL`].
    before: Vec<u8>,
    /// The first bytes of the file, at most [`HEAD`] and none behind `position`.
    head: Vec<u8>,
    /// Whether the text before `position` was taken as a line although its newline is still to come.
    open_line: bool,
    /// In the middle of a line that is too long.
    skipping: bool,
    /// Only what is appended matters, so an edit of what was read is no reason to start over.
    follows: bool,
    /// What was read was read by an earlier process, and after a loss of power size and time prove nothing.
    resumed: bool,
    /// From how many bytes on several threads read, where it is said.
    least: Option<u64>,
}

impl LineReader {
    /// A reader at the start of `path`.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), ..Self::default() }
    }

    /// The same; only what is longer than `least` is read by several threads.
    #[must_use]
    pub fn alone_below(path: &Path, least: u64) -> Self {
        Self { least: Some(least), ..Self::new(path) }
    }

    /// The file's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Which file was read, if any was there.
    #[must_use]
    pub fn identity(&self) -> Option<Identity> {
        self.seen.map(|stat| stat.identity)
    }

    /// Everything before this was handed over.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// How many of the file's first bytes are known, for [`Self::fingerprint`].
    #[must_use]
    pub const fn known_bytes(&self) -> usize {
        self.head.len()
    }

    /// A number for the file and its first `known` bytes: another one when it was replaced or begins otherwise, 0 before
    /// anything was read. It fits into a JavaScript number.
    #[must_use]
    pub fn fingerprint(&self, known: usize) -> u64 {
        let Some(seen) = self.seen.filter(|_| self.position > 0) else { return 0 };
        let mut hasher = DefaultHasher::new();
        (seen.identity, seen.born, self.head.get(..known)).hash(&mut hasher);
        hasher.finish() >> 11
    }

    /// Whether the file is as it was at the last catch-up, as far as one look tells.
    #[must_use]
    pub fn is_current(&self, disk: &dyn Disk) -> bool {
        disk.stat(&self.path).map_or(self.seen.is_none(), |stat| self.seen == Some(stat))
    }

    /// Gives back the descriptor; the next catch-up opens the file again.
    pub fn release(&mut self) {
        self.open = None;
    }

    /// The open file, to read lines again by their offsets; `None` when the path leads to another file by now or to none.
    ///
    /// # Errors
    /// As the disk says.
    pub fn file(&mut self, disk: &dyn Disk) -> io::Result<Option<&dyn DiskFile>> {
        let found = match self.open(disk) {
            Err(error) if is_absence(&error) => None,
            found => Some(found?.identity),
        };
        let same = found.is_some() && found == self.identity();
        Ok(self.open.as_ref().filter(|_| same).map(|file| &**file))
    }

    /// Whether the open file still holds what was read of it, as far as its size, its beginning and the bytes before the
    /// position tell.
    ///
    /// # Errors
    /// As the disk says.
    pub fn is_unchanged(&self) -> io::Result<bool> {
        let Some(file) = &self.open else { return Ok(false) };
        Ok(file.look()?.is_some_and(|stat| stat.size >= self.position) && self.known().stands_in(file)?)
    }

    /// The file that [`Self::file`] gave last, without another look at it.
    #[must_use]
    pub fn opened(&self) -> Option<&dyn DiskFile> {
        self.open.as_deref()
    }

    /// Opens the file unless it is open.
    fn open(&mut self, disk: &dyn Disk) -> io::Result<Stat> {
        if let Some(file) = &self.open
            && let Some(stat) = file.look()?
        {
            return Ok(stat);
        }
        let file = OwnFile::new(disk.open_read(&self.path)?)?;
        let opened = file.opened;
        self.open = Some(file);
        Ok(opened)
    }

    /// Hands over what is new since the last time. A missing file is an empty one, and so is what is no regular file.
    ///
    /// # Errors
    /// As the disk says; the position stays where it was, and the next catch-up goes on from there.
    pub fn catch_up(&mut self, disk: &dyn Disk, sink: &mut dyn Sink) -> io::Result<()> {
        let mut failed = io::Error::new(io::ErrorKind::ResourceBusy, "it is replaced faster than it can be read");
        for _ in 0..LOOKS {
            match self.look(disk, sink) {
                Ok(true) => return Ok(()),
                Ok(false) => self.start_over(sink),
                Err(error) if is_closed(&error) => {
                    self.open = None;
                    failed = error;
                }
                Err(error) if is_absence(&error) => {
                    self.start_over(sink);
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        Err(failed)
    }

    /// Takes in what is new; false when what was read before stands there no longer.
    fn look(&mut self, disk: &dyn Disk, sink: &mut dyn Sink) -> io::Result<bool> {
        let stat = disk.stat(&self.path)?;
        if self.seen == Some(stat) && !self.resumed {
            return Ok(true);
        }
        if self.seen.is_some_and(|seen| stat.is_other_than(&seen)) || stat.size < self.position {
            return Ok(false);
        }
        if stat.size > 0 {
            if self.open(disk)?.identity != stat.identity {
                // Replaced since the look at its path.
                self.open = None;
                return Ok(false);
            }
            if self.is_edited(&stat)? || !self.read_to(disk, stat.size, sink)? {
                return Ok(false);
            }
        }
        (self.seen, self.resumed) = (Some(stat), false);
        Ok(true)
    }

    /// Whether the file changed without growing. A writer in progress sets the time before the size; it is waited for.
    fn is_edited(&self, stat: &Stat) -> io::Result<bool> {
        let (Some(seen), Some(file), false) = (self.seen, &self.open, self.follows) else { return Ok(false) };
        if self.position == 0 || seen.size != stat.size || seen.modified == stat.modified {
            return Ok(false);
        }
        file.await_writers();
        Ok(file.stat()?.size == stat.size)
    }

    fn start_over(&mut self, sink: &mut dyn Sink) {
        if self.seen.is_some() || self.position > 0 {
            let (follows, least) = (self.follows, self.least);
            *self = Self { follows, least, ..Self::new(&self.path) };
            sink.restart();
        }
    }

    /// What stands before the position and at the start, as it was read there.
    const fn known(&self) -> Known<&Vec<u8>> {
        Known { position: self.position, before: &self.before, head: &self.head }
    }

    /// Hands over what is new up to `size`; false when the file has to be read from its beginning.
    fn read_to(&mut self, disk: &dyn Disk, size: u64, sink: &mut dyn Sink) -> io::Result<bool> {
        if self.open.is_none() {
            self.open(disk)?;
        }
        let Some(file) = self.open.take() else { return Ok(true) };
        let read = if self.is_worth_threads(size) {
            self.take_long(&file, size, sink)
        } else {
            self.take_to(&file, size, sink)
        };
        self.open = Some(file);
        read
    }

    /// The same where reading takes a while: compares before, so that it is not in vain, and afterwards.
    fn take_long(&mut self, file: &OwnFile, size: u64, sink: &mut dyn Sink) -> io::Result<bool> {
        let Known { position, before, head } = self.known();
        let known = Known { position, before: before.clone(), head: head.clone() };
        Ok(known.stands_in(file)? && self.take_to(file, size, sink)? && known.stands_in(file)?)
    }
}

/// What is known of a file that was read up to a position: the bytes right before it, and the first ones.
struct Known<B> {
    position: u64,
    before: B,
    head: B,
}

impl<B: std::borrow::Borrow<Vec<u8>>> Known<B> {
    /// Whether it stands in the file.
    fn stands_in(&self, file: &OwnFile) -> io::Result<bool> {
        let (before, head) = (self.before.borrow(), self.head.borrow());
        let from = self.position - before.len() as u64;
        Ok(stands_at(&**file, before, from)? && stands_at(&**file, head, 0)?)
    }
}

/// Whether an error means that there is no regular file to read.
fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
        || Reason::of(error) == Reason::NotAFile
}

fn stands_at(file: &dyn DiskFile, expected: &[u8], offset: u64) -> io::Result<bool> {
    let mut found = vec![0; expected.len()];
    Ok(file.read_at(&mut found, offset)? == expected.len() && found == expected)
}
