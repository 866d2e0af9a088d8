//! The cache of columns on disk, one for each data file: a file of chunks that only grows, and a state that names them,
//! replaced at once. Both carry checksums, so neither is synced: after a loss of power a damaged cache is made anew.

use std::io;
use std::path::{Path, PathBuf};

use crate::column::{Input, Place, Sink, put_bytes, put_unsigned};
use crate::store::{Checkpoint, Disk, DiskFile, Identity, Stat};

/// Begins every state; another version of the format has another name too, and is neither read nor overwritten.
const MAGIC: &[u8; 8] = b"obs-idx3";
const STATE_ENDING: &str = "v3.state";
const CHUNKS_ENDING: &str = "v3.chunks";
const TEMPORARY_ENDING: &str = ".tmp";

/// A state larger than this is not believed.
const MAX_STATE_BYTES: u64 = 1 << 30;

/// Chunks are collected up to this size before they are written.
const WRITE_BYTES: usize = 1 << 16;

/// Where the cache of one data file is.
#[derive(Debug, Clone)]
pub(super) struct CachePaths {
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

/// What a state says of the data file and of the lines before its position.
#[derive(Debug)]
pub(super) struct Header {
    pub checkpoint: Checkpoint,
    pub skipped: u64,
}

/// A state that was read.
pub(super) struct Loaded {
    pub header: Header,
    pub chunks: StoredChunks,
    pub columns: Vec<u8>,
}

impl CachePaths {
    pub fn new(folder: &Path, name: String) -> Self {
        Self { folder: folder.to_owned(), name }
    }

    fn state(&self) -> PathBuf {
        self.folder.join(format!("{}.{STATE_ENDING}", self.name))
    }

    /// The state, if there is a whole one of this version.
    pub fn load(&self, disk: &dyn Disk) -> Option<Loaded> {
        let bytes = read_whole(disk, &self.state())?;
        let (header, name, columns) = parse_state(&bytes)?;
        let chunks = self.open_chunks(disk, name)?;
        Some(Loaded { header, chunks, columns: columns.to_vec() })
    }

    /// How far the state on disk reaches for this data file.
    pub fn saved_position(&self, disk: &dyn Disk, identity: Identity) -> Option<u64> {
        let bytes = read_whole(disk, &self.state())?;
        let (header, ..) = parse_state(&bytes)?;
        (header.checkpoint.seen.identity == identity).then_some(header.checkpoint.position)
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
    /// of version control.
    pub fn lock(&self, disk: &dyn Disk) -> io::Result<Option<Box<dyn Send>>> {
        let ignore = self.folder.join(".gitignore");
        if disk.stat(&ignore).is_err() {
            disk.create_dirs(&self.folder)?;
            match disk.create_new(&ignore, b"*\n") {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                created => created?,
            }
        }
        disk.try_lock(&self.folder.join("lock"))
    }

    /// Opens the file of chunks for more: the one that is in use if its name still leads to it, else a new one.
    pub fn writer(&self, disk: &dyn Disk, used: Option<&StoredChunks>) -> io::Result<Option<ChunkWriter>> {
        let name = match used {
            Some(used) => used.name.clone(),
            None => format!("{}.{}-{}.{CHUNKS_ENDING}", self.name, std::process::id(), disk.ticks()),
        };
        let file = disk.open_append(&self.folder.join(&name))?;
        let stat = file.stat()?;
        if used.is_some_and(|used| used.identity != stat.identity) {
            return Ok(None);
        }
        let (start, offset) = (stat.size, stat.size);
        Ok(Some(ChunkWriter { name, file, start, offset, buffer: Vec::new(), failed: None }))
    }

    /// Replaces the state, and removes files of chunks that no state names any more.
    pub fn replace_state(
        &self,
        disk: &dyn Disk,
        header: &Header,
        chunks: &str,
        columns: &[u8],
    ) -> io::Result<Option<StoredChunks>> {
        let bytes = state_bytes(header, chunks, columns);
        let temporary = self.folder.join(format!("{}.{}{TEMPORARY_ENDING}", self.name, std::process::id()));
        let _ = disk.remove(&temporary);
        let written = write_whole(disk, &temporary, &bytes).and_then(|()| disk.rename(&temporary, &self.state()));
        if written.is_err() {
            let _ = disk.remove(&temporary);
        }
        written?;
        for path in disk.list(&self.folder)? {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let own = name.strip_prefix(&*self.name).is_some_and(|rest| rest.starts_with('.'));
            if own && name != chunks && (name.ends_with(CHUNKS_ENDING) || name.ends_with(TEMPORARY_ENDING)) {
                let _ = disk.remove(&path);
            }
        }
        Ok(self.open_chunks(disk, chunks))
    }
}

fn read_whole(disk: &dyn Disk, path: &Path) -> Option<Vec<u8>> {
    let file = disk.open_read(path).ok()?;
    let size = file.stat().ok()?.size;
    let mut bytes = vec![0; usize::try_from(size).ok().filter(|_| size <= MAX_STATE_BYTES)?];
    (file.read_at(&mut bytes, 0).ok()? == bytes.len()).then_some(bytes)
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

fn state_bytes(header: &Header, chunks: &str, columns: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(columns.len() + 8192);
    let seen = header.checkpoint.seen;
    for number in [seen.identity.device, seen.identity.inode, seen.size, seen.links] {
        put_unsigned(&mut body, number);
    }
    body.extend_from_slice(&seen.modified.to_le_bytes());
    put_unsigned(&mut body, header.checkpoint.position);
    put_bytes(&mut body, &header.checkpoint.head);
    put_bytes(&mut body, &header.checkpoint.before);
    put_unsigned(&mut body, header.skipped);
    put_bytes(&mut body, chunks.as_bytes());
    body.extend_from_slice(columns);
    [MAGIC, &crc32fast::hash(&body).to_le_bytes()[..], &body].concat()
}

/// The header, the name of the file of chunks, and the columns' state.
fn parse_state(bytes: &[u8]) -> Option<(Header, &str, &[u8])> {
    let body = bytes.strip_prefix(MAGIC)?;
    let (checksum, body) = body.split_first_chunk::<4>()?;
    if crc32fast::hash(body) != u32::from_le_bytes(*checksum) {
        return None;
    }
    let mut input = Input::new(body);
    let identity = Identity { device: input.unsigned()?, inode: input.unsigned()? };
    let (size, links) = (input.unsigned()?, input.unsigned()?);
    let modified = i128::from_le_bytes(input.take(16)?.try_into().ok()?);
    let seen = Stat { identity, size, links, modified };
    let position = input.unsigned()?;
    let (head, before) = (input.bytes()?.to_vec(), input.bytes()?.to_vec());
    let skipped = input.unsigned()?;
    let chunks = std::str::from_utf8(input.bytes()?).ok()?;
    let sound = before.len() as u64 <= position && head.len() as u64 <= position && position <= size;
    let header = Header { checkpoint: Checkpoint { seen, position, head, before }, skipped };
    sound.then_some((header, chunks, input.rest()))
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
}

impl ChunkWriter {
    fn write(&mut self) {
        if self.failed.is_none() {
            self.failed = append_whole(&*self.file, &self.buffer).err();
        }
        self.offset += self.buffer.len() as u64;
        self.buffer.clear();
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

impl Sink for ChunkWriter {
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
