//! Durations in ascending order, from which percentiles are picked.

use super::row::sort_by_key;
use super::{Form, Row};

/// The finite durations of a part, the shortest first.
#[derive(Debug, Default)]
pub struct Ranking {
    durations: Vec<f64>,
    /// The earliest possible one for a time that is not readable.
    times: Vec<i64>,
}

impl Form<Row> for Ranking {
    fn of(mut rows: Vec<Row>) -> Self {
        rows.retain(|row| row.duration_ms.is_finite());
        sort_by_key(&mut rows, |row| rank(row.duration_ms));
        let durations = rows.iter().map(|row| row.duration_ms).collect();
        Self { durations, times: rows.iter().map(|row| row.at.unwrap_or(i64::MIN)).collect() }
    }

    fn bytes(&self) -> usize {
        self.durations.len() * (size_of::<f64>() + size_of::<i64>())
    }
}

/// A whole number for each duration, in the order of [`f64::total_cmp`].
const fn rank(duration: f64) -> i64 {
    let bits = duration.to_bits().cast_signed();
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

impl Ranking {
    /// All durations.
    #[must_use]
    pub fn all(&self) -> &[f64] {
        &self.durations
    }

    /// The durations of the rows with a time of at least `from`, in the same order.
    #[must_use]
    pub fn since(&self, from: i64) -> Vec<f64> {
        let mut picked = vec![0.0; self.durations.len()];
        let mut count = 0;
        // Each is written and some are kept: which ones cannot be foretold, so a branch would cost more.
        for (&duration, &at) in self.durations.iter().zip(&self.times) {
            picked[count] = duration;
            count += usize::from(at >= from);
        }
        picked.truncate(count);
        picked
    }
}
