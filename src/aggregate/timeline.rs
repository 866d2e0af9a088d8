//! Executions or calls over time: equal parts of a period, each with its rate, percentiles and a column of a heat map.

use super::reach::Reach;
use super::{Period, nearest_rank};
use crate::event::time;
use crate::report::{TimelinePart, ratio};

/// One execution or call, as far as it has a readable time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// Epoch ms.
    pub at: i64,
    /// `None` when the record says neither.
    pub success: Option<bool>,
    /// Milliseconds, perhaps not finite.
    pub duration_ms: f64,
    /// Tells which record it is: of two at the same time the one with the larger number is the later one.
    pub row: u64,
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
    /// Whether the runs of those that are listed are wanted.
    pub runs: bool,
}

impl Slice {
    fn lets_through(&self, moment: &Moment) -> bool {
        self.min_ms.is_none_or(|min| moment.duration_ms >= min)
            && self.max_ms.is_none_or(|max| moment.duration_ms < max)
    }
}

/// A period in parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    /// The edges of the durations.
    pub edges: Vec<f64>,
    /// Oldest first.
    pub parts: Vec<TimelinePart>,
    /// How many moments there are.
    pub total: u64,
    /// The latest of them, oldest first.
    pub last: Vec<Moment>,
}

/// Cuts a period into parts; without a beginning it begins at the earliest moment. What is dated behind its end belongs to
/// the last part. The moments come in several lists, and in any order.
#[must_use]
pub fn timeline(moments: &[Vec<Moment>], period: &Period, slice: &Slice) -> Cut {
    let chosen = || moments.iter().flatten().filter(|moment| slice.lets_through(moment));
    let mut reach = Reach::default();
    chosen().for_each(|moment| reach.add(moment));
    let end = period.end();
    let start = period.from().or(reach.earliest).unwrap_or(end).min(end);
    let bounds = bounds(start, end, slice.parts.max(1));
    let edges = reach.edges();
    let usual = usize::try_from(reach.total).unwrap_or(0) / (bounds.len() - 1);
    let mut gathered: Vec<Gathered> = bounds.windows(2).map(|_| Gathered::with_capacity(usual)).collect();
    let mut place = Place { bounds: &bounds[..bounds.len() - 1], last: 0 };
    chosen().for_each(|moment| gathered[place.of(moment.at)].add(moment));
    let between = bounds.windows(2).map(|pair| (pair[0], pair[1] - 1));
    let parts = between.zip(gathered).map(|(times, gathered)| gathered.part(times, &edges)).collect();
    Cut { edges, parts, total: reach.total, last: latest(chosen(), slice.limit) }
}

/// Finds the part of a time. Mostly it is that of the time before, so that one is tried first.
struct Place<'a> {
    bounds: &'a [i64],
    last: usize,
}

impl Place<'_> {
    fn of(&mut self, at: i64) -> usize {
        let ends = self.bounds.get(self.last + 1).is_none_or(|&next| at < next);
        if !ends || at < self.bounds[self.last] {
            self.last = self.bounds.partition_point(|&bound| bound <= at).saturating_sub(1);
        }
        self.last
    }
}

/// The latest `limit` moments, oldest first.
fn latest<'a>(moments: impl Iterator<Item = &'a Moment>, limit: usize) -> Vec<Moment> {
    let mut latest: Vec<Moment> = Vec::new();
    let keep = |latest: &mut Vec<Moment>| {
        latest.sort_by_key(|moment| (moment.at, moment.row));
        latest.drain(..latest.len().saturating_sub(limit));
    };
    let mut reached = i64::MIN;
    for moment in moments.filter(|_| limit > 0) {
        if moment.at >= reached {
            latest.push(*moment);
        }
        // Mostly they come in order: sorting what is nearly sorted costs little.
        if latest.len() > 2 * limit.max(64) {
            keep(&mut latest);
            reached = latest.first().map_or(reached, |first| first.at);
        }
    }
    keep(&mut latest);
    latest
}

/// Where the parts begin, and the moment behind the last one; no part is shorter than a millisecond.
fn bounds(start: i64, end: i64, parts: u32) -> Vec<i64> {
    let length = i128::from(end) - i128::from(start) + 1;
    let parts = i128::from(parts).min(length);
    let bound = |number: i128| i64::try_from(i128::from(start) + length * number / parts).unwrap_or(i64::MAX);
    (0..=parts).map(bound).collect()
}

/// What belongs to one part.
#[derive(Debug, Default)]
struct Gathered {
    total: u64,
    successful: u64,
    failed: u64,
    durations: Vec<f64>,
}

impl Gathered {
    fn with_capacity(usual: usize) -> Self {
        Self { durations: Vec::with_capacity(usual), ..Self::default() }
    }

    fn add(&mut self, moment: &Moment) {
        self.total += 1;
        self.successful += u64::from(moment.success == Some(true));
        self.failed += u64::from(moment.success == Some(false));
        if moment.duration_ms.is_finite() {
            self.durations.push(moment.duration_ms);
        }
    }

    fn part(mut self, (from, to): (i64, i64), edges: &[f64]) -> TimelinePart {
        let durations = bands(&self.durations, edges);
        let ranks = nearest_rank(&mut self.durations, &[50.0, 95.0]);
        TimelinePart {
            from: time::iso(from),
            to: time::iso(to),
            total: self.total,
            successful: self.successful,
            failed: self.failed,
            rate: (self.total > 0).then(|| ratio(self.successful, self.total)),
            p50_ms: ranks.first().copied(),
            p95_ms: ranks.get(1).copied(),
            durations,
        }
    }
}

/// Counts the durations between two neighbours of the edges. Comparing with every edge is quicker than a search among a dozen.
fn bands(durations: &[f64], edges: &[f64]) -> Vec<u64> {
    let mut bands = vec![0; edges.len().saturating_sub(1)];
    let Some(inner) = edges.get(1..bands.len()) else { return bands };
    for duration in durations {
        bands[inner.iter().map(|edge| usize::from(edge <= duration)).sum::<usize>()] += 1;
    }
    bands
}

#[cfg(test)]
mod tests {
    use super::{Cut, Moment, Period, Slice, timeline};

    const SLICE: Slice = Slice { parts: 4, limit: 2, min_ms: None, max_ms: None, runs: false };

    fn some(times: &[(i64, f64)]) -> Vec<Moment> {
        times.iter().map(|&(at, duration_ms)| Moment { at, success: Some(at % 2 == 0), duration_ms, row: 0 }).collect()
    }

    #[test]
    fn each_moment_is_in_one_part_and_each_duration_in_one_band() {
        let period = Period::new(Some(0), None, 99.0);
        let moments = some(&[(0, 1.0), (24, 10.0), (25, 100.0), (99, f64::NAN), (500, 0.0)]);
        let Cut { edges, parts, total, last } = timeline(&[moments], &period, &SLICE);
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
        let Cut { parts, total, last, .. } = timeline(&[some(&[(1, 9.0), (2, 10.0), (3, 100.0)])], &period, &slice);
        assert_eq!((total, last.len(), last[0].duration_ms), (1, 1, 10.0));
        assert_eq!(parts.iter().map(|part| part.total).sum::<u64>(), 1);
    }

    /// What sorting them all would give, whatever their order.
    #[test]
    fn the_latest_are_listed_and_of_the_same_time_the_later() {
        let at = |place: u64| i64::try_from(place.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54).unwrap();
        for (count, limit) in [(0, 3), (5, 0), (1000, 1), (1000, 7), (1000, 200), (50, 200)] {
            let made = |row: u64| Moment { at: at(row), success: None, duration_ms: 1.0, row };
            let moments: Vec<Moment> = (0..count).map(made).collect();
            let mut sorted = moments.clone();
            sorted.sort_by_key(|moment| (moment.at, moment.row));
            let wanted = sorted[sorted.len().saturating_sub(limit)..].to_vec();
            let halves = [moments[..moments.len() / 3].to_vec(), moments[moments.len() / 3..].to_vec()];
            let cut = timeline(&halves, &Period::new(None, None, 2000.0), &Slice { limit, ..SLICE });
            assert_eq!(cut.last, wanted, "{limit} of {count}");
            let between = |part: &crate::report::TimelinePart| (part.from.clone(), part.to.clone());
            for part in &cut.parts {
                let inside = |moment: &&Moment| {
                    let at = crate::event::time::iso(moment.at);
                    between(part).0 <= at && at <= between(part).1
                };
                assert_eq!(part.total, sorted.iter().filter(inside).count() as u64);
            }
        }
    }

    #[test]
    fn nothing_and_a_period_of_a_moment_have_parts_too() {
        let Cut { edges, parts, total, .. } = timeline(&[], &Period::new(None, None, 5.0), &SLICE);
        assert_eq!((edges.len(), parts.len(), total), (0, 1, 0));
    }
}
