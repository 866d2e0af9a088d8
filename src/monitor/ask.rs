//! Asks the columns of a file, with what is new in it and what is still in memory, and again where it was replaced meanwhile.

use parking_lot::Mutex;

use super::Monitor;
use super::answer::{Answer, Trouble};
use crate::error::{Error, Result};
use crate::index::{Columns, Indexed, View};
use crate::store::Target;

/// How often a question is answered anew when its file is replaced meanwhile.
const TRIES: usize = 5;

impl Monitor {
    /// Answers from a file's columns, after taking in what is new in the file and what is still in memory.
    pub(super) fn ask<C: Columns, T>(
        &self,
        target: &Target,
        indexed: &Mutex<Indexed<C>>,
        answer: impl FnMut(&mut View<'_, C>) -> Answer<T>,
    ) -> Result<T> {
        let pending = self.pending(target);
        let failed = |source| Error::io("read", &self.root().path(target))(source);
        self.ask_indexed(&mut indexed.lock(), &pending, answer).map_err(failed)
    }

    /// The same for an index that is at hand. Columns whose cache proves damaged, or whose file was replaced before the last
    /// line was fetched from it, are made anew and asked again, so `answer` may be called more than once.
    pub(super) fn ask_indexed<C: Columns, T>(
        &self,
        indexed: &mut Indexed<C>,
        pending: &[u8],
        mut answer: impl FnMut(&mut View<'_, C>) -> Answer<T>,
    ) -> std::io::Result<T> {
        let disk = &*self.disk;
        let keep = !self.state.lock().disabled;
        let indexed = if pending.is_empty() {
            indexed.catch_up(disk, keep)?;
            indexed
        } else {
            indexed.with_pending(disk, pending)?
        };
        for tried in 0..TRIES {
            let mut view = indexed.view(disk, pending);
            let found = match answer(&mut view) {
                Ok(found) if view.lines.are_sound(tried > 0)? => Some(found),
                Ok(_) | Err(Trouble::Damaged) => None,
                Err(Trouble::Disk(error)) => return Err(error),
            };
            drop(view);
            if let Some(found) = found {
                return Ok(found);
            }
            indexed.rebuild(disk, pending)?;
        }
        let replaced =
            "its content is replaced faster than it can be read; ask again when it is left alone for a moment";
        Err(std::io::Error::new(std::io::ErrorKind::ResourceBusy, replaced))
    }

    /// Lines that the disk does not take even now.
    pub(super) fn pending(&self, target: &Target) -> Vec<u8> {
        let mut state = self.state.lock();
        if state.writer.has_pending() {
            state.writer.flush();
        }
        state.writer.look_back(target);
        state.writer.pending_lines(target).to_vec()
    }
}
