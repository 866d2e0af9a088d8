//! Rows in the order of the file, cut into chunks: a chunk that is full is kept as a summary and bytes that are decoded on
//! demand, in memory or in the cache on disk; the last rows stay as they are.

use std::any::TypeId;
use std::borrow::Cow;
use std::fmt::Debug;
use std::sync::Arc;

use super::part::{Chunk, Formed, Of, Part};
use super::summaries::Summaries;
use super::wire::{Input, put_unsigned};
use super::{Overlap, Summary};

/// Rows in a full chunk.
pub const CHUNK_ROWS: usize = 1024;

/// A form of the rows that are in no chunk yet is made anew with every so many new rows.
const GROUP_ROWS: usize = 64;

/// Fewer rows have no form: with many ids those of all would not be kept.
const FORMED_ROWS: usize = 256;

/// A kind of row.
pub trait Cell: Copy + Debug + Send + Sync + 'static {
    /// Adds this row to a summary.
    fn add_to(&self, summary: &mut Summary);
    /// Writes rows as bytes.
    fn encode(rows: &[Self], out: &mut Vec<u8>);
    /// Reads rows back; `None` when the bytes make no sense.
    fn decode(bytes: &[u8]) -> Option<Vec<Self>>;
}

/// Where a chunk's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In memory.
    Memory(Arc<[u8]>),
    /// In the cache on disk.
    Stored {
        /// Offset in the file of chunks.
        offset: u64,
        /// Length in bytes.
        length: u32,
        /// CRC-32 of the bytes.
        checksum: u32,
    },
}

/// The bytes of a chunk are gone or damaged: the columns have to be made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cache of columns is damaged")]
pub struct Damaged;

/// Brings the bytes of chunks, and keeps the forms of rows that were used last.
pub trait Source {
    /// The form of the rows with an id that was made before, or what `make` makes.
    ///
    /// # Errors
    /// Those of `make`.
    fn formed(&self, key: (u64, TypeId), make: &dyn Fn() -> Result<Formed, Damaged>) -> Result<Formed, Damaged>;

    /// The bytes of a chunk.
    ///
    /// # Errors
    /// When they are gone or damaged.
    fn bytes<'a>(&self, place: &'a Place) -> Result<Cow<'a, [u8]>, Damaged>;
}

/// Takes the bytes of chunks into the cache on disk.
pub trait Sink {
    /// Stores bytes and tells where they are.
    fn put(&mut self, bytes: &[u8]) -> Place;
    /// Stores those of rows that will be stored again, with others, the next time.
    fn put_rest(&mut self, bytes: &[u8]) -> Place {
        self.put(bytes)
    }
    /// Whether what was stored before has to be stored again, because this is another file.
    fn moves(&self) -> bool {
        false
    }
}

/// Rows in the order of the file.
#[derive(Debug)]
pub struct Chunks<R> {
    closed: Vec<Chunk>,
    summaries: Summaries,
    open: Vec<R>,
    open_summary: Summary,
    /// The id of the whole groups of open rows.
    open_id: u64,
}

impl<R> Default for Chunks<R> {
    fn default() -> Self {
        let (closed, summaries, open_summary) = Default::default();
        Self { closed, summaries, open: Vec::new(), open_summary, open_id: 0 }
    }
}

/// Gives chunks their ids.
#[derive(Debug, Default)]
pub struct Ids(u64);

impl Ids {
    fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

impl<R: Cell> Chunks<R> {
    /// Appends a row.
    pub fn push(&mut self, row: R, ids: &mut Ids) {
        if self.open.len() == CHUNK_ROWS {
            let mut bytes = Vec::new();
            R::encode(&self.open, &mut bytes);
            self.summaries.push(std::mem::take(&mut self.open_summary));
            self.closed.push(Chunk { place: Place::Memory(bytes.into()), id: ids.next() });
            self.open.clear();
        }
        if self.open.is_empty() {
            // Of many ids, most may have one row only.
            self.open.reserve_exact(1);
        }
        row.add_to(&mut self.open_summary);
        self.open.push(row);
        if self.open.len() % GROUP_ROWS == 0 {
            self.open_id = ids.next();
        }
    }

    fn part(&self, place: usize) -> Part<'_, R> {
        Part { summary: self.summaries.at(place), of: Of::Chunk(&self.closed[place]) }
    }

    fn open_part(&self) -> Option<Part<'_, R>> {
        let len = self.open.len();
        let (groups, rest) = self.open.split_at(if len < FORMED_ROWS { 0 } else { len - len % GROUP_ROWS });
        let of = Of::Open { all: &self.open, groups, rest, id: self.open_id };
        (!self.open.is_empty()).then_some(Part { summary: &self.open_summary, of })
    }

    /// The summary and a way to the rows of every part, in the order of the file.
    #[must_use]
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = Part<'_, R>> + Clone {
        (0..self.closed.len()).map(|place| self.part(place)).chain(self.open_part())
    }

    /// Calls `whole` with what the parts add up to that are `judge`d to be wholly inside; gives those that are cut.
    pub fn walk(&self, judge: impl Fn(&Summary) -> Overlap, mut whole: impl FnMut(&Summary)) -> Vec<Part<'_, R>> {
        let mut cut = Vec::new();
        self.summaries.walk(&judge, &mut whole, |place| cut.push(self.part(place)));
        if let Some(open) = self.open_part() {
            match judge(open.summary) {
                Overlap::None => {}
                Overlap::Part => cut.push(open),
                Overlap::Whole => whole(open.summary),
            }
        }
        cut
    }

    /// Visits the rows from the first until before the second time, as `at` tells the time of a row, or all rows; in the
    /// order of the file.
    ///
    /// # Errors
    /// When a chunk is damaged.
    pub fn visit(
        &self,
        source: &dyn Source,
        window: Option<(i64, i64)>,
        at: impl Fn(&R) -> Option<i64>,
        mut visit: impl FnMut(&R),
    ) -> Result<(), Damaged> {
        for part in self.parts() {
            match part.summary.overlap_with(window) {
                Overlap::None => {}
                Overlap::Whole => part.rows(source)?.iter().for_each(&mut visit),
                Overlap::Part => {
                    let inside = |row: &&R| at(row).zip(window).is_some_and(|(at, (from, to))| from <= at && at < to);
                    part.rows(source)?.iter().filter(inside).for_each(&mut visit);
                }
            }
        }
        Ok(())
    }

    /// What all rows add up to.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        self.walk(|_| Overlap::Whole, |whole| summary.merge(whole));
        summary
    }

    /// Hands to `sink` the chunks that are only in memory.
    pub fn spill(&mut self, sink: &mut dyn Sink) {
        self.closed.iter_mut().for_each(|chunk| chunk.spill(sink));
    }

    /// Brings all chunks into memory.
    fn fetch(&mut self, source: &dyn Source) -> Result<(), Damaged> {
        for chunk in &mut self.closed {
            chunk.place = Place::Memory(source.bytes(&chunk.place)?.into_owned().into());
        }
        Ok(())
    }

    /// Writes the state: summaries and places, after handing to `sink` what is only in memory. The open rows are written as
    /// a chunk too, together with the last chunk when that is not full, so that many saves do not leave many short chunks.
    ///
    /// # Errors
    /// When that last chunk is damaged.
    pub fn save(&mut self, source: &dyn Source, sink: &mut dyn Sink, out: &mut Vec<u8>) -> Result<(), Damaged> {
        let mut whole = self.closed.len();
        let mut rest = self.open.clone();
        let mut summary = self.open_summary;
        if let Some(last) = whole.checked_sub(1).map(|last| self.part(last))
            && !rest.is_empty()
            && last.summary.total + rest.len() as u64 <= CHUNK_ROWS as u64
        {
            rest.splice(0..0, last.rows(source)?.iter().copied());
            summary = *last.summary;
            summary.merge(&self.open_summary);
            whole -= 1;
        }
        if sink.moves() {
            self.fetch(source)?;
        }
        self.closed[..whole].iter_mut().for_each(|chunk| chunk.spill(sink));
        put_unsigned(out, whole as u64 + u64::from(!rest.is_empty()));
        (0..whole).for_each(|place| save_chunk(self.summaries.at(place), &self.closed[place].place, out));
        if !rest.is_empty() {
            let mut bytes = Vec::new();
            R::encode(&rest, &mut bytes);
            save_chunk(&summary, &sink.put_rest(&bytes), out);
        }
        Ok(())
    }

    /// Reads a state back; `None` when it makes no sense.
    #[must_use]
    pub fn load(input: &mut Input<'_>, ids: &mut Ids) -> Option<Self> {
        let count = input.count()?;
        let (closed, summaries) = (Vec::with_capacity(count), Summaries::with_capacity(count));
        let mut chunks = Self { closed, summaries, ..Self::default() };
        for _ in 0..count {
            chunks.summaries.push(Summary::load(input)?);
            let (offset, length) = (input.unsigned()?, u32::try_from(input.unsigned()?).ok()?);
            let checksum = u32::try_from(input.unsigned()?).ok()?;
            chunks.closed.push(Chunk { place: Place::Stored { offset, length, checksum }, id: ids.next() });
        }
        Some(chunks)
    }
}

fn save_chunk(summary: &Summary, place: &Place, out: &mut Vec<u8>) {
    summary.save(out);
    let (offset, length, checksum) = match *place {
        Place::Stored { offset, length, checksum } => (offset, length, checksum),
        Place::Memory(_) => (0, 0, 0),
    };
    put_unsigned(out, offset);
    put_unsigned(out, length.into());
    put_unsigned(out, checksum.into());
}
