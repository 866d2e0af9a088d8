//! Small files and the folder of caches below a workspace. A checkout is not trusted: it may hold a pipe, a link or something
//! huge in their place.

use std::io;
use std::path::Path;

use super::disk::Disk;

/// The bytes of a file, if it is one and has at most `most`; a pipe is not waited for.
///
/// # Errors
/// When it is not there, is no file, or is larger.
pub fn read_whole(disk: &dyn Disk, path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = disk.open_read(path)?;
    let size = file.stat()?.size;
    let mut bytes = Vec::new();
    let length = usize::try_from(size).ok().filter(|_| size <= most);
    if length.is_none_or(|length| bytes.try_reserve_exact(length).is_err()) {
        let why = format!("it has {size} bytes, and at most {most} are read at once; move it away");
        return Err(io::Error::other(why));
    }
    bytes.resize(length.unwrap_or(0), 0);
    let count = file.read_at(&mut bytes, 0)?;
    bytes.truncate(count);
    Ok(bytes)
}

/// Makes the folder of caches, with a file that keeps it out of version control.
///
/// # Errors
/// When that cannot be done, or a link stands in its place: what is behind that is not ours to write to.
pub fn make_cache_folder(disk: &dyn Disk, folder: &Path) -> io::Result<()> {
    disk.create_dirs(folder)?;
    if disk.stat_name(folder)?.identity != disk.stat(folder)?.identity {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    match disk.create_new(&folder.join(".gitignore"), b"*\n") {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
