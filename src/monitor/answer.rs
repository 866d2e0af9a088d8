//! What the monitor's own parts hand each other: answers that may have to be made anew, and the rules in use.

use std::sync::Arc;

use crate::column::Damaged;
use crate::redact::Redactor;

/// The rules of redaction in use.
pub(super) enum Rules {
    Standard,
    Own(Arc<Redactor>),
}

impl std::ops::Deref for Rules {
    type Target = Redactor;

    fn deref(&self) -> &Redactor {
        match self {
            Self::Standard => Redactor::standard(),
            Self::Own(rules) => rules,
        }
    }
}

/// An answer that may have to be made from the file anew.
pub(super) type Answer<T> = std::result::Result<T, Trouble>;

/// Why an answer could not be made.
pub(super) enum Trouble {
    Damaged,
    Disk(std::io::Error),
}

impl From<Damaged> for Trouble {
    fn from(_: Damaged) -> Self {
        Self::Damaged
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Disk(error)
    }
}
