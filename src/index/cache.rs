//! The cache of columns on disk, one for each data file: a file of chunks that only grows, and a state that names them,
//! replaced at once. Both carry checksums, so neither is synced: after a loss of power a damaged cache is made anew.

use std::io;
use std::path::{Path, PathBuf};

use super::state::{self, Header};
use super::sweep::sweep;
use crate::column::{Place, Sink};
use crate::store::{Disk, DiskFile, Identity, make_cache_folder, read_whole};

/// The version of the format stands in the names: another one is neither read nor overwritten.
pub(super) const VERSION: u32 = 6;

/// With less data than this a cache may be larger than its share.
const SMALL: u64 = 4 << 20;

/// A cache may be as large as this part of its data.
const SHARE: u64 = 4;

/// How large the cache of so much data may be.
pub(super) const fn limit(data: u64) -> u64 {
    data / SHARE + SMALL
}

/// Chunks are collected up to this size before they are written.
const WRITE_BYTES: usize = 1 << 16;

/// Where the cache of one data file is.
#[derive(Debug, Clone)]
pub(super) struct CachePaths {
    data: PathBuf,
    folder: PathBuf,
    name: String,
}

/// A file of chunks that is open for reading.
#[derive(Debug)]
pub(super) struct StoredChunks {
    name: String,
    identity: Identity,
    pub file: Box<dyn DiskFile>,
}

/// A state that was read.
pub(super) struct Loaded {
    pub header: Header,
    pub chunks: StoredChunks,
    pub columns: Vec<u8>,
}

impl CachePaths {
    pub fn new(data: &Path, folder: &Path, name: String) -> Self {
        Self { data: data.to_owned(), folder: folder.to_owned(), name }
    }

    fn state(&self) -> PathBuf {
        self.folder.join(format!("{}.v{VERSION}.state", self.name))
    }

    /// The bytes of the state. One that is larger than a cache of the data may be is not believed.
    fn read_state(&self, disk: &dyn Disk) -> Option<Vec<u8>> {
        read_whole(disk, &self.state(), limit(disk.stat(&self.data).ok()?.size)).ok()
    }

    /// The state, if there is a whole one of this version.
    pub fn load(&self, disk: &dyn Disk) -> Option<Loaded> {
        let bytes = self.read_state(disk)?;
        let (header, name, columns) = state::parse(&bytes)?;
        let chunks = self.open_chunks(disk, name)?;
        Some(Loaded { header, chunks, columns: columns.to_vec() })
    }

    /// What the state on disk says of the data file, and the name of its file of chunks.
    pub fn saved(&self, disk: &dyn Disk) -> Option<(Header, String)> {
        let bytes = self.read_state(disk)?;
        let (header, chunks, _) = state::parse(&bytes)?;
        Some((header, chunks.to_owned()))
    }

    /// Opens a file of chunks of this cache for reading.
    pub fn open_chunks(&self, disk: &dyn Disk, name: &str) -> Option<StoredChunks> {
        let own = name.strip_prefix(&*self.name)?.starts_with('.') && !name.contains(['/', '\\']);
        if !own {
            return None;
        }
        let file = disk.open_read(&self.folder.join(name)).ok()?;
        let identity = file.stat().ok()?.identity;
        Some(StoredChunks { name: name.to_owned(), identity, file })
    }

    /// Takes the lock of all caches of the root, without waiting. The folder is made first, with a file that keeps it out
    /// of version control. A link in its place is not followed: a checkout may have put it there.
    pub fn lock(&self, disk: &dyn Disk) -> io::Result<Option<Box<dyn Send>>> {
        make_cache_folder(disk, &self.folder)?;
        disk.try_lock(&self.folder.join("lock"))
    }

    /// Opens the file of chunks for more: the one in use while its name leads to it, `None` when it does no longer; without
    /// one in use, a new one.
    pub fn writer(&self, disk: &dyn Disk, used: Option<&StoredChunks>) -> io::Result<Option<ChunkWriter>> {
        let name = match used {
            // Looked at first, because opening it would make it.
            Some(used) => match disk.stat_name(&self.folder.join(&used.name)) {
                Ok(stat) if stat.identity == used.identity => used.name.clone(),
                _ => return Ok(None),
            },
            None => format!("{}.{}-{}.v{VERSION}.chunks", self.name, std::process::id(), disk.ticks()),
        };
        let file = disk.open_append(&self.folder.join(&name))?;
        let (start, offset) = (file.stat()?.size, file.stat()?.size);
        let buffer = Vec::new();
        Ok(Some(ChunkWriter { name, file, start, offset, buffer, failed: None, moves: false, rest: 0 }))
    }

    /// Replaces the state, and removes what nobody needs any more.
    pub fn replace_state(&self, disk: &dyn Disk, header: &Header, chunks: &str, columns: &[u8]) -> io::Result<()> {
        let bytes = state::to_bytes(&self.data, header, chunks, columns);
        let temporary = self.folder.join(format!("{}.{}.tmp", self.name, std::process::id()));
        let _ = disk.remove(&temporary);
        let written = write_whole(disk, &temporary, &bytes).and_then(|()| disk.rename(&temporary, &self.state()));
        if written.is_err() {
            let _ = disk.remove(&temporary);
        }
        written?;
        self.sweep(disk, chunks)
    }

    /// Removes what nobody needs any more; of this cache's files of chunks, the named one is needed.
    pub fn sweep(&self, disk: &dyn Disk, chunks: &str) -> io::Result<()> {
        sweep(disk, &self.folder, &self.name, chunks)
    }
}

fn write_whole(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = disk.open_append(path)?;
    append_whole(&*file, bytes)
}

/// An interrupted write is a failed one here: the cache is written the next time.
fn append_whole(file: &dyn DiskFile, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.append(bytes)? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            count => bytes = &bytes[count..],
        }
    }
    Ok(())
}

/// Appends chunks to their file.
pub(super) struct ChunkWriter {
    name: String,
    file: Box<dyn DiskFile>,
    /// How long the file was.
    start: u64,
    offset: u64,
    buffer: Vec<u8>,
    failed: Option<io::Error>,
    /// It begins a new file, so that what stands in an older one has to be written again.
    pub moves: bool,
    /// Bytes of rows that will be written again.
    pub rest: u64,
}

impl ChunkWriter {
    fn write(&mut self) {
        if self.failed.is_none() {
            self.failed = append_whole(&*self.file, &self.buffer).err();
        }
        self.offset += self.buffer.len() as u64;
        self.buffer.clear();
    }

    /// How long the file is with all that it was given.
    pub fn size(&self) -> u64 {
        self.offset + self.buffer.len() as u64
    }

    /// How many bytes it was given.
    pub fn written(&self) -> u64 {
        self.offset - self.start + self.buffer.len() as u64
    }

    /// Writes what is left; gives the file's name.
    pub fn finish(mut self) -> io::Result<String> {
        self.write();
        self.failed.map_or(Ok(self.name), Err)
    }
}

impl StoredChunks {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How large the file is.
    pub fn size(&self) -> u64 {
        self.file.stat().map_or(0, |stat| stat.size)
    }
}

impl Sink for ChunkWriter {
    fn moves(&self) -> bool {
        self.moves
    }

    fn put_rest(&mut self, bytes: &[u8]) -> Place {
        self.rest += bytes.len() as u64;
        self.put(bytes)
    }

    fn put(&mut self, bytes: &[u8]) -> Place {
        let offset = self.offset + self.buffer.len() as u64;
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= WRITE_BYTES {
            self.write();
        }
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Place::Stored { offset, length, checksum: crc32fast::hash(bytes) }
    }
}
