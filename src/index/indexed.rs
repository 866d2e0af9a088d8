//! One file and its columns: catching up folds each new line once.

use std::io;
use std::path::Path;

use super::{Columns, Lines};
use crate::column::Span;
use crate::event::{Record, salvage};
use crate::store::{Disk, LineReader, Sink};

/// Offsets from here on stand for lines that are still in memory, behind the end of any file.
pub(super) const PENDING_BASE: u64 = 1 << 62;

/// Columns that follow a file: each catch-up folds what is new, or starts over when the file was replaced or cut.
///
/// ```
/// use obs_native::{column::Executions, index::Indexed, store::OsDisk};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("cuj-metrics.jsonl");
/// std::fs::write(&path, "{\"cuj_id\":\"CUJ-005\",\"success\":true}\nnot JSON\n")?;
/// let mut indexed = Indexed::<Executions>::new(&path);
/// indexed.catch_up(&OsDisk)?;
/// assert_eq!(indexed.columns().iter().count(), 1);
/// assert_eq!(indexed.skipped(), 1);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Indexed<C> {
    reader: LineReader,
    folded: Folded<C>,
}

#[derive(Debug, Default)]
struct Folded<C> {
    columns: C,
    skipped: u64,
    generation: u64,
}

impl<C: Columns> Indexed<C> {
    /// Columns for the file at `path`, empty until the first catch-up.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self { reader: LineReader::new(path), folded: Folded::default() }
    }

    /// Columns for the file and, behind it, lines that are not in it yet.
    ///
    /// # Errors
    /// As the disk says.
    pub fn with_pending(path: &Path, disk: &dyn Disk, pending: &[u8]) -> io::Result<Self> {
        let mut indexed = Self::new(path);
        indexed.catch_up(disk)?;
        let mut offset = PENDING_BASE;
        for line in pending.split_inclusive(|&byte| byte == b'\n') {
            indexed.folded.line(offset, line.strip_suffix(b"\n").unwrap_or(line));
            offset += line.len() as u64;
        }
        Ok(indexed)
    }

    /// Takes in what is new in the file.
    ///
    /// # Errors
    /// As the disk says; what was taken in before stays.
    pub fn catch_up(&mut self, disk: &dyn Disk) -> io::Result<()> {
        self.reader.catch_up(disk, &mut self.folded)
    }

    /// Gives back the descriptor.
    pub fn release(&mut self) {
        self.reader.release();
    }

    /// The columns.
    #[must_use]
    pub const fn columns(&self) -> &C {
        &self.folded.columns
    }

    /// How many lines did not count since the file was last begun anew; blank lines are not among them.
    #[must_use]
    pub const fn skipped(&self) -> u64 {
        self.folded.skipped
    }

    /// How often the file was replaced or cut.
    #[must_use]
    pub const fn generation(&self) -> u64 {
        self.folded.generation
    }

    /// The columns, and a way to fetch the lines that they point to; `pending` as given to [`Self::with_pending`].
    ///
    /// # Errors
    /// When there are lines but the file cannot be opened.
    pub fn parts<'a>(&'a mut self, disk: &dyn Disk, pending: &'a [u8]) -> io::Result<(&'a C, Lines<'a>)> {
        let file = if self.reader.identity().is_some() { Some(self.reader.file(disk)?) } else { None };
        Ok((&self.folded.columns, Lines::new(file, pending)))
    }
}

impl<C: Columns> Folded<C> {
    fn push(&mut self, offset: u64, line: &[u8]) -> bool {
        let Some(record) = C::Record::read(line) else { return false };
        let length = u32::try_from(line.len()).unwrap_or(u32::MAX);
        self.columns.push(&record, Span { offset, length });
        true
    }
}

impl<C: Columns> Sink for Folded<C> {
    fn restart(&mut self) {
        *self = Self { generation: self.generation + 1, ..Self::default() };
    }

    fn line(&mut self, offset: u64, line: &[u8]) {
        if self.push(offset, line) || line.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        self.skipped += 1;
        if let Some(at) = salvage::<C::Record<'_>>(line) {
            self.push(offset + at as u64, &line[at..]);
        }
    }

    fn tail(&mut self, offset: u64, line: &[u8]) -> bool {
        self.push(offset, line)
    }

    fn overlong(&mut self) {
        self.skipped += 1;
    }
}
