//! One data file, its columns, and their cache: catching up folds each new line once, in whichever process first.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::cache::CachePaths;
use super::cached::Cached;
use super::fold::Part;
use super::{Columns, DecodedChunks, Lines};
use crate::column::Source;
use crate::store::{Disk, LineReader};

/// Offsets from here on stand for lines that are still in memory, behind the end of any file.
pub(super) const PENDING_BASE: u64 = 1 << 62;

/// Columns that follow a file: each catch-up folds what is new, or starts over when the file was replaced or cut.
///
/// ```
/// use std::sync::Arc;
/// use obs_native::{column::Executions, index::Indexed, store::OsDisk};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("cuj-metrics.jsonl");
/// std::fs::write(&path, "{\"cuj_id\":\"CUJ-005\",\"success\":true}\nnot JSON\n")?;
/// let mut indexed = Indexed::<Executions>::new(&path, folder.path(), "executions".to_owned(), &Arc::default());
/// indexed.catch_up(&OsDisk, true)?;
/// assert_eq!(indexed.skipped(), 1);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Indexed<C> {
    reader: LineReader,
    cached: Cached<C>,
    /// While the disk refuses lines: the same with those behind it, from one question to the next.
    pending: Option<Box<Pending<C>>>,
}

#[derive(Debug)]
struct Pending<C> {
    indexed: Indexed<C>,
    lines: Vec<u8>,
}

/// Answers from columns: the columns, their chunks, and the lines they point to.
pub struct View<'a, C> {
    /// The columns.
    pub columns: &'a C,
    /// Their chunks.
    pub chunks: Box<dyn Source + 'a>,
    /// The lines.
    pub lines: Lines<'a>,
    /// A number for these columns: another one after they were made anew. With the count of their rows it tells whether
    /// they still say what they said.
    pub set: u64,
}

impl<C: Columns> Indexed<C> {
    /// Columns for the file at `path`, empty until the first catch-up; the cache has a name in a folder.
    #[must_use]
    pub fn new(path: &Path, cache_folder: &Path, cache_name: String, decoded: &Arc<DecodedChunks>) -> Self {
        let paths = CachePaths::new(path, cache_folder, cache_name);
        Self { reader: LineReader::new(path), cached: Cached::new(paths, Arc::clone(decoded)), pending: None }
    }

    /// Columns for the same file and, behind it, lines that are not in it yet.
    ///
    /// # Errors
    /// As the disk says.
    pub fn with_pending(&mut self, disk: &dyn Disk, pending: &[u8]) -> io::Result<&mut Self> {
        let usable = |kept: &Pending<C>| pending.starts_with(&kept.lines) && kept.indexed.reader.is_current(disk);
        let kept = if let Some(mut kept) = self.pending.take().filter(|kept| usable(kept)) {
            let known = kept.lines.len();
            kept.indexed.fold_pending(known as u64, &pending[known..]);
            kept.lines.extend_from_slice(&pending[known..]);
            kept
        } else {
            let reader = LineReader::new(self.reader.path());
            let mut indexed = Self { reader, cached: self.cached.anew(), pending: None };
            indexed.catch_up_in_memory(disk, pending)?;
            Box::new(Pending { indexed, lines: pending.to_vec() })
        };
        Ok(&mut self.pending.insert(kept).indexed)
    }

    fn fold_pending(&mut self, offset: u64, lines: &[u8]) {
        self.cached.folded.take(Part::parse(PENDING_BASE + offset, lines));
    }

    fn catch_up_in_memory(&mut self, disk: &dyn Disk, pending: &[u8]) -> io::Result<()> {
        self.catch_up(disk, false)?;
        self.fold_pending(0, pending);
        Ok(())
    }

    /// Takes in what is new in the file, from the cache where it reaches; with `keep`, writes the cache when that is worth it.
    ///
    /// # Errors
    /// As the disk says; what was taken in before stays. A cache that cannot be read or written is no error.
    pub fn catch_up(&mut self, disk: &dyn Disk, keep: bool) -> io::Result<()> {
        self.pending = None;
        for keep in [keep, false] {
            if let Some(checkpoint) = self.cached.load(disk) {
                self.reader.resume(checkpoint);
            }
            let mut taking = self.cached.taking(disk, keep);
            self.reader.catch_up(disk, &mut taking)?;
            if !taking.save(&self.reader) {
                break;
            }
            self.reader = LineReader::new(self.reader.path());
        }
        Ok(())
    }

    /// Forgets everything and reads the file anew, after the cache proved damaged; `pending` as given to [`Self::with_pending`].
    ///
    /// # Errors
    /// As the disk says.
    pub fn rebuild(&mut self, disk: &dyn Disk, pending: &[u8]) -> io::Result<()> {
        self.reader = LineReader::new(self.reader.path());
        self.cached.forget();
        self.catch_up_in_memory(disk, pending)
    }

    /// Gives back the descriptor of the data file.
    pub fn release(&mut self) {
        self.reader.release();
    }

    /// How many lines did not count since the file was last begun anew; blank lines are not among them.
    #[must_use]
    pub const fn skipped(&self) -> u64 {
        self.cached.folded.skipped
    }

    /// What an answer is made of; `pending` as given to [`Self::with_pending`].
    #[must_use]
    pub fn view<'a>(&'a mut self, disk: &'a dyn Disk, pending: &'a [u8]) -> View<'a, C> {
        View {
            columns: &self.cached.folded.columns,
            chunks: Box::new(self.cached.source()),
            lines: Lines::new(&mut self.reader, disk, pending),
            set: self.cached.set(),
        }
    }
}
