//! The provider calls of one file, per provider.

use super::{Names, Row, Series, Span};
use crate::event::ProviderCall;
use crate::json;

/// The calls to one provider.
#[derive(Debug, Default)]
pub struct Provider {
    /// All calls.
    pub calls: Series,
    /// Serial and place of each failed call that has an error, in the order of the file.
    pub errors: Vec<(u64, Span)>,
}

/// Provider calls by provider.
#[derive(Debug, Default)]
pub struct Providers {
    names: Names,
    providers: Vec<Provider>,
    count: u64,
}

impl Providers {
    /// Appends a call that stands at `span`.
    pub fn push(&mut self, call: &ProviderCall<'_>, span: Span) {
        let number = self.names.intern(call.provider) as usize;
        if number == self.providers.len() {
            self.providers.push(Provider::default());
        }
        let provider = &mut self.providers[number];
        let (at, success, duration_ms) = (call.at, call.success, call.latency_ms);
        provider.calls.push(&Row { at, serial: self.count, success, duration_ms });
        if !success && call.error.is_some_and(|error| !json::is_falsy(error)) {
            provider.errors.push((self.count, span));
        }
        self.count += 1;
    }

    /// How many calls there are.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The calls to a provider, given as a JSON value.
    #[must_use]
    pub fn provider(&self, name: &[u8]) -> Option<&Provider> {
        self.names.find(name).map(|number| &self.providers[number as usize])
    }

    /// Every provider's name (WTF-8) and calls, in order of first appearance.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Provider)> {
        (0u32..).zip(&self.providers).map(|(number, provider)| (self.names.text(number), provider))
    }
}
