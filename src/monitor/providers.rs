//! Recording provider calls and answering about them.

use super::{Answer, Monitor};
use crate::aggregate::{self, Mark, Picked, Resets};
use crate::column::{Providers, is_same_name};
use crate::error::Result;
use crate::event::ProviderCall;
use crate::index::{Lines, View};
use crate::report::{Available, ByName, ComparedProvider, OverallHealth, ProviderHealth, RecentError, Text};
use crate::store::Target;

impl Monitor {
    /// A provider's health; `provider` is a JSON string.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn provider_health(&self, provider: &[u8], resets: &Resets) -> Result<ProviderHealth> {
        self.ask_providers(resets, |view, resets| {
            let picked = aggregate::health(view.columns, &*view.chunks, provider, resets)?;
            Ok(match picked {
                Some(picked) => {
                    let name = aggregate::recorded_name(provider);
                    ProviderHealth::Available(with_errors(picked, name.as_bytes(), &mut view.lines)?)
                }
                None => ProviderHealth::Unavailable(aggregate::unavailable(provider)),
            })
        })
    }

    /// Every provider's health, in order of first appearance.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn all_provider_health(&self, resets: &Resets) -> Result<ByName<Available>> {
        self.ask_providers(resets, |view, resets| {
            let picked = aggregate::all_health(view.columns, &*view.chunks, resets)?;
            let mut all = Vec::with_capacity(picked.len());
            for (name, picked) in picked {
                let health = with_errors(picked, name.as_json().as_bytes(), &mut view.lines)?;
                all.push((name, health));
            }
            Ok(ByName(all))
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
        self.ask(&Target::Providers, &self.root().index.providers, |view| {
            let (known, fingerprint) = view.lines.content();
            Ok(Mark { known, fingerprint, serial: view.columns.count() })
        })
    }

    fn ask_providers<T>(
        &self,
        resets: &Resets,
        mut answer: impl FnMut(&mut View<'_, Providers>, &Resets) -> Answer<T>,
    ) -> Result<T> {
        self.ask(&Target::Providers, &self.root().index.providers, |view| {
            let resets = resets.of(|mark| view.lines.is_content((mark.known, mark.fingerprint)));
            answer(view, &resets)
        })
    }
}

/// Puts the texts of a provider's last errors into its health; `provider` is the recorded name.
fn with_errors((mut available, spans): Picked, provider: &[u8], lines: &mut Lines<'_>) -> std::io::Result<Available> {
    let is_of_provider = |call: &ProviderCall<'_>| is_same_name(call.provider, provider);
    for span in spans {
        if let Some(call) = lines.record(span, is_of_provider)? {
            available
                .recent_errors
                .push(RecentError { timestamp: call.timestamp.map(Text::value), error: call.error.map(Text::value) });
        }
    }
    Ok(available)
}
