//! Questions about CUJ executions.

use super::Window;
use super::percentile::nearest_rank_of_runs;
use crate::column::{Damaged, Executions, Run, Series, Source, Summary};
use crate::event::time;
use crate::report::{Bucket, ByName, Percentiles, SuccessRate, Text, average, ratio};

fn summarize(series: &Series, source: &dyn Source, window: &Window) -> Result<Summary, Damaged> {
    window.from().map_or_else(|| Ok(series.summary()), |from| series.since(source, from))
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

/// How often a CUJ, given as a JSON value, succeeded; `null` and `""` ask about all CUJs, here and below.
///
/// # Errors
/// When a chunk is damaged; this holds for every question here.
pub fn success_rate(
    executions: &Executions,
    source: &dyn Source,
    cuj_id: &[u8],
    window: &Window,
) -> Result<SuccessRate, Damaged> {
    let mut summary = Summary::default();
    for series in executions.chosen(cuj_id) {
        summary.merge(&summarize(series, source, window)?);
    }
    Ok(rate_of(Text::value(cuj_id), &summary, window))
}

/// How often every CUJ with an execution in the window succeeded, in order of first appearance there.
///
/// # Errors
/// See [`success_rate`].
pub fn all_metrics(
    executions: &Executions,
    source: &dyn Source,
    window: &Window,
) -> Result<ByName<SuccessRate>, Damaged> {
    let mut found = Vec::new();
    for (name, series) in executions.iter() {
        let summary = summarize(series, source, window)?;
        if let Some((first, _)) = summary.serials {
            let text = Text::string(name);
            found.push((first, (text.clone(), rate_of(text, &summary, window))));
        }
    }
    found.sort_by_key(|(first, _)| *first);
    Ok(ByName(found.into_iter().map(|(_, rate)| rate).collect()))
}

/// The success rates of a CUJ in `buckets` buckets of `size` milliseconds that end at `now`, oldest first.
///
/// # Errors
/// See [`success_rate`].
pub fn trending(
    executions: &Executions,
    source: &dyn Source,
    cuj_id: &[u8],
    (buckets, size): (u32, f64),
    now: f64,
) -> Result<Vec<Bucket>, Damaged> {
    let stretches: Vec<Stretch> = (0..buckets).rev().map(|back| Stretch::new(now, back, size)).collect();
    // Each ends where the next one begins.
    let last = stretches.last().map(|stretch| stretch.to);
    let bounds: Vec<i64> = stretches.iter().map(|stretch| stretch.from).chain(last).collect();
    let mut counted = vec![(0, 0); stretches.len()];
    for series in executions.chosen(cuj_id) {
        series.count(source, &bounds, &mut counted)?;
    }
    Ok(stretches.iter().zip(counted).map(|(stretch, sum)| stretch.bucket(sum.0, sum.1)).collect())
}

/// The time that a bucket covers, counted back from the end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    start: f64,
    end: f64,
    /// The first whole millisecond inside.
    pub from: i64,
    /// The first whole millisecond behind.
    pub to: i64,
}

impl Stretch {
    /// The bucket with `back` others between itself and `now`.
    pub fn new(now: f64, back: u32, size: f64) -> Self {
        let (start, end) = (now - (f64::from(back) + 1.0) * size, now - f64::from(back) * size);
        Self { start, end, from: time::from_js(start.ceil()), to: time::from_js(end.ceil()) }
    }

    /// The bucket, with what was counted in it.
    pub fn bucket(&self, total: u64, successful: u64) -> Bucket {
        Bucket {
            bucket_start: time::iso(time::from_js(self.start)),
            bucket_end: time::iso(time::from_js(self.end)),
            total,
            successful,
            failed: total - successful,
            rate: ratio(successful, total),
        }
    }
}

/// Runs this short are joined, because each run of a search costs as much as a long one.
const SHORT_RUN: usize = 64;

/// The finite durations of all series, in several runs that are each sorted.
fn sorted_durations(all: &[Series], source: &dyn Source, window: &Window) -> Result<Vec<Run>, Damaged> {
    let mut runs = Vec::new();
    let mut joined: Vec<f64> = Vec::new();
    for series in all {
        for run in series.durations(source, window.from())? {
            if run.len() < SHORT_RUN {
                joined.extend(&*run);
            } else {
                runs.push(run);
            }
        }
    }
    joined.sort_unstable_by(f64::total_cmp);
    runs.push(Run::Some(joined));
    Ok(runs)
}

/// Exact percentiles of a CUJ's durations.
///
/// # Errors
/// See [`success_rate`].
pub fn percentiles(
    executions: &Executions,
    source: &dyn Source,
    cuj_id: &[u8],
    window: &Window,
) -> Result<Percentiles, Damaged> {
    let runs = sorted_durations(executions.chosen(cuj_id), source, window)?;
    let runs: Vec<&[f64]> = runs.iter().map(|run| &**run).collect();
    let ranks = nearest_rank_of_runs(&runs, &[0.0, 50.0, 75.0, 90.0, 95.0, 99.0, 100.0]);
    let none = Percentiles {
        cuj_id: None,
        p50: 0.0,
        p75: 0.0,
        p90: 0.0,
        p95: 0.0,
        p99: 0.0,
        min: None,
        max: None,
        count: None,
    };
    Ok(match ranks[..] {
        [min, p50, p75, p90, p95, p99, max] => Percentiles {
            cuj_id: Some(Text::value(cuj_id)),
            p50,
            p75,
            p90,
            p95,
            p99,
            min: Some(min),
            max: Some(max),
            count: Some(runs.iter().map(|run| run.len() as u64).sum()),
        },
        _ => none,
    })
}
