//! Questions about provider calls.

use serde::{Deserialize, Serialize};

use super::percentile::nearest_rank;
use crate::column::{Provider, Providers, Row, Span, Summary};
use crate::json;
use crate::report::{
    Available, ByName, ComparedProvider, OverallHealth, ProviderHealth, Text, Unavailable, average, ratio,
};

/// The percentiles look at this many of the latest calls.
const LATEST: usize = 100;
const RECENT_ERRORS: usize = 10;

/// A moment in a file of calls: how many there were, in which content of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Tells the content of the file from what replaces it.
    pub generation: u64,
    /// Calls before the moment.
    pub serial: u64,
}

/// Which calls a monitor hides: those before its resets.
#[derive(Debug, Clone, Default)]
pub struct Resets {
    /// The content of the file that marks must belong to.
    pub generation: u64,
    /// A reset of everything.
    pub all: Option<Mark>,
    /// Resets of single providers (WTF-8 name).
    pub by: Vec<(Vec<u8>, Mark)>,
}

impl Resets {
    /// The first call that counts for a provider.
    fn first_serial(&self, name: &[u8]) -> u64 {
        let own = self.by.iter().filter(|(provider, _)| provider == name).map(|(_, mark)| mark);
        let marks = own.chain(&self.all).filter(|mark| mark.generation == self.generation);
        marks.map(|mark| mark.serial).max().unwrap_or(0)
    }
}

/// The calls of a provider that count, summed up.
fn summarize(provider: &Provider, first: usize) -> Summary {
    if first == 0 {
        return provider.calls.summarize_all();
    }
    let mut summary = Summary::default();
    (first..provider.calls.len()).for_each(|index| summary.add(&provider.calls.row(index)));
    summary
}

fn available(shown: Text, name: &[u8], provider: &Provider, resets: &Resets) -> Option<Available> {
    let calls = &provider.calls;
    let first = calls.index_of(resets.first_serial(name));
    let summary = summarize(provider, first);
    if summary.total == 0 {
        return None;
    }
    let latest = first.max(calls.len().saturating_sub(LATEST))..calls.len();
    let mut latencies: Vec<f64> =
        latest.map(|index| calls.row(index).duration_ms).filter(|ms| ms.is_finite()).collect();
    let ranks = nearest_rank(&mut latencies, &[50.0, 95.0, 99.0]);
    let rank = |place: usize| ranks.get(place).copied().unwrap_or(0.0);
    let last = |success: bool| {
        let row = (first..calls.len()).rev().map(|index| calls.row(index)).find(|row: &Row| row.success == success);
        row.and_then(|row| row.at)
    };
    Some(Available {
        provider: shown,
        available: true,
        success_rate: ratio(summary.successful, summary.total),
        total_calls: summary.total,
        successful_calls: summary.successful,
        failed_calls: summary.total - summary.successful,
        avg_latency_ms: round(average(summary.duration_ms.value(), summary.total)),
        latency_p50: rank(0),
        latency_p95: rank(1),
        latency_p99: rank(2),
        last_success: last(true),
        last_failure: last(false),
        recent_errors: Vec::new(),
    })
}

/// Rounds half up, as JavaScript's `Math.round` does.
fn round(value: f64) -> f64 {
    let floor = value.floor();
    if value - floor >= 0.5 { floor + 1.0 } else { floor }
}

/// A provider's health; `asked` is a JSON string. The errors are left to the caller (see [`latest_errors`]).
#[must_use]
pub fn health(providers: &Providers, asked: &[u8], resets: &Resets) -> ProviderHealth {
    let name = lower_case(&json::decode(asked));
    let provider = providers.provider(json::quote(&name).as_bytes());
    let shown = Text::value(asked);
    match provider.and_then(|provider| available(shown.clone(), &name, provider, resets)) {
        Some(available) => ProviderHealth::Available(available),
        None => {
            ProviderHealth::Unavailable(Unavailable { provider: shown, available: false, reason: "No data available" })
        }
    }
}

/// The lines of a provider's last failed calls that have an error, oldest first; `asked` is a JSON string.
#[must_use]
pub fn latest_errors(providers: &Providers, asked: &[u8], resets: &Resets) -> Vec<Span> {
    let name = lower_case(&json::decode(asked));
    let Some(provider) = providers.provider(json::quote(&name).as_bytes()) else { return Vec::new() };
    let first = resets.first_serial(&name);
    let counted = &provider.errors[provider.errors.partition_point(|&(serial, _)| serial < first)..];
    counted.iter().rev().take(RECENT_ERRORS).rev().map(|&(_, span)| span).collect()
}

/// Lower case as JavaScript's `toLowerCase` makes it; lone surrogates stay.
fn lower_case(text: &[u8]) -> Vec<u8> {
    std::str::from_utf8(text).map_or_else(|_| text.to_ascii_lowercase(), |text| text.to_lowercase().into_bytes())
}

/// Every provider that has calls, in order of first appearance; `errors` fetches the errors by provider.
pub fn all_health<E>(
    providers: &Providers,
    resets: &Resets,
    mut errors: impl FnMut(&mut Available, &[u8]) -> Result<(), E>,
) -> Result<ByName<Available>, E> {
    let mut all = Vec::new();
    for (name, provider) in providers.iter() {
        let shown = Text::string(name);
        if let Some(mut health) = available(shown.clone(), name, provider, resets) {
            errors(&mut health, shown.as_json().as_bytes())?;
            all.push((shown, health));
        }
    }
    Ok(ByName(all))
}

/// All providers together.
#[must_use]
pub fn overall(all: ByName<Available>) -> OverallHealth {
    let sum = |value: fn(&Available) -> u64| all.0.iter().map(|(_, health)| value(health)).sum::<u64>();
    let (total, successful) = (sum(|health| health.total_calls), sum(|health| health.successful_calls));
    let rate = ratio(successful, total);
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let weighted: f64 = all.0.iter().map(|(_, health)| health.avg_latency_ms * health.total_calls as f64).sum();
    let status = match rate {
        _ if all.0.is_empty() => "unknown",
        rate if rate < 0.7 => "unhealthy",
        rate if rate < 0.9 => "degraded",
        _ => "healthy",
    };
    OverallHealth {
        status,
        healthy_providers: all.0.iter().filter(|(_, health)| health.success_rate > 0.95).count() as u64,
        total_providers: all.0.len() as u64,
        overall_success_rate: rate,
        overall_avg_latency_ms: round(average(weighted, total)),
        providers: (!all.0.is_empty()).then_some(all),
    }
}

/// The providers by score, best first.
#[must_use]
pub fn comparison(all: &ByName<Available>) -> Vec<ComparedProvider> {
    let mut compared: Vec<_> = all
        .0
        .iter()
        .map(|(name, health)| ComparedProvider {
            provider: name.clone(),
            success_rate: health.success_rate,
            avg_latency_ms: health.avg_latency_ms,
            total_calls: health.total_calls,
            score: health.success_rate * (1.0 - (health.avg_latency_ms / 10_000.0).min(1.0)),
        })
        .collect();
    compared.sort_by(|a, b| b.score.total_cmp(&a.score));
    compared
}
