//! What is told of the writing: what became of the records, and the faults of the disk.

use std::path::PathBuf;

use serde::Serialize;

use super::reason::{Dropped, Reason};

/// What became of the records so far; `attempted = accepted + pending + dropped.total`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Record calls that did not throw.
    pub attempted: u64,
    /// Whole in their file.
    pub accepted: u64,
    /// Held in memory.
    pub pending: u64,
    /// Given up.
    pub dropped: Dropped,
}

impl Counts {
    /// Counts a record whose writing was unwound, and what that left uncounted; `before` is what had been attempted then.
    pub(super) fn settle_unwound(&mut self, before: u64) {
        self.attempted = self.attempted.max(before + 1);
        let settled = self.accepted + self.pending + self.dropped.total;
        self.dropped.add(Reason::Internal, self.attempted.saturating_sub(settled));
    }
}

/// A fault of the disk, told once for each reason and file until writing there succeeds again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Always `OBS_WRITE`.
    pub code: &'static str,
    /// Why.
    pub reason: Reason,
    /// What happened and what becomes of the record, in a sentence.
    pub message: String,
    /// The file.
    pub path: PathBuf,
    /// Whether records are dropped, rather than kept and tried again.
    pub dropped: bool,
}
