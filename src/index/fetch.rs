//! Fetches lines again by their places, reading ahead because they are mostly asked for in order.

use std::cell::Cell;
use std::io;

use super::indexed::PENDING_BASE;
use crate::column::Span;
use crate::event::Record;
use crate::json::whole_value;
use crate::store::{Disk, LineReader, is_closed};

/// At most this much is read ahead; less at first, because there may be no more lines to fetch.
const READ_AHEAD: usize = 64 * 1024;
const FIRST_AHEAD: usize = 2048;

/// Only for lines that stand as close behind each other as this is it worth reading ahead.
const NEAR: u64 = 4096;

/// Texts of results that hold whole records are cut into pieces of about this size; JavaScript strings end at 512 MiB.
const PIECE_BYTES: usize = 16 * 1024 * 1024;

/// Lines of one file, and lines that are still in memory.
#[derive(Debug)]
pub struct Lines<'a> {
    reader: &'a mut LineReader,
    disk: &'a dyn Disk,
    pending: &'a [u8],
    buffer: Vec<u8>,
    start: u64,
    /// Behind the line that was asked for last.
    behind: u64,
    ahead: usize,
    /// Whether the file is there; not known before the first line is asked for.
    there: Option<bool>,
    doubted: Cell<bool>,
}

impl<'a> Lines<'a> {
    /// The file is opened when the first line is asked for; many answers need none.
    pub(super) const fn new(reader: &'a mut LineReader, disk: &'a dyn Disk, pending: &'a [u8]) -> Self {
        Self {
            reader,
            disk,
            pending,
            buffer: Vec::new(),
            start: 0,
            behind: 0,
            ahead: 0,
            there: None,
            doubted: Cell::new(false),
        }
    }

    /// The record at `span`, when it is `wanted`. The columns promise one, so if it is not, the answer is in doubt.
    ///
    /// # Errors
    /// As the disk says.
    pub fn record<'b, R: Record<'b>>(&'b mut self, span: Span, wanted: impl Fn(&R) -> bool) -> io::Result<Option<R>> {
        self.load(span)?;
        let record = R::read(self.loaded(span)).filter(wanted);
        if record.is_none() {
            self.doubted.set(true);
        }
        Ok(record)
    }

    /// Says that a line is not what the columns promise.
    pub fn doubt(&self) {
        self.doubted.set(true);
    }

    /// Whether the lines that were asked for are those of the file that the columns were made of: it was not replaced or cut
    /// before the last one of them was read, as far as its beginning, what stands before the position and, unless the columns
    /// were made only just now, the lines themselves tell.
    ///
    /// # Errors
    /// As the disk says.
    pub fn are_sound(&self, just_now: bool) -> io::Result<bool> {
        match self.there {
            None => Ok(true),
            Some(there) => Ok(there && (just_now || !self.doubted.get()) && self.reader.is_unchanged()?),
        }
    }

    /// How many of the file's first bytes are known, and a number for them (see [`LineReader::fingerprint`]).
    #[must_use]
    pub fn content(&self) -> (usize, u64) {
        let known = self.reader.known_bytes();
        (known, self.reader.fingerprint(known))
    }

    /// Whether this is still the file of which [`Self::content`] said this.
    #[must_use]
    pub fn is_content(&self, (known, fingerprint): (usize, u64)) -> bool {
        self.reader.fingerprint(known) == fingerprint
    }

    /// The line at `span`; empty when the file has been cut meanwhile.
    ///
    /// # Errors
    /// As the disk says.
    pub fn get(&mut self, span: Span) -> io::Result<&[u8]> {
        self.load(span)?;
        Ok(self.loaded(span))
    }

    fn load(&mut self, span: Span) -> io::Result<()> {
        if span.offset >= PENDING_BASE {
            return Ok(());
        }
        if self.buffered(span).is_none() {
            let length = span.length as usize;
            let near = self.behind > 0 && span.offset.checked_sub(self.behind).is_some_and(|gap| gap < NEAR);
            self.ahead = if near { (2 * self.ahead).clamp(FIRST_AHEAD, READ_AHEAD) } else { 0 };
            let count = self.block(span.offset, length.max(self.ahead))?.len();
            if self.there == Some(true) && count < length {
                self.doubted.set(true);
            }
        }
        self.behind = span.offset + u64::from(span.length);
        Ok(())
    }

    /// At most so many bytes of the file, from an offset on; none where it is gone.
    pub(super) fn block(&mut self, offset: u64, most: usize) -> io::Result<&[u8]> {
        if self.there.is_none() {
            // Whether an open file is still the right one is asked once, after the last line.
            self.there = Some(self.reader.opened().is_some() || self.reader.file(self.disk)?.is_some());
        }
        (self.start, self.behind) = (offset, 0);
        self.buffer.clear();
        let Some(file) = self.reader.opened().filter(|_| self.there == Some(true)) else { return Ok(&[]) };
        self.buffer.resize(most, 0);
        let read = file.read_at(&mut self.buffer, offset);
        self.buffer.truncate(*read.as_ref().unwrap_or(&0));
        if read.as_ref().is_err_and(is_closed) {
            // Other code closed it: with the next one, the question starts over.
            self.reader.release();
            self.there = Some(false);
            return Ok(&[]);
        }
        read?;
        Ok(&self.buffer)
    }

    /// Lines that are still in memory.
    pub(super) const fn pending(&self) -> &[u8] {
        self.pending
    }

    fn buffered(&self, span: Span) -> Option<&[u8]> {
        let at = usize::try_from(span.offset.checked_sub(self.start)?).ok()?;
        self.buffer.get(at..at.checked_add(span.length as usize)?)
    }

    fn loaded(&self, span: Span) -> &[u8] {
        let Some(offset) = span.offset.checked_sub(PENDING_BASE) else {
            return self.buffered(span).unwrap_or_default();
        };
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        self.pending.get(start..start.saturating_add(span.length as usize)).unwrap_or_default()
    }
}

/// Texts of JSON arrays, none much larger than 16 MiB.
///
/// ```
/// use obs_native::index::Pieces;
///
/// let mut pieces = Pieces::default();
/// pieces.push(b"{}");
/// pieces.push(br#"{"a":1} "#);
/// assert_eq!(pieces.finish(), [r#"[{},{"a":1}]"#]);
/// ```
#[derive(Debug, Default)]
pub struct Pieces(Vec<String>);

impl Pieces {
    /// Appends a record's line. A line that is no object any more, because its file was overwritten, is left out; false then.
    pub fn push(&mut self, line: &[u8]) -> bool {
        let line = line.trim_ascii();
        if !line.starts_with(b"{") || whole_value(line).is_err() {
            return false;
        }
        match self.0.last_mut() {
            Some(piece) if piece.len() < PIECE_BYTES => piece.push(','),
            _ => self.0.push(String::from("[")),
        }
        if let Some(piece) = self.0.last_mut() {
            piece.push_str(&String::from_utf8_lossy(line));
            if piece.len() >= PIECE_BYTES {
                piece.push(']');
            }
        }
        true
    }

    /// The finished texts.
    #[must_use]
    pub fn finish(mut self) -> Vec<String> {
        if let Some(piece) = self.0.last_mut()
            && piece.len() < PIECE_BYTES
        {
            piece.push(']');
        }
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Pieces;

    #[test]
    fn a_line_with_an_overwritten_byte_is_left_out() {
        let mut pieces = Pieces::default();
        for line in [&br#"{"a":1}"#[..], br#"{"a"x1}"#, br#"{"a":1"#, b"", br#"{"b":2}"#] {
            pieces.push(line);
        }
        assert_eq!(pieces.finish(), [r#"[{"a":1},{"b":2}]"#]);
    }
}
