//! Day files that were compacted: beside `X.jsonl`, or in its place, stands `X.jsonl.gz`, which holds what came first. Together
//! they read as the one file that they were.
//!
//! A compacted file is a gzip file that any program can read, made of members whose headers say how long they are, so that
//! any place in it is found without reading what comes before. The first member is empty. Its header says how many bytes
//! the others stand for, and of which plain file they are the beginning while that file is still there: whoever compacts puts
//! the new file in place first, takes the plain one away next, and then notes that it is gone, so that each byte is read
//! exactly once at any moment.

mod inflate;
mod joined;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::{DiskFile, Stat};
use super::layout::day_of_file;
use joined::{Joined, Rest};

/// How the first member begins: gzip, with a field of 24 bytes of ours.
const BEGINNING: [u8; 16] = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 28, 0, b'O', b'b', 24, 0];

/// How the others begin.
const MEMBER: [u8; 16] = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 12, 0, b'O', b'm', 8, 0];

/// How long the first member is.
const FIRST: usize = BEGINNING.len() + 24 + 10;

/// How long the header of another one is.
const HEADER: usize = MEMBER.len() + 8;

/// How often files that are replaced between two looks are looked at again.
const LOOKS: usize = 8;

/// What the real disk does with a path.
pub(super) struct Raw {
    pub stat: fn(&Path) -> io::Result<Stat>,
    pub open: fn(&Path) -> io::Result<Box<dyn DiskFile>>,
}

/// What the first member says.
#[derive(Debug, Clone, Copy)]
struct Beginning {
    /// How many bytes the file stands for.
    size: u64,
    /// The plain file of which it holds the beginning while that is there, by its number, 0 for none, and how much of it.
    inode: u64,
    held: u64,
}

impl Beginning {
    /// `None` for a file that is not ours.
    fn read(file: &dyn DiskFile) -> io::Result<Option<Self>> {
        let mut bytes = [0; FIRST];
        let whole = file.read_at(&mut bytes, 0)? == FIRST;
        let Some(numbers) = bytes.strip_prefix(&BEGINNING).filter(|_| whole) else { return Ok(None) };
        let number = |at: usize| numbers[8 * at..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        Ok(Some(Self { size: number(0), inode: number(1), held: number(2) }))
    }

    /// How much of a plain file it holds.
    const fn of(&self, plain: &Stat) -> u64 {
        if self.inode != 0 && self.inode == plain.identity.inode { self.held } else { 0 }
    }
}

/// Both files together as one.
fn joined(packed: Stat, beginning: Beginning, plain: Option<Stat>) -> Stat {
    let rest = plain.map_or(0, |plain| plain.size.saturating_sub(beginning.of(&plain)));
    let modified = plain.map_or(packed.modified, |plain| plain.modified.max(packed.modified));
    Stat { size: beginning.size + rest, modified, ..packed }
}

/// The path of a plain file's compacted one.
fn packed_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".gz");
    name.into()
}

/// `None` for what is not there.
fn present<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        found => found.map(Some),
    }
}

/// The compacted file that a path leads to, and what its first member says; `None` when there is none of ours.
fn packed(raw: &Raw, path: &Path) -> io::Result<Option<(Box<dyn DiskFile>, Beginning)>> {
    let Some(file) = present((raw.open)(path))? else { return Ok(None) };
    let beginning = Beginning::read(&*file)?;
    Ok(beginning.map(|beginning| (file, beginning)))
}

/// Looks again and again until nothing was replaced meanwhile.
fn settled<T>(mut look: impl FnMut() -> io::Result<Option<T>>) -> io::Result<T> {
    for _ in 0..LOOKS {
        if let Some(found) = look()? {
            return Ok(found);
        }
    }
    Err(io::Error::new(io::ErrorKind::ResourceBusy, "it is replaced faster than it can be looked at"))
}

/// Looks at a plain file together with what was compacted of it.
pub(super) fn stat(raw: &Raw, path: &Path) -> io::Result<Stat> {
    let packed_path = packed_path(path);
    settled(|| {
        // In this order: the plain file goes after the other one came.
        let plain = (raw.stat)(path);
        let Some((file, beginning)) = packed(raw, &packed_path)? else { return plain.map(Some) };
        let plain = present(plain)?;
        // Asked for by its name, for the times.
        let Some(stat) = present((raw.stat)(&packed_path))? else { return Ok(None) };
        let same = stat.identity == file.stat()?.identity && is_still(raw, path, plain.as_ref())?;
        Ok(same.then(|| joined(stat, beginning, plain)))
    })
}

/// Opens a plain file together with what was compacted of it.
pub(super) fn open_read(raw: &Raw, path: &Path) -> io::Result<Box<dyn DiskFile>> {
    let packed_path = packed_path(path);
    settled(|| {
        let plain = (raw.open)(path);
        let Some((file, beginning)) = packed(raw, &packed_path)? else { return plain.map(Some) };
        let plain = present(plain)?;
        let stat = plain.as_ref().map(|plain| plain.stat()).transpose()?;
        if !is_still(raw, path, stat.as_ref())? {
            return Ok(None);
        }
        let rest =
            plain.zip(stat).map(|(file, stat)| Rest { file, identity: stat.identity, from: beginning.of(&stat) });
        let joined: Box<dyn DiskFile> = Box::new(Joined::new(file, beginning.size, rest)?);
        Ok(Some(joined))
    })
}

/// Whether a path leads to the file that it led to, or still to none.
fn is_still(raw: &Raw, path: &Path, seen: Option<&Stat>) -> io::Result<bool> {
    let now = present((raw.stat)(path))?;
    Ok(now.map(|stat| stat.identity) == seen.map(|stat| stat.identity))
}

/// The paths of a folder with each compacted day file under the name of the plain one, once.
pub(super) fn by_plain_name(mut paths: Vec<PathBuf>) -> Vec<PathBuf> {
    let is_packed = |path: &Path| {
        path.extension().is_some_and(|end| end == "gz") && day_of_file(&path.with_extension("")).is_some()
    };
    let packed: Vec<PathBuf> =
        paths.iter().filter(|path| is_packed(path)).map(|path| path.with_extension("")).collect();
    if packed.is_empty() {
        return paths;
    }
    paths.retain(|path| !is_packed(path));
    let plain: HashSet<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let missing: Vec<PathBuf> = packed.into_iter().filter(|path| !plain.contains(&**path)).collect();
    paths.extend(missing);
    paths
}
