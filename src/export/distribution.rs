//! Durations counted by bounds, as classic histograms are.

use super::Exponential;
use crate::column::Sum;

/// From a cache hit to a workflow of an hour, milliseconds.
const USUAL_MS: [f64; 16] = [
    10.0,
    50.0,
    100.0,
    250.0,
    500.0,
    1_000.0,
    2_500.0,
    5_000.0,
    10_000.0,
    30_000.0,
    60_000.0,
    120_000.0,
    300_000.0,
    600_000.0,
    1_800_000.0,
    3_600_000.0,
];

/// The upper bounds of buckets, milliseconds, ascending.
#[derive(Debug, Clone, PartialEq)]
pub struct Bounds {
    all: Vec<f64>,
    /// Exponential buckets are counted beside them.
    native: bool,
}

impl Bounds {
    /// The usual ones and those that objectives ask about; `native` asks for exponential buckets as well.
    #[must_use]
    pub fn with(more: &[f64], native: bool) -> Self {
        let mut all: Vec<f64> = USUAL_MS.iter().chain(more).copied().filter(|bound| bound.is_finite()).collect();
        all.sort_unstable_by(f64::total_cmp);
        all.dedup();
        Self { all, native }
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[f64] {
        &self.all
    }
}

/// How many durations are at most so long, and their sum.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Distribution {
    /// For each bound those that are longer than the bound before it, and at last those beyond all; empty before the first.
    counts: Vec<u64>,
    native: Exponential,
    sum: Sum,
}

impl Distribution {
    /// Adds a duration in milliseconds. One that is not finite is left out; one below 0 counts as 0, or the sum would fall.
    pub fn add(&mut self, bounds: &Bounds, duration_ms: f64) {
        if !duration_ms.is_finite() {
            return;
        }
        self.counts.resize(bounds.all.len() + 1, 0);
        self.counts[bounds.all.partition_point(|&bound| bound < duration_ms)] += 1;
        self.sum.add(duration_ms.max(0.0));
        if bounds.native {
            self.native.add(duration_ms.max(0.0) / 1000.0);
        }
    }

    /// Adds another distribution over the same bounds.
    pub fn merge(&mut self, other: &Self) {
        self.counts.resize(self.counts.len().max(other.counts.len()), 0);
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, more)| *count += more);
        self.native.merge(&other.native);
        self.sum.merge(other.sum);
    }

    /// How many durations are at most as long as each bound, and at last how many there are.
    pub fn cumulative(&self, bounds: &Bounds) -> impl Iterator<Item = u64> {
        let counts = self.counts.iter().copied().chain(std::iter::repeat(0)).take(bounds.all.len() + 1);
        counts.scan(0, |total, count| {
            *total += count;
            Some(*total)
        })
    }

    /// The same durations by exponential buckets, where the bounds asked for them.
    #[must_use]
    pub const fn native(&self) -> &Exponential {
        &self.native
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Their sum in milliseconds.
    #[must_use]
    pub fn sum_ms(&self) -> f64 {
        self.sum.value()
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Distribution};

    #[test]
    fn a_bound_counts_what_is_just_as_long() {
        let bounds = Bounds::with(&[777.0, 10.0, f64::NAN], true);
        assert_eq!(bounds.all().len(), 17);
        let mut all = Distribution::default();
        for duration in [777.0, 777.5, 10.0, 0.0, -5.0, 1e12, f64::NAN, f64::INFINITY] {
            all.add(&bounds, duration);
        }
        let place = bounds.all().iter().position(|&bound| bound > 700.0).unwrap();
        let counted: Vec<u64> = all.cumulative(&bounds).collect();
        assert_eq!((counted[0], counted[place], counted[place + 1], counted[16], counted[17]), (3, 4, 5, 5, 6));
        assert_eq!((all.count(), all.sum_ms()), (6, 777.0 + 777.5 + 10.0 + 1e12));
        let mut twice = Distribution::default();
        twice.merge(&all);
        twice.merge(&all);
        assert_eq!((twice.count(), twice.cumulative(&bounds).last()), (12, Some(12)));
        assert_eq!((twice.native().zero, twice.native().counts.iter().sum::<u64>()), (4, 8));
        assert_eq!(Distribution::default().cumulative(&bounds).collect::<Vec<_>>(), [0; 18]);
    }
}
