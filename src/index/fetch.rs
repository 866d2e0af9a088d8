//! Fetches lines again by their places, reading ahead because they are mostly asked for in order.

use std::io;

use super::indexed::PENDING_BASE;
use crate::column::Span;
use crate::store::{Disk, LineReader};

const READ_AHEAD: usize = 64 * 1024;

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
}

impl<'a> Lines<'a> {
    /// The file is opened when the first line is asked for; many answers need none.
    pub(super) const fn new(reader: &'a mut LineReader, disk: &'a dyn Disk, pending: &'a [u8]) -> Self {
        Self { reader, disk, pending, buffer: Vec::new(), start: 0 }
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
            let Some(file) = self.reader.file(self.disk)? else { return Ok(&[]) };
            // Only lines that stand close behind each other are worth reading ahead for.
            let near = span.offset.checked_sub(self.start).is_some_and(|step| step < READ_AHEAD as u64);
            self.buffer.resize(if near && self.start > 0 { length.max(READ_AHEAD) } else { length }, 0);
            let count = file.read_at(&mut self.buffer, span.offset)?;
            self.buffer.truncate(count);
            self.start = span.offset;
        }
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
        if !(line.starts_with(b"{") && line.ends_with(b"}")) {
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
