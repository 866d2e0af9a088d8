//! Records of one file that are still in memory, in order, in one piece so that many go out with one write.

use std::collections::VecDeque;

#[derive(Debug, Clone, Copy)]
struct Entry {
    serial: u64,
    length: usize,
}

/// Lines waiting to be appended to one file.
#[derive(Debug, Default)]
pub(super) struct Queue {
    bytes: Vec<u8>,
    entries: VecDeque<Entry>,
    /// Set when the first line stands in the file but for its newline: where that newline belongs.
    pub newline_due: Option<u64>,
}

impl Queue {
    pub fn push(&mut self, serial: u64, line: &[u8]) {
        self.bytes.extend_from_slice(line);
        self.entries.push_back(Entry { serial, length: line.len() });
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub const fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// When the oldest line came, in the order of all queues.
    pub fn oldest(&self) -> Option<u64> {
        self.entries.front().map(|entry| entry.serial)
    }

    /// The first lines, together at most `limit` bytes but at least one line.
    pub fn chunk(&self, limit: usize) -> &[u8] {
        let mut end = 0;
        for entry in &self.entries {
            if end > 0 && end + entry.length > limit {
                break;
            }
            end += entry.length;
        }
        &self.bytes[..end]
    }

    /// Length of the first line, newline included.
    pub fn first_length(&self) -> usize {
        self.entries.front().map_or(0, |entry| entry.length)
    }

    /// Removes the lines that lie wholly within the first `written` bytes; gives how many they were and what is left of
    /// `written`, which is the part of the next line that is in the file.
    pub fn advance(&mut self, written: usize) -> (u64, usize) {
        let (mut lines, mut end) = (0, 0);
        while let Some(entry) = self.entries.front()
            && end + entry.length <= written
        {
            end += entry.length;
            lines += 1;
            self.entries.pop_front();
        }
        self.bytes.drain(..end);
        if lines > 0 {
            self.newline_due = None;
        }
        (lines, written - end)
    }

    /// Forgets what [`Self::unseen`] gives; tells how many lines that were.
    pub fn drop_unseen(&mut self) -> u64 {
        let kept = usize::from(self.newline_due.is_some());
        let lines = self.entries.len() - kept;
        self.entries.truncate(kept);
        self.bytes.truncate(if kept > 0 { self.first_length() } else { 0 });
        lines as u64
    }

    /// The waiting lines, one after the other, without the one that readers count already because it stands in the file
    /// but for its newline.
    pub fn unseen(&self) -> &[u8] {
        let seen = if self.newline_due.is_some() { self.first_length() } else { 0 };
        &self.bytes[seen..]
    }
}
