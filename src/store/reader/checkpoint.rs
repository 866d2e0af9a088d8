//! Where a reader begins: where an earlier one was, or at the end of a file that is only followed.

use std::io;
use std::path::Path;

use memchr::memrchr;

use super::{CHUNK, HEAD, LineReader, Sink, TAIL, stands_at};
use crate::store::disk::{Disk, Stat};
use crate::store::own_file::OwnFile;

/// What is remembered of a reader from one process to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The file as it was when it was read.
    pub seen: Stat,
    /// Everything before this was handed over; a line ends here.
    pub position: u64,
    /// The first bytes of the file.
    pub head: Vec<u8>,
    /// The bytes right before the position.
    pub before: Vec<u8>,
}

impl LineReader {
    /// What to remember; `None` while no line ends at the position.
    #[must_use]
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        let between = self.open_line || self.skipping || self.position == 0;
        let seen = self.seen.filter(|_| !between)?;
        let (head, before) = (self.head.clone(), self.before.clone());
        Some(Checkpoint { seen, position: self.position, head, before })
    }

    /// Goes on where another reader of the same file was. Whether it is the same file is seen at the next catch-up.
    pub fn resume(&mut self, checkpoint: Checkpoint) {
        let Checkpoint { seen, position, head, before } = checkpoint;
        let path = std::mem::take(&mut self.path);
        let least = self.least;
        *self = Self { path, seen: Some(seen), position, head, before, resumed: true, least, ..Self::default() };
    }

    /// Whether the open file holds what a checkpoint remembers of it.
    #[must_use]
    pub fn holds(&self, checkpoint: &Checkpoint) -> bool {
        let Checkpoint { seen, position, head, before } = checkpoint;
        let from = position - before.len() as u64;
        self.opened().is_some_and(|file| {
            let is_same = file.stat().is_ok_and(|stat| stat.identity == seen.identity && stat.size >= *position);
            let stands = |text, offset| stands_at(file, text, offset).unwrap_or(false);
            is_same && stands(head, 0) && stands(before, from)
        })
    }

    /// A reader at the start of `path` for which only what is appended matters: an edit of what was read gives nothing again.
    #[must_use]
    pub fn following(path: &Path) -> Self {
        Self { follows: true, ..Self::new(path) }
    }

    /// Goes to the end of the last whole line, so that only later lines are handed over. A missing file has its end at 0.
    ///
    /// # Errors
    /// As the disk says; then the reader stays at the start.
    pub fn skip_to_end(&mut self, disk: &dyn Disk) -> io::Result<()> {
        let stat = match disk.stat(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            stat => stat?,
        };
        let file = OwnFile::new(disk.open_read(&self.path)?)?;
        let mut end = stat.size;
        let mut block = vec![0; CHUNK];
        while end > 0 {
            let start = end.saturating_sub(block.len() as u64);
            let length = usize::try_from(end - start).unwrap_or(block.len());
            let count = file.read_at(&mut block[..length], start)?;
            if let Some(newline) = memrchr(b'\n', &block[..count]) {
                end = start + newline as u64 + 1;
                break;
            }
            end = start;
        }
        let mut first = vec![0; HEAD.min(usize::try_from(end).unwrap_or(HEAD))];
        file.read_at(&mut first, 0)?;
        let from = end.saturating_sub(TAIL as u64);
        let mut before = vec![0; usize::try_from(end - from).unwrap_or(TAIL)];
        file.read_at(&mut before, from)?;
        (self.head, self.before, self.position) = (first, before, end);
        self.open = Some(file);
        self.seen = Some(Stat { size: end, ..stat });
        Ok(())
    }

    /// Hands over what is new in the file that is open, whatever its name is by now.
    ///
    /// # Errors
    /// As the disk says.
    pub fn drain_open(&mut self, disk: &dyn Disk, sink: &mut dyn Sink) -> io::Result<()> {
        let Some(file) = &self.open else { return Ok(()) };
        match file.look()? {
            Some(stat) if stat.size > self.position && !self.read_to(disk, stat.size, sink)? => self.start_over(sink),
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{HEAD, TAIL};

    #[test]
    fn the_documents_name_how_much_is_compared() {
        for text in [include_str!("../../../docs/guarantees.md"), include_str!("../../../ARCHITECTURE.md")] {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let thousands = format!("{},{:03}", HEAD / 1000, HEAD % 1000);
            assert!(
                text.contains(&format!("first {thousands} bytes")) && text.contains(&format!("last {TAIL} before"))
            );
        }
    }
}
