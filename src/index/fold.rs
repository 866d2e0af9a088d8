//! Folds lines into columns, large pieces on several cores.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use memchr::{memchr, memchr_iter};

use super::Columns;
use crate::column::Span;
use crate::event::{Record, salvage};
use crate::store::Sink;

/// Pieces smaller than this are parsed on the calling thread alone.
const SHARE_BYTES: usize = 512 * 1024;

/// More threads than this do not make the one that appends any faster.
const MAX_THREADS: usize = 4;

/// Into how many parts for each thread a piece is cut, so that no thread waits long for another.
const PARTS_PER_THREAD: usize = 4;

/// Columns and what was left out of them.
#[derive(Debug, Default)]
pub(super) struct Folded<C> {
    pub columns: C,
    pub skipped: u64,
    /// How often everything was forgotten because the file was replaced or cut.
    pub restarts: u64,
}

/// What one line is.
enum Parsed<R> {
    Record(R, Span),
    /// A whole record behind a fragment.
    Salvaged(R, Span),
    Skipped,
}

fn span(offset: u64, line: &[u8]) -> Span {
    Span { offset, length: u32::try_from(line.len()).unwrap_or(u32::MAX) }
}

fn parse<'a, R: Record<'a>>(offset: u64, line: &'a [u8]) -> Option<Parsed<R>> {
    if let Some(record) = R::read(line) {
        return Some(Parsed::Record(record, span(offset, line)));
    }
    if line.iter().all(u8::is_ascii_whitespace) {
        return None;
    }
    let salvaged = salvage::<R>(line).and_then(|at| {
        let record = R::read(&line[at..])?;
        Some(Parsed::Salvaged(record, span(offset + at as u64, &line[at..])))
    });
    Some(salvaged.unwrap_or(Parsed::Skipped))
}

fn parse_lines<'a, R: Record<'a>>(offset: u64, lines: &'a [u8]) -> Vec<Parsed<R>> {
    let mut parsed = Vec::new();
    let mut start = 0;
    for end in memchr_iter(b'\n', lines) {
        parsed.extend(parse(offset + start as u64, &lines[start..end]));
        start = end + 1;
    }
    parsed
}

/// Cuts whole lines into about equal parts of whole lines.
fn split(lines: &[u8], parts: usize) -> Vec<(usize, &[u8])> {
    let mut found = Vec::with_capacity(parts);
    let mut start = 0;
    for part in 1..=parts {
        let aim = (lines.len() / parts * part).max(start);
        let end = if part == parts {
            lines.len()
        } else {
            memchr(b'\n', &lines[aim..]).map_or(lines.len(), |at| aim + at + 1)
        };
        if end > start {
            found.push((start, &lines[start..end]));
        }
        start = end;
    }
    found
}

impl<C: Columns> Folded<C> {
    fn take(&mut self, parsed: &Parsed<C::Record<'_>>) {
        match parsed {
            Parsed::Record(record, span) => self.columns.push(record, *span),
            Parsed::Salvaged(record, span) => {
                self.skipped += 1;
                self.columns.push(record, *span);
            }
            Parsed::Skipped => self.skipped += 1,
        }
    }

    /// Parses the parts of a piece on several threads; this one folds them in order, and parses too while it has to wait.
    fn fold_shared<'a>(&mut self, offset: u64, lines: &'a [u8], threads: usize)
    where
        C::Record<'a>: Send,
    {
        let parts = split(lines, threads * PARTS_PER_THREAD);
        let next = AtomicUsize::new(0);
        let parse_next = || {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let &(start, part) = parts.get(number)?;
            Some((number, parse_lines::<C::Record<'a>>(offset + start as u64, part)))
        };
        let (sender, parsed) = mpsc::channel();
        thread::scope(|scope| {
            for _ in 1..threads {
                let (sender, parse_next) = (sender.clone(), &parse_next);
                scope.spawn(move || while parse_next().is_some_and(|part| sender.send(part).is_ok()) {});
            }
            drop(sender);
            let mut waiting = BTreeMap::new();
            let mut folded = 0;
            while folded < parts.len() {
                waiting.extend(parsed.try_iter());
                if let Some(part) = waiting.remove(&folded) {
                    let part: Vec<Parsed<C::Record<'a>>> = part;
                    part.iter().for_each(|parsed| self.take(parsed));
                    folded += 1;
                } else if let Some((number, part)) = parse_next() {
                    waiting.insert(number, part);
                } else if let Ok((number, part)) = parsed.recv() {
                    waiting.insert(number, part);
                } else {
                    // A thread that panicked has not sent its part; leaving the scope passes the panic on.
                    break;
                }
            }
        });
    }
}

impl<C: Columns> Sink for Folded<C> {
    fn restart(&mut self) {
        *self = Self { restarts: self.restarts + 1, ..Self::default() };
    }

    fn line(&mut self, offset: u64, line: &[u8]) {
        if let Some(parsed) = parse::<C::Record<'_>>(offset, line) {
            self.take(&parsed);
        }
    }

    fn lines(&mut self, offset: u64, lines: &[u8]) {
        if lines.len() >= SHARE_BYTES {
            // Asked only here, because on Linux the answer is read from several files.
            let threads = thread::available_parallelism().map_or(1, |cores| cores.get().min(MAX_THREADS));
            if threads > 1 {
                self.fold_shared(offset, lines, threads);
                return;
            }
        }
        let mut start = 0;
        for end in memchr_iter(b'\n', lines) {
            self.line(offset + start as u64, &lines[start..end]);
            start = end + 1;
        }
    }

    fn tail(&mut self, offset: u64, line: &[u8]) -> bool {
        let Some(record) = C::Record::read(line) else { return false };
        self.columns.push(&record, span(offset, line));
        true
    }

    fn overlong(&mut self) {
        self.skipped += 1;
    }
}
