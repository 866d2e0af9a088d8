//! Questions about provider calls.

use serde::{Deserialize, Serialize};

use super::percentile::nearest_rank;
use crate::column::{Damaged, Provider, Providers, Source, Span};
use crate::json;
use crate::report::{Available, ByName, ComparedProvider, OverallHealth, Text, Unavailable, average, ratio};

/// The percentiles look at this many of the latest calls.
const LATEST: usize = 100;
const RECENT_ERRORS: usize = 10;

/// A moment in a file of calls: how many there were, and in which file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// How many of the file's first bytes were known.
    pub known: usize,
    /// Tells the file and these bytes from others.
    pub fingerprint: u64,
    /// Calls before the moment.
    pub serial: u64,
}

/// Which calls a monitor hides: those before its resets.
#[derive(Debug, Clone, Default)]
pub struct Resets {
    /// A reset of everything.
    pub all: Option<Mark>,
    /// Resets of single providers (WTF-8 name).
    pub by: Vec<(Vec<u8>, Mark)>,
}

impl Resets {
    /// Reads `{"all":MARK,"by":{NAME:MARK}}`, each left out where there is none. Names may hold lone surrogates.
    ///
    /// ```
    /// use obs_native::aggregate::Resets;
    ///
    /// let resets = Resets::read(br#"{"by":{"openai\ud800":{"known":9,"fingerprint":1,"serial":5}}}"#);
    /// assert_eq!(resets.by[0].1.serial, 5);
    /// ```
    #[must_use]
    pub fn read(text: &[u8]) -> Self {
        let mark = |value| serde_json::from_slice::<Mark>(value).ok();
        let mut resets = Self::default();
        for (key, value) in json::Members::new(text) {
            if key == br#""all""# {
                resets.all = mark(value);
            } else {
                let named = json::Members::new(value).filter_map(|(name, value)| Some((name, mark(value)?)));
                resets.by = named.map(|(name, mark)| (json::decode(name).into_owned(), mark)).collect();
            }
        }
        resets
    }

    /// Only the marks that are of the file as it is now.
    #[must_use]
    pub fn of(&self, is_now: impl Fn(&Mark) -> bool) -> Self {
        let by = self.by.iter().filter(|(_, mark)| is_now(mark)).cloned().collect();
        Self { all: self.all.filter(|mark| is_now(mark)), by }
    }

    /// The first call that counts for a provider.
    fn first_serial(&self, name: &[u8]) -> u64 {
        let own = self.by.iter().filter(|(provider, _)| provider == name).map(|(_, mark)| mark);
        own.chain(&self.all).map(|mark| mark.serial).max().unwrap_or(0)
    }
}

/// The latest of the calls that count.
#[derive(Debug, Default)]
#[expect(
    clippy::option_option,
    reason = "the outer one says whether there was such a call, the inner one whether its time is readable"
)]
struct Latest {
    seen: usize,
    latencies: Vec<f64>,
    last_success: Option<Option<i64>>,
    last_failure: Option<Option<i64>>,
}

impl Latest {
    fn of(provider: Provider<'_>, source: &dyn Source, first: u64) -> Result<Self, Damaged> {
        let mut latest = Self::default();
        provider.calls.visit_back(source, |row| {
            if row.serial < first {
                return false;
            }
            if latest.seen < LATEST {
                latest.seen += 1;
                latest.latencies.extend(Some(row.duration_ms).filter(|ms| ms.is_finite()));
            }
            let last = if row.success { &mut latest.last_success } else { &mut latest.last_failure };
            last.get_or_insert(row.at);
            latest.seen < LATEST || latest.last_success.is_none() || latest.last_failure.is_none()
        })?;
        Ok(latest)
    }
}

/// A provider's health, and the lines of its last failed calls that have an error, oldest first: their texts are fetched
/// from the file.
pub type Picked = (Available, Vec<Span>);

fn pick(shown: Text, provider: Provider<'_>, source: &dyn Source, first: u64) -> Result<Option<Picked>, Damaged> {
    let summary = provider.calls.summarize_since(source, first)?;
    if summary.total == 0 {
        return Ok(None);
    }
    let mut latest = Latest::of(provider, source, first)?;
    let ranks = nearest_rank(&mut latest.latencies, &[50.0, 95.0, 99.0]);
    let rank = |place: usize| ranks.get(place).copied().unwrap_or(0.0);
    let available = Available {
        provider: shown,
        available: true,
        success_rate: ratio(summary.successful, summary.total),
        total_calls: summary.total,
        successful_calls: summary.successful,
        failed_calls: summary.total - summary.successful,
        // A call without a latency says nothing about how long calls take.
        avg_latency_ms: round(average(summary.duration_ms.value(), summary.measured)),
        latency_p50: rank(0),
        latency_p95: rank(1),
        latency_p99: rank(2),
        last_success: latest.last_success.flatten(),
        last_failure: latest.last_failure.flatten(),
        recent_errors: Vec::new(),
    };
    Ok(Some((available, latest_errors(provider, source, first)?)))
}

fn latest_errors(provider: Provider<'_>, source: &dyn Source, first: u64) -> Result<Vec<Span>, Damaged> {
    let mut latest = Vec::new();
    for part in provider.errors.parts().rev() {
        let rows = part.rows(source)?;
        latest.extend(rows.iter().rev().filter(|row| row.serial >= first).map(|row| row.span));
        if latest.len() >= RECENT_ERRORS {
            break;
        }
    }
    latest.truncate(RECENT_ERRORS);
    latest.reverse();
    Ok(latest)
}

/// Rounds half up, as JavaScript's `Math.round` does.
fn round(value: f64) -> f64 {
    let floor = value.floor();
    if value - floor >= 0.5 { floor + 1.0 } else { floor }
}

/// The name under which the calls of a provider are recorded, both as JSON strings.
#[must_use]
pub fn recorded_name(asked: &[u8]) -> String {
    json::quote(&lower_case(&json::decode(asked)))
}

/// A provider's health; `asked` is a JSON string.
///
/// # Errors
/// When a chunk is damaged; this holds for every question here.
pub fn health(
    providers: &Providers,
    source: &dyn Source,
    asked: &[u8],
    resets: &Resets,
) -> Result<Option<Picked>, Damaged> {
    let name = recorded_name(asked);
    match providers.provider(name.as_bytes()) {
        Some(provider) => {
            pick(Text::value(asked), provider, source, resets.first_serial(&json::decode(name.as_bytes())))
        }
        None => Ok(None),
    }
}

/// What is said of a provider without calls on record.
#[must_use]
pub fn unavailable(asked: &[u8]) -> Unavailable {
    Unavailable { provider: Text::value(asked), available: false, reason: "No data available" }
}

/// Lower case as JavaScript's `toLowerCase` makes it; lone surrogates stay.
fn lower_case(text: &[u8]) -> Vec<u8> {
    std::str::from_utf8(text).map_or_else(|_| text.to_ascii_lowercase(), |text| text.to_lowercase().into_bytes())
}

/// Every provider that has calls, in order of first appearance.
///
/// # Errors
/// See [`health`].
pub fn all_health(providers: &Providers, source: &dyn Source, resets: &Resets) -> Result<Vec<(Text, Picked)>, Damaged> {
    let mut all = Vec::new();
    for (name, provider) in providers.iter() {
        let shown = Text::string(name);
        let picked = pick(shown.clone(), provider, source, resets.first_serial(name))?;
        all.extend(picked.map(|picked| (shown, picked)));
    }
    Ok(all)
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
