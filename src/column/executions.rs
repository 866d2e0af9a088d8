//! The CUJ executions of one file, per CUJ.

use std::ops::Range;

use super::entry::saved_hash;
use super::{Chunks, Damaged, Entry, Ids, Input, Names, Row, Series, Sink, Source, Span, State, is_same_name};
use super::{load_all, put_unsigned, save_all};
use crate::event::CujExecution;

/// Executions by CUJ.
#[derive(Debug, Default)]
pub struct Executions {
    names: Names,
    series: Vec<Series>,
    failures: Vec<Chunks<Entry>>,
    count: u64,
    ids: Ids,
}

/// What is kept of an execution, apart from its CUJ.
#[derive(Debug, Clone, Copy)]
pub struct ExecutionRow {
    at: Option<i64>,
    duration_ms: f64,
    /// The hash of the error; `None` for a success.
    failure: Option<u64>,
    span: Span,
}

impl ExecutionRow {
    /// What is kept of an execution that stands at `span`.
    #[must_use]
    pub fn new(execution: &CujExecution<'_>, span: Span) -> Self {
        let failure = (!execution.success).then(|| saved_hash(&execution.error_name()));
        Self { at: execution.at, duration_ms: execution.duration_ms, failure, span }
    }
}

impl Executions {
    /// The number of a CUJ, given as a JSON value.
    pub fn intern(&mut self, cuj_id: &[u8]) -> u32 {
        let number = self.names.intern(cuj_id);
        if number as usize == self.series.len() {
            self.series.push(Series::default());
            self.failures.push(Chunks::default());
        }
        number
    }

    /// Appends an execution of the CUJ with this number.
    pub fn push(&mut self, number: u32, row: ExecutionRow) {
        let ExecutionRow { at, duration_ms, failure, span } = row;
        let (number, serial) = (number as usize, self.count);
        if let Some(hash) = failure {
            self.failures[number].push(Entry { at, serial, span, hash, group: 0 }, &mut self.ids);
        }
        self.series[number].push(Row { at, serial, success: failure.is_none(), duration_ms }, &mut self.ids);
        self.count += 1;
    }

    /// The executions of a CUJ, given as a JSON value.
    #[must_use]
    pub fn series(&self, cuj_id: &[u8]) -> Option<&Series> {
        self.names.find(cuj_id).map(|number| &self.series[number as usize])
    }

    /// The executions that a question about a CUJ is about, one series for each CUJ: those of the one CUJ, given as a JSON
    /// value, or those of all CUJs when it is `null` or `""`, as in the original modules.
    #[must_use]
    pub fn chosen(&self, cuj_id: &[u8]) -> &[Series] {
        &self.series[self.chosen_numbers(cuj_id)]
    }

    /// The failed executions that a question is about, in the same way; errors are kept as hashes and fetched when shown.
    #[must_use]
    pub fn failures(&self, cuj_id: &[u8]) -> &[Chunks<Entry>] {
        &self.failures[self.chosen_numbers(cuj_id)]
    }

    /// Whether a question about `asked` is about an execution of `cuj_id`, both JSON values.
    #[must_use]
    pub fn is_about(asked: &[u8], cuj_id: &[u8]) -> bool {
        is_all(asked) || is_same_name(asked, cuj_id)
    }

    fn chosen_numbers(&self, cuj_id: &[u8]) -> Range<usize> {
        if is_all(cuj_id) {
            return 0..self.series.len();
        }
        self.names.find(cuj_id).map_or(0..0, |number| number as usize..number as usize + 1)
    }

    /// Every CUJ's name (WTF-8) and executions, in order of first appearance.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Series)> {
        (0u32..).zip(&self.series).map(|(number, series)| (self.names.text(number), series))
    }
}

/// Whether a question that names no CUJ is about all of them.
const fn is_all(asked: &[u8]) -> bool {
    matches!(asked, b"null" | b"\"\"")
}

impl State for Executions {
    fn save(&mut self, source: &dyn Source, sink: &mut dyn Sink, out: &mut Vec<u8>) -> Result<(), Damaged> {
        self.names.save(out);
        put_unsigned(out, self.count);
        self.series.iter_mut().try_for_each(|series| series.save(source, sink, out))?;
        save_all(&mut self.failures, source, sink, out)
    }

    fn spill(&mut self, sink: &mut dyn Sink) {
        self.series.iter_mut().for_each(|series| series.spill(sink));
        self.failures.iter_mut().for_each(|chunks| chunks.spill(sink));
    }

    fn load(input: &mut Input<'_>) -> Option<Self> {
        let mut ids = Ids::default();
        let names = Names::load(input)?;
        let count = input.unsigned()?;
        let series = (0..names.len()).map(|_| Series::load(input, &mut ids)).collect::<Option<_>>()?;
        let failures = load_all(input, names.len(), &mut ids)?;
        Some(Self { names, series, failures, count, ids })
    }
}
