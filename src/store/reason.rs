//! Why the disk did not take a record: what may pass is waited for, everything else is counted by reason.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};

use serde::Serialize;

/// Why a record was not written, by the name under which `getStoreHealth()` counts it.
///
/// ```
/// use std::io;
/// use obs_native::store::Reason;
///
/// let reason = Reason::of(&io::ErrorKind::StorageFull.into());
/// assert_eq!((reason.name(), reason.may_pass()), ("full", true));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// `OBS_DISABLED` is set.
    Disabled,
    /// No space left on the device, or the file may not grow.
    Full,
    /// The user's quota is used up.
    Quota,
    /// No descriptors left.
    Descriptors,
    /// The file is busy.
    Busy,
    /// Permission was denied.
    Denied,
    /// The file system is read-only.
    ReadOnly,
    /// A symbolic link stands in place of the file.
    Symlink,
    /// Something else than a regular file stands in its place.
    NotAFile,
    /// The file has another name elsewhere (a hard link).
    HardLink,
    /// The device reports a fault.
    Device,
    /// More was pending than memory may hold, and the oldest had to go.
    Overflow,
    /// The path cannot be made or used.
    Path,
    /// A fault of this crate itself.
    Internal,
}

/// Errors that this package makes itself, told apart by these texts.
pub(super) const HARD_LINK: &str = "the file has another name (a hard link)";
pub(super) const NOT_A_FILE: &str = "not a regular file";

impl Reason {
    /// Why an operation failed.
    #[must_use]
    pub fn of(error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::FileTooLarge => Self::Full,
            ErrorKind::QuotaExceeded => Self::Quota,
            ErrorKind::WouldBlock | ErrorKind::ResourceBusy | ErrorKind::TimedOut | ErrorKind::Interrupted => {
                Self::Busy
            }
            ErrorKind::PermissionDenied => Self::Denied,
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            ErrorKind::IsADirectory => Self::NotAFile,
            ErrorKind::NotADirectory | ErrorKind::NotFound | ErrorKind::InvalidInput | ErrorKind::InvalidFilename => {
                Self::Path
            }
            ErrorKind::Unsupported => {
                if error.to_string() == HARD_LINK {
                    Self::HardLink
                } else {
                    Self::NotAFile
                }
            }
            _ => Self::of_number(error),
        }
    }

    #[cfg(unix)]
    fn of_number(error: &io::Error) -> Self {
        use rustix::io::Errno;
        match error.raw_os_error().map(Errno::from_raw_os_error) {
            Some(Errno::LOOP) => Self::Symlink,
            Some(Errno::MFILE | Errno::NFILE) => Self::Descriptors,
            Some(Errno::NXIO) => Self::NotAFile,
            _ => Self::Device,
        }
    }

    #[cfg(not(unix))]
    fn of_number(_: &io::Error) -> Self {
        Self::Device
    }

    /// Whether the record is kept in memory and tried again.
    #[must_use]
    pub const fn may_pass(self) -> bool {
        matches!(self, Self::Full | Self::Quota | Self::Descriptors | Self::Busy | Self::Device)
    }

    /// The name used in counts and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Full => "full",
            Self::Quota => "quota",
            Self::Descriptors => "descriptors",
            Self::Busy => "busy",
            Self::Denied => "denied",
            Self::ReadOnly => "read_only",
            Self::Symlink => "symlink",
            Self::NotAFile => "not_a_file",
            Self::HardLink => "hard_link",
            Self::Device => "device",
            Self::Overflow => "overflow",
            Self::Path => "path",
            Self::Internal => "internal",
        }
    }
}

/// Records given up, by reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Dropped {
    /// All of them.
    pub total: u64,
    /// How many for each reason.
    pub by_reason: BTreeMap<Reason, u64>,
}

impl Dropped {
    /// Counts `records` given up for `reason`.
    pub fn add(&mut self, reason: Reason, records: u64) {
        if records > 0 {
            self.total += records;
            *self.by_reason.entry(reason).or_default() += records;
        }
    }
}
