//! Executions and provider calls as rows of a table: what they came to in a period, against the one before.

use super::failures::latest_of;
use super::{Period, chance, interval, nearest_rank};
use crate::column::{Chunks, Damaged, Entry, Executions, Provider, Providers, Row, Source, Span, Summary};
use crate::event::time;
use crate::report::{CujRow, ErrorKinds, Outcomes, OutcomesBefore, ProviderRow, Text, ratio};

/// A row whose last failure has to be fetched from the file.
#[derive(Debug)]
pub struct PickedCuj {
    /// The row, without the text of its last failure.
    pub row: CujRow,
    /// Where the last failure stands.
    pub last_failure: Option<Span>,
}

/// A row whose failures have to be fetched from the file.
#[derive(Debug)]
pub struct PickedProvider {
    /// The row, without its kinds of failures and the last one.
    pub row: ProviderRow,
    /// Where the failed calls stand that have an error, in the order of the file.
    pub errors: Vec<Span>,
    /// When the last failed call was, in the order of the file, and whether it is the last of `errors`.
    pub last_failure: Option<(Option<i64>, bool)>,
}

/// Every CUJ with executions in the period or in the one before, most executions first; of one CUJ only when it is named by
/// a JSON value. Each tells of so many of its last executions whether they succeeded.
///
/// # Errors
/// When a chunk is damaged; this holds for every question here.
pub fn cuj_rows(
    executions: &Executions,
    source: &dyn Source,
    (only, strip): (Option<&[u8]>, usize),
    period: &Period,
) -> Result<Vec<PickedCuj>, Damaged> {
    let wanted = only.map(crate::json::decode_value);
    let mut picked = Vec::new();
    for ((name, series), failures) in executions.iter().zip(executions.failures(b"null")) {
        if wanted.as_ref().is_some_and(|wanted| **wanted != *name) {
            continue;
        }
        let inside = series.within(source, period.range())?;
        let before = match period.before().filter(|(from, to)| from < to) {
            Some(before) => series.within(source, Some(before))?,
            None => Summary::default(),
        };
        let (total, successful) = (before.total, before.successful);
        if inside.total == 0 && total == 0 {
            continue;
        }
        let last_failure = latest_of(failures, source, period.range(), 1)?.first().map(|entry| entry.span);
        let durations = series.measured(source, period.range())?;
        let runs = outcomes((inside.total, inside.successful), durations, (period, successful, total));
        let last = series.last_rows(source, period.range(), strip)?;
        let times = (inside.times.map(|(first, _)| first), inside.times.or(before.times).map(|(_, last)| last));
        picked.push(PickedCuj { row: cuj_row(name, runs, (&last, strip), times), last_failure });
    }
    picked.sort_by_key(|picked| std::cmp::Reverse(picked.row.runs.total));
    Ok(picked)
}

/// `last` are the last rows, as many as went alike and more; `times` those of the first and last execution.
fn cuj_row(name: &[u8], runs: Outcomes, (last, strip): (&[Row], usize), times: (Option<i64>, Option<i64>)) -> CujRow {
    let success = last.last().map(|row| row.success);
    let alike = last.iter().rev().take_while(|row| Some(row.success) == success).count();
    let streak = i64::try_from(alike).unwrap_or(i64::MAX);
    CujRow {
        cuj_id: Text::string(name),
        runs,
        streak: if success == Some(false) { -streak } else { streak },
        strip: last[last.len().saturating_sub(strip)..].iter().map(|row| row.success).collect(),
        first_run: times.0.map(time::iso),
        last_run: times.1.map(time::iso),
        last_failure: None,
    }
}

/// What so many with their finite durations came to; `before` are successes and all of the period before.
fn outcomes(
    (total, successful): (u64, u64),
    mut durations: Vec<f64>,
    (period, good_before, before): (&Period, u64, u64),
) -> Outcomes {
    let (low, high) = interval(successful, total);
    let ranks = nearest_rank(&mut durations, &[50.0, 95.0]);
    Outcomes {
        total,
        successful,
        failed: total - successful,
        rate: ratio(successful, total),
        low,
        high,
        p50_ms: ranks.first().copied(),
        p95_ms: ranks.get(1).copied(),
        before: period.before().map(|_| OutcomesBefore {
            total: before,
            successful: good_before,
            failed: before - good_before,
            rate: ratio(good_before, before),
        }),
        chance: (total > 0 && before > 0).then(|| chance((successful, total), (good_before, before))),
    }
}

/// Every provider with calls in the period or in the one before, most calls first.
///
/// # Errors
/// See [`cuj_rows`].
pub fn provider_rows(
    providers: &Providers,
    source: &dyn Source,
    period: &Period,
) -> Result<Vec<PickedProvider>, Damaged> {
    let mut picked = Vec::new();
    for (name, provider) in providers.iter() {
        let rows = rows_of(provider, source, period.range())?;
        let before = match period.before() {
            Some(before) => rows_of(provider, source, Some(before))?,
            None => Vec::new(),
        };
        if rows.is_empty() && before.is_empty() {
            continue;
        }
        let errors = entries_of(provider.errors, source, period.range())?;
        picked.push(picked_provider(name, (&rows, &before), &errors, period));
    }
    picked.sort_by_key(|picked| std::cmp::Reverse(picked.row.calls.total));
    Ok(picked)
}

fn picked_provider(name: &[u8], (rows, before): (&[Row], &[Row]), errors: &[Entry], period: &Period) -> PickedProvider {
    let good_before = before.iter().filter(|row| row.success).count() as u64;
    let successful = rows.iter().filter(|row| row.success).count() as u64;
    let durations = rows.iter().map(|row| row.duration_ms).filter(|ms| ms.is_finite()).collect();
    let calls = outcomes((rows.len() as u64, successful), durations, (period, good_before, before.len() as u64));
    let last = |rows: &[Row]| rows.iter().filter_map(|row| row.at).max();
    let last_failure = rows.iter().rev().find(|row| !row.success);
    let row = ProviderRow {
        provider: Text::string(name),
        state: state_of(calls.rate, calls.total),
        calls,
        kinds: ErrorKinds::default(),
        last_call: last(rows).or_else(|| last(before)).map(time::iso),
        last_failure: None,
    };
    let last_failure = last_failure.map(|row| (row.at, errors.last().is_some_and(|error| error.serial == row.serial)));
    PickedProvider { row, errors: errors.iter().map(|error| error.span).collect(), last_failure }
}

/// As in the overall health.
const fn state_of(rate: f64, total: u64) -> &'static str {
    match rate {
        _ if total == 0 => "unknown",
        rate if rate < 0.7 => "unhealthy",
        rate if rate < 0.9 => "degraded",
        _ => "healthy",
    }
}

fn rows_of(provider: Provider<'_>, source: &dyn Source, window: Option<(i64, i64)>) -> Result<Vec<Row>, Damaged> {
    let mut rows = Vec::new();
    provider.calls.visit(source, window, |row| row.at, |row| rows.push(*row))?;
    Ok(rows)
}

/// The entries of a window, or all, in the order of the file.
///
/// # Errors
/// See [`cuj_rows`].
pub fn entries_of(
    entries: &Chunks<Entry>,
    source: &dyn Source,
    window: Option<(i64, i64)>,
) -> Result<Vec<Entry>, Damaged> {
    let mut found = Vec::new();
    entries.visit(source, window, |entry| entry.at, |entry| found.push(*entry))?;
    Ok(found)
}
