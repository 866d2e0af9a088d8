//! Worse than its own usual: the last runs of a subject against those of the time before, without any objective.

use serde::Serialize;

use super::{Counts, History, Verdict};
use crate::aggregate;
use crate::report::ratio;

/// A difference that chance makes less often than this is told. Many subjects are looked at many times.
const CERTAIN: f64 = 0.001;

/// One that chance makes this often is none.
const OVER: f64 = 0.05;

/// Nobody would act on a smaller change of the share of successes.
const CHANGED: f64 = 0.05;

/// Fewer runs tell nothing of now, and nothing of what is usual.
const LEAST: (u64, u64) = (3, 20);

/// What is now, and what is usual.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Usual {
    /// The last runs.
    pub recent: Counts,
    /// Those before.
    pub before: Counts,
    /// How probable so large a difference is when nothing changed.
    pub chance: f64,
    /// What that means.
    pub verdict: Verdict,
}

/// Compares the last `recent` milliseconds with the `before` milliseconds in front of them.
#[must_use]
pub fn against_usual(history: &History, (recent, before): (i64, i64), now: i64) -> Usual {
    let from = now.saturating_sub(recent);
    let (recent, before) =
        (history.count(from, now.saturating_add(1)), history.count(from.saturating_sub(before), from));
    let good = |counts: Counts| (counts.total - counts.failed, counts.total);
    let chance = aggregate::chance(good(recent), good(before));
    let worse = ratio(recent.failed, recent.total) - ratio(before.failed, before.total);
    let verdict = if recent.total == 0 {
        if before.total == 0 { Verdict::NoData } else { Verdict::NoRuns }
    } else if before.total < LEAST.1 {
        Verdict::TooFew
    } else if recent.total < LEAST.0 || worse < CHANGED || chance >= OVER {
        Verdict::Calm
    } else if chance < CERTAIN {
        Verdict::Burning
    } else {
        Verdict::Between
    };
    Usual { recent, before, chance, verdict }
}

#[cfg(test)]
mod tests {
    use super::{History, Verdict, against_usual};

    /// `before` runs of the time before and `now` runs of the last hundred ms, each `(failed, total)`.
    fn said(before: (i64, i64), now: (i64, i64)) -> (Verdict, f64) {
        let runs = |start: i64, (failed, total): (i64, i64)| (0..total).map(move |i| (start + i % 90, i < failed));
        let usual =
            against_usual(&History::new(&runs(0, before).chain(runs(901, now)).collect::<Vec<_>>()), (100, 1000), 1000);
        (usual.verdict, usual.chance)
    }

    #[test]
    fn worse_than_usual_is_told_where_it_is_no_chance() {
        assert_eq!(said((0, 0), (0, 0)).0, Verdict::NoData);
        assert_eq!(said((1, 50), (0, 0)).0, Verdict::NoRuns);
        assert_eq!(said((1, 19), (9, 9)).0, Verdict::TooFew);
        let (verdict, chance) = said((13, 212), (4, 9));
        assert_eq!((verdict, chance < 0.003), (Verdict::Between, true), "{chance}");
        assert_eq!(said((13, 212), (5, 9)).0, Verdict::Burning);
        assert_eq!(said((13, 212), (1, 9)).0, Verdict::Calm);
        assert_eq!(said((200, 212), (0, 9)).0, Verdict::Calm, "better is no alert");
        assert_eq!(said((0, 30), (2, 2)).0, Verdict::Calm, "two runs tell nothing");
    }
}
