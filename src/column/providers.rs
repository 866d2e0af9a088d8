//! The provider calls of one file, per provider.

use super::chunks::Cell;
use super::entry::group_hash;
use super::{Chunks, Damaged, Entry, Ids, Input, Names, Row, Sink, Source, Span, State, Summary};
use super::{load_all, put_unsigned, save_all};
use crate::event::ProviderCall;
use crate::json;

/// The calls to one provider.
#[derive(Debug, Clone, Copy)]
pub struct Provider<'a> {
    /// All calls.
    pub calls: &'a Chunks<Row>,
    /// The failed calls that have an error.
    pub errors: &'a Chunks<Entry>,
}

/// Provider calls by provider.
#[derive(Debug, Default)]
pub struct Providers {
    names: Names,
    calls: Vec<Chunks<Row>>,
    errors: Vec<Chunks<Entry>>,
    count: u64,
    ids: Ids,
}

/// What is kept of a call, apart from its provider.
#[derive(Debug, Clone, Copy)]
pub struct CallRow {
    at: Option<i64>,
    success: bool,
    latency_ms: f64,
    /// Where the line stands, if it is a failure with an error, and the hash of what that is grouped by.
    error: Option<(Span, u64)>,
}

impl CallRow {
    /// What is kept of a call that stands at `span`.
    #[must_use]
    pub fn new(call: &ProviderCall<'_>, span: Span) -> Self {
        let told = call.error.filter(|error| !call.success && !json::is_falsy(error));
        let error = told.map(|error| (span, group_hash(&json::decode_value(error))));
        Self { at: call.at, success: call.success, latency_ms: call.latency_ms, error }
    }
}

impl Providers {
    /// The number of a provider, given as a JSON value.
    pub fn intern(&mut self, provider: &[u8]) -> u32 {
        let number = self.names.intern(provider);
        if number as usize == self.calls.len() {
            self.calls.push(Chunks::default());
            self.errors.push(Chunks::default());
        }
        number
    }

    /// Appends a call to the provider with this number.
    pub fn push(&mut self, number: u32, row: CallRow) {
        let CallRow { at, success, latency_ms: duration_ms, error } = row;
        let (number, serial) = (number as usize, self.count);
        self.calls[number].push(Row { at, serial, success, duration_ms }, &mut self.ids);
        if let Some((span, group)) = error {
            self.errors[number].push(Entry { at, serial, span, hash: 0, group }, &mut self.ids);
        }
        self.count += 1;
    }

    /// How many calls there are.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    fn number(&self, number: u32) -> Provider<'_> {
        Provider { calls: &self.calls[number as usize], errors: &self.errors[number as usize] }
    }

    /// The calls to a provider, given as a JSON value.
    #[must_use]
    pub fn provider(&self, name: &[u8]) -> Option<Provider<'_>> {
        self.names.find(name).map(|number| self.number(number))
    }

    /// Every provider's name (WTF-8) and calls, in order of first appearance.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], Provider<'_>)> {
        let count = u32::try_from(self.calls.len()).unwrap_or(u32::MAX);
        (0..count).map(|number| (self.names.text(number), self.number(number)))
    }
}

impl Chunks<Row> {
    /// Sums up the rows from number `serial` of the file on.
    ///
    /// # Errors
    /// When a chunk is damaged.
    pub fn summarize_since(&self, source: &dyn Source, serial: u64) -> Result<Summary, Damaged> {
        let mut summary = Summary::default();
        for part in self.parts() {
            match part.summary.serials {
                Some((first, _)) if first >= serial => summary.merge(part.summary),
                Some((_, last)) if last >= serial => {
                    let rows = part.rows(source)?;
                    rows.iter().filter(|row| row.serial >= serial).for_each(|row| row.add_to(&mut summary));
                }
                _ => {}
            }
        }
        Ok(summary)
    }

    /// Visits the rows from the last one back, as long as `visit` says true.
    ///
    /// # Errors
    /// When a chunk is damaged.
    pub fn visit_back(&self, source: &dyn Source, mut visit: impl FnMut(&Row) -> bool) -> Result<(), Damaged> {
        for part in self.parts().rev() {
            if !part.rows(source)?.iter().rev().all(&mut visit) {
                break;
            }
        }
        Ok(())
    }
}

impl State for Providers {
    fn save(&mut self, source: &dyn Source, sink: &mut dyn Sink, out: &mut Vec<u8>) -> Result<(), Damaged> {
        self.names.save(out);
        put_unsigned(out, self.count);
        save_all(&mut self.calls, source, sink, out)?;
        save_all(&mut self.errors, source, sink, out)
    }

    fn spill(&mut self, sink: &mut dyn Sink) {
        self.calls.iter_mut().for_each(|chunks| chunks.spill(sink));
        self.errors.iter_mut().for_each(|chunks| chunks.spill(sink));
    }

    fn load(input: &mut Input<'_>) -> Option<Self> {
        let mut ids = Ids::default();
        let names = Names::load(input)?;
        let count = input.unsigned()?;
        let calls = load_all(input, names.len(), &mut ids)?;
        let errors = load_all(input, names.len(), &mut ids)?;
        Some(Self { names, calls, errors, count, ids })
    }
}
