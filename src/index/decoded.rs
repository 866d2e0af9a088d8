//! Chunks that were decoded and may be asked for again, over all files of a root, within a budget of memory.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use crate::column::{Chunk, Damaged, Decoded, Place, Source};
use crate::store::DiskFile;

/// Rows kept decoded over all files of a root; a row takes 40 to 80 bytes.
const BUDGET_ROWS: u64 = 400_000;

/// Which chunk: the set of columns, and the chunk in it.
type Key = (u64, u64);

#[derive(Debug, Default)]
struct Kept {
    chunks: HashMap<Key, (Decoded, u64, u64)>,
    rows: u64,
    clock: u64,
}

/// The chunks used last.
#[derive(Debug, Default)]
pub struct DecodedChunks {
    kept: Mutex<Kept>,
    sets: AtomicU64,
}

impl DecodedChunks {
    /// A number for a new set of columns, so that its chunks are not taken for another's.
    pub fn new_set(&self) -> u64 {
        self.sets.fetch_add(1, Ordering::Relaxed)
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.kept.lock() = Kept::default();
    }

    fn get(&self, key: Key) -> Option<Decoded> {
        let mut kept = self.kept.lock();
        kept.clock += 1;
        let clock = kept.clock;
        let (chunk, used, _) = kept.chunks.get_mut(&key)?;
        *used = clock;
        Some(Arc::clone(chunk))
    }

    fn keep(&self, key: Key, chunk: &Decoded, rows: u64) {
        let mut kept = self.kept.lock();
        kept.clock += 1;
        let clock = kept.clock;
        if kept.chunks.insert(key, (Arc::clone(chunk), clock, rows)).is_none() {
            kept.rows += rows;
        }
        if kept.rows > BUDGET_ROWS {
            kept.forget_older_half();
        }
    }
}

impl Kept {
    /// Forgetting many at once makes the search for the oldest cheap for each.
    fn forget_older_half(&mut self) {
        let mut uses: Vec<u64> = self.chunks.values().map(|&(_, used, _)| used).collect();
        let middle = uses.len() / 2;
        let (_, &mut limit, _) = uses.select_nth_unstable(middle);
        self.chunks.retain(|_, (_, used, _)| *used > limit);
        self.rows = self.chunks.values().map(|&(_, _, rows)| rows).sum();
    }
}

/// Brings the chunks of one set of columns.
#[derive(Debug)]
pub(super) struct ChunkSource<'a> {
    pub decoded: &'a DecodedChunks,
    pub set: u64,
    pub stored: Option<&'a dyn DiskFile>,
}

impl Source for ChunkSource<'_> {
    fn decoded(&self, chunk: &Chunk, decode: &dyn Fn(&[u8]) -> Option<Decoded>) -> Result<Decoded, Damaged> {
        let key = (self.set, chunk.id);
        if let Some(kept) = self.decoded.get(key) {
            return Ok(kept);
        }
        let decoded = match chunk.place {
            Place::Memory(ref bytes) => decode(bytes),
            Place::Stored { offset, length, checksum } => decode(&self.read(offset, length, checksum)?),
        };
        let decoded = decoded.ok_or(Damaged)?;
        self.decoded.keep(key, &decoded, chunk.summary.total);
        Ok(decoded)
    }
}

/// No chunk has more bytes: 1024 rows of at most 80 bytes each.
const MAX_CHUNK_BYTES: u32 = 128 * 1024;

impl ChunkSource<'_> {
    fn read(&self, offset: u64, length: u32, checksum: u32) -> Result<Vec<u8>, Damaged> {
        let file = self.stored.ok_or(Damaged)?;
        let mut bytes = vec![0; length.min(MAX_CHUNK_BYTES) as usize];
        let count = file.read_at(&mut bytes, offset).map_err(|_| Damaged)?;
        let whole = count == length as usize && crc32fast::hash(&bytes) == checksum;
        if whole { Ok(bytes) } else { Err(Damaged) }
    }
}
