//! What the state of a cache says, as bytes: which data file it is of, how far it reaches, and the columns.

use std::path::{Path, PathBuf};

use crate::column::{Input, put_bytes, put_unsigned};
use crate::store::{Checkpoint, Identity, Stat};

/// Begins every state; another version of the format has another name too, and is not read.
const MAGIC: &[u8; 8] = b"obs-idx4";

/// What a state says of the data file and of the lines before its position.
#[derive(Debug)]
pub(super) struct Header {
    pub checkpoint: Checkpoint,
    pub skipped: u64,
    /// How many bytes the save wrote that were not new full chunks: the next one writes about as many.
    pub cost: u64,
}

/// The bytes of a state; `chunks` is the name of the file of chunks, empty where a cache would be too large.
pub(super) fn to_bytes(data: &Path, header: &Header, chunks: &str, columns: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(columns.len() + 8192);
    put_bytes(&mut body, data.as_os_str().as_encoded_bytes());
    let seen = header.checkpoint.seen;
    for number in [seen.identity.device, seen.identity.inode, seen.size, seen.links] {
        put_unsigned(&mut body, number);
    }
    body.extend_from_slice(&seen.modified.to_le_bytes());
    body.extend_from_slice(&seen.born.to_le_bytes());
    put_unsigned(&mut body, header.checkpoint.position);
    put_bytes(&mut body, &header.checkpoint.head);
    put_bytes(&mut body, &header.checkpoint.before);
    put_unsigned(&mut body, header.skipped);
    put_unsigned(&mut body, header.cost);
    put_bytes(&mut body, chunks.as_bytes());
    body.extend_from_slice(columns);
    [MAGIC, &crc32fast::hash(&body).to_le_bytes()[..], &body].concat()
}

/// The header, the name of the file of chunks, and the columns' state.
pub(super) fn parse(bytes: &[u8]) -> Option<(Header, &str, &[u8])> {
    let body = bytes.strip_prefix(MAGIC)?;
    let (checksum, body) = body.split_first_chunk::<4>()?;
    if crc32fast::hash(body) != u32::from_le_bytes(*checksum) {
        return None;
    }
    let mut input = Input::new(body);
    input.bytes()?;
    let identity = Identity { device: input.unsigned()?, inode: input.unsigned()? };
    let (size, links) = (input.unsigned()?, input.unsigned()?);
    let mut time = || Some(i128::from_le_bytes(input.take(16)?.try_into().ok()?));
    let (modified, born) = (time()?, time()?);
    let seen = Stat { identity, size, links, modified, born };
    let position = input.unsigned()?;
    let (head, before) = (input.bytes()?.to_vec(), input.bytes()?.to_vec());
    let (skipped, cost) = (input.unsigned()?, input.unsigned()?);
    let chunks = std::str::from_utf8(input.bytes()?).ok()?;
    let sound = before.len() as u64 <= position && head.len() as u64 <= position && position <= size;
    let header = Header { checkpoint: Checkpoint { seen, position, head, before }, skipped, cost };
    sound.then_some((header, chunks, input.rest()))
}

/// The path of the data file, from the first bytes of a state; `None` when they are not of this version.
pub(super) fn data_path(beginning: &[u8]) -> Option<PathBuf> {
    let mut input = Input::new(beginning.strip_prefix(MAGIC)?.get(4..)?);
    Some(PathBuf::from(std::str::from_utf8(input.bytes()?).ok()?))
}
