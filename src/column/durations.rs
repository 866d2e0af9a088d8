//! Durations of one skill: all of them while they are few, a histogram of high dynamic range when they are many. What whole
//! days have can be merged without their rows.

use hdrhistogram::Histogram;

use super::chunks::{Damaged, Source};
use super::skill_row::SkillField;
use super::skills::Skills;

/// Decimal digits that a duration in a histogram keeps.
const DIGITS: u8 = 3;

/// Durations in a histogram are whole microseconds from 0 to this, 285 years.
const LONGEST: f64 = 9_007_199_254_740_992.0;

const MICROS_PER_MS: f64 = 1000.0;

/// Up to this many values a list takes less memory than the histogram, and answers exactly.
const FEW: usize = 16_384;

/// Durations of which only percentiles will be asked, and the exact shortest and longest.
#[derive(Debug, Clone, Default)]
pub struct Durations {
    /// All values; with a histogram those that it cannot hold.
    listed: Vec<f64>,
    many: Option<Histogram<u32>>,
    extremes: Option<(f64, f64)>,
}

/// Percentiles and extremes in milliseconds; zeros when there are no values.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DurationRanks {
    /// The values at the percentages asked for.
    pub percentiles: [f64; 4],
    /// The exact shortest and longest.
    pub extremes: (f64, f64),
    /// The percentiles come from a histogram: each is off by at most a thousandth of itself or half a microsecond.
    pub approximate: bool,
}

impl Durations {
    /// Adds a duration in milliseconds; one that is not finite is left out.
    pub fn add(&mut self, duration_ms: f64) {
        if duration_ms.is_finite() {
            self.widen(duration_ms, duration_ms);
            self.record(duration_ms);
        }
    }

    /// Whether there is no duration.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.extremes.is_none()
    }

    fn widen(&mut self, first: f64, last: f64) {
        let (shortest, longest) = self.extremes.unwrap_or((first, last));
        self.extremes = Some((shortest.min(first), longest.max(last)));
    }

    fn record(&mut self, duration_ms: f64) {
        if let (Some(many), Some(micros)) = (&mut self.many, in_micros(duration_ms)) {
            // It grows to take any value; the largest needs some 45,000 counters.
            _ = many.record(micros);
            return;
        }
        self.listed.push(duration_ms);
        if self.many.is_none() && self.listed.len() > FEW {
            self.spread();
        }
    }

    /// Goes over from the list to a histogram.
    fn spread(&mut self) {
        let Ok(many) = Histogram::new(DIGITS) else { return };
        self.many = Some(many);
        std::mem::take(&mut self.listed).into_iter().for_each(|duration_ms| self.record(duration_ms));
    }

    /// Adds the durations of another day.
    pub fn merge(&mut self, other: &Self) {
        if let Some((first, last)) = other.extremes {
            self.widen(first, last);
        }
        if let Some(theirs) = &other.many {
            if self.many.is_none() {
                self.spread();
            }
            // Both grow on demand and have the same digits, so that any two can be added.
            _ = self.many.as_mut().map(|many| many.add(theirs));
        }
        if self.many.is_none() && self.listed.len() + other.listed.len() <= FEW {
            self.listed.extend_from_slice(&other.listed);
        } else {
            other.listed.iter().for_each(|&duration_ms| self.record(duration_ms));
        }
    }

    /// The values at four ascending percentages, by nearest rank, and the extremes.
    #[must_use]
    pub fn ranks(&self, percentages: [f64; 4]) -> DurationRanks {
        let Some(extremes) = self.extremes else { return DurationRanks::default() };
        let mut listed = self.listed.clone();
        let Some(many) = &self.many else {
            return DurationRanks { percentiles: select(&mut listed, percentages), extremes, approximate: false };
        };
        listed.sort_unstable_by(f64::total_cmp);
        let within = many.len();
        let below = listed.partition_point(|&value| value < 0.0);
        let count = listed.len() as u64 + within;
        let percentiles = percentages.map(|percentage| {
            let place = nearest_place(percentage, count);
            // Those below the histogram, those in it, and those above it.
            let value = match place.checked_sub(below as u64) {
                Some(inside) if inside < within => value_at(many, inside),
                Some(_) => listed[usize::try_from(place - within).unwrap_or(0)],
                None => listed[usize::try_from(place).unwrap_or(0)],
            };
            value.clamp(extremes.0, extremes.1)
        });
        DurationRanks { percentiles, extremes, approximate: true }
    }
}

/// The values at four ascending percentages of values that are in no order.
fn select(values: &mut [f64], percentages: [f64; 4]) -> [f64; 4] {
    let (count, mut from) = (values.len(), 0);
    percentages.map(|percentage| {
        let place = usize::try_from(nearest_place(percentage, count as u64)).unwrap_or(0);
        // What was selected before lies below, and need not be looked at again.
        if place >= from {
            values[from..].select_nth_unstable_by(place - from, f64::total_cmp);
            from = place + 1;
        }
        values[place]
    })
}

/// Whole microseconds, where a histogram can hold them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to lie between 0 and 2^53")]
fn in_micros(duration_ms: f64) -> Option<u64> {
    let micros = (duration_ms * MICROS_PER_MS).round();
    (duration_ms >= 0.0 && micros <= LONGEST).then_some(micros as u64)
}

/// The index of a percentage among `count` sorted values, by nearest rank.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts are far below 2^53"
)]
fn nearest_place(percentage: f64, count: u64) -> u64 {
    ((percentage / 100.0 * count as f64).ceil() as u64).clamp(1, count) - 1
}

/// The value with this index among the sorted values of a histogram, milliseconds.
#[expect(clippy::cast_precision_loss, reason = "below 2^53 or at it, but for the bucket's own width")]
fn value_at(many: &Histogram<u32>, index: u64) -> f64 {
    let mut passed = 0;
    let found = many.iter_recorded().find(|value| {
        passed += value.count_since_last_iteration();
        passed > index
    });
    found.map_or(0, |value| many.median_equivalent(value.value_iterated_to())) as f64 / MICROS_PER_MS
}

/// The durations of a whole day file, by the place of the skill in [`super::Totals::by`]; made when they are first asked
/// for, and kept up with the rows from then on.
#[derive(Debug, Default)]
pub struct DayDurations {
    rows: u64,
    by_skill: Vec<Durations>,
}

impl DayDurations {
    /// Takes in the rows that are new.
    pub(super) fn catch_up(&mut self, skills: &Skills, source: &dyn Source) -> Result<(), Damaged> {
        let mut first = 0;
        for part in skills.rows().parts() {
            let behind = first + part.summary.total;
            if behind > self.rows {
                let rows = part.rows(source)?;
                let known = usize::try_from(self.rows - first).unwrap_or(usize::MAX);
                for row in rows.iter().skip(known) {
                    add_at(&mut self.by_skill, skills.totals().place(row.field(SkillField::Skill)), row.duration_ms);
                }
                self.rows = behind;
            }
            first = behind;
        }
        Ok(())
    }

    /// The durations of each skill that has rows.
    #[must_use]
    pub fn by_skill(&self) -> &[Durations] {
        &self.by_skill
    }
}

/// Adds a duration to those at a place, which is made when it is not there yet.
pub fn add_at(durations: &mut Vec<Durations>, place: Option<usize>, duration_ms: f64) {
    let Some(place) = place else { return };
    if place >= durations.len() {
        durations.resize_with(place + 1, Durations::default);
    }
    durations[place].add(duration_ms);
}

#[cfg(test)]
mod tests {
    use super::{Durations, FEW};

    const PERCENTAGES: [f64; 4] = [50.0, 90.0, 95.0, 99.0];

    fn exact(values: &[f64]) -> [f64; 4] {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        [50, 90, 95, 99].map(|p| sorted[(p * sorted.len()).div_ceil(100).max(1) - 1])
    }

    fn some(count: u32, seed: u32) -> Vec<f64> {
        let value = |i: u32| match i % 50 {
            7 => f64::NAN,
            8 => f64::INFINITY,
            _ => {
                f64::from(i.wrapping_mul(2_654_435_761).wrapping_add(seed) >> 8) / [1e7, 1e5, 1e3, 10.0][i as usize % 4]
            }
        };
        (0..count).map(value).collect()
    }

    #[test]
    fn few_are_exact_and_of_many_three_digits_stay_however_days_are_cut() {
        for count in [1, 2, 7, 900, 1500, 16_000, 20_000, 50_000] {
            let values = some(count, count);
            let mut whole = Durations::default();
            values.iter().for_each(|&value| whole.add(value));
            let ranks = whole.ranks(PERCENTAGES);
            let finite = values.iter().filter(|value| value.is_finite()).count();
            assert_eq!(ranks.approximate, finite > FEW, "{count}");
            for (found, exact) in ranks.percentiles.into_iter().zip(exact(&values)) {
                let most = if ranks.approximate { exact.abs() / 1000.0 + 0.000_5 } else { 0.0 };
                assert!((found - exact).abs() <= most, "{count}: {found} for {exact}");
            }
            for day in [1, 3, 800, 5000, 17_000] {
                let mut merged = Durations::default();
                for part in values.chunks(day) {
                    let mut durations = Durations::default();
                    part.iter().for_each(|&value| durations.add(value));
                    merged.merge(&durations);
                }
                assert_eq!(merged.ranks(PERCENTAGES), ranks, "{count} in days of {day}");
            }
        }
    }

    #[test]
    fn odd_values_do_no_harm() {
        let ranks = |values: &[f64]| {
            let mut durations = Durations::default();
            values.iter().for_each(|&value| durations.add(value));
            (durations.ranks(PERCENTAGES).percentiles, durations.ranks(PERCENTAGES).extremes)
        };
        assert_eq!(ranks(&[]), ([0.0; 4], (0.0, 0.0)));
        assert_eq!(ranks(&[f64::NAN, f64::INFINITY]), ([0.0; 4], (0.0, 0.0)));
        assert_eq!(ranks(&[0.05]), ([0.05; 4], (0.05, 0.05)));
        assert_eq!(ranks(&[-5.0]), ([-5.0; 4], (-5.0, -5.0)));
        assert_eq!(ranks(&[1e21]), ([1e21; 4], (1e21, 1e21)));
        // Of many, those that no histogram holds are found in their place: a tenth below, a tenth above.
        let many: Vec<f64> = (0..50_000_u32)
            .map(|i| match i % 10 {
                0 => -f64::from(i),
                1 => 1e18 + f64::from(i) * 1e6,
                _ => 7.0,
            })
            .collect();
        let mut durations = Durations::default();
        many.iter().for_each(|&value| durations.add(value));
        let exact = exact(&many);
        let found = durations.ranks([5.0, 50.0, 95.0, 99.0]).percentiles;
        assert!(found[0] < -20_000.0 && (found[1] - 7.0).abs() < 0.01);
        assert_eq!(&found[2..], &exact[2..]);
    }
}
