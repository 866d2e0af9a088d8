//! What the real disk is on Unix.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use crate::store::disk::{Identity, Stat};

pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options.mode(0o600)
}

pub fn open_append(path: &Path) -> io::Result<File> {
    let flags = (rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits();
    let mut options = OpenOptions::new();
    private(options.read(true).append(true).create(true)).custom_flags(flags.cast_signed()).open(path)
}

pub fn open_lock(path: &Path) -> io::Result<File> {
    let flags = (rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits();
    let mut options = OpenOptions::new();
    private(options.write(true).create(true).truncate(false)).custom_flags(flags.cast_signed()).open(path)
}

pub fn open_read(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NONBLOCK.bits();
    OpenOptions::new().read(true).custom_flags(flags.cast_signed()).open(path)
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub fn create_dirs(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

pub fn links(file: &File) -> io::Result<u64> {
    Ok(file.metadata()?.nlink())
}

pub fn from_metadata(meta: &std::fs::Metadata) -> Stat {
    Stat {
        identity: Identity { device: meta.dev(), inode: meta.ino() },
        size: meta.size(),
        links: meta.nlink(),
        modified: i128::from(meta.mtime()) * 1_000_000_000 + i128::from(meta.mtime_nsec()),
        born: born(meta),
    }
}

fn born(meta: &std::fs::Metadata) -> i128 {
    let since = meta.created().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since.and_then(|since| i128::try_from(since.as_nanos()).ok()).unwrap_or(0)
}

pub fn stat(path: &Path) -> io::Result<Stat> {
    Ok(from_metadata(&std::fs::metadata(path)?))
}

#[cfg(target_os = "linux")]
pub fn stat_open(file: &File) -> io::Result<Stat> {
    use rustix::fs::{AtFlags, StatxFlags, makedev, statx};
    // Only these three: asking for times makes the next write update them at full precision, which costs it 200 ns.
    let mask = StatxFlags::SIZE | StatxFlags::NLINK | StatxFlags::INO;
    match statx(file, c"", AtFlags::EMPTY_PATH, mask) {
        Ok(stat) => Ok(Stat {
            identity: Identity { device: makedev(stat.stx_dev_major, stat.stx_dev_minor), inode: stat.stx_ino },
            size: stat.stx_size,
            links: u64::from(stat.stx_nlink),
            modified: 0,
            born: 0,
        }),
        // Kernels before 4.11 and some sandboxes do not have it.
        Err(rustix::io::Errno::NOSYS | rustix::io::Errno::PERM) => Ok(from_metadata(&file.metadata()?)),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
pub fn stat_open(file: &File) -> io::Result<Stat> {
    Ok(from_metadata(&file.metadata()?))
}

pub fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    FileExt::read_at(file, buffer, offset)
}

/// Appends also where other code closed our descriptor and opened the same file under its number, but not for appending: a
/// plain write would overwrite what stands there.
#[cfg(target_os = "linux")]
pub fn append(file: &File, bytes: &[u8]) -> io::Result<usize> {
    use rustix::io::{Errno, ReadWriteFlags, pwritev2};
    // The offset that moves the file's position too, as a plain write does.
    const POSITION: u64 = u64::MAX;
    match pwritev2(file, &[io::IoSlice::new(bytes)], POSITION, ReadWriteFlags::APPEND) {
        // Kernels before 4.16, some file systems and some sandboxes do not have it.
        Err(Errno::NOSYS | Errno::OPNOTSUPP | Errno::PERM | Errno::INVAL) => append_checked(file, bytes),
        written => Ok(written?),
    }
}

#[cfg(not(target_os = "linux"))]
pub fn append(file: &File, bytes: &[u8]) -> io::Result<usize> {
    append_checked(file, bytes)
}

/// A descriptor that does not append is not ours, so it counts as closed. Between the look and the write it could become so.
fn append_checked(mut file: &File, bytes: &[u8]) -> io::Result<usize> {
    if !rustix::fs::fcntl_getfl(file)?.contains(rustix::fs::OFlags::APPEND) {
        return Err(rustix::io::Errno::BADF.into());
    }
    io::Write::write(&mut file, bytes)
}

/// Asking where the next hole is takes the inode's lock, which a writer holds until its write is over.
#[cfg(target_os = "linux")]
pub fn await_writers(file: &File) {
    let end = file.metadata().map_or(0, |meta| meta.size());
    let restore = rustix::fs::tell(file);
    let seek = rustix::fs::seek(file, rustix::fs::SeekFrom::Hole(end.saturating_sub(1)));
    if let Ok(position) = restore {
        let _ = rustix::fs::seek(file, rustix::fs::SeekFrom::Start(position));
    }
    if seek.is_err() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

#[cfg(not(target_os = "linux"))]
pub fn await_writers(_: &File) {
    std::thread::sleep(std::time::Duration::from_millis(1));
}

#[cfg(target_os = "linux")]
pub fn ticks() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::MonotonicCoarse);
    time.tv_sec.cast_unsigned() * 1000 + time.tv_nsec.cast_unsigned() / 1_000_000
}

#[cfg(not(target_os = "linux"))]
pub fn ticks() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    time.tv_sec.cast_unsigned() * 1000 + time.tv_nsec.cast_unsigned() / 1_000_000
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::fd::{FromRawFd, IntoRawFd};

    use super::{append, append_checked, open_append};

    /// A file of ours, and the same file under the same number as other code opened it, at its beginning.
    fn hijacked(folder: &std::path::Path) -> (std::path::PathBuf, File) {
        let path = folder.join("records.jsonl");
        std::fs::write(&path, "one\n").unwrap();
        let own = open_append(&path).unwrap();
        let other = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        let number = own.into_raw_fd();
        // SAFETY: the number was just given back by its only owner and is owned by one again.
        let mut target = unsafe { std::os::fd::OwnedFd::from_raw_fd(number) };
        rustix::io::dup2(&other, &mut target).unwrap();
        (path, File::from(target))
    }

    #[test]
    fn what_stands_in_a_file_is_not_overwritten_through_a_descriptor_that_other_code_opened() {
        let folder = tempfile::tempdir().unwrap();
        let (path, file) = hijacked(folder.path());
        let _ = append(&file, b"two\n");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text == "one\ntwo\n" || text == "one\n", "{text}");
    }

    #[test]
    fn where_a_system_cannot_append_by_itself_such_a_descriptor_counts_as_closed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, file) = hijacked(folder.path());
        let error = append_checked(&file, b"two\n").unwrap_err();
        assert_eq!(error.raw_os_error(), Some(rustix::io::Errno::BADF.raw_os_error()));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\n");
        append_checked(&open_append(&path).unwrap(), b"two\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\ntwo\n");
    }
}
