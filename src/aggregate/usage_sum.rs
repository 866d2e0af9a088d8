//! What the invocations of one name add up to in one period.

use crate::column::{Durations, Group, SkillRow};

/// The last one that is asked for is thrown away: four fit into one search.
const PERCENTAGES: [f64; 4] = [50.0, 95.0, 95.0, 95.0];

/// What a percentile from a histogram of three digits is off by at most, as a share of itself.
const HISTOGRAM_ERROR: f64 = 0.001;

/// What the rows of one name add up to in one period.
#[derive(Debug, Default)]
pub(super) struct Sum {
    pub group: Group,
    durations: Durations,
    /// The first and the last time.
    pub seen: Option<(i64, i64)>,
    /// When each one was, and each that failed; of the period before they are not kept.
    pub times: [Vec<i64>; 2],
}

impl Sum {
    pub fn add(&mut self, row: &SkillRow, success: bool, failure: bool) {
        self.group.count += 1;
        self.group.successful += u64::from(success);
        self.group.failures += u64::from(failure);
        self.group.cache_hits += u64::from(row.cache_hit);
        self.durations.add(row.duration_ms);
        self.seen = row.at.map_or(self.seen, |at| joined(self.seen, Some((at, at))));
    }

    pub fn note(&mut self, row: &SkillRow, failure: bool) {
        let [all, failed] = &mut self.times;
        all.extend(row.at);
        failed.extend(row.at.filter(|_| failure));
    }

    pub fn merge(&mut self, mut later: Self) {
        self.group.merge(&later.group);
        self.durations.merge(&later.durations);
        self.seen = joined(self.seen, later.seen);
        self.times.iter_mut().zip(&mut later.times).for_each(|(all, later)| all.append(later));
    }

    pub fn last(&self) -> Option<i64> {
        self.seen.map(|(_, last)| last)
    }

    pub fn percentiles(&self) -> (Option<f64>, Option<f64>, f64) {
        let ranks = self.durations.ranks(PERCENTAGES);
        let [p50, p95, ..] = ranks.percentiles.map(|value| (!self.durations.is_empty()).then_some(value));
        (p50, p95, if ranks.approximate { HISTOGRAM_ERROR } else { 0.0 })
    }
}

fn joined(one: Option<(i64, i64)>, other: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (one, other) {
        (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
        (one, other) => one.or(other),
    }
}
