//! One data file, its columns, and their cache: catching up folds each new line once, in whichever process first.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::cache::{CachePaths, Header, StoredChunks};
use super::decoded::{ChunkSource, DecodedChunks};
use super::fold::Folded;
use super::{Columns, Lines};
use crate::column::{Input, Source};
use crate::store::{Disk, DiskFile, LineReader, Sink};

/// Offsets from here on stand for lines that are still in memory, behind the end of any file.
pub(super) const PENDING_BASE: u64 = 1 << 62;

/// The cache is written when this much is new: reading it again costs about what writing does.
const SAVE_BYTES: u64 = 1 << 20;

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
    folded: Folded<C>,
    decoded: Arc<DecodedChunks>,
    set: u64,
    paths: CachePaths,
    stored: Option<StoredChunks>,
    saved: Saved,
}

/// How far the cache on disk goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Saved {
    /// It was not looked at.
    Unknown,
    /// Up to this position, or not worth another try before [`SAVE_BYTES`] more.
    UpTo(u64),
    /// It cannot be written by this set of columns.
    Never,
}

/// Answers from columns: the columns, their chunks, and the lines they point to.
pub struct View<'a, C> {
    /// The columns.
    pub columns: &'a C,
    /// Their chunks.
    pub chunks: Box<dyn Source + 'a>,
    /// The lines.
    pub lines: Lines<'a>,
    /// A number for the content of the file: another one after it was replaced or cut (see [`LineReader::fingerprint`]).
    pub generation: u64,
    /// A number for these columns: another one after they were made anew. With the count of their rows it tells whether
    /// they still say what they said.
    pub set: u64,
}

impl<C: Columns> Indexed<C> {
    /// Columns for the file at `path`, empty until the first catch-up; the cache has a name in a folder.
    #[must_use]
    pub fn new(path: &Path, cache_folder: &Path, cache_name: String, decoded: &Arc<DecodedChunks>) -> Self {
        Self {
            reader: LineReader::new(path),
            folded: Folded::default(),
            decoded: Arc::clone(decoded),
            set: decoded.new_set(),
            paths: CachePaths::new(cache_folder, cache_name),
            stored: None,
            saved: Saved::Unknown,
        }
    }

    /// Columns for the same file and, behind it, lines that are not in it yet.
    ///
    /// # Errors
    /// As the disk says.
    pub fn with_pending(&self, disk: &dyn Disk, pending: &[u8]) -> io::Result<Self> {
        let mut indexed = Self {
            reader: LineReader::new(self.reader.path()),
            folded: Folded::default(),
            decoded: Arc::clone(&self.decoded),
            set: self.decoded.new_set(),
            paths: self.paths.clone(),
            stored: None,
            saved: Saved::Unknown,
        };
        indexed.catch_up(disk, false)?;
        indexed.folded.lines(PENDING_BASE, pending);
        Ok(indexed)
    }

    /// Takes in what is new in the file, from the cache where it reaches; with `keep`, writes the cache when that is worth it.
    ///
    /// # Errors
    /// As the disk says; what was taken in before stays. A cache that cannot be read or written is no error.
    pub fn catch_up(&mut self, disk: &dyn Disk, keep: bool) -> io::Result<()> {
        if self.saved == Saved::Unknown {
            self.load(disk);
        }
        let restarts = self.folded.restarts;
        let caught_up = self.reader.catch_up(disk, &mut self.folded);
        if self.folded.restarts != restarts {
            self.forget_cache();
        }
        caught_up?;
        if keep
            && let Saved::UpTo(position) = self.saved
            && self.reader.position() >= position + SAVE_BYTES
        {
            self.saved = Saved::UpTo(self.reader.position());
            if self.save(disk).is_err() {
                self.saved = Saved::Never;
            }
        }
        Ok(())
    }

    /// Forgets everything and reads the file anew, after the cache proved damaged; `pending` as given to [`Self::with_pending`].
    ///
    /// # Errors
    /// As the disk says.
    pub fn rebuild(&mut self, disk: &dyn Disk, pending: &[u8]) -> io::Result<()> {
        self.reader = LineReader::new(self.reader.path());
        self.folded = Folded::default();
        self.forget_cache();
        self.catch_up(disk, false)?;
        self.folded.lines(PENDING_BASE, pending);
        Ok(())
    }

    /// The chunks in use belong to content that is gone; the next save begins a new file of chunks.
    fn forget_cache(&mut self) {
        self.set = self.decoded.new_set();
        self.stored = None;
        self.saved = Saved::UpTo(0);
    }

    fn load(&mut self, disk: &dyn Disk) {
        self.saved = Saved::UpTo(0);
        let Some(loaded) = self.paths.load(disk) else { return };
        let mut input = Input::new(&loaded.columns);
        let Some(columns) = C::load(&mut input).filter(|_| input.is_empty()) else { return };
        self.folded = Folded { columns, skipped: loaded.header.skipped, restarts: 0 };
        self.saved = Saved::UpTo(loaded.header.checkpoint.position);
        self.stored = Some(loaded.chunks);
        self.reader.resume(loaded.header.checkpoint);
    }

    /// Writes the cache, unless somebody else is at it or has just done it.
    fn save(&mut self, disk: &dyn Disk) -> io::Result<()> {
        let Some(checkpoint) = self.reader.checkpoint() else { return Ok(()) };
        let Some(_lock) = self.paths.lock(disk)? else { return Ok(()) };
        let others = self.paths.saved_position(disk, checkpoint.seen.identity);
        if others.is_some_and(|position| position + SAVE_BYTES > checkpoint.position) {
            return Ok(());
        }
        let Some(mut writer) = self.paths.writer(disk, self.stored.as_ref())? else {
            // Another process began anew; the chunks that only the old file has cannot be written again.
            return Err(io::ErrorKind::NotFound.into());
        };
        let mut columns = Vec::new();
        let source = source(&self.decoded, self.set, self.stored.as_ref());
        self.folded.columns.save(&source, &mut writer, &mut columns).map_err(io::Error::other)?;
        let name = writer.finish()?;
        let header = Header { checkpoint, skipped: self.folded.skipped };
        self.stored = self.paths.replace_state(disk, &header, &name, &columns)?;
        Ok(())
    }

    /// Gives back the descriptor of the data file.
    pub fn release(&mut self) {
        self.reader.release();
    }

    /// How many lines did not count since the file was last begun anew; blank lines are not among them.
    #[must_use]
    pub const fn skipped(&self) -> u64 {
        self.folded.skipped
    }

    /// What an answer is made of; `pending` as given to [`Self::with_pending`].
    #[must_use]
    pub fn view<'a>(&'a mut self, disk: &'a dyn Disk, pending: &'a [u8]) -> View<'a, C> {
        let generation = self.reader.fingerprint();
        View {
            columns: &self.folded.columns,
            chunks: Box::new(source(&self.decoded, self.set, self.stored.as_ref())),
            lines: Lines::new(&mut self.reader, disk, pending),
            generation,
            set: self.set,
        }
    }
}

fn source<'a>(decoded: &'a DecodedChunks, set: u64, stored: Option<&'a StoredChunks>) -> ChunkSource<'a> {
    ChunkSource { decoded, set, stored: stored.map(|stored| &*stored.file as &dyn DiskFile) }
}
