//! Rows in the order of the file, cut into chunks: a chunk that is full is kept as a summary and bytes that are decoded on
//! demand, in memory or in the cache on disk; the last rows stay as they are.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use super::wire::{Input, put_unsigned};
use super::{Overlap, Summary};

/// Rows in a full chunk.
pub const CHUNK_ROWS: usize = 1024;

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

/// A chunk that takes no more rows.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// What its rows add up to.
    pub summary: Summary,
    /// Where its rows are.
    pub place: Place,
    /// Tells it from every other chunk of this set of columns, also of other kinds.
    pub id: u64,
}

/// The bytes of a chunk are gone or damaged: the columns have to be made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cache of columns is damaged")]
pub struct Damaged;

/// The rows of a chunk, of whatever kind.
pub type Decoded = Arc<dyn Any + Send + Sync>;

/// Brings decoded chunks; keeps those that were used last.
pub trait Source {
    /// What was decoded before under a chunk's id, or what `decode` makes of its bytes.
    ///
    /// # Errors
    /// When the bytes are gone or damaged.
    fn decoded(&self, chunk: &Chunk, decode: &dyn Fn(&[u8]) -> Option<Decoded>) -> Result<Decoded, Damaged>;
}

/// Takes the bytes of chunks into the cache on disk.
pub trait Sink {
    /// Stores bytes and tells where they are.
    fn put(&mut self, bytes: &[u8]) -> Place;
}

/// The rows of a chunk, or those that are not in one yet.
#[derive(Debug)]
pub enum Rows<'a, R> {
    /// Not in a chunk yet.
    Open(&'a [R]),
    /// Decoded.
    Closed(Arc<Vec<R>>),
}

impl<R> std::ops::Deref for Rows<'_, R> {
    type Target = [R];

    fn deref(&self) -> &[R] {
        match self {
            Self::Open(rows) => rows,
            Self::Closed(rows) => rows,
        }
    }
}

/// Rows in the order of the file.
#[derive(Debug)]
pub struct Chunks<R> {
    closed: Vec<Chunk>,
    open: Vec<R>,
    open_summary: Summary,
}

impl<R> Default for Chunks<R> {
    fn default() -> Self {
        Self { closed: Vec::new(), open: Vec::new(), open_summary: Summary::default() }
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
            let summary = std::mem::take(&mut self.open_summary);
            self.closed.push(Chunk { summary, place: Place::Memory(bytes.into()), id: ids.next() });
            self.open.clear();
        }
        row.add_to(&mut self.open_summary);
        self.open.push(row);
    }

    /// The summary and a way to the rows of every part, in the order of the file.
    #[must_use]
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = Part<'_, R>> {
        let open = (!self.open.is_empty()).then_some(Part { summary: &self.open_summary, of: Of::Open(&self.open) });
        self.closed.iter().map(|chunk| Part { summary: &chunk.summary, of: Of::Chunk(chunk) }).chain(open)
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
            match window.map_or(Overlap::Whole, |(from, to)| part.summary.overlap(from, to)) {
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
        self.parts().for_each(|part| summary.merge(part.summary));
        summary
    }

    /// Writes the state: summaries and places, after handing to `sink` what is only in memory. The open rows are written as
    /// a chunk too, together with the last chunk when that is not full, so that many saves do not leave many short chunks.
    ///
    /// # Errors
    /// When that last chunk is damaged.
    pub fn save(&mut self, source: &dyn Source, sink: &mut dyn Sink, out: &mut Vec<u8>) -> Result<(), Damaged> {
        for chunk in &mut self.closed {
            if let Place::Memory(bytes) = &chunk.place {
                chunk.place = sink.put(bytes);
            }
        }
        let mut whole = &self.closed[..];
        let mut rest = self.open.clone();
        let mut summary = self.open_summary;
        if let [before @ .., last] = whole
            && !rest.is_empty()
            && last.summary.total + rest.len() as u64 <= CHUNK_ROWS as u64
        {
            rest.splice(0..0, Part::<R> { summary: &last.summary, of: Of::Chunk(last) }.rows(source)?.iter().copied());
            summary = last.summary;
            summary.merge(&self.open_summary);
            whole = before;
        }
        put_unsigned(out, whole.len() as u64 + u64::from(!rest.is_empty()));
        whole.iter().for_each(|chunk| save_chunk(&chunk.summary, &chunk.place, out));
        if !rest.is_empty() {
            let mut bytes = Vec::new();
            R::encode(&rest, &mut bytes);
            save_chunk(&summary, &sink.put(&bytes), out);
        }
        Ok(())
    }

    /// Reads a state back; `None` when it makes no sense.
    #[must_use]
    pub fn load(input: &mut Input<'_>, ids: &mut Ids) -> Option<Self> {
        let count = input.count()?;
        let mut closed = Vec::with_capacity(count);
        for _ in 0..count {
            let summary = Summary::load(input)?;
            let (offset, length) = (input.unsigned()?, u32::try_from(input.unsigned()?).ok()?);
            let checksum = u32::try_from(input.unsigned()?).ok()?;
            closed.push(Chunk { summary, place: Place::Stored { offset, length, checksum }, id: ids.next() });
        }
        Some(Self { closed, ..Self::default() })
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

/// A chunk, or the rows that are not in one yet.
#[derive(Debug)]
pub struct Part<'a, R> {
    /// What its rows add up to.
    pub summary: &'a Summary,
    of: Of<'a, R>,
}

#[derive(Debug)]
enum Of<'a, R> {
    Open(&'a [R]),
    Chunk(&'a Chunk),
}

impl<'a, R: Cell> Part<'a, R> {
    /// The rows.
    ///
    /// # Errors
    /// When they are damaged.
    pub fn rows(&self, source: &dyn Source) -> Result<Rows<'a, R>, Damaged> {
        match self.of {
            Of::Open(rows) => Ok(Rows::Open(rows)),
            Of::Chunk(chunk) => {
                let decoded = source.decoded(chunk, &|bytes| Some(Arc::new(R::decode(bytes)?)))?;
                let rows = decoded.downcast::<Vec<R>>().map_err(|_| Damaged)?;
                if rows.len() as u64 == chunk.summary.total { Ok(Rows::Closed(rows)) } else { Err(Damaged) }
            }
        }
    }
}
