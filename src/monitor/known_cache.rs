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

/// So much has to be new in a file before it is worth keeping again.
pub(super) const WORTH_BYTES: u64 = 1 << 20;

/// A larger one is none of ours: 24 bytes for each of tens of millions of calls.
const MOST_BYTES: u64 = 1 << 30;

/// What is known of a file.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Sorted.
    pub ids: Vec<u64>,
    pub foreign: Vec<(u64, i64)>,
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
    let text = read_whole(disk, path, MOST_BYTES).ok()?;
    let end = memchr::memchr(b'\n', &text)?;
    let header: Header = serde_json::from_slice(&text[..end]).ok()?;
    let body = &text[end + 1..];
    let (ids, foreign) = body.split_at_checked(header.ids.checked_mul(8)?)?;
    let is_sound = header.version == VERSION
        && foreign.len() == header.foreign.checked_mul(16)?
        && crc32fast::hash(body) == header.checksum
        && header.position >= header.before.len() as u64;
    let kept = Kept {
        ids: ids.chunks_exact(8).map(number).collect(),
        foreign: foreign.chunks_exact(16).map(|pair| (number(&pair[..8]), number(&pair[8..]).cast_signed())).collect(),
    };
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
    let mut body = Vec::with_capacity(kept.ids.len() * 8 + kept.foreign.len() * 16);
    kept.ids.iter().for_each(|id| body.extend_from_slice(&id.to_le_bytes()));
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
        ids: kept.ids.len(),
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
    kept.ids.extend(fresh);
    kept.ids.sort_unstable();
    kept.ids.dedup();
}
