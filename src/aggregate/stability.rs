//! How steadily a CUJ succeeds.

use super::Window;
use crate::column::{Damaged, Executions, Series, Source};
use crate::report::{Stability, Text, ratio};

/// Counts the changes between success and failure in results that are added one by one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Flips {
    pub total: u64,
    pub changes: u64,
    longest_failure_streak: u64,
    last: Option<bool>,
    streak: u64,
}

impl Flips {
    fn add(&mut self, success: bool) {
        self.total += 1;
        if self.last == Some(success) {
            self.streak += 1;
        } else {
            self.changes += u64::from(self.last.is_some());
            self.streak = 1;
        }
        self.last = Some(success);
        if !success {
            self.longest_failure_streak = self.longest_failure_streak.max(self.streak);
        }
    }

    /// The executions of some CUJs in a window, in the order of the file.
    pub fn of(all: &[Series], source: &dyn Source, window: &Window) -> Result<Self, Damaged> {
        let mut flips = Self::default();
        let mut rows = Vec::new();
        for series in all {
            rows.append(&mut series.rows(source, window.range())?);
        }
        if all.len() > 1 {
            rows.sort_unstable_by_key(|row| row.serial);
        }
        rows.iter().for_each(|row| flips.add(row.success));
        Ok(flips)
    }

    /// `flips / (total - 1)`.
    pub fn rate(&self) -> f64 {
        ratio(self.changes, self.total.saturating_sub(1))
    }

    fn current_streak(&self) -> i64 {
        let length = i64::try_from(self.streak).unwrap_or(i64::MAX);
        if self.last == Some(false) { -length } else { length }
    }
}

/// How steadily a CUJ, given as a JSON value, succeeded, in the order of the file.
///
/// # Errors
/// When a chunk is damaged.
pub fn stability(
    executions: &Executions,
    source: &dyn Source,
    cuj_id: &[u8],
    window: &Window,
) -> Result<Stability, Damaged> {
    let flips = Flips::of(executions.chosen(cuj_id), source, window)?;
    Ok(Stability {
        cuj_id: Text::value(cuj_id),
        total: flips.total,
        flips: flips.changes,
        flip_rate: flips.rate(),
        current_streak: flips.current_streak(),
        longest_failure_streak: flips.longest_failure_streak,
    })
}

#[cfg(test)]
mod tests {
    use super::Flips;

    fn of(results: &str) -> (u64, u64, f64, i64, u64) {
        let mut flips = Flips::default();
        results.chars().for_each(|result| flips.add(result == '+'));
        (flips.total, flips.changes, flips.rate(), flips.current_streak(), flips.longest_failure_streak)
    }

    #[test]
    fn counts_changes_and_streaks() {
        assert_eq!(of(""), (0, 0, 0.0, 0, 0));
        assert_eq!(of("+"), (1, 0, 0.0, 1, 0));
        assert_eq!(of("-"), (1, 0, 0.0, -1, 1));
        assert_eq!(of("+-"), (2, 1, 1.0, -1, 1));
        assert_eq!(of("+++++"), (5, 0, 0.0, 5, 0));
        assert_eq!(of("---+--"), (6, 2, 0.4, -2, 3));
        assert_eq!(of("+--+-+++"), (8, 4, 4.0 / 7.0, 3, 2));
    }
}
