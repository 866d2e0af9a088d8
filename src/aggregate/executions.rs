//! Questions about CUJ executions.

use std::collections::HashMap;

use super::Window;
use super::percentile::nearest_rank;
use crate::column::{Executions, Failure, Series, Span, Summary};
use crate::event::time;
use crate::report::{Bucket, ByName, Percentiles, SuccessRate, Text, average, ratio};

/// How many errors and failures an analysis shows.
const TOP_ERRORS: usize = 10;
const RECENT_FAILURES: usize = 5;

fn summarize(series: &Series, window: &Window) -> Summary {
    window.from().map_or_else(|| series.summarize_all(), |from| series.summarize(from, i64::MAX))
}

fn rate_of(cuj_id: Text, summary: &Summary, window: &Window) -> SuccessRate {
    let some = summary.total > 0;
    let earliest = || summary.times.map(|(first, _)| time::iso(first));
    SuccessRate {
        cuj_id,
        total: summary.total,
        successful: summary.successful,
        failed: summary.total - summary.successful,
        rate: ratio(summary.successful, summary.total),
        avg_duration_ms: average(summary.duration_ms.value(), summary.total),
        time_window_ms: window.asked(),
        window_start: some.then(|| window.start().or_else(earliest)),
        window_end: some.then(|| window.end()),
    }
}

/// How often a CUJ, given as a JSON value, succeeded.
#[must_use]
pub fn success_rate(executions: &Executions, cuj_id: &[u8], window: &Window) -> SuccessRate {
    let summary = executions.series(cuj_id).map(|series| summarize(series, window)).unwrap_or_default();
    rate_of(Text::value(cuj_id), &summary, window)
}

/// How often every CUJ with an execution in the window succeeded, in order of first appearance there.
#[must_use]
pub fn all_metrics(executions: &Executions, window: &Window) -> ByName<SuccessRate> {
    let mut found: Vec<_> = executions
        .iter()
        .filter_map(|(name, series)| {
            let first = match window.from() {
                Some(from) => series.first_since(from)?.serial,
                None => series.row(0).serial,
            };
            let text = Text::string(name);
            Some((first, (text.clone(), rate_of(text, &summarize(series, window), window))))
        })
        .collect();
    found.sort_by_key(|(first, _)| *first);
    ByName(found.into_iter().map(|(_, rate)| rate).collect())
}

/// The success rates of a CUJ in `buckets` buckets of `size` milliseconds that end at `now`, oldest first.
#[must_use]
pub fn trending(executions: &Executions, cuj_id: &[u8], buckets: u32, size: f64, now: f64) -> Vec<Bucket> {
    let series = executions.series(cuj_id);
    (0..buckets)
        .rev()
        .map(|back| {
            let (start, end) = (now - f64::from(back + 1) * size, now - f64::from(back) * size);
            let (from, to) = (time::from_js(start.ceil()), time::from_js(end.ceil()));
            let summary = series.map(|series| series.summarize(from, to)).unwrap_or_default();
            Bucket {
                bucket_start: time::iso(time::from_js(start)),
                bucket_end: time::iso(time::from_js(end)),
                total: summary.total,
                successful: summary.successful,
                failed: summary.total - summary.successful,
                rate: ratio(summary.successful, summary.total),
            }
        })
        .collect()
}

/// Exact percentiles of a CUJ's durations.
#[must_use]
pub fn percentiles(executions: &Executions, cuj_id: &[u8], window: &Window) -> Percentiles {
    let mut durations =
        executions.series(cuj_id).map(|series| series.durations_since(window.from())).unwrap_or_default();
    let ranks = nearest_rank(&mut durations, &[0.0, 50.0, 75.0, 90.0, 95.0, 99.0, 100.0]);
    match ranks[..] {
        [min, p50, p75, p90, p95, p99, max] => Percentiles {
            cuj_id: Some(Text::value(cuj_id)),
            p50,
            p75,
            p90,
            p95,
            p99,
            min: Some(min),
            max: Some(max),
            count: Some(durations.len() as u64),
        },
        _ => Percentiles {
            cuj_id: None,
            p50: 0.0,
            p75: 0.0,
            p90: 0.0,
            p95: 0.0,
            p99: 0.0,
            min: None,
            max: None,
            count: None,
        },
    }
}

/// What a failure analysis shows; texts are fetched from the file by their lines' places.
#[derive(Debug, Default)]
pub struct FailureSelection {
    /// Failed executions in the window.
    pub total: u64,
    /// Different errors among them.
    pub unique: u64,
    /// A line with each of the most frequent errors, and how often it occurred.
    pub top: Vec<(Span, u64)>,
    /// The lines of the last failures, in the order of the file.
    pub recent: Vec<Span>,
}

/// Counts and picks a CUJ's failures.
#[must_use]
pub fn select_failures(executions: &Executions, cuj_id: &[u8], window: &Window) -> FailureSelection {
    let Some(series) = executions.series(cuj_id) else { return FailureSelection::default() };
    let from = window.from();
    let inside = |failure: &&Failure| from.is_none_or(|from| series.row(failure.row).at.is_some_and(|at| at >= from));
    let failures: Vec<&Failure> = executions.failures(cuj_id).iter().filter(inside).collect();
    let mut places: HashMap<u64, usize> = HashMap::new();
    let mut errors: Vec<(Span, u64)> = Vec::new();
    for failure in &failures {
        let place = *places.entry(failure.error).or_insert_with(|| {
            errors.push((failure.span, 0));
            errors.len() - 1
        });
        errors[place].1 += 1;
    }
    let unique = errors.len() as u64;
    errors.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    errors.truncate(TOP_ERRORS);
    let recent = failures.iter().rev().take(RECENT_FAILURES).rev().map(|failure| failure.span).collect();
    FailureSelection { total: failures.len() as u64, unique, top: errors, recent }
}
