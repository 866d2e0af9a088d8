//! Fetches lines again by their places, reading ahead because they are mostly asked for in order.

use std::io;

use super::indexed::PENDING_BASE;
use crate::column::Span;
use crate::json::whole_value;
use crate::store::{Disk, LineReader};

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
}

impl<'a> Lines<'a> {
    /// The file is opened when the first line is asked for; many answers need none.
    pub(super) const fn new(reader: &'a mut LineReader, disk: &'a dyn Disk, pending: &'a [u8]) -> Self {
        Self { reader, disk, pending, buffer: Vec::new(), start: 0, behind: 0, ahead: 0, there: None }
    }

    /// The line at `span`; empty when the file has been cut meanwhile.
    ///
    /// # Errors
    /// As the disk says.
    pub fn get(&mut self, span: Span) -> io::Result<&[u8]> {
        let length = span.length as usize;
        if let Some(offset) = span.offset.checked_sub(PENDING_BASE) {
            let start = usize::try_from(offset).unwrap_or(usize::MAX);
            return Ok(self.pending.get(start..start.saturating_add(length)).unwrap_or_default());
        }
        let buffered = |start: u64, buffer: &[u8]| {
            let at = usize::try_from(span.offset.checked_sub(start)?).ok()?;
            (at + length <= buffer.len()).then_some(at)
        };
        if buffered(self.start, &self.buffer).is_none() {
            if self.there.is_none() {
                self.there = Some(self.reader.file(self.disk)?.is_some());
            }
            let Some(file) = self.reader.opened().filter(|_| self.there == Some(true)) else { return Ok(&[]) };
            let near = self.behind > 0 && span.offset.checked_sub(self.behind).is_some_and(|gap| gap < NEAR);
            self.ahead = if near { (2 * self.ahead).clamp(FIRST_AHEAD, READ_AHEAD) } else { 0 };
            self.buffer.resize(length.max(self.ahead), 0);
            let count = file.read_at(&mut self.buffer, span.offset)?;
            self.buffer.truncate(count);
            self.start = span.offset;
        }
        self.behind = span.offset + u64::from(span.length);
        Ok(buffered(self.start, &self.buffer).map_or(&[], |at| &self.buffer[at..at + length]))
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
    /// Appends a record's line; a line that is no object any more, because its file was overwritten, is left out.
    pub fn push(&mut self, line: &[u8]) {
        let line = line.trim_ascii();
        if !line.starts_with(b"{") || whole_value(line).is_err() {
            return;
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
