//! Folds lines into columns.

use memchr::{memchr, memchr_iter};

use super::{Columns, Tokens};
use crate::column::Span;
use crate::event::{Reader, Record, salvage};

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
            let (line, offset) = (&lines[start..end], offset + start as u64);
            match reader.read(line).and_then(|values| C::Record::of(&values)) {
                Some(record) => part.add(&record, span(offset, line)),
                None => part.add_damaged(offset, line),
            }
            start = end + 1;
        }
        part
    }

    /// Reads a line whose newline is missing; `None` when it is no whole record.
    pub fn parse_record(offset: u64, line: &[u8]) -> Option<Self> {
        let record = C::Record::read(line)?;
        let mut part = Self::default();
        part.add(&record, span(offset, line));
        Some(part)
    }

    /// How many records there are.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    fn add(&mut self, record: &C::Record<'_>, span: Span) {
        self.rows.push(C::row(record, span, &mut self.tokens));
    }

    /// Takes a line that is no record: blank, or damaged and perhaps with a whole record behind a fragment.
    fn add_damaged(&mut self, offset: u64, line: &[u8]) {
        if line.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        self.skipped += 1;
        if let Some(at) = salvage::<C::Record<'_>>(line)
            && let Some(record) = C::Record::read(&line[at..])
        {
            self.add(&record, span(offset + at as u64, &line[at..]));
        }
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
