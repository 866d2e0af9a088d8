//! Executions or calls over time: equal parts of a period, each with its rate, percentiles and a column of a heat map.

use super::{Period, nearest_rank};
use crate::event::time;
use crate::report::{TimelineCall, TimelinePart, ratio};

/// A heat map has so many rows.
const BANDS: usize = 12;

/// One execution or call, as far as it has a readable time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// Epoch ms.
    pub at: i64,
    /// `None` when the record says neither.
    pub success: Option<bool>,
    /// Milliseconds, perhaps not finite.
    pub duration_ms: f64,
}

/// How the moments of a period are cut, and which are listed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slice {
    /// How many parts, at least one.
    pub parts: u32,
    /// How many of the latest are listed.
    pub limit: usize,
    /// Only those that took at least this long are listed and counted,
    pub min_ms: Option<f64>,
    /// and less than this.
    pub max_ms: Option<f64>,
}

impl Slice {
    fn lets_through(&self, moment: &Moment) -> bool {
        self.min_ms.is_none_or(|min| moment.duration_ms >= min)
            && self.max_ms.is_none_or(|max| moment.duration_ms < max)
    }
}

/// The edges of the durations, the parts, how many moments there are, and the latest of them.
pub type Cut = (Vec<f64>, Vec<TimelinePart>, u64, Vec<TimelineCall>);

/// Cuts a period into parts; without a beginning it begins at the earliest moment. What is dated behind its end belongs to
/// the last part.
#[must_use]
pub fn timeline(mut moments: Vec<Moment>, period: &Period, slice: &Slice) -> Cut {
    moments.retain(|moment| slice.lets_through(moment));
    moments.sort_by_key(|moment| moment.at);
    let end = period.end();
    let start = period.from().or(moments.first().map(|first| first.at)).unwrap_or(end).min(end);
    let bounds = bounds(start, end, slice.parts.max(1));
    let edges = edges(&moments);
    let place = |bound: i64| moments.partition_point(|moment| moment.at < bound);
    let last = bounds.len() - 2;
    let parts = bounds.windows(2).enumerate().map(|(number, pair)| {
        let behind = if number == last { moments.len() } else { place(pair[1]) };
        part((pair[0], pair[1] - 1), &moments[place(pair[0])..behind], &edges)
    });
    let parts = parts.collect();
    let listed = moments[moments.len().saturating_sub(slice.limit)..].iter().map(call).collect();
    (edges, parts, moments.len() as u64, listed)
}

/// Where the parts begin, and the moment behind the last one; no part is shorter than a millisecond.
fn bounds(start: i64, end: i64, parts: u32) -> Vec<i64> {
    let length = i128::from(end) - i128::from(start) + 1;
    let parts = i128::from(parts).min(length);
    let bound = |number: i128| i64::try_from(i128::from(start) + length * number / parts).unwrap_or(i64::MAX);
    (0..=parts).map(bound).collect()
}

/// Edges in equal ratios from the shortest to beyond the longest duration; what takes no time counts as a tenth of a
/// millisecond.
fn edges(moments: &[Moment]) -> Vec<f64> {
    let durations = || moments.iter().map(|moment| moment.duration_ms).filter(|ms| ms.is_finite());
    let Some(longest) = durations().max_by(f64::total_cmp) else { return Vec::new() };
    let shortest = durations().min_by(f64::total_cmp).unwrap_or(longest).max(0.1).min(longest.max(0.1));
    let ratio = (longest.max(0.1) * 1.001 / shortest).max(1.1);
    #[expect(clippy::cast_precision_loss, reason = "a dozen")]
    let edge = |number: usize| shortest * ratio.powf(number as f64 / BANDS as f64);
    let mut edges: Vec<f64> = (0..=BANDS).map(edge).collect();
    // The first band holds all that is shorter: 0, and what lies below for want of sense.
    edges[0] = durations().min_by(f64::total_cmp).unwrap_or(0.0).min(shortest);
    edges
}

fn part((from, to): (i64, i64), moments: &[Moment], edges: &[f64]) -> TimelinePart {
    let said = |wanted: bool| moments.iter().filter(|moment| moment.success == Some(wanted)).count() as u64;
    let total = moments.len() as u64;
    let mut durations: Vec<f64> = moments.iter().map(|moment| moment.duration_ms).filter(|ms| ms.is_finite()).collect();
    let bands = bands(&durations, edges);
    let ranks = nearest_rank(&mut durations, &[50.0, 95.0]);
    TimelinePart {
        from: time::iso(from),
        to: time::iso(to),
        total,
        successful: said(true),
        failed: said(false),
        rate: (total > 0).then(|| ratio(said(true), total)),
        p50_ms: ranks.first().copied(),
        p95_ms: ranks.get(1).copied(),
        durations: bands,
    }
}

fn bands(durations: &[f64], edges: &[f64]) -> Vec<u64> {
    let mut bands = vec![0; edges.len().saturating_sub(1)];
    for duration in durations {
        let band = edges.partition_point(|edge| edge <= duration).saturating_sub(1);
        if let Some(last) = bands.len().checked_sub(1) {
            bands[band.min(last)] += 1;
        }
    }
    bands
}

fn call(moment: &Moment) -> TimelineCall {
    let duration_ms = Some(moment.duration_ms).filter(|ms| ms.is_finite());
    TimelineCall { at: time::iso(moment.at), success: moment.success, duration_ms }
}

#[cfg(test)]
mod tests {
    use super::{Moment, Period, Slice, timeline};

    const SLICE: Slice = Slice { parts: 4, limit: 2, min_ms: None, max_ms: None };

    fn some(times: &[(i64, f64)]) -> Vec<Moment> {
        times.iter().map(|&(at, duration_ms)| Moment { at, success: Some(at % 2 == 0), duration_ms }).collect()
    }

    #[test]
    fn each_moment_is_in_one_part_and_each_duration_in_one_band() {
        let period = Period::new(Some(0), None, 99.0);
        let moments = some(&[(0, 1.0), (24, 10.0), (25, 100.0), (99, f64::NAN), (500, 0.0)]);
        let (edges, parts, total, last) = timeline(moments, &period, &SLICE);
        assert_eq!(parts.iter().map(|part| part.total).collect::<Vec<_>>(), [2, 1, 0, 2]);
        assert_eq!((total, last.len(), edges.len()), (5, 2, 13));
        assert_eq!(parts.iter().flat_map(|part| &part.durations).sum::<u64>(), 4);
        assert!(edges.is_sorted() && edges[0] <= 0.0 && edges[12] > 100.0);
        assert_eq!((parts[2].rate, parts[2].p50_ms, parts[0].p95_ms), (None, None, Some(10.0)));
    }

    #[test]
    fn bounds_of_durations_choose_what_is_listed() {
        let period = Period::new(None, None, 99.0);
        let slice = Slice { min_ms: Some(10.0), max_ms: Some(100.0), ..SLICE };
        let (_, parts, total, last) = timeline(some(&[(1, 9.0), (2, 10.0), (3, 100.0)]), &period, &slice);
        assert_eq!((total, last.len(), last[0].duration_ms), (1, 1, Some(10.0)));
        assert_eq!(parts.iter().map(|part| part.total).sum::<u64>(), 1);
    }

    #[test]
    fn nothing_and_a_period_of_a_moment_have_parts_too() {
        let (edges, parts, total, _) = timeline(Vec::new(), &Period::new(None, None, 5.0), &SLICE);
        assert_eq!((edges.len(), parts.len(), total), (0, 1, 0));
    }
}
