//! Forms of rows that were made of decoded chunks and may be asked for again, over all files of a root, within a budget of
//! memory.

use std::any::TypeId;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use crate::column::{Damaged, Formed, Place, Source};
use crate::store::DiskFile;

/// Memory that forms may take over all files of a root.
const BUDGET_BYTES: usize = 32 << 20;

/// Which form: the set of columns, the id of the rows in it, and their form.
type Key = (u64, u64, TypeId);

#[derive(Debug, Default)]
struct Kept {
    /// With when each was used last.
    forms: HashMap<Key, (Formed, u64)>,
    bytes: usize,
    clock: u64,
}

/// The forms used last.
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

    fn get(&self, key: Key) -> Option<Formed> {
        let mut kept = self.kept.lock();
        kept.clock += 1;
        let clock = kept.clock;
        let (form, used) = kept.forms.get_mut(&key)?;
        *used = clock;
        Some(form.clone())
    }

    fn keep(&self, key: Key, form: &Formed) {
        let mut kept = self.kept.lock();
        kept.clock += 1;
        let clock = kept.clock;
        if kept.forms.insert(key, (form.clone(), clock)).is_none() {
            kept.bytes += form.bytes;
        }
        if kept.bytes > BUDGET_BYTES {
            kept.forget_older_half();
        }
    }
}

impl Kept {
    /// Forgetting many at once makes the search for the oldest cheap for each.
    fn forget_older_half(&mut self) {
        let mut uses: Vec<u64> = self.forms.values().map(|&(_, used)| used).collect();
        let middle = uses.len() / 2;
        let (_, &mut limit, _) = uses.select_nth_unstable(middle);
        self.forms.retain(|_, (_, used)| *used > limit);
        self.bytes = self.forms.values().map(|(form, _)| form.bytes).sum();
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
    fn formed(&self, (id, form): (u64, TypeId), make: &dyn Fn() -> Result<Formed, Damaged>) -> Result<Formed, Damaged> {
        let key = (self.set, id, form);
        if let Some(kept) = self.decoded.get(key) {
            return Ok(kept);
        }
        let made = make()?;
        self.decoded.keep(key, &made);
        Ok(made)
    }

    fn bytes<'a>(&self, place: &'a Place) -> Result<Cow<'a, [u8]>, Damaged> {
        match *place {
            Place::Memory(ref bytes) => Ok(Cow::Borrowed(bytes)),
            Place::Stored { offset, length, checksum } => self.read(offset, length, checksum).map(Cow::Owned),
        }
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

#[cfg(test)]
mod tests {
    use std::any::TypeId;
    use std::sync::Arc;

    use super::{BUDGET_BYTES, DecodedChunks};
    use crate::column::Formed;

    #[test]
    fn what_is_kept_stays_within_its_budget_and_what_was_used_last_stays_longest() {
        let decoded = DecodedChunks::default();
        let key = |id: u64| (1, id, TypeId::of::<u64>());
        let size = BUDGET_BYTES / 16;
        for id in 0..200_u64 {
            decoded.keep(key(id), &Formed { form: Arc::new(id), bytes: size });
            assert!(decoded.kept.lock().bytes <= BUDGET_BYTES);
            assert!(decoded.get(key(0)).is_some(), "it is used each time, and {id} are newer");
        }
        assert!(decoded.get(key(199)).is_some() && decoded.get(key(100)).is_none());
    }
}
