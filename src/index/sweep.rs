//! Removes from the folder of caches what nobody needs: files of chunks that no state names, caches of data files that are
//! gone, and those of older versions.

use std::io;
use std::path::Path;

use super::cache::VERSION;
use super::state;
use crate::store::Disk;

/// As much of a state is read as holds the path of its data file.
const BEGINNING: usize = 8192;

/// Sweeps the folder; the lock is held. Of the cache with this name, only the state and the named file of chunks are needed.
pub(super) fn sweep(disk: &dyn Disk, folder: &Path, name: &str, chunks: &str) -> io::Result<()> {
    let listed = disk.list(folder)?;
    let names = || listed.iter().filter_map(|path| path.file_name()?.to_str());
    let gone: Vec<&str> =
        names().filter_map(|file| owner(file, "state").filter(|_| is_gone(disk, &folder.join(file)))).collect();
    for file in names() {
        let own = file.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        let unnamed = own && file != chunks && (owner(file, "chunks").is_some() || file.strip_suffix(".tmp").is_some());
        let orphan = gone.iter().any(|gone| file.strip_prefix(gone).is_some_and(|rest| rest.starts_with('.')));
        if unnamed || orphan || is_older(file) {
            let _ = disk.remove(&folder.join(file));
        }
    }
    Ok(())
}

/// The name of the cache whose file of this version and kind it is.
fn owner<'a>(file: &'a str, kind: &str) -> Option<&'a str> {
    let stem = file.strip_suffix(kind)?.strip_suffix('.')?.strip_suffix(&format!(".v{VERSION}"))?;
    stem.split('.').next()
}

fn is_older(file: &str) -> bool {
    let stem = file.strip_suffix(".state").or_else(|| file.strip_suffix(".chunks"));
    let version = stem.and_then(|stem| stem.rsplit_once(".v")?.1.parse::<u32>().ok());
    version.is_some_and(|version| version < VERSION)
}

/// Whether a state of this version is of a data file that is not there any more.
fn is_gone(disk: &dyn Disk, state: &Path) -> bool {
    let Ok(file) = disk.open_read(state) else { return false };
    let mut beginning = vec![0; BEGINNING];
    let Ok(count) = file.read_at(&mut beginning, 0) else { return false };
    let data = state::data_path(&beginning[..count]);
    data.is_some_and(|data| disk.stat(&data).is_err_and(|error| error.kind() == io::ErrorKind::NotFound))
}
