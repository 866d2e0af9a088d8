//! Takes records for every data file, keeps what the disk refuses for a while, and counts what becomes of each.

mod drain;

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::appender::{Appender, Found};
use super::counts::{Counts, Fault};
use super::disk::Disk;
use super::layout::Target;
use super::queue::Queue;
use super::reason::Reason;

/// When a record has to be in its file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Durability {
    /// Before the call returns, with one write: survives the death of the process.
    #[default]
    Write,
    /// Within 50 ms or 64 KiB, at a flush or a normal exit.
    Batch,
    /// Before the call returns, brought to the device: survives the loss of power.
    Sync,
}

/// In batch mode this many pending bytes are written at once.
const BATCH_BYTES: usize = 64 * 1024;

/// At most this many bytes wait for the disk; then the oldest records are dropped.
const PENDING_BYTES: usize = 8 * 1024 * 1024;

/// At most this many day files of skill invocations are kept open.
const OPEN_FILES: usize = 8;

#[derive(Debug)]
struct Slot {
    target: Target,
    appender: Appender,
    queue: Queue,
    told: Option<Reason>,
}

/// Appends records to their files.
#[derive(Debug)]
pub struct Writer {
    disk: Arc<dyn Disk>,
    found: fn(&Target) -> Found,
    durability: Durability,
    slots: Vec<Slot>,
    serial: u64,
    pending_bytes: usize,
    counts: Counts,
    faults: Vec<Fault>,
}

impl Writer {
    /// A writer with nothing open; `found` tells how the readers of a file find a record behind a fragment.
    #[must_use]
    pub fn new(disk: Arc<dyn Disk>, found: fn(&Target) -> Found) -> Self {
        Self {
            disk,
            found,
            durability: Durability::default(),
            slots: Vec::new(),
            serial: 0,
            pending_bytes: 0,
            counts: Counts::default(),
            faults: Vec::new(),
        }
    }

    /// Sets when records have to be in their files.
    pub const fn set_durability(&mut self, durability: Durability) {
        self.durability = durability;
    }

    /// When records have to be in their files.
    #[must_use]
    pub const fn durability(&self) -> Durability {
        self.durability
    }

    /// What became of the records so far.
    #[must_use]
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Whether records wait in memory.
    #[must_use]
    pub const fn has_pending(&self) -> bool {
        self.counts.pending > 0
    }

    /// Takes the faults since the last call.
    pub fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }

    /// Whether [`Self::take_faults`] would give any.
    #[must_use]
    pub const fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// Counts a record that is given up without trying.
    pub fn refuse(&mut self, reason: Reason) {
        self.counts.attempted += 1;
        self.counts.dropped.add(reason, 1);
    }

    /// Counts a record that was lost to a fault of our own, wherever that unwound from; `before` is what had been attempted then.
    pub fn unwound(&mut self, before: u64) {
        self.counts.settle_unwound(before);
    }

    /// Appends one line (its newline included) to a file; `path` makes the file's path when it is not open yet.
    pub fn record(&mut self, target: &Target, line: &[u8], path: impl FnOnce() -> PathBuf) {
        self.counts.attempted += 1;
        let slot = self.slot(target, path);
        if self.durability == Durability::Batch {
            self.enqueue(slot, line);
            if self.pending_bytes >= BATCH_BYTES {
                self.drain(slot);
            }
        } else if self.write_now(slot, line) && self.has_pending() {
            // The disk takes records again, so what it refused for other files is tried too.
            self.flush();
        }
        self.enforce_limit();
    }

    /// Tries to write everything that is pending.
    pub fn flush(&mut self) {
        for slot in 0..self.slots.len() {
            self.drain(slot);
            self.settle_last(slot);
        }
    }

    /// Looks whether the last line of a file is found by its readers, and writes it again if it is not.
    pub fn look_back(&mut self, target: &Target) {
        if let Some(slot) = self.slots.iter().position(|slot| slot.target == *target) {
            self.settle_last(slot);
        }
    }

    /// Flushes and gives back every descriptor.
    pub fn close(&mut self) {
        self.flush();
        self.slots.retain(|slot| !slot.queue.is_empty());
        for slot in &mut self.slots {
            slot.appender.close();
        }
    }

    /// Flushes, closes, and drops what the disk still does not take, because its file will not be asked for again.
    pub fn abandon(&mut self) {
        self.flush();
        for slot in 0..self.slots.len() {
            if let Some(reason) = self.slots[slot].told.take().filter(|_| !self.slots[slot].queue.is_empty()) {
                self.tell(slot, reason, &"the project root changed before it could be written", true);
                self.drop_all(slot, reason);
            }
            self.drop_all(slot, Reason::Overflow);
        }
        self.slots.clear();
    }

    /// The lines of a file that are still in memory and not to be seen in the file.
    #[must_use]
    pub fn pending_lines(&self, target: &Target) -> &[u8] {
        self.slots.iter().find(|slot| slot.target == *target).map_or(&[], |slot| slot.queue.unseen())
    }

    /// The files for which lines are still in memory.
    pub fn pending_targets(&self) -> impl Iterator<Item = &Target> {
        self.slots.iter().filter(|slot| !slot.queue.is_empty()).map(|slot| &slot.target)
    }

    fn slot(&mut self, target: &Target, path: impl FnOnce() -> PathBuf) -> usize {
        if let Some(found) = self.slots.iter().position(|slot| slot.target == *target) {
            return found;
        }
        if self.slots.len() >= OPEN_FILES
            && let Some(idle) = self.slots.iter().position(|slot| slot.queue.is_empty())
        {
            // Nobody looks for its last line later.
            self.settle_last(idle);
            if self.slots[idle].queue.is_empty() {
                self.slots.remove(idle);
            }
        }
        let appender = Appender::new(path(), (self.found)(target));
        self.slots.push(Slot { target: target.clone(), appender, queue: Queue::default(), told: None });
        self.slots.len() - 1
    }

    fn enqueue(&mut self, slot: usize, line: &[u8]) {
        self.serial += 1;
        self.slots[slot].queue.push(self.serial, line);
        self.pending_bytes += line.len();
        self.counts.pending += 1;
    }

    /// Writes a line behind those that wait for the same file; false when it has to wait too.
    fn write_now(&mut self, slot: usize, line: &[u8]) -> bool {
        if !self.slots[slot].queue.is_empty() {
            self.enqueue(slot, line);
            self.drain(slot);
            return self.slots[slot].queue.is_empty();
        }
        let appended = self.slots[slot].appender.append(&*self.disk, line);
        match &appended.error {
            None => {
                self.counts.accepted += 1;
                self.settle(slot);
                self.write_lost(slot);
                true
            }
            Some(error) => {
                self.enqueue(slot, line);
                self.after_fault(slot, appended.written, appended.end, error);
                false
            }
        }
    }

    fn enforce_limit(&mut self) {
        while self.pending_bytes > PENDING_BYTES {
            let waiting = (0..self.slots.len()).filter(|&slot| !self.slots[slot].queue.is_empty());
            let Some(slot) = waiting.min_by_key(|&slot| self.slots[slot].queue.oldest()) else { return };
            if self.slots[slot].queue.newline_due.is_some() {
                self.accept_unfinished(slot);
                continue;
            }
            let queue = &mut self.slots[slot].queue;
            let length = queue.first_length();
            queue.advance(length);
            self.pending_bytes -= length;
            self.counts.pending -= 1;
            self.counts.dropped.add(Reason::Overflow, 1);
        }
    }

    fn tell(&mut self, slot: usize, reason: Reason, error: &dyn std::fmt::Display, dropped: bool) {
        let slot = &mut self.slots[slot];
        if slot.told.replace(reason) == Some(reason) {
            return;
        }
        let path = slot.appender.path().to_owned();
        let fate = if dropped { "records for it are dropped" } else { "records wait in memory and are tried again" };
        let message = format!("cannot append to {}: {error}; {fate}", path.display());
        self.faults.push(Fault { code: "OBS_WRITE", reason, message, path, dropped });
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.flush();
    }
}
