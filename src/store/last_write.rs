//! Remembers the last write to a file, to find out later whether another program's half line came right before it.

use std::io;

use memchr::{memchr, memrchr};

use super::appender::Found;
use super::disk::DiskFile;

/// Half lines longer than this are not looked through; a record behind one is left to the reader.
const MAX_FRAGMENT: usize = 64 * 1024;

/// What others appended since is read together with the last write up to this many bytes.
const NEAR: usize = 16 * 1024;

/// What was written last without a newline in front, because the tail was whole when it was looked at.
#[derive(Debug, Default)]
pub(super) struct LastWrite {
    /// Where it was expected to begin.
    expected: u64,
    /// Its first line, and the length of all.
    line: Vec<u8>,
    length: u64,
    near: Vec<u8>,
}

impl LastWrite {
    /// Nothing is known of what is written next.
    pub fn forget(&mut self) {
        self.line.clear();
    }

    /// Lines were written to a file that had this size at the last look.
    pub fn remember(&mut self, size: u64, lines: &[u8]) {
        let first = memchr(b'\n', lines).map_or(lines.len(), |end| end + 1);
        self.line.clear();
        self.line.extend_from_slice(&lines[..first]);
        self.expected = size;
        self.length = lines.len() as u64;
    }

    /// Whether the file ends right where the lines were expected to, so that nobody else can have written meanwhile.
    pub const fn ends_at(&self, size: u64) -> bool {
        !self.line.is_empty() && self.expected + self.length == size
    }

    /// The last byte of a file of this size, if the lines stand where they were expected to and not much stands behind them:
    /// then they are not lost, and one read has told all that has to be known.
    pub fn last_byte(&mut self, file: &dyn DiskFile, size: u64) -> io::Result<Option<u8>> {
        let behind = size.checked_sub(self.expected).and_then(|behind| usize::try_from(behind).ok());
        let Some(behind) = behind.filter(|&behind| !self.line.is_empty() && behind <= NEAR) else { return Ok(None) };
        self.near.resize(behind, 0);
        let whole = file.read_at(&mut self.near, self.expected)? == behind && self.near.starts_with(&self.line);
        Ok(self.near.last().copied().filter(|_| whole))
    }

    /// The first line, when it stands behind a fragment and a reader does not find it there. It is looked at once.
    pub fn lost(&mut self, file: &dyn DiskFile, found: Found) -> io::Result<Option<Vec<u8>>> {
        if self.line.is_empty() {
            return Ok(None);
        }
        let line = std::mem::take(&mut self.line);
        let start = file.position()?.saturating_sub(self.length);
        if start <= self.expected {
            return Ok(None);
        }
        let is_found = is_found(file, start, &line, found)?;
        Ok((!is_found).then_some(line))
    }
}

/// Whether a reader finds a line that stands at `start`, whatever fragment stands before it.
pub(super) fn is_found(file: &dyn DiskFile, start: u64, line: &[u8], found: Found) -> io::Result<bool> {
    let length = MAX_FRAGMENT.min(usize::try_from(start).unwrap_or(MAX_FRAGMENT));
    let mut before = vec![0; length];
    file.read_at(&mut before, start - length as u64)?;
    let fragment = memrchr(b'\n', &before).map_or(&before[..], |end| &before[end + 1..]);
    if fragment.trim_ascii().is_empty() {
        return Ok(true);
    }
    let whole = [fragment, line].concat();
    Ok(found(whole.trim_ascii_end(), fragment.len()))
}
