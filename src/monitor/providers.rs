//! Recording provider calls and answering about them.

use super::{Monitor, Recorded};
use crate::aggregate::{self, Mark, Resets};
use crate::column::{Providers, Span};
use crate::error::{Error, Result};
use crate::event::{ProviderCall, Record, time};
use crate::index::Lines;
use crate::report::{Available, ByName, ComparedProvider, OverallHealth, ProviderHealth, RecentError, Text};
use crate::store::Target;

impl Monitor {
    /// Records a call from the JSON array `[provider, success, latency, error, metadata]`.
    ///
    /// # Errors
    /// When `fields` is not such an array; faults of the disk are counted instead.
    pub fn record_provider_call(&self, fields: &[u8], now: f64) -> Result<Recorded> {
        let mut state = self.state.lock();
        let state = &mut *state;
        ProviderCall::draft(&mut state.drafter, fields, time::from_js(now), &state.redactor)?;
        Ok(state.append_draft(&Target::Providers))
    }

    /// A provider's health; `provider` is a JSON string.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn provider_health(&self, provider: &[u8], resets: &Resets) -> Result<ProviderHealth> {
        self.ask_providers(resets, |columns, lines, resets| {
            let mut health = aggregate::health(columns, provider, resets);
            if let ProviderHealth::Available(available) = &mut health {
                let spans = aggregate::latest_errors(columns, provider, resets);
                available.recent_errors = recent_errors(&spans, lines)?;
            }
            Ok(health)
        })
    }

    /// Every provider's health, in order of first appearance.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn all_provider_health(&self, resets: &Resets) -> Result<ByName<Available>> {
        self.ask_providers(resets, |columns, lines, resets| {
            aggregate::all_health(columns, resets, |available, provider| {
                let spans = aggregate::latest_errors(columns, provider, resets);
                available.recent_errors = recent_errors(&spans, lines)?;
                Ok(())
            })
        })
    }

    /// All providers together, by the rates and rounded latencies of each.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn overall_health(&self, resets: &Resets) -> Result<OverallHealth> {
        Ok(aggregate::overall(self.all_provider_health(resets)?))
    }

    /// The providers by score, best first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn provider_comparison(&self, resets: &Resets) -> Result<Vec<ComparedProvider>> {
        Ok(aggregate::comparison(&self.all_provider_health(resets)?))
    }

    /// The present moment in the file of calls: in [`Resets`], it hides the calls before it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn provider_mark(&self) -> Result<Mark> {
        self.ask(&Target::Providers, &self.root().index.providers, |columns, _, generation| {
            Ok(Mark { generation, serial: columns.count() })
        })
    }

    fn ask_providers<T>(
        &self,
        resets: &Resets,
        answer: impl FnOnce(&Providers, &mut Lines<'_>, &Resets) -> std::io::Result<T>,
    ) -> Result<T> {
        self.ask(&Target::Providers, &self.root().index.providers, |columns, lines, generation| {
            let resets = Resets { generation, ..resets.clone() };
            let failed = |source| Error::io("read", &self.root().path(&Target::Providers))(source);
            answer(columns, lines, &resets).map_err(failed)
        })
    }
}

fn recent_errors(spans: &[Span], lines: &mut Lines<'_>) -> std::io::Result<Vec<RecentError>> {
    let mut errors = Vec::with_capacity(spans.len());
    for &span in spans {
        if let Some(call) = ProviderCall::read(lines.get(span)?) {
            errors.push(RecentError {
                timestamp: call.timestamp.map(Text::value),
                error: call.error.map(Text::value),
            });
        }
    }
    Ok(errors)
}
