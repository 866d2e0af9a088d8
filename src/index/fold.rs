//! Folds lines into columns.

use memchr::{memchr, memchr_iter};

use super::{Columns, Tokens};
use crate::column::Span;
use crate::event::{Apart, Reader, Record, take_apart};

/// Some editors and shells begin a file with it.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Columns and what was left out of them.
#[derive(Debug, Default)]
pub(super) struct Folded<C> {
    pub columns: C,
    pub skipped: u64,
}

/// What lines are made into, on any thread, before they are appended to the columns.
pub(super) struct Part<C: Columns> {
    tokens: Tokens,
    rows: Vec<C::Row>,
    skipped: u64,
}

fn span(offset: u64, line: &[u8]) -> Span {
    Span { offset, length: u32::try_from(line.len()).unwrap_or(u32::MAX) }
}

impl<C: Columns> Default for Part<C> {
    fn default() -> Self {
        Self { tokens: Tokens::default(), rows: Vec::new(), skipped: 0 }
    }
}

impl<C: Columns> Part<C> {
    /// Reads whole lines, each with its newline, that begin at `offset`.
    pub fn parse(offset: u64, lines: &[u8]) -> Self {
        let mut part = Self::default();
        // A line more or less is as long as the first one.
        let first = memchr(b'\n', lines).map_or(0, |end| lines.len() / (end + 1));
        part.rows.reserve(first.min(lines.len() / 64));
        let mut reader = Reader::of::<C::Record<'_>>();
        let mut start = 0;
        for end in memchr_iter(b'\n', lines) {
            // A byte order mark at the beginning of a file is no part of its first line.
            let mark =
                if offset == 0 && start == 0 && lines.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
            let (line, offset) = (&lines[start + mark..end], offset + (start + mark) as u64);
            match reader.read(line).and_then(|values| C::Record::of(&values)) {
                Some(record) => part.add(&record, span(offset, line)),
                None => part.add_damaged(offset, line),
            }
            start = end + 1;
        }
        part
    }

    /// Reads a line whose newline is missing; `None` when there is no whole record on it yet.
    pub fn parse_tail(offset: u64, line: &[u8]) -> Option<Self> {
        let mut part = Self::default();
        let mark = if offset == 0 && line.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let (line, offset) = (&line[mark..], offset + mark as u64);
        match C::Record::read(line) {
            Some(record) => part.add(&record, span(offset, line)),
            None => part.add_damaged(offset, line),
        }
        (part.rows() > 0).then_some(part)
    }

    /// How many records there are.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    fn add(&mut self, record: &C::Record<'_>, span: Span) {
        self.rows.push(C::row(record, span, &mut self.tokens));
    }

    /// Takes a line that is no record: blank, or damaged and perhaps with whole records on it.
    fn add_damaged(&mut self, offset: u64, line: &[u8]) {
        if line.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        let Apart { records, skipped } = take_apart::<C::Record<'_>>(line);
        for range in records {
            let (place, text) = (offset + range.start as u64, &line[range]);
            if let Some(record) = C::Record::read(text) {
                self.add(&record, span(place, text));
            }
        }
        self.skipped += skipped;
    }
}

impl<C: Columns> Folded<C> {
    /// Appends what lines were made into.
    pub fn take(&mut self, part: Part<C>) {
        let numbers: Vec<u32> = part.tokens.all().iter().map(|token| self.columns.intern(token)).collect();
        part.rows.into_iter().for_each(|row| self.columns.push(row, &numbers));
        self.skipped += part.skipped;
    }
}
