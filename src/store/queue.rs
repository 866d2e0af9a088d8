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
    /// Where the first line begins; what is before it is cut off now and then, because cutting moves all the rest.
    head: usize,
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
        self.bytes.len() - self.head
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
        &self.bytes[self.head..self.head + end]
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
        self.head += end;
        if self.head > self.bytes.len() / 2 {
            self.bytes.drain(..self.head);
            self.head = 0;
        }
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
        self.bytes.truncate(self.head + if kept > 0 { self.first_length() } else { 0 });
        lines as u64
    }

    /// The waiting lines, one after the other, without the one that readers count already because it stands in the file
    /// but for its newline.
    pub fn unseen(&self) -> &[u8] {
        let seen = if self.newline_due.is_some() { self.first_length() } else { 0 };
        &self.bytes[self.head + seen..]
    }
}

#[cfg(test)]
mod tests {
    use super::Queue;

    #[test]
    fn gives_what_came_and_was_not_taken_in_any_sequence() {
        let (mut queue, mut waiting) = (Queue::default(), Vec::<Vec<u8>>::new());
        let mut random = 1_u64;
        for serial in 0..20_000 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let number = (random >> 33) as usize;
            if number % 3 > 0 {
                let line = vec![b'a' + (serial % 26) as u8; 1 + number % 40];
                queue.push(serial, &line);
                waiting.push(line);
            } else {
                let all = waiting.concat();
                let written = number % (all.len() + 1);
                let (mut lines, mut rest) = (0, written);
                while waiting.first().is_some_and(|line| line.len() <= rest) {
                    rest -= waiting.remove(0).len();
                    lines += 1;
                }
                assert_eq!(queue.advance(written), (lines, rest));
            }
            assert_eq!((queue.unseen(), queue.bytes()), (&waiting.concat()[..], waiting.concat().len()));
            assert_eq!(queue.chunk(1), waiting.first().map_or(&[][..], |line| line));
        }
    }
}
