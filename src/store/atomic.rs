//! Replaces a whole file so that readers see the old content or the new, never a part.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::disk::Disk;

/// Keeps the temporary names of one process apart.
static SERIAL: AtomicU64 = AtomicU64::new(0);

/// Writes `bytes` to a temporary file beside `path`, brings it to the device and gives it the name.
///
/// # Errors
/// As the disk says; the temporary file is removed and the old content stays.
pub fn replace(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    disk.create_dirs(folder)?;
    let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}-{serial}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    // A crash before the rename leaves only the temporary file; one after it leaves the new content.
    let result = disk.create_new(&temporary, bytes).and_then(|()| disk.rename(&temporary, path));
    if result.is_err() {
        let _ = disk.remove(&temporary);
    }
    result.and_then(|()| disk.sync_dir(folder))
}
