//! The progress events of one file: where each stands, and which belong to a run.

use super::{Names, Span};
use crate::event::ProgressEvent;

/// The events of one run, in the order of the file.
#[derive(Debug, Default)]
pub struct Run {
    /// Where its events stand.
    pub events: Vec<Span>,
}

/// Progress events by run.
#[derive(Debug, Default)]
pub struct Progress {
    names: Names,
    runs: Vec<Run>,
    events: Vec<Span>,
}

impl Progress {
    /// Appends an event that stands at `span`.
    pub fn push(&mut self, event: &ProgressEvent<'_>, span: Span) {
        self.events.push(span);
        let number = self.names.intern(event.run_id.unwrap_or(b"undefined")) as usize;
        if number == self.runs.len() {
            self.runs.push(Run::default());
        }
        self.runs[number].events.push(span);
    }

    /// The events of a run, given as a JSON value, or of all runs.
    #[must_use]
    pub fn events(&self, run_id: Option<&[u8]>) -> &[Span] {
        match run_id {
            None => &self.events,
            Some(run_id) => self.names.find(run_id).map_or(&[], |number| &self.runs[number as usize].events),
        }
    }
}
