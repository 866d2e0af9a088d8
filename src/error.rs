//! The crate's one error: a stable code for programs and a sentence for people.

use std::io;
use std::path::{Path, PathBuf};

/// What can go wrong in a call; faults of the disk while recording are counted instead (see [`crate::store::Reason`]).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The disk refused something that the caller asked for by name.
    #[error("could not {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as in "could not … PATH".
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's answer.
        source: io::Error,
    },
    /// A setting that cannot be used.
    #[error("{0}")]
    Setting(String),
    /// Text that should have been JSON of a certain shape.
    #[error("{what}: {why}")]
    Malformed {
        /// What the text should have been.
        what: String,
        /// What is wrong with it.
        why: String,
    },
    /// Writing is switched off.
    #[error("nothing is written while OBS_DISABLED is set; unset it to {0}")]
    Disabled(&'static str),
    /// Somebody else is at it, and nobody waits.
    #[error("{0}")]
    Busy(&'static str),
    /// A regular expression to search with that cannot be used.
    #[error("grep is no regular expression that can be searched with: {0}")]
    Expression(String),
    /// A regular expression to find CUJs with that cannot be used.
    #[error("cuj is no regular expression that can be searched with: {0}")]
    CujExpression(String),
    /// A fault of this crate itself, met while recording; the record is counted as dropped.
    #[error("recording failed by a fault of the package itself, which cost this record; please report it")]
    Internal,
    /// A rule for redaction that cannot be used.
    #[error(transparent)]
    Redact(#[from] crate::redact::Error),
}

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The code by which a program knows this error: `OBS_IO`, `OBS_BAD_SETTING`, `OBS_MALFORMED`, `OBS_DISABLED`,
    /// `OBS_BUSY`, `OBS_BAD_PATTERN` or `OBS_INTERNAL`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "OBS_IO",
            Self::Setting(_) => "OBS_BAD_SETTING",
            Self::Malformed { .. } => "OBS_MALFORMED",
            Self::Disabled(_) => "OBS_DISABLED",
            Self::Internal => "OBS_INTERNAL",
            Self::Busy(_) => "OBS_BUSY",
            Self::Expression(_) | Self::CujExpression(_) | Self::Redact(_) => "OBS_BAD_PATTERN",
        }
    }

    /// Names the action and the path of a fault of the disk.
    ///
    /// ```
    /// use std::{io, path::Path};
    /// use obs_native::error::Error;
    ///
    /// let error = Error::io("read", Path::new("a.jsonl"))(io::ErrorKind::NotFound.into());
    /// assert_eq!(error.to_string(), "could not read a.jsonl: entity not found");
    /// ```
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}
