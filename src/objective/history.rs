//! The runs of one subject in the order of time, what a tier's windows hold of them at any moment, and the replay of the past.

use super::goal::{Goal, Tier};
use super::judge::{Counts, Seen, State, judge};

/// A short window with fewer runs is widened to so many, as far as the period has them.
const LEAST_SHORT: usize = 3;

/// When each run was, and whether it was bad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    times: Vec<i64>,
    /// How many of the runs before each one were bad; one more than there are runs.
    bad_before: Vec<u64>,
    /// The place behind the last bad one of the runs before each one.
    good_from: Vec<usize>,
}

/// A change of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Epoch ms.
    pub at: i64,
    /// From then on.
    pub state: State,
}

/// The number of runs up to a moment, and of those before each window that ends there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Marks {
    end: usize,
    long: usize,
    short: usize,
    period: usize,
}

impl History {
    /// The history of some runs, `(time, bad)`, in any order.
    #[must_use]
    pub fn new(runs: &[(i64, bool)]) -> Self {
        // The same order as elsewhere, so that there is one sort of it.
        let mut runs: Vec<(i64, usize)> = runs.iter().map(|&(at, is_bad)| (at, usize::from(is_bad))).collect();
        runs.sort_unstable();
        let mut history = Self { times: Vec::with_capacity(runs.len()), bad_before: vec![0], good_from: vec![0] };
        let (mut bad, mut good_from) = (0, 0);
        for (at, is_bad) in runs {
            history.times.push(at);
            if is_bad > 0 {
                (bad, good_from) = (bad + 1, history.times.len());
            }
            history.bad_before.push(bad);
            history.good_from.push(good_from);
        }
        history
    }

    /// How many runs there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The time of the last run up to a moment.
    #[must_use]
    pub fn last(&self, now: i64) -> Option<i64> {
        self.times.get(self.before(now + 1).checked_sub(1)?).copied()
    }

    /// The runs from one moment until before another.
    #[must_use]
    pub fn count(&self, from: i64, to: i64) -> Counts {
        self.between(self.before(from), self.before(to))
    }

    /// What a tier's windows hold at a moment. A run is in a window when it is no older than the window is long, and no run is
    /// known before its time.
    #[must_use]
    pub fn seen(&self, goal: &Goal, tier: &Tier, now: i64) -> Seen {
        self.seen_at(&self.marks(goal, tier, now))
    }

    /// The states of a tier from `since` to `now`: the first one at `since`, then each change at the millisecond at which one
    /// who looks all the time would see it.
    #[must_use]
    pub fn replay(&self, goal: &Goal, tier: &Tier, (since, now): (i64, i64)) -> Vec<Change> {
        let mut marks = self.marks(goal, tier, since);
        let mut changes = Vec::new();
        let mut state = State::Unknown.after(judge(goal, tier, &self.seen_at(&marks)));
        changes.push(Change { at: since, state });
        while let Some(at) = self.advance(&mut marks, goal, tier).filter(|&at| at <= now) {
            let next = state.after(judge(goal, tier, &self.seen_at(&marks)));
            if next != state {
                changes.push(Change { at, state: next });
                state = next;
            }
        }
        changes
    }

    /// The most runs that ever were in a window of this length.
    #[must_use]
    pub fn most_within(&self, length: i64) -> usize {
        let mut first = 0;
        let width = |(end, &at): (usize, &i64)| {
            while at - self.times[first] > length {
                first += 1;
            }
            end + 1 - first
        };
        self.times.iter().enumerate().map(width).max().unwrap_or(0)
    }

    fn before(&self, time: i64) -> usize {
        self.times.partition_point(|&at| at < time)
    }

    fn marks(&self, goal: &Goal, tier: &Tier, now: i64) -> Marks {
        let [long, short, period] =
            [tier.long_ms, tier.short_ms, goal.period_ms].map(|length| self.before(now.saturating_sub(length)));
        Marks { end: self.before(now.saturating_add(1)), long, short, period }
    }

    fn between(&self, first: usize, end: usize) -> Counts {
        Counts { total: (end - first) as u64, failed: self.bad_before[end] - self.bad_before[first] }
    }

    fn seen_at(&self, &Marks { end, long, short, period }: &Marks) -> Seen {
        Seen {
            long: self.between(long, end),
            short: self.between(short.min(end.saturating_sub(LEAST_SHORT).max(period)), end),
            streak: (end - self.good_from[end].max(long).min(end)) as u64,
            period: self.between(period, end),
        }
    }

    /// Goes on to the next moment at which a run comes into a window or leaves one, and tells it.
    fn advance(&self, marks: &mut Marks, goal: &Goal, tier: &Tier) -> Option<i64> {
        let moved = [
            (&mut marks.end, 0),
            (&mut marks.long, tier.long_ms + 1),
            (&mut marks.short, tier.short_ms + 1),
            (&mut marks.period, goal.period_ms + 1),
        ];
        let due = |place: usize, delay: i64| self.times.get(place).map(|at| at.saturating_add(delay));
        let next = moved.iter().filter_map(|(place, delay)| due(**place, *delay)).min()?;
        for (place, delay) in moved {
            while due(*place, delay).is_some_and(|at| at <= next) {
                *place += 1;
            }
        }
        Some(next)
    }
}
