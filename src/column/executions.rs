//! The CUJ executions of one file, per CUJ.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::{
    Chunks, Damaged, Entry, Ids, Input, Names, ResourceRow, ResourceRows, Row, Series, Sink, Source, Span, State,
};
use super::{load_all, put_unsigned, save_all};
use crate::event::CujExecution;

/// Executions by CUJ.
#[derive(Debug, Default)]
pub struct Executions {
    names: Names,
    series: Vec<Series>,
    failures: Vec<Chunks<Entry>>,
    resources: ResourceRows,
    count: u64,
    ids: Ids,
}

impl Executions {
    /// Appends an execution that stands at `span`.
    pub fn push(&mut self, execution: &CujExecution<'_>, span: Span) {
        let name = self.names.intern(execution.cuj_id);
        let number = name as usize;
        if number == self.series.len() {
            self.series.push(Series::default());
            self.failures.push(Chunks::default());
        }
        let (at, success, duration_ms, serial) = (execution.at, execution.success, execution.duration_ms, self.count);
        if !success {
            let hash = hash(&execution.error_name());
            self.failures[number].push(Entry { at, serial, span, hash }, &mut self.ids);
        }
        self.series[number].push(Row { at, serial, success, duration_ms }, &mut self.ids);
        self.resources.push(name, at, execution.resources, &mut self.ids);
        self.count += 1;
    }

    /// The executions of a CUJ, given as a JSON value.
    #[must_use]
    pub fn series(&self, cuj_id: &[u8]) -> Option<&Series> {
        self.names.find(cuj_id).map(|number| &self.series[number as usize])
    }

    /// The failed executions of a CUJ, given as a JSON value; their errors are kept as hashes and fetched when shown.
    #[must_use]
    pub fn failures(&self, cuj_id: &[u8]) -> Option<&Chunks<Entry>> {
        self.names.find(cuj_id).map(|number| &self.failures[number as usize])
    }

    /// What the executions of a CUJ, given as a JSON value, say of resources.
    #[must_use]
    pub fn resources(&self, cuj_id: &[u8]) -> Option<&Chunks<ResourceRow>> {
        self.names.find(cuj_id).and_then(|number| self.resources.get(number))
    }

    /// The same for every CUJ that says something, with its name (WTF-8), in order of first appearance.
    pub fn iter_resources(&self) -> impl Iterator<Item = (&[u8], &Chunks<ResourceRow>)> {
        self.resources.iter().map(|(number, rows)| (self.names.text(number), rows))
    }

    /// Every CUJ's name (WTF-8) and executions, in order of first appearance.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Series)> {
        (0u32..).zip(&self.series).map(|(number, series)| (self.names.text(number), series))
    }
}

/// The same in every process, because hashes are saved.
fn hash(text: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(text);
    hasher.finish()
}

impl State for Executions {
    fn save(&mut self, source: &dyn Source, sink: &mut dyn Sink, out: &mut Vec<u8>) -> Result<(), Damaged> {
        self.names.save(out);
        put_unsigned(out, self.count);
        self.series.iter_mut().try_for_each(|series| series.save(source, sink, out))?;
        save_all(&mut self.failures, source, sink, out)?;
        self.resources.save(source, sink, out)
    }

    fn load(input: &mut Input<'_>) -> Option<Self> {
        let mut ids = Ids::default();
        let names = Names::load(input)?;
        let count = input.unsigned()?;
        let series = (0..names.len()).map(|_| Series::load(input, &mut ids)).collect::<Option<_>>()?;
        let failures = load_all(input, names.len(), &mut ids)?;
        let resources = ResourceRows::load(input, names.len(), &mut ids)?;
        Some(Self { names, series, failures, resources, count, ids })
    }
}
