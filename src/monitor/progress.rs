//! Recording progress events and answering about them.

use super::Monitor;
use crate::column::{Chunks, is_same_name};
use crate::error::Result;
use crate::event::ProgressEvent;
use crate::index::Pieces;
use crate::store::Target;

impl Monitor {
    /// The first `limit` events of a run, given as a JSON value, or of all runs, oldest first: texts of JSON arrays,
    /// none much larger than 16 MiB, whose elements belong together.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn progress_history(&self, run_id: Option<&[u8]>, limit: Option<usize>) -> Result<Vec<String>> {
        let limit = limit.unwrap_or(usize::MAX);
        self.ask(&Target::Progress, &self.root().index.progress, |view| {
            let events = run_id.map_or(Some(view.columns.all()), |run_id| view.columns.run(run_id));
            let mut pieces = Pieces::default();
            let mut left = limit;
            for part in events.into_iter().flat_map(Chunks::parts) {
                let rows = part.rows(&*view.chunks)?;
                for row in rows.iter().take(left) {
                    if !pieces.push(view.lines.get(row.span)?) {
                        view.lines.doubt();
                    }
                }
                left = left.saturating_sub(rows.len());
                if left == 0 {
                    break;
                }
            }
            Ok(pieces.finish())
        })
    }

    /// How many events are on record.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn progress_count(&self) -> Result<u64> {
        self.ask(&Target::Progress, &self.root().index.progress, |view| Ok(view.columns.all().summary().total))
    }

    /// A run's last event as JSON text; `None` when there is none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn current_progress(&self, run_id: &[u8]) -> Result<Option<String>> {
        self.ask(&Target::Progress, &self.root().index.progress, |view| {
            let last = view.columns.run(run_id).and_then(|events| events.parts().next_back());
            let Some(last) = last.map(|part| part.rows(&*view.chunks)).transpose()? else { return Ok(None) };
            let Some(row) = last.last() else { return Ok(None) };
            let is_of_run = |event: &ProgressEvent<'_>| is_same_name(event.run_id.unwrap_or(b"null"), run_id);
            view.lines.record(row.span, is_of_run)?;
            let line = view.lines.get(row.span)?;
            Ok((!line.is_empty()).then(|| String::from_utf8_lossy(line).into_owned()))
        })
    }
}
