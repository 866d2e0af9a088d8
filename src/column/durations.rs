//! Durations of one skill as a histogram of high dynamic range: what whole days have can be merged without their rows.

use hdrhistogram::Histogram;

use super::chunks::{Damaged, Source};
use super::skill_row::SkillField;
use super::skills::Skills;

/// Decimal digits that a duration in a histogram keeps.
const DIGITS: u8 = 3;

/// Longer durations, of 285 years and more, count as this, microseconds.
const LONGEST: f64 = 9_007_199_254_740_992.0;

const MICROS_PER_MS: f64 = 1000.0;

/// Up to this many values a list takes less memory than the histogram.
const FEW: usize = 1024;

/// Durations of which only percentiles will be asked, and the exact shortest and longest.
#[derive(Debug, Clone, Default)]
pub struct Durations {
    few: Vec<u64>,
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
}

impl Durations {
    /// Adds a duration in milliseconds; one that is not finite is left out.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held between 0 and 2^53")]
    pub fn add(&mut self, duration_ms: f64) {
        if duration_ms.is_finite() {
            self.widen(duration_ms, duration_ms);
            self.record((duration_ms * MICROS_PER_MS).round().clamp(0.0, LONGEST) as u64);
        }
    }

    fn widen(&mut self, first: f64, last: f64) {
        let (shortest, longest) = self.extremes.unwrap_or((first, last));
        self.extremes = Some((shortest.min(first), longest.max(last)));
    }

    fn record(&mut self, micros: u64) {
        if let Some(many) = &mut self.many {
            // It grows to take any value; the largest needs some 45,000 counters.
            _ = many.record(micros);
            return;
        }
        self.few.push(micros);
        if self.few.len() > FEW {
            self.spread();
        }
    }

    /// Goes over from the list to a histogram.
    fn spread(&mut self) {
        self.many = histogram(&self.few);
        if self.many.is_some() {
            self.few = Vec::new();
        }
    }

    /// Adds the durations of another day.
    pub fn merge(&mut self, other: &Self) {
        if let Some((first, last)) = other.extremes {
            self.widen(first, last);
        }
        other.few.iter().for_each(|&micros| self.record(micros));
        let Some(theirs) = &other.many else { return };
        if self.many.is_none() && self.few.is_empty() {
            self.many = Some(theirs.clone());
            return;
        }
        if self.many.is_none() {
            self.spread();
        }
        // Both grow on demand and have the same digits, so that any two can be added.
        _ = self.many.as_mut().map(|many| many.add(theirs));
    }

    /// The values at four ascending percentages, by nearest rank within the digits kept, and the extremes.
    #[must_use]
    pub fn ranks(&self, percentages: [f64; 4]) -> DurationRanks {
        let few = if self.many.is_none() { histogram(&self.few) } else { None };
        let (Some(extremes), Some(all)) = (self.extremes, self.many.as_ref().or(few.as_ref())) else {
            return DurationRanks::default();
        };
        #[expect(clippy::cast_precision_loss, reason = "below 2^53 or at it, but for the bucket's own width")]
        let in_ms = |micros: u64| (micros as f64 / MICROS_PER_MS).clamp(extremes.0, extremes.1);
        let mut percentiles = [0.0; 4];
        percentiles
            .iter_mut()
            .zip(all.value_at_percentiles(percentages))
            .for_each(|(place, micros)| *place = in_ms(micros));
        DurationRanks { percentiles, extremes }
    }
}

fn histogram(values: &[u64]) -> Option<Histogram<u32>> {
    let mut histogram = Histogram::new(DIGITS).ok()?;
    values.iter().try_for_each(|&micros| histogram.record(micros)).ok()?;
    Some(histogram)
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
    use super::Durations;

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
    fn keeps_three_digits_of_every_value_however_days_are_cut() {
        for count in [1, 2, 7, 900, 1500, 20_000] {
            let values = some(count, count);
            let mut whole = Durations::default();
            values.iter().for_each(|&value| whole.add(value));
            for (found, exact) in whole.ranks(PERCENTAGES).percentiles.into_iter().zip(exact(&values)) {
                assert!((found - exact).abs() <= exact / 1000.0 + 0.000_5, "{count}: {found} for {exact}");
            }
            for day in [1, 3, 800, 5000] {
                let mut merged = Durations::default();
                for part in values.chunks(day) {
                    let mut durations = Durations::default();
                    part.iter().for_each(|&value| durations.add(value));
                    merged.merge(&durations);
                }
                assert_eq!(merged.ranks(PERCENTAGES), whole.ranks(PERCENTAGES), "{count} in days of {day}");
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
        let (percentiles, extremes) = ranks(&[1e21]);
        assert_eq!(extremes, (1e21, 1e21));
        assert!(percentiles[0] > 9e12);
    }
}
