//! Columns and their cache on disk. While a long file is read, full chunks go into the cache's file of chunks and not into
//! memory; the state that names them is written when everything was read.

use std::io;
use std::sync::Arc;

use super::Columns;
use super::cache::{CachePaths, StoredChunks, limit};
use super::decoded::{ChunkSource, DecodedChunks};
use super::fold::{Folded, Part};
use super::state::Header;
use crate::column::Input;
use crate::store::{self, Checkpoint, Disk, DiskFile, LineReader, Sink};

/// The cache is written when this much is new: reading it again costs about what writing does.
const SAVE_BYTES: u64 = 1 << 20;

/// After so many rows the full chunks are written; until then they are in memory.
const SPILL_ROWS: usize = 1 << 15;

/// When no more than this was written, rows are of many ids and fill few chunks, so that it is not worth looking again soon.
const LITTLE: u64 = 64 * 1024;

/// Columns and how far their cache goes.
#[derive(Debug)]
pub(super) struct Cached<C> {
    pub folded: Folded<C>,
    decoded: Arc<DecodedChunks>,
    set: u64,
    paths: CachePaths,
    stored: Option<StoredChunks>,
    saved: Saved,
    /// What the last save cost, see [`Header`].
    cost: u64,
}

/// What came of a save.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// The cache is that of these columns, or need not be yet.
    Kept,
    /// Another process has written one of its own, which is to be taken instead.
    Superseded,
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

impl<C: Columns> Cached<C> {
    pub fn new(paths: CachePaths, decoded: Arc<DecodedChunks>) -> Self {
        let set = decoded.new_set();
        Self { folded: Folded::default(), decoded, set, paths, stored: None, saved: Saved::Unknown, cost: 0 }
    }

    /// Empty columns with the same cache.
    pub fn anew(&self) -> Self {
        Self::new(self.paths.clone(), Arc::clone(&self.decoded))
    }

    /// Forgets everything. The chunks in use belong to content that is gone; the next save begins a new file of chunks.
    pub fn forget(&mut self) {
        *self = Self { saved: Saved::UpTo(0), ..self.anew() };
    }

    /// Takes the columns from the cache, at the first call; gives the place in the data file that they reach to.
    pub fn load(&mut self, disk: &dyn Disk) -> Option<Checkpoint> {
        if self.saved != Saved::Unknown {
            return None;
        }
        self.saved = Saved::UpTo(0);
        let loaded = self.paths.load(disk)?;
        let mut input = Input::new(&loaded.columns);
        let columns = C::load(&mut input).filter(|_| input.is_empty())?;
        self.folded = Folded { columns, skipped: loaded.header.skipped };
        self.saved = Saved::UpTo(loaded.header.checkpoint.position);
        self.cost = loaded.header.cost;
        self.stored = Some(loaded.chunks);
        Some(loaded.header.checkpoint)
    }

    /// What takes the lines that are new; with `keep`, the cache may be written.
    pub fn taking<'a>(&'a mut self, disk: &'a dyn Disk, keep: bool) -> Taking<'a, C> {
        Taking { cached: self, disk: keep.then_some(disk), lock: None, rows: 0, enough: SPILL_ROWS }
    }

    /// Tells this content from every other.
    pub const fn set(&self) -> u64 {
        self.set
    }

    pub fn source(&self) -> ChunkSource<'_> {
        source(&self.decoded, self.set, self.stored.as_ref())
    }

    /// Writes the full chunks that are in memory; gives how many bytes they had.
    fn spill(&mut self, disk: &dyn Disk) -> io::Result<u64> {
        // Where another process began anew, they stay in memory until the next save.
        let Some(mut writer) = self.paths.writer(disk, self.stored.as_ref())? else { return Ok(0) };
        self.folded.columns.spill(&mut writer);
        let written = writer.written();
        let name = writer.finish()?;
        if self.stored.is_none() {
            self.stored = self.paths.open_chunks(disk, &name);
        }
        Ok(written)
    }

    /// Writes the cache, unless somebody else has just done it; the lock is held.
    fn save(&mut self, disk: &dyn Disk, reader: &LineReader, checkpoint: Checkpoint) -> io::Result<Outcome> {
        let others = self.paths.saved(disk).filter(|(header, _)| reader.holds(&header.checkpoint));
        if let Some((header, chunks)) = others
            && header.checkpoint.position + enough(header.cost) > checkpoint.position
        {
            if chunks.is_empty() {
                self.paths.sweep(disk, "")?;
            }
            let same = chunks.is_empty() || self.stored.as_ref().is_none_or(|stored| stored.name() == chunks);
            return Ok(if same { Outcome::Kept } else { Outcome::Superseded });
        }
        let limit = limit(checkpoint.position);
        let crowded = self.stored.as_ref().is_some_and(|stored| stored.size() + 2 * self.cost > limit);
        let used = self.stored.as_ref().filter(|_| !crowded);
        // The chunks that only a file has which is gone cannot be written again.
        let Some(mut writer) = self.paths.writer(disk, used)? else { return Ok(Outcome::Superseded) };
        writer.moves = crowded;
        let mut columns = Vec::new();
        let source = source(&self.decoded, self.set, self.stored.as_ref());
        self.folded.columns.save(&source, &mut writer, &mut columns).map_err(io::Error::other)?;
        self.cost = columns.len() as u64 + writer.rest;
        let size = writer.size() + columns.len() as u64;
        let name = writer.finish()?;
        let skipped = self.folded.skipped;
        if size > limit {
            // So many ids, or so short lines, that a cache would be too large a part of them. What is written instead has
            // everybody try again only when there is twice as much; the chunks are read by who has them open.
            self.cost = checkpoint.position / 8;
            self.paths.replace_state(disk, &Header { checkpoint, skipped, cost: self.cost }, "", &[])?;
            return Ok(Outcome::Kept);
        }
        let header = Header { checkpoint, skipped, cost: self.cost };
        self.paths.replace_state(disk, &header, &name, &columns)?;
        self.stored = self.paths.open_chunks(disk, &name);
        Ok(Outcome::Kept)
    }
}

/// How much has to be new before the cache is written again: with many ids, of whose rows each save writes the last few
/// anew, it is more, so that all saves together write no more than an eighth of the data.
fn enough(cost: u64) -> u64 {
    SAVE_BYTES.max(cost.saturating_mul(8))
}

fn source<'a>(decoded: &'a DecodedChunks, set: u64, stored: Option<&'a StoredChunks>) -> ChunkSource<'a> {
    ChunkSource { decoded, set, stored: stored.map(|stored| &*stored.file as &dyn DiskFile) }
}

/// Takes the lines that are new.
pub(super) struct Taking<'a, C> {
    cached: &'a mut Cached<C>,
    /// `None` when the cache is not to be written.
    disk: Option<&'a dyn Disk>,
    /// Taken before the first chunk is written, and kept until the state names it: who writes a state removes the chunks
    /// that it does not name.
    lock: Option<Box<dyn Send>>,
    /// Taken since chunks were written.
    rows: usize,
    /// After so many rows chunks are written again.
    enough: usize,
}

impl<C: Columns> Taking<'_, C> {
    /// Writes full chunks when there are many. A chunk that is lost because the disk refused it is found out when a question
    /// needs it, and then the columns are made anew, in memory.
    fn spill(&mut self) -> io::Result<()> {
        let (Some(disk), Saved::UpTo(_), true) = (self.disk, self.cached.saved, self.rows >= self.enough) else {
            return Ok(());
        };
        self.rows = 0;
        self.take_lock(disk)?;
        if self.lock.is_some() {
            self.enough = if self.cached.spill(disk)? < LITTLE { self.enough * 2 } else { SPILL_ROWS };
        }
        Ok(())
    }

    fn take_lock(&mut self, disk: &dyn Disk) -> io::Result<()> {
        if self.lock.is_none() {
            self.lock = self.cached.paths.lock(disk)?;
        }
        Ok(())
    }

    /// Writes the cache when that is worth it, unless somebody else is at it; true when another process has written one that
    /// is to be loaded instead, with a reader that begins anew.
    pub fn save(mut self, reader: &LineReader) -> bool {
        let (Some(disk), Saved::UpTo(saved)) = (self.disk, self.cached.saved) else { return false };
        if reader.position() < saved.saturating_add(enough(self.cached.cost)) {
            return false;
        }
        self.cached.saved = Saved::UpTo(reader.position());
        let Some(checkpoint) = reader.checkpoint() else { return false };
        let written = self.take_lock(disk).and_then(|()| match &self.lock {
            Some(_) => self.cached.save(disk, reader, checkpoint),
            None => Ok(Outcome::Kept),
        });
        match written {
            Ok(Outcome::Kept) => return false,
            Ok(Outcome::Superseded) => *self.cached = self.cached.anew(),
            Err(_) => self.cached.saved = Saved::Never,
        }
        matches!(written, Ok(Outcome::Superseded))
    }
}

impl<C: Columns> Sink for Taking<'_, C> {
    fn restart(&mut self) {
        self.cached.forget();
    }

    fn parser(&self) -> store::Parse {
        |offset, lines| Box::new(Part::<C>::parse(offset, lines))
    }

    fn take(&mut self, part: store::Part) {
        // It is what the parser made.
        let Ok(part) = part.downcast::<Part<C>>() else { return };
        self.rows += part.rows();
        self.cached.folded.take(*part);
        if self.spill().is_err() {
            self.cached.saved = Saved::Never;
        }
    }

    fn tail(&mut self, offset: u64, line: &[u8]) -> bool {
        Part::<C>::parse_tail(offset, line).map(|part| self.take(Box::new(part))).is_some()
    }

    fn overlong(&mut self) {
        self.cached.folded.skipped += 1;
    }
}
