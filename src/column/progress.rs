//! The progress events of one file: where each run's events stand.

use super::{Chunks, Damaged, Entry, Ids, Input, Names, Sink, Source, Span, State};
use super::{load_all, put_unsigned, save_all};
use crate::json;

/// Progress events by run.
#[derive(Debug, Default)]
pub struct Progress {
    names: Names,
    runs: Vec<Chunks<Entry>>,
    all: Chunks<Entry>,
    count: u64,
    ids: Ids,
}

impl Progress {
    /// The number of a run, given as a JSON value.
    pub fn intern(&mut self, run_id: &[u8]) -> u32 {
        let number = self.names.intern(run_id);
        if number as usize == self.runs.len() {
            self.runs.push(Chunks::default());
        }
        number
    }

    /// Appends an event of the run with this number, of a time in epoch ms, that stands at `span`.
    pub fn push(&mut self, number: u32, at: Option<i64>, span: Span) {
        let entry = Entry { at, serial: self.count, span, hash: 0, group: 0 };
        self.runs[number as usize].push(entry, &mut self.ids);
        self.all.push(entry, &mut self.ids);
        self.count += 1;
    }

    /// The events of all runs.
    #[must_use]
    pub const fn all(&self) -> &Chunks<Entry> {
        &self.all
    }

    /// The events of a run, given as a JSON value.
    #[must_use]
    pub fn run(&self, run_id: &[u8]) -> Option<&Chunks<Entry>> {
        self.names.find(run_id).map(|number| &self.runs[number as usize])
    }

    /// Every run as a JSON value, with its events, in order of first appearance; events without a run are left out.
    pub fn iter(&self) -> impl Iterator<Item = (String, &Chunks<Entry>)> {
        let named = (0u32..).zip(&self.runs).map(|(number, events)| (self.names.value(number), events));
        named.filter(|(run_id, _)| run_id != "undefined" && !json::is_falsy(run_id.as_bytes()))
    }
}

impl State for Progress {
    fn save(&mut self, source: &dyn Source, sink: &mut dyn Sink, out: &mut Vec<u8>) -> Result<(), Damaged> {
        self.names.save(out);
        put_unsigned(out, self.count);
        save_all(&mut self.runs, source, sink, out)?;
        self.all.save(source, sink, out)
    }

    fn spill(&mut self, sink: &mut dyn Sink) {
        self.runs.iter_mut().for_each(|chunks| chunks.spill(sink));
        self.all.spill(sink);
    }

    fn load(input: &mut Input<'_>) -> Option<Self> {
        let mut ids = Ids::default();
        let names = Names::load(input)?;
        let count = input.unsigned()?;
        let runs = load_all(input, names.len(), &mut ids)?;
        let all = Chunks::load(input, &mut ids)?;
        Some(Self { names, runs, all, count, ids })
    }
}
