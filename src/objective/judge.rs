//! What the counts of a tier's windows mean, and how an alert goes from one state to the next.

use serde::Serialize;

use super::goal::{Goal, Tier};
use crate::report::ratio;

/// Runs of a window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All.
    pub total: u64,
    /// The bad ones.
    pub failed: u64,
}

/// What a tier's windows hold at a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The long window.
    pub long: Counts,
    /// The short window, or the last three runs when it holds fewer.
    pub short: Counts,
    /// How many runs at the end of the long window were good, one after the other.
    pub streak: u64,
    /// The whole period.
    pub period: Counts,
}

/// What a tier says at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// No runs in the whole period.
    NoData,
    /// So few runs in the whole period that nothing could be told if all of them were bad.
    TooFew,
    /// No runs in the long window: what was said before holds.
    NoRuns,
    /// The budget burns at less than half of the threshold, or so many good runs came in a row that it is over.
    Calm,
    /// Neither calm nor burning: a fire goes on, but none breaks out.
    Between,
    /// Both windows burn, but it could be chance.
    Perhaps,
    /// Both windows burn, and that is no chance.
    Burning,
}

/// The state of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing is known, or too little.
    Unknown,
    /// All is well.
    Quiet,
    /// It would fire if it were certain that it is no chance.
    Pending,
    /// It fires.
    Firing,
    /// All is well again.
    Resolved,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Unknown, Self::Quiet, Self::Pending, Self::Firing, Self::Resolved];

    /// The state after a verdict.
    #[must_use]
    pub const fn after(self, verdict: Verdict) -> Self {
        match (verdict, self) {
            (Verdict::NoData | Verdict::TooFew, _) => Self::Unknown,
            (Verdict::Burning, _) | (Verdict::Between | Verdict::Perhaps | Verdict::NoRuns, Self::Firing) => {
                Self::Firing
            }
            (Verdict::Perhaps, _) | (Verdict::NoRuns, Self::Pending) => Self::Pending,
            (Verdict::Calm, Self::Firing) | (_, Self::Resolved) => Self::Resolved,
            _ => Self::Quiet,
        }
    }
}

/// How fast the budget burns: 1 is just as fast as allowed.
#[must_use]
pub fn burn(goal: &Goal, counts: Counts) -> f64 {
    ratio(counts.failed, counts.total) / goal.allowed()
}

/// Fewer good runs in a row end nothing.
const LEAST_STREAK: u64 = 3;

/// So many good runs in a row are less probable than this where nothing changed.
const NOT_OVER: f64 = 0.01;

/// Whether the good runs at the end would be a rare chance if runs still failed as often as those before. After an outage
/// three are enough; where one of five fails it takes a score, and an alert that ended sooner would be back at the next failure.
fn is_over(seen: &Seen) -> bool {
    let before = Counts { total: seen.long.total - seen.streak, failed: seen.long.failed };
    let passing = 1.0 - ratio(before.failed, before.total);
    seen.streak >= LEAST_STREAK && passing.powf(float(seen.streak)) < NOT_OVER
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
const fn float(count: u64) -> f64 {
    count as f64
}

/// What a tier says to what it sees.
#[must_use]
pub fn judge(goal: &Goal, tier: &Tier, seen: &Seen) -> Verdict {
    if seen.period.total == 0 {
        return Verdict::NoData;
    }
    if seen.period.total < goal.least_runs(tier) {
        return Verdict::TooFew;
    }
    if seen.long.total == 0 {
        return Verdict::NoRuns;
    }
    let (long, short) = (burn(goal, seen.long), burn(goal, seen.short));
    if long < tier.threshold / 2.0 || is_over(seen) {
        Verdict::Calm
    } else if long < tier.threshold || short < tier.threshold {
        Verdict::Between
    } else if goal.is_no_chance(tier, seen.long.failed, seen.long.total) {
        Verdict::Burning
    } else {
        Verdict::Perhaps
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, Goal, Seen, State, Verdict, judge};

    const GOAL: Goal = Goal { share: 0.95, period_ms: 7 * 86_400_000 };

    fn said(long: (u64, u64), short: (u64, u64), period: u64) -> Verdict {
        after_good(0, long, short, period)
    }

    fn after_good(streak: u64, long: (u64, u64), short: (u64, u64), period: u64) -> Verdict {
        let counts = |(failed, total)| Counts { total, failed };
        let seen = Seen { long: counts(long), short: counts(short), streak, period: counts((0, period)) };
        judge(&GOAL, &GOAL.tiers()[0], &seen)
    }

    #[test]
    fn fires_only_when_both_windows_burn_and_it_is_no_chance() {
        assert_eq!(said((0, 0), (0, 0), 0), Verdict::NoData);
        assert_eq!(said((2, 2), (2, 2), 2), Verdict::TooFew);
        assert_eq!(said((0, 0), (1, 3), 9), Verdict::NoRuns);
        assert_eq!(said((1, 1), (1, 3), 9), Verdict::Between, "one failed run is 20 times the budget, and 5 % chance");
        assert_eq!(said((1, 1), (2, 3), 9), Verdict::Perhaps);
        assert_eq!(said((2, 3), (2, 3), 9), Verdict::Perhaps, "0.7 % in one window, and a week has 28");
        assert_eq!(said((3, 3), (3, 3), 9), Verdict::Burning);
        assert_eq!(said((4, 6), (2, 3), 9), Verdict::Burning);
        assert_eq!(said((5, 10), (0, 3), 30), Verdict::Between);
        assert_eq!(said((2, 20), (3, 3), 30), Verdict::Calm, "twice as fast as allowed, which is not fast");
        assert_eq!(said((6, 20), (1, 3), 30), Verdict::Between);
    }

    /// The more of the runs before failed, the fewer good ones show that it is over.
    #[test]
    fn it_is_over_when_the_good_runs_are_no_chance() {
        for (failed, before, enough) in [(5, 5, 3), (9, 10, 3), (5, 7, 4), (5, 10, 7)] {
            for streak in 0..enough + 5 {
                let long = (failed, before + streak);
                let verdict = after_good(streak, long, (0, 3), 99);
                assert_eq!(verdict == Verdict::Calm, streak >= enough, "{failed} of {before}, then {streak} good");
            }
        }
    }

    #[test]
    fn a_fire_ends_only_in_calm() {
        use State::{Firing, Pending, Quiet, Resolved, Unknown};
        use Verdict::{Between, Burning, Calm, NoData, NoRuns, Perhaps, TooFew};
        let walk = |verdicts: &[Verdict]| {
            let mut state = State::Unknown;
            verdicts
                .iter()
                .map(|&verdict| {
                    state = state.after(verdict);
                    state
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(walk(&[Perhaps, Burning, Perhaps, Between, NoRuns]), [Pending, Firing, Firing, Firing, Firing]);
        assert_eq!(walk(&[Burning, Calm, Between, NoRuns, Calm]), [Firing, Resolved, Resolved, Resolved, Resolved]);
        assert_eq!(walk(&[Calm, Perhaps, NoRuns, Between]), [Quiet, Pending, Pending, Quiet]);
        assert_eq!(walk(&[Burning, NoRuns, NoData, Calm]), [Firing, Firing, Unknown, Quiet]);
        assert_eq!(walk(&[Burning, Calm, Burning]), [Firing, Resolved, Firing]);
        assert_eq!(walk(&[TooFew, NoRuns, Between]), [Unknown, Quiet, Quiet]);
    }
}
