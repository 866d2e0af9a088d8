//! Reads a growing file line by line and remembers where it was, so that only what is new is read the next time.

use std::io;
use std::path::{Path, PathBuf};

use memchr::{memchr, memchr_iter, memrchr};

use super::disk::{Disk, DiskFile, Identity, Stat};

/// Lines longer than this are skipped and counted as one; JSON of that size is no record.
pub const MAX_LINE_BYTES: usize = 16 * 1024 * 1024;

/// How much is read at once; large enough that parsing it may be shared between cores.
const CHUNK: usize = 4 * 1024 * 1024;

/// How many bytes before the position are compared to notice a file that was replaced in place.
const TAIL: usize = 64;

/// How many bytes at the start are compared when the file changed without growing.
const HEAD: usize = 4096;

/// What a reader hands its lines to.
pub trait Sink {
    /// The file is another one, or was cut: forget everything.
    fn restart(&mut self);
    /// A line without its newline, and the offset at which it begins.
    fn line(&mut self, offset: u64, line: &[u8]);
    /// Whole lines with their newlines, and the offset at which they begin.
    fn lines(&mut self, offset: u64, lines: &[u8]) {
        let mut start = 0;
        for end in memchr_iter(b'\n', lines) {
            self.line(offset + start as u64, &lines[start..end]);
            start = end + 1;
        }
    }
    /// The text behind the last newline; true when it counts already although its newline is missing.
    fn tail(&mut self, offset: u64, line: &[u8]) -> bool;
    /// A line longer than [`MAX_LINE_BYTES`].
    fn overlong(&mut self);
}

/// What is remembered of a reader from one process to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which file was read.
    pub identity: Identity,
    /// Everything before this was handed over; a line ends here.
    pub position: u64,
    /// The first bytes of the file.
    pub head: Vec<u8>,
    /// The bytes right before the position.
    pub before: Vec<u8>,
}

/// A position in a file and what is needed to know that it is still valid.
#[derive(Debug, Default)]
pub struct LineReader {
    path: PathBuf,
    file: Option<Box<dyn DiskFile>>,
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

    /// What to remember; `None` while no line ends at the position.
    #[must_use]
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        let between = self.open_line || self.skipping || self.position == 0;
        let identity = self.identity().filter(|_| !between)?;
        let (head, before) = (self.head.clone(), self.before.clone());
        Some(Checkpoint { identity, position: self.position, head, before })
    }

    /// Goes on where another reader of the same file was. Whether it is the same file is seen at the next catch-up.
    pub fn resume(&mut self, checkpoint: Checkpoint) {
        let Checkpoint { identity, position, head, before } = checkpoint;
        // A size that no file has makes the next catch-up compare head and tail.
        let seen = Some(Stat { identity, size: u64::MAX, links: 1, modified: 0 });
        *self = Self { path: std::mem::take(&mut self.path), seen, position, head, before, ..Self::default() };
    }

    /// Gives back the descriptor; the next catch-up opens the file again.
    pub fn release(&mut self) {
        self.file = None;
    }

    /// The open file, to read lines again by their offsets.
    ///
    /// # Errors
    /// As the disk says.
    pub fn file(&mut self, disk: &dyn Disk) -> io::Result<&dyn DiskFile> {
        if self.file.is_none() {
            self.file = Some(disk.open_read(&self.path)?);
        }
        self.file.as_deref().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Hands over what is new since the last time. A missing file is an empty one.
    ///
    /// # Errors
    /// As the disk says; the position stays where it was, and the next catch-up goes on from there.
    pub fn catch_up(&mut self, disk: &dyn Disk, sink: &mut dyn Sink) -> io::Result<()> {
        let stat = match disk.stat(&self.path) {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                self.start_over(sink);
                return Ok(());
            }
            stat => stat?,
        };
        if self.seen == Some(stat) {
            return Ok(());
        }
        if self.seen.is_some_and(|seen| seen.identity != stat.identity) || stat.size < self.position {
            self.start_over(sink);
        }
        if !self.is_same_content(disk, &stat)? {
            self.start_over(sink);
        }
        if stat.size > self.position {
            self.read_to(disk, stat.size, sink)?;
        }
        self.seen = Some(stat);
        Ok(())
    }

    /// Goes to the end of the last whole line, so that only later lines are handed over. A missing file has its end at 0.
    ///
    /// # Errors
    /// As the disk says; then the reader stays at the start.
    pub fn skip_to_end(&mut self, disk: &dyn Disk) -> io::Result<()> {
        let stat = match disk.stat(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            stat => stat?,
        };
        let file = disk.open_read(&self.path)?;
        let mut end = stat.size;
        let mut block = vec![0; TAIL * 1024];
        while end > 0 {
            let start = end.saturating_sub(block.len() as u64);
            let length = usize::try_from(end - start).unwrap_or(block.len());
            let count = file.read_at(&mut block[..length], start)?;
            if let Some(newline) = memrchr(b'\n', &block[..count]) {
                end = start + newline as u64 + 1;
                break;
            }
            end = start;
        }
        let mut first = vec![0; HEAD.min(usize::try_from(end).unwrap_or(HEAD))];
        file.read_at(&mut first, 0)?;
        let from = end.saturating_sub(TAIL as u64);
        let mut before = vec![0; usize::try_from(end - from).unwrap_or(TAIL)];
        file.read_at(&mut before, from)?;
        (self.head, self.before, self.position) = (first, before, end);
        (self.seen, self.file) = (Some(Stat { size: end, ..stat }), Some(file));
        Ok(())
    }

    /// Hands over what is new in the file that is open, whatever its name is by now.
    ///
    /// # Errors
    /// As the disk says.
    pub fn drain_open(&mut self, disk: &dyn Disk, sink: &mut dyn Sink) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let size = file.stat()?.size;
        if size > self.position { self.read_to(disk, size, sink) } else { Ok(()) }
    }

    fn start_over(&mut self, sink: &mut dyn Sink) {
        if self.seen.is_some() || self.position > 0 {
            *self = Self::new(&self.path);
            sink.restart();
        }
    }

    /// Compares what stands before the position with what was read there.
    fn is_same_content(&mut self, disk: &dyn Disk, stat: &Stat) -> io::Result<bool> {
        if self.position == 0 {
            return Ok(true);
        }
        let grown = self.seen.is_some_and(|seen| stat.size > seen.size);
        let (position, before) = (self.position, self.before.clone());
        let head = if grown { Vec::new() } else { self.head.clone() };
        let file = self.file(disk)?;
        Ok(stands_at(file, &before, position - before.len() as u64)? && stands_at(file, &head, 0)?)
    }

    fn read_to(&mut self, disk: &dyn Disk, size: u64, sink: &mut dyn Sink) -> io::Result<()> {
        self.file(disk)?;
        let mut carry: Vec<u8> = Vec::new();
        let mut buffer = vec![0; CHUNK.min(usize::try_from(size - self.position).unwrap_or(CHUNK))];
        loop {
            let from = self.position + carry.len() as u64;
            let Some(file) = self.file.as_deref() else { return Ok(()) };
            let want = buffer.len().min(usize::try_from(size.saturating_sub(from)).unwrap_or(CHUNK));
            let count = file.read_at(&mut buffer[..want], from)?;
            if count == 0 {
                break;
            }
            if !self.take_chunk(&buffer[..count], &mut carry, sink) {
                self.start_over(sink);
                return self.read_to(disk, size, sink);
            }
        }
        if self.take_tail(&carry, sink) {
            return Ok(());
        }
        self.start_over(sink);
        self.read_to(disk, size, sink)
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
            sink.lines(self.position, lines);
            self.advance(lines);
        }
        self.keep(rest, carry, sink);
        true
    }

    fn take_line(&mut self, line: &[u8], carry: &mut Vec<u8>, sink: &mut dyn Sink) -> bool {
        if self.open_line {
            carry.extend_from_slice(line);
            self.open_line = false;
            if !carry.iter().all(u8::is_ascii_whitespace) {
                return false;
            }
        } else if self.skipping {
            self.skipping = false;
        } else {
            carry.extend_from_slice(line);
            sink.line(self.position, carry);
            carry.truncate(carry.len() - line.len());
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
            return carry.iter().all(u8::is_ascii_whitespace);
        }
        if !carry.is_empty() && sink.tail(self.position, carry) {
            self.open_line = true;
            self.advance(carry);
        }
        true
    }

    fn advance(&mut self, bytes: &[u8]) {
        self.position += bytes.len() as u64;
        if self.head.len() < HEAD {
            let room = HEAD - self.head.len();
            self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
        if bytes.len() >= TAIL {
            self.before.clear();
            self.before.extend_from_slice(&bytes[bytes.len() - TAIL..]);
        } else {
            self.before.extend_from_slice(bytes);
            let excess = self.before.len().saturating_sub(TAIL);
            self.before.drain(..excess);
        }
    }
}

fn stands_at(file: &dyn DiskFile, expected: &[u8], offset: u64) -> io::Result<bool> {
    let mut found = vec![0; expected.len()];
    Ok(file.read_at(&mut found, offset)? == expected.len() && found == expected)
}
