//! Takes what is new in a file apart into lines, and remembers what stands before the position.

use std::io;

use memchr::{memchr, memrchr};

use super::{CHUNK, HEAD, LineReader, MAX_LINE_BYTES, Sink, TAIL};
use crate::store::disk::DiskFile;
use crate::store::own_file::OwnFile;

/// So much is read twice without a look whether the file changed, which costs as much.
const READ_TWICE: usize = 16 * 1024;

impl LineReader {
    /// Hands over what is new up to `size`; false when the line that was taken without its newline went on, when the file
    /// ends before, or when what was known of it stands there no longer. That is seen after the new bytes were read, so that
    /// they belong to it.
    pub(super) fn take_to(&mut self, file: &OwnFile, size: u64, sink: &mut dyn Sink) -> io::Result<bool> {
        let mut carry: Vec<u8> = Vec::new();
        let mut chunk = Vec::new();
        let start = self.position;
        let mut from = start;
        loop {
            if carry.is_empty() && !self.open_line && !self.skipping {
                self.take_stretch(&**file, size, sink)?;
                from = self.position;
            }
            let Some(read) = read_chunk(file, chunk, from, size)? else { return Ok(false) };
            chunk = read;
            let compare = !chunk.is_empty() || from == start;
            if compare && !self.known().stands_in(file)? {
                return Ok(false);
            }
            if chunk.is_empty() {
                return Ok(from >= size && self.take_tail(&carry, sink));
            }
            from += chunk.len() as u64;
            let before = self.position;
            if !self.take_chunk(&chunk, &mut carry, sink) {
                return Ok(false);
            }
            if self.position > before && self.is_worth_threads(size) {
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
    pub(super) fn advance_over(&mut self, length: u64, first: &[u8], last: &[u8]) {
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

/// White space as JSON knows it, which alone may follow a record.
const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The next bytes before `size`, at most [`CHUNK`], in the buffer that is handed in; `None` when they changed meanwhile.
fn read_chunk(file: &OwnFile, mut buffer: Vec<u8>, from: u64, size: u64) -> io::Result<Option<Vec<u8>>> {
    let length = usize::try_from(size.saturating_sub(from)).map_or(CHUNK, |left| left.min(CHUNK));
    buffer.resize(length, 0);
    let count = file.read_at(&mut buffer, from)?;
    buffer.truncate(count);
    Ok(is_of_one_moment(&**file, &buffer, from, size)?.then_some(buffer))
}

/// Whether bytes that were read are what stood in the file at one moment. The system copies them page by page, and one copy
/// may span a cut and what was appended behind it: old bytes, then new ones. Read again afterwards, the old ones are gone.
/// A look at the size tells enough where there is much to read again.
pub(super) fn is_of_one_moment(file: &dyn DiskFile, read: &[u8], from: u64, size: u64) -> io::Result<bool> {
    if read.len() > READ_TWICE && file.stat()?.size == size {
        return Ok(true);
    }
    let mut again = vec![0; read.len().min(READ_TWICE)];
    for (number, part) in read.chunks(READ_TWICE).enumerate() {
        let again = &mut again[..part.len()];
        let count = file.read_at(again, from + (number * READ_TWICE) as u64)?;
        if count < part.len() || again != part {
            return Ok(false);
        }
    }
    Ok(true)
}
