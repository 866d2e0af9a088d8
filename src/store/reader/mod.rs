//! Reads a growing file line by line and remembers where it was, so that only what is new is read the next time.

mod checkpoint;
mod stretch;

use std::any::Any;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use memchr::{memchr, memrchr};

pub use checkpoint::Checkpoint;

use super::disk::{Disk, DiskFile, Identity, Stat};
use super::own_file::{OwnFile, is_closed};
use super::reason::Reason;

/// Lines longer than this are skipped and counted as one; JSON of that size is no record.
pub const MAX_LINE_BYTES: usize = 16 * 1024 * 1024;

/// How much is read at once.
const CHUNK: usize = 512 * 1024;

/// How many bytes before the position are compared to notice a file that was replaced in place.
///
/// Many records end alike (`…,"error":null,"metadata":{}}`), so a whole one or two of them have to fit.
const TAIL: usize = 512;

/// How many bytes at the start are compared.
const HEAD: usize = 4096;

/// How often a file that is replaced between two looks is looked at again.
const LOOKS: usize = 4;

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
}

impl LineReader {
    /// A reader at the start of `path`.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), ..Self::default() }
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
    pub const fn known(&self) -> usize {
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
        Ok(file.look()?.is_some_and(|stat| stat.size >= self.position) && self.is_same_content()?)
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
            if self.is_edited(&stat)? || !self.is_same_content()? {
                return Ok(false);
            }
            self.read_to(disk, stat.size, sink)?;
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
            *self = Self { follows: self.follows, ..Self::new(&self.path) };
            sink.restart();
        }
    }

    /// Compares what stands before the position and at the start with what was read there.
    fn is_same_content(&self) -> io::Result<bool> {
        let Some(file) = &self.open else { return Ok(true) };
        let from = self.position - self.before.len() as u64;
        Ok(stands_at(&**file, &self.before, from)? && stands_at(&**file, &self.head, 0)?)
    }

    fn read_to(&mut self, disk: &dyn Disk, size: u64, sink: &mut dyn Sink) -> io::Result<()> {
        if self.open.is_none() {
            self.open(disk)?;
        }
        let Some(file) = self.open.take() else { return Ok(()) };
        let whole = self.take_to(&file, size, sink);
        self.open = Some(file);
        if whole? {
            return Ok(());
        }
        self.start_over(sink);
        self.read_to(disk, size, sink)
    }

    /// Hands over what is new up to `size`; false when the line that was taken without its newline went on.
    fn take_to(&mut self, file: &OwnFile, size: u64, sink: &mut dyn Sink) -> io::Result<bool> {
        let mut carry: Vec<u8> = Vec::new();
        let mut chunk = Vec::new();
        let mut from = self.position;
        loop {
            if carry.is_empty() && !self.open_line && !self.skipping {
                self.take_stretch(&**file, size, sink)?;
                from = self.position;
            }
            chunk = read_chunk(file, chunk, from, size)?;
            if chunk.is_empty() {
                return Ok(self.take_tail(&carry, sink));
            }
            from += chunk.len() as u64;
            let before = self.position;
            if !self.take_chunk(&chunk, &mut carry, sink) {
                return Ok(false);
            }
            if self.position > before && stretch::is_worth_it(self.position, size) {
                // The line that was begun is read again, with all that is behind it.
                carry.clear();
            }
        }
    }

    /// Hands over the lines that a chunk completes; false when the line that was taken without its newline went on.
    fn take_chunk(&mut self, chunk: &[u8], carry: &mut Vec<u8>, sink: &mut dyn Sink) -> bool {
        let Some(last) = memrchr(b'\n', chunk) else {
            self.keep(chunk, carry, sink);
            return true;
        };
        let (mut lines, rest) = chunk.split_at(last + 1);
        if (self.open_line || self.skipping || !carry.is_empty())
            && let Some(end) = memchr(b'\n', lines)
        {
            if !self.take_line(&lines[..end], carry, sink) {
                return false;
            }
            lines = &lines[end + 1..];
        }
        if !lines.is_empty() {
            sink.take(sink.parser()(self.position, lines));
            self.advance(lines);
        }
        self.keep(rest, carry, sink);
        true
    }

    fn take_line(&mut self, line: &[u8], carry: &mut Vec<u8>, sink: &mut dyn Sink) -> bool {
        if self.open_line {
            self.open_line = false;
            if !carry.iter().chain(line).copied().all(is_blank) {
                return false;
            }
        } else if self.skipping {
            self.skipping = false;
        } else if carry.len() + line.len() > MAX_LINE_BYTES {
            sink.overlong();
        } else {
            let before = carry.len();
            carry.extend_from_slice(line);
            carry.push(b'\n');
            sink.take(sink.parser()(self.position, carry));
            carry.truncate(before);
        }
        self.advance(carry);
        self.advance(line);
        self.advance(b"\n");
        carry.clear();
        true
    }

    /// Keeps the beginning of a line until its end is read, or stops keeping it when it gets too long.
    fn keep(&mut self, part: &[u8], carry: &mut Vec<u8>, sink: &mut dyn Sink) {
        if self.skipping {
            self.advance(part);
            return;
        }
        carry.extend_from_slice(part);
        if carry.len() > MAX_LINE_BYTES {
            sink.overlong();
            self.skipping = true;
            self.advance(carry);
            carry.clear();
        }
    }

    /// Hands over the text behind the last newline; false when the line that was taken without its newline went on.
    fn take_tail(&mut self, carry: &[u8], sink: &mut dyn Sink) -> bool {
        if self.open_line {
            return carry.iter().copied().all(is_blank);
        }
        if !carry.is_empty() && sink.tail(self.position, carry) {
            self.open_line = true;
            self.advance(carry);
        }
        true
    }

    fn advance(&mut self, bytes: &[u8]) {
        self.advance_over(bytes.len() as u64, bytes, bytes);
    }

    /// Goes on by `length` bytes, of which `first` and `last` are at least the first [`HEAD`] and the last [`TAIL`].
    fn advance_over(&mut self, length: u64, first: &[u8], last: &[u8]) {
        self.position += length;
        if self.head.len() < HEAD {
            let room = HEAD - self.head.len();
            self.head.extend_from_slice(&first[..first.len().min(room)]);
        }
        if last.len() >= TAIL {
            self.before.clear();
            self.before.extend_from_slice(&last[last.len() - TAIL..]);
        } else {
            self.before.extend_from_slice(last);
            let excess = self.before.len().saturating_sub(TAIL);
            self.before.drain(..excess);
        }
    }
}

/// Whether an error means that there is no regular file to read.
fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
        || Reason::of(error) == Reason::NotAFile
}

/// White space as JSON knows it, which alone may follow a record.
const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The next bytes before `size`, at most [`CHUNK`], in the buffer that is handed in.
fn read_chunk(file: &OwnFile, mut buffer: Vec<u8>, from: u64, size: u64) -> io::Result<Vec<u8>> {
    let length = usize::try_from(size.saturating_sub(from)).map_or(CHUNK, |left| left.min(CHUNK));
    buffer.resize(length, 0);
    let count = file.read_at(&mut buffer, from)?;
    buffer.truncate(count);
    Ok(buffer)
}

fn stands_at(file: &dyn DiskFile, expected: &[u8], offset: u64) -> io::Result<bool> {
    let mut found = vec![0; expected.len()];
    Ok(file.read_at(&mut found, offset)? == expected.len() && found == expected)
}
