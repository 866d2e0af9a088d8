//! An objective, and the two tiers it expands to: how fast its budget may burn in a long and a short window.

use serde::Serialize;

use super::tail::UNLIKELY;

/// A tier's long window by its short one.
const SHORT_IN_LONG: i64 = 12;

/// No threshold is above this share of the largest possible burn: with every run failing each tier can fire.
const OF_MOST_BURN: f64 = 0.8;

/// Shares are told apart to 12 digits.
const ROUNDED: f64 = 1e12;

/// What is wanted: this share of the runs in a period has to be good.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goal {
    /// At least a half and below 1; of less, no burn that is possible is fast.
    pub share: f64,
    /// Milliseconds.
    pub period_ms: i64,
}

/// One speed at which the budget may not burn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Tier {
    /// `fast` or `slow`.
    pub name: &'static str,
    /// Milliseconds.
    pub long_ms: i64,
    /// Milliseconds; it is widened to the last three runs.
    pub short_ms: i64,
    /// How many times faster than allowed failures have to come, in both windows.
    pub threshold: f64,
    /// The share of the period's budget that is gone when it burns so fast for the long window.
    pub budget: f64,
}

impl Goal {
    /// A quarter of the budget in a 28th of the period (6 hours of 7 days), and half of it in a 7th.
    ///
    /// ```
    /// use obs_native::objective::Goal;
    ///
    /// let goal = Goal { share: 0.95, period_ms: 7 * 86_400_000 };
    /// let [fast, slow] = goal.tiers();
    /// assert_eq!((fast.long_ms, fast.short_ms, fast.threshold), (6 * 3_600_000, 30 * 60_000, 7.0));
    /// assert_eq!((slow.long_ms, slow.short_ms, slow.threshold), (24 * 3_600_000, 2 * 3_600_000, 3.5));
    /// ```
    #[must_use]
    pub fn tiers(&self) -> [Tier; 2] {
        [("fast", 28, 0.25), ("slow", 7, 0.5)].map(|(name, parts, budget)| {
            let long_ms = self.period_ms / parts;
            #[expect(clippy::cast_precision_loss, reason = "a small number")]
            let threshold = (budget * parts as f64).min(OF_MOST_BURN * self.most_burn());
            Tier { name, long_ms, short_ms: long_ms / SHORT_IN_LONG, threshold, budget }
        })
    }

    /// The share of runs that may fail.
    #[must_use]
    pub fn allowed(&self) -> f64 {
        // 1 - 0.9 is less than 0.1, and two failures of two would be just below 1 % instead of at it.
        ((1.0 - self.share) * ROUNDED).round() / ROUNDED
    }

    /// How fast the budget burns when every run fails.
    #[must_use]
    pub fn most_burn(&self) -> f64 {
        1.0 / self.allowed()
    }

    /// With fewer runs than this in a window nothing can be told, even when all fail.
    #[must_use]
    pub fn least_runs(&self) -> u64 {
        (1..=100_000_u32).find(|&runs| self.allowed().powi(runs.cast_signed()) < UNLIKELY).map_or(u64::MAX, u64::from)
    }
}

#[cfg(test)]
mod tests {
    use super::Goal;

    const DAY: i64 = 86_400_000;

    /// At 90 % the most that can burn is 10, at 80 % 5: constant thresholds of 14.4 or 7 could never fire.
    #[test]
    fn every_tier_can_fire_at_any_objective() {
        for share in [0.5, 0.8, 0.9, 0.93, 0.95, 0.99, 0.9999] {
            for days in [1, 7, 28, 90] {
                let goal = Goal { share, period_ms: days * DAY };
                for tier in goal.tiers() {
                    assert!(tier.threshold <= 0.8 * goal.most_burn() + 1e-9, "{share} over {days} days");
                    assert!(tier.threshold > 1.0);
                    assert!(0 < tier.short_ms && tier.short_ms < tier.long_ms && tier.long_ms < goal.period_ms);
                }
            }
        }
        let [fast, slow] = Goal { share: 0.8, period_ms: 7 * DAY }.tiers();
        assert_eq!((fast.threshold, slow.threshold), (4.0, 3.5));
    }

    #[test]
    fn a_low_objective_needs_more_runs_to_tell() {
        let least = |share| Goal { share, period_ms: DAY }.least_runs();
        assert_eq!([0.5, 0.8, 0.9, 0.95, 0.995].map(least), [7, 3, 3, 2, 1]);
    }
}
