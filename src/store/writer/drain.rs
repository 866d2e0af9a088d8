//! Writes what waits for a file, and sorts out what became of each line: accepted, kept for the next try, or dropped.

use super::{BATCH_BYTES, Durability, Reason, Slot, Writer};

impl Writer {
    /// After lines were written: brings the file to the device where that is asked for.
    ///
    /// After a failed sync the kernel marks the pages clean, so asking again proves nothing, and writing the record again
    /// would double it for every reader: it stays accepted, and the fault is told.
    pub(super) fn settle(&mut self, slot: usize) {
        let Slot { appender, told, .. } = &mut self.slots[slot];
        let synced = if self.durability == Durability::Sync { appender.sync(&*self.disk) } else { Ok(()) };
        match synced {
            Ok(()) => {
                *told = None;
                appender.rest();
            }
            Err(error) => {
                appender.close();
                self.tell(slot, Reason::of(&error), &error, false);
            }
        }
    }

    /// Looks for the last line until it is found.
    pub(super) fn settle_last(&mut self, slot: usize) {
        while self.slots[slot].appender.look_back() {
            self.write_lost(slot);
        }
    }

    /// Writes again what was accepted but is not found by any reader. That may be hidden again, which the next look tells.
    pub(super) fn write_lost(&mut self, slot: usize) {
        while let Some(line) = self.slots[slot].appender.take_lost() {
            self.counts.accepted -= 1;
            self.enqueue(slot, &line);
            self.drain(slot);
        }
    }

    pub(super) fn drain(&mut self, slot: usize) {
        if !self.finish_first_line(slot) {
            return;
        }
        // One by one, a record is at the device before the next one is begun.
        let limit = if self.durability == Durability::Sync { 1 } else { BATCH_BYTES };
        while !self.slots[slot].queue.is_empty() {
            let Slot { appender, queue, .. } = &mut self.slots[slot];
            let appended = appender.append(&*self.disk, queue.chunk(limit));
            match &appended.error {
                None => {
                    self.advance(slot, appended.written);
                    self.settle(slot);
                }
                Some(error) => {
                    self.after_fault(slot, appended.written, appended.end, error);
                    return;
                }
            }
        }
    }

    /// Completes a line that lacks only its newline; false when the disk does not let it now.
    pub(super) fn finish_first_line(&mut self, slot: usize) -> bool {
        let Slot { appender, queue, .. } = &mut self.slots[slot];
        let Some(due) = queue.newline_due else { return true };
        match appender.finish_line(&*self.disk, due, queue.chunk(1)) {
            Ok(true) => {
                self.accept_unfinished(slot);
                self.settle(slot);
            }
            Ok(false) => queue.newline_due = None,
            Err(error) => {
                let reason = Reason::of(&error);
                self.tell(slot, reason, &error, !reason.may_pass());
                if !reason.may_pass() {
                    self.drop_rest(slot, reason);
                }
                return false;
            }
        }
        true
    }

    /// Counts a line that lacks only its newline as accepted: readers count it, and whoever appends next ends it.
    pub(super) fn accept_unfinished(&mut self, slot: usize) {
        let queue = &mut self.slots[slot].queue;
        if queue.newline_due.take().is_some() {
            let length = queue.first_length();
            self.advance(slot, length);
        }
    }

    pub(super) fn advance(&mut self, slot: usize, written: usize) -> usize {
        let before = self.slots[slot].queue.bytes();
        let (lines, rest) = self.slots[slot].queue.advance(written);
        self.pending_bytes -= before - self.slots[slot].queue.bytes();
        self.counts.accepted += lines;
        self.counts.pending -= lines;
        rest
    }

    /// Sorts out what a failed append left: whole lines are accepted, and the rest waits or is dropped.
    pub(super) fn after_fault(&mut self, slot: usize, written: usize, end: u64, error: &std::io::Error) {
        let rest = self.advance(slot, written);
        let queue = &mut self.slots[slot].queue;
        if rest > 0 && rest + 1 == queue.first_length() {
            queue.newline_due = Some(end);
        }
        if queue.is_empty() {
            return;
        }
        let reason = Reason::of(error);
        self.tell(slot, reason, error, !reason.may_pass());
        if !reason.may_pass() {
            self.drop_all(slot, reason);
        }
    }

    /// Gives up everything that waits for a file, for good.
    pub(super) fn drop_all(&mut self, slot: usize, reason: Reason) {
        self.accept_unfinished(slot);
        self.drop_rest(slot, reason);
    }

    /// Gives up what waits for a file, but for a line that lacks only its newline: readers count it, so it is not given up,
    /// and others may still append to it, so it is not accepted.
    pub(super) fn drop_rest(&mut self, slot: usize, reason: Reason) {
        let queue = &mut self.slots[slot].queue;
        let before = queue.bytes();
        let lines = queue.drop_unseen();
        self.pending_bytes -= before - self.slots[slot].queue.bytes();
        self.counts.pending -= lines;
        self.counts.dropped.add(reason, lines);
    }
}
