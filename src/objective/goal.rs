//! An objective, and the two tiers it expands to: how fast its budget may burn in a long and a short window.

use serde::Serialize;

use super::tail::{is_below, tail};

/// What is less probable than this is not taken for chance.
const UNLIKELY: f64 = 0.01;

/// A tier's long window by its short one.
const SHORT_IN_LONG: i64 = 12;

/// No threshold is above this share of the largest possible burn: with every run failing each tier can fire.
const OF_MOST_BURN: f64 = 0.8;

/// Where so many runs may fail, any burn that is fast is no chance.
const MOST_ALLOWED: f64 = 20.0;

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
    /// How many long windows a period has.
    pub windows: u32,
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
        [("fast", 28, 0.25), ("slow", 7, 0.5)].map(|(name, windows, budget)| {
            let long_ms = self.period_ms / i64::from(windows);
            let threshold = (budget * f64::from(windows)).min(OF_MOST_BURN * self.most_burn());
            Tier { name, long_ms, short_ms: long_ms / SHORT_IN_LONG, threshold, budget, windows }
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

    /// How probable at least so many failures are in any long window of a period that just meets the objective. One window
    /// alone says little: a week has 28 of the fast tier, and one of them in a hundred is bad by chance each month.
    #[must_use]
    pub fn chance(&self, tier: &Tier, failed: u64, total: u64) -> f64 {
        (tail(failed, total, self.allowed()) * f64::from(tier.windows)).min(1.0)
    }

    /// Whether that is below 1 %.
    #[must_use]
    pub fn is_no_chance(&self, tier: &Tier, failed: u64, total: u64) -> bool {
        is_below(UNLIKELY / f64::from(tier.windows), failed, total, self.allowed())
    }

    /// From this many runs on, those that burn just at the threshold are no chance; for those who cannot reckon a tail.
    #[must_use]
    pub fn guard_runs(&self, tier: &Tier) -> u64 {
        let share = tier.threshold * self.allowed();
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a small number"
        )]
        let (burning, most) = (
            |runs: u64| ((runs as f64 * share - 1e-9).ceil() as u64).max(1),
            ((MOST_ALLOWED * self.most_burn()) as u64).min(1_000_000),
        );
        (1..most).rev().find(|&runs| !self.is_no_chance(tier, burning(runs), runs)).map_or(1, |runs| runs + 1)
    }

    /// For each number of failures the most runs among which they are no chance, `(failed, runs)`, up to the guard.
    #[must_use]
    pub fn guard_steps(&self, tier: &Tier) -> Vec<(u64, u64)> {
        let guard = self.guard_runs(tier);
        let most = |failed| (failed..guard).take_while(|&runs| self.is_no_chance(tier, failed, runs)).last();
        let mut steps: Vec<(u64, u64)> = Vec::new();
        for failed in 1..guard {
            steps.extend(most(failed).map(|runs| (failed, runs)));
            if steps.last().is_some_and(|&(_, runs)| runs + 1 >= guard) {
                break;
            }
        }
        steps
    }

    /// With fewer runs than this in the long window nothing can be told, even when all fail.
    #[must_use]
    pub fn least_runs(&self, tier: &Tier) -> u64 {
        (1..1000).find(|&runs| self.is_no_chance(tier, runs, runs)).unwrap_or(u64::MAX)
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
        let least = |share| {
            let goal = Goal { share, period_ms: DAY };
            goal.tiers().map(|tier| goal.least_runs(&tier))
        };
        assert_eq!([0.5, 0.8, 0.9, 0.95, 0.995].map(least), [[12, 10], [5, 5], [4, 3], [3, 3], [2, 2]]);
    }

    #[test]
    fn a_guard_leaves_nothing_to_chance() {
        for share in [0.5, 0.8, 0.9, 0.95, 0.99, 0.999] {
            let goal = Goal { share, period_ms: 7 * DAY };
            for tier in goal.tiers() {
                let guard = goal.guard_runs(&tier);
                assert!((2..10_000).contains(&guard), "{share} {}: {guard}", tier.name);
                for runs in guard..guard + 50 {
                    let failed = (0..=runs).find(|&failed| {
                        f64::from(u32::try_from(failed).unwrap())
                            >= f64::from(u32::try_from(runs).unwrap()) * tier.threshold * goal.allowed() - 1e-9
                    });
                    assert!(goal.is_no_chance(&tier, failed.unwrap(), runs));
                }
            }
        }
    }

    #[test]
    fn the_steps_of_a_guard_decide_as_the_tail_does() {
        for share in [0.5, 0.9, 0.95, 0.99] {
            let goal = Goal { share, period_ms: 7 * DAY };
            for tier in goal.tiers() {
                let steps = goal.guard_steps(&tier);
                for runs in 1..goal.guard_runs(&tier) {
                    for failed in 1..=runs {
                        let by_steps = steps.iter().any(|&(least, most)| failed >= least && runs <= most);
                        assert_eq!(by_steps, goal.is_no_chance(&tier, failed, runs), "{failed} of {runs} at {share}");
                    }
                }
            }
        }
    }

    #[test]
    fn chance_is_that_of_a_whole_period() {
        let goal = Goal { share: 0.95, period_ms: 7 * DAY };
        let [fast, slow] = goal.tiers();
        assert!((goal.chance(&fast, 3, 3) - 28.0 * 0.05_f64.powi(3)).abs() < 1e-15);
        assert!((goal.chance(&slow, 3, 3) - 7.0 * 0.05_f64.powi(3)).abs() < 1e-15);
        assert!((goal.chance(&fast, 1, 9) - 1.0).abs() < 1e-15);
    }
}
