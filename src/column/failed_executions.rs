//! The failed executions of one file, per CUJ, by what their errors have in common: apart from the executions themselves, because
//! few questions need it and the first question about a file would be slower by it.

use super::entry::group_hash;
use super::{Chunks, Damaged, Entry, Ids, Input, Names, Sink, Source, Span, State, load_all, put_unsigned, save_all};
use crate::event::CujExecution;

/// Failed executions by CUJ; made when they are first asked for.
#[derive(Debug, Default)]
pub struct FailedExecutions {
    names: Names,
    failures: Vec<Chunks<Entry>>,
    count: u64,
    ids: Ids,
}

/// What is kept of an execution, apart from its CUJ; only that it was there when it succeeded.
#[derive(Debug, Clone, Copy)]
pub struct FailedRow(Option<(Option<i64>, Span, u64)>);

impl FailedRow {
    /// What is kept of an execution that stands at `span`.
    #[must_use]
    pub fn new(execution: &CujExecution<'_>, span: Span) -> Self {
        Self((!execution.success).then(|| (execution.at, span, group_hash(&execution.error_name()))))
    }
}

impl FailedExecutions {
    /// The number of a CUJ, given as a JSON value.
    pub fn intern(&mut self, cuj_id: &[u8]) -> u32 {
        let number = self.names.intern(cuj_id);
        if number as usize == self.failures.len() {
            self.failures.push(Chunks::default());
        }
        number
    }

    /// Appends an execution of the CUJ with this number.
    pub fn push(&mut self, number: u32, row: FailedRow) {
        if let Some((at, span, group)) = row.0 {
            let entry = Entry { at, serial: self.count, span, hash: 0, group };
            self.failures[number as usize].push(entry, &mut self.ids);
        }
        self.count += 1;
    }

    /// Every CUJ's name (WTF-8) and failed executions, in order of first appearance.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Chunks<Entry>)> {
        (0u32..).zip(&self.failures).map(|(number, failures)| (self.names.text(number), failures))
    }
}

impl State for FailedExecutions {
    fn save(&mut self, source: &dyn Source, sink: &mut dyn Sink, out: &mut Vec<u8>) -> Result<(), Damaged> {
        self.names.save(out);
        put_unsigned(out, self.count);
        save_all(&mut self.failures, source, sink, out)
    }

    fn spill(&mut self, sink: &mut dyn Sink) {
        self.failures.iter_mut().for_each(|chunks| chunks.spill(sink));
    }

    fn load(input: &mut Input<'_>) -> Option<Self> {
        let mut ids = Ids::default();
        let names = Names::load(input)?;
        let count = input.unsigned()?;
        let failures = load_all(input, names.len(), &mut ids)?;
        Some(Self { names, failures, count, ids })
    }
}
