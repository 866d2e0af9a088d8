//! A compacted file and what was appended to the plain one since, as one open file.

use std::io;
use std::sync::Arc;

use parking_lot::Mutex;

use super::inflate::inflate;
use super::{FIRST, HEADER, MEMBER};
use crate::store::disk::{DiskFile, Identity, Stat};

/// More than this a member of ours never stands for.
const MOST: u32 = 64 << 20;

/// Gzip ends a member with a checksum and its size.
const TRAILER: usize = 8;

/// Where a member is, and what it stands for.
#[derive(Debug)]
struct Member {
    /// Its place in the compacted file, with header and trailer.
    at: u64,
    packed: usize,
    /// Its place in the plain file.
    from: u64,
    size: usize,
}

/// What was appended since: from a place in the plain file on.
#[derive(Debug)]
pub(super) struct Rest {
    pub file: Box<dyn DiskFile>,
    pub identity: Identity,
    pub from: u64,
}

/// Both files, open.
#[derive(Debug)]
pub(super) struct Joined {
    packed: Box<dyn DiskFile>,
    members: Vec<Member>,
    size: u64,
    rest: Option<Rest>,
    /// The member that was asked for last, for lines are mostly read in order.
    last: Mutex<Option<(usize, Arc<Vec<u8>>)>>,
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the compacted file is damaged: restore it, or move it away")
}

impl Joined {
    /// Finds the members of a compacted file that stands for `size` bytes.
    pub fn new(packed: Box<dyn DiskFile>, size: u64, rest: Option<Rest>) -> io::Result<Self> {
        let (mut members, mut at, mut from) = (Vec::new(), FIRST as u64, 0);
        while from < size {
            let mut header = [0; HEADER];
            let whole = packed.read_at(&mut header, at)? == HEADER && header.starts_with(&MEMBER);
            let number = |place: usize| header[place..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
            let (length, stands_for) = (number(MEMBER.len()), number(MEMBER.len() + 4));
            let sizes = (usize::try_from(length), usize::try_from(stands_for));
            let (Ok(packed), Ok(bytes), true, 1..=MOST, ..=MOST) = (sizes.0, sizes.1, whole, stands_for, length) else {
                return Err(damaged());
            };
            members.push(Member { at, packed, from, size: bytes });
            (at, from) = (at + u64::from(length), from + u64::from(stands_for));
        }
        if from > size {
            return Err(damaged());
        }
        Ok(Self { packed, members, size, rest, last: Mutex::default() })
    }

    /// What a member stands for.
    fn bytes(&self, number: usize) -> io::Result<Arc<Vec<u8>>> {
        if let Some((held, bytes)) = &*self.last.lock()
            && *held == number
        {
            return Ok(Arc::clone(bytes));
        }
        let bytes = Arc::new(self.unpacked(&self.members[number])?);
        *self.last.lock() = Some((number, Arc::clone(&bytes)));
        Ok(bytes)
    }

    fn unpacked(&self, member: &Member) -> io::Result<Vec<u8>> {
        let mut packed = vec![0; member.packed];
        let count = self.packed.read_at(&mut packed, member.at)?;
        let data = packed[..count].get(HEADER..member.packed.saturating_sub(TRAILER)).ok_or_else(damaged)?;
        let bytes = inflate(data, member.size).ok_or_else(damaged)?;
        let checksum = packed[member.packed - TRAILER..].first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
        if checksum == Some(crc32fast::hash(&bytes)) { Ok(bytes) } else { Err(damaged()) }
    }

    /// Copies from the members what stands at `offset`; gives how much that was.
    fn copy(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let first = self.members.partition_point(|member| member.from + member.size as u64 <= offset);
        let mut filled = 0;
        for number in first..self.members.len() {
            if filled == buffer.len() {
                break;
            }
            let bytes = self.bytes(number)?;
            let skip = usize::try_from(offset.saturating_sub(self.members[number].from)).unwrap_or(bytes.len());
            let part = &bytes[skip.min(bytes.len())..];
            let count = part.len().min(buffer.len() - filled);
            buffer[filled..filled + count].copy_from_slice(&part[..count]);
            filled += count;
        }
        Ok(filled)
    }
}

impl DiskFile for Joined {
    fn stat(&self) -> io::Result<Stat> {
        let stat = self.packed.stat()?;
        let Some(rest) = &self.rest else { return Ok(Stat { size: self.size, ..stat }) };
        let plain = rest.file.stat()?;
        if plain.identity != rest.identity {
            // Other code closed the descriptor, and its number leads elsewhere: the file as a whole is another one.
            return Ok(Stat { identity: plain.identity, ..stat });
        }
        Ok(Stat { size: self.size + plain.size.saturating_sub(rest.from), ..stat })
    }

    fn append(&self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn position(&self) -> io::Result<u64> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let filled = if offset < self.size { self.copy(buffer, offset)? } else { 0 };
        match &self.rest {
            Some(rest) if filled < buffer.len() => {
                let from = rest.from + (offset + filled as u64 - self.size);
                Ok(filled + rest.file.read_at(&mut buffer[filled..], from)?)
            }
            _ => Ok(filled),
        }
    }

    fn await_writers(&self) {
        if let Some(rest) = &self.rest {
            rest.file.await_writers();
        }
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}
