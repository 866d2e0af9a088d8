//! Keeps the ids on record in a large file from one process to the next, so that a hook need not read all of history.
//!
//! It is a cache: where it is missing, damaged or made from another file, the file is read from its beginning.

use std::collections::HashSet;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::store::{Checkpoint, Disk, Identity, Stat, read_whole};

/// Another number means that it is made anew.
const VERSION: u32 = 1;

/// So much has to be new in a file before it is worth keeping again, and more where there is more to write.
const WORTH_BYTES: u64 = 64 << 10;

/// A larger one is none of ours: 24 bytes for each of tens of millions of calls.
const MOST_BYTES: u64 = 1 << 30;

/// What is known of a file.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub ids: Sorted,
    pub foreign: Vec<(u64, i64)>,
}

impl Kept {
    /// Whether it should be kept anew with what so many more bytes of the file say.
    pub fn is_worth_keeping(&self, grown: u64) -> bool {
        grown >= WORTH_BYTES + (self.ids.bytes.len() / 8) as u64
    }
}

/// Numbers in their order, as they stand in the cache: most processes ask for a few of very many.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    bytes: Vec<u8>,
    /// Where they begin, 8 bytes each.
    start: usize,
    count: usize,
}

impl Sorted {
    fn of(numbers: &[u64]) -> Self {
        Self { bytes: numbers.iter().flat_map(|id| id.to_le_bytes()).collect(), start: 0, count: numbers.len() }
    }

    fn at(&self, place: usize) -> u64 {
        let start = self.start + place * 8;
        number(&self.bytes[start..start + 8])
    }

    pub fn contains(&self, id: u64) -> bool {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low.midpoint(high);
            if self.at(middle) < id { low = middle + 1 } else { high = middle }
        }
        low < self.count && self.at(low) == id
    }

    fn text(&self) -> &[u8] {
        &self.bytes[self.start..self.start + self.count * 8]
    }
}

/// The first line of the cache.
#[derive(Serialize, Deserialize)]
struct Header {
    version: u32,
    identity: [u64; 2],
    size: u64,
    links: u64,
    modified: String,
    born: String,
    position: u64,
    head: Vec<u8>,
    before: Vec<u8>,
    ids: usize,
    foreign: usize,
    checksum: u32,
}

/// Reads what was kept of a file, and how far that goes.
pub(super) fn load(disk: &dyn Disk, path: &Path) -> Option<(Checkpoint, Kept)> {
    let mut text = read_whole(disk, path, MOST_BYTES).ok()?;
    let end = memchr::memchr(b'\n', &text)?;
    let header: Header = serde_json::from_slice(&text[..end]).ok()?;
    let body = &text[end + 1..];
    let (ids, foreign) = body.split_at_checked(header.ids.checked_mul(8)?)?;
    let is_sound = header.version == VERSION
        && foreign.len() == header.foreign.checked_mul(16)?
        && crc32fast::hash(body) == header.checksum
        && header.position >= header.before.len() as u64;
    let foreign = foreign.chunks_exact(16).map(|pair| (number(&pair[..8]), number(&pair[8..]).cast_signed())).collect();
    let ids = Sorted { start: end + 1, count: ids.len() / 8, bytes: std::mem::take(&mut text) };
    let kept = Kept { ids, foreign };
    let [device, inode] = header.identity;
    let seen = Stat {
        identity: Identity { device, inode },
        size: header.size,
        links: header.links,
        modified: header.modified.parse().ok()?,
        born: header.born.parse().ok()?,
    };
    let Header { position, head, before, .. } = header;
    is_sound.then_some((Checkpoint { seen, position, head, before }, kept))
}

fn number(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_le_bytes)
}

/// Keeps what is known of a file up to a checkpoint; the caller holds a lock.
pub(super) fn save(disk: &dyn Disk, path: &Path, at: Checkpoint, kept: &Kept) -> io::Result<()> {
    let mut body = kept.ids.text().to_vec();
    for (name, at) in &kept.foreign {
        body.extend_from_slice(&name.to_le_bytes());
        body.extend_from_slice(&at.to_le_bytes());
    }
    let Checkpoint { seen, position, head, before } = at;
    let header = Header {
        version: VERSION,
        identity: [seen.identity.device, seen.identity.inode],
        size: seen.size,
        links: seen.links,
        modified: seen.modified.to_string(),
        born: seen.born.to_string(),
        position,
        head,
        before,
        ids: kept.ids.count,
        foreign: kept.foreign.len(),
        checksum: crc32fast::hash(&body),
    };
    let mut text = serde_json::to_vec(&header)?;
    text.push(b'\n');
    text.extend_from_slice(&body);
    crate::store::replace(disk, path, &text)
}

/// Merges what is new into what was kept.
pub(super) fn merge(kept: &mut Kept, fresh: &HashSet<u64>) {
    let mut ids: Vec<u64> = (0..kept.ids.count).map(|place| kept.ids.at(place)).chain(fresh.iter().copied()).collect();
    ids.sort_unstable();
    ids.dedup();
    kept.ids = Sorted::of(&ids);
}
