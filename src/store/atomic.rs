//! Replaces a whole file so that readers see the old content or the new, never a part.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::disk::Disk;

/// Keeps the temporary names of one process apart.
static SERIAL: AtomicU64 = AtomicU64::new(0);

/// How many temporary names are tried; those that are taken were left by dead processes that had this one's number.
const NAMES: u64 = 10_000;

/// Writes `bytes` to a temporary file beside `path`, brings it to the device and gives it the name.
///
/// # Errors
/// As the disk says; the temporary file is removed and the old content stays. Only when the last step fails, bringing the
/// folder to the device, is the new content there, although a loss of power may bring back the old one.
pub fn replace(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    disk.create_dirs(folder)?;
    // A crash before the rename leaves only the temporary file; one after it leaves the new content.
    let temporary = fill_temporary(disk, path, bytes)?;
    if let Err(error) = disk.rename(&temporary, path) {
        let _ = disk.remove(&temporary);
        return Err(error);
    }
    disk.sync_dir(folder)
}

fn fill_temporary(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let mut taken = None;
    for _ in 0..NAMES {
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}-{serial}.tmp", std::process::id()));
        let temporary = path.with_file_name(name);
        match disk.create_new(&temporary, bytes) {
            Ok(()) => return Ok(temporary),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = Some(error),
            Err(error) => {
                let _ = disk.remove(&temporary);
                return Err(error);
            }
        }
    }
    Err(taken.unwrap_or_else(|| io::ErrorKind::AlreadyExists.into()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::replace;
    use crate::store::OsDisk;

    #[test]
    fn nothing_is_left_beside_the_file_whether_it_succeeds_or_not() {
        let folder = tempfile::tempdir().unwrap();
        let names = |below: &Path| {
            let mut all: Vec<_> = std::fs::read_dir(below).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            all.sort();
            all
        };
        let path = folder.path().join("new/file.json");
        replace(&OsDisk, &path, b"one").unwrap();
        replace(&OsDisk, &path, b"two").unwrap();
        assert_eq!(
            (std::fs::read(&path).unwrap(), names(path.parent().unwrap())),
            (b"two".to_vec(), vec!["file.json".into()])
        );
        // A folder in the way cannot be replaced by a file.
        let taken = folder.path().join("taken");
        std::fs::create_dir(&taken).unwrap();
        std::fs::write(taken.join("inside"), b"").unwrap();
        replace(&OsDisk, &taken, b"three").unwrap_err();
        assert_eq!(names(folder.path()), ["new", "taken"]);
    }
}
