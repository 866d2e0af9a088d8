//! The answers about objectives, in the shape in which they leave: what each tier says now, and what it would have said.

use serde::Serialize;

use super::gather::{Asked, Kind};
use super::goal::{Goal, Tier};
use super::history::{Change, History};
use super::judge::{Counts, State, Verdict, burn, judge};
use super::pattern::Pattern;
use crate::report::{ByName, Text};

/// An objective, as it is asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What it is about.
    pub kind: Kind,
    /// A name or a pattern.
    pub name: String,
    /// The share of runs that has to be good.
    pub share: f64,
    /// Bad is what takes longer, milliseconds; without it what failed.
    pub slower_than: Option<f64>,
    /// Milliseconds.
    pub period_ms: i64,
}

impl Question {
    /// The objective itself.
    #[must_use]
    pub const fn goal(&self) -> Goal {
        Goal { share: self.share, period_ms: self.period_ms }
    }

    /// The runs that it takes to judge every moment from `since` to `now`.
    #[must_use]
    pub fn asked(&self, since: i64, now: i64) -> Asked {
        Asked {
            pattern: Pattern::new(&self.name),
            slower_than: self.slower_than,
            from: since.saturating_sub(self.period_ms),
            to: now.saturating_add(1),
        }
    }
}

/// What an objective's tiers say of one subject at a moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Said {
    /// The CUJ, skill, agent or provider.
    pub subject: Text,
    /// The runs of the whole period.
    pub runs: Counts,
    /// How many more may be bad before the objective is missed; negative when it is.
    pub left: i64,
    /// Time of the last run, epoch ms.
    pub last_run: Option<i64>,
    /// `fast` and `slow`.
    pub tiers: Vec<TierSaid>,
}

/// What one tier says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TierSaid {
    /// The tier.
    #[serde(flatten)]
    pub tier: Tier,
    /// What it says.
    pub verdict: Verdict,
    /// The long window.
    pub long: Counts,
    /// The short window, or the last three runs.
    pub short: Counts,
    /// How many runs at the end of the long window were good, one after the other.
    pub streak: u64,
    /// How fast the budget burns in the long window.
    pub burn_long: f64,
    /// The same for the short one.
    pub burn_short: f64,
    /// How probable so many failures in any long window of a period are when the objective is just met.
    pub chance: f64,
    /// The state that follows on each.
    pub next: ByName<State>,
}

/// A tier of an objective, for rules elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TierRule {
    /// The tier.
    #[serde(flatten)]
    pub tier: Tier,
    /// The share of bad runs at which it burns as fast as the threshold.
    pub bad_share: f64,
    /// From so many runs on that is no chance.
    pub guard_runs: u64,
    /// Of fewer runs: so many failures are no chance among at most so many runs.
    pub guard_steps: Vec<(u64, u64)>,
}

impl Question {
    /// The tiers as rules.
    #[must_use]
    pub fn rules(&self) -> [TierRule; 2] {
        let goal = self.goal();
        goal.tiers().map(|tier| TierRule {
            tier,
            bad_share: tier.threshold * goal.allowed(),
            guard_runs: goal.guard_runs(&tier),
            guard_steps: goal.guard_steps(&tier),
        })
    }
}

/// The state that follows on each state.
#[must_use]
pub fn next(verdict: Verdict) -> ByName<State> {
    let name = |state| Text::value(serde_json::to_string(&state).unwrap_or_default().as_bytes());
    ByName(State::ALL.map(|state| (name(state), state.after(verdict))).to_vec())
}

impl Said {
    /// What the tiers say.
    #[must_use]
    pub fn new(subject: &[u8], history: &History, goal: &Goal, now: i64) -> Self {
        let tiers = goal.tiers().map(|tier| {
            let seen = history.seen(goal, &tier, now);
            let verdict = judge(goal, &tier, &seen);
            TierSaid {
                tier,
                verdict,
                long: seen.long,
                short: seen.short,
                streak: seen.streak,
                burn_long: burn(goal, seen.long),
                burn_short: burn(goal, seen.short),
                chance: goal.chance(&tier, seen.long.failed, seen.long.total),
                next: next(verdict),
            }
        });
        let runs = history.count(now.saturating_sub(goal.period_ms), now.saturating_add(1));
        let (left, last_run) = (left(goal, runs), history.last(now));
        Self { subject: Text::string(subject), runs, left, last_run, tiers: tiers.to_vec() }
    }
}

/// How many more runs may be bad: of those on record, as nobody knows how many are to come.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "counts are far below 2^53")]
fn left(goal: &Goal, runs: Counts) -> i64 {
    // A whole budget must not become less by rounding.
    (runs.total as f64 * goal.allowed() + 1e-9).floor() as i64 - runs.failed.cast_signed()
}

/// What an objective's tiers would have said of one subject.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Replayed {
    /// The CUJ, skill, agent or provider.
    pub subject: Text,
    /// Runs between both moments.
    pub runs: Counts,
    /// `fast` and `slow`.
    pub tiers: Vec<TierReplayed>,
}

/// What one tier would have said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TierReplayed {
    /// The tier.
    #[serde(flatten)]
    pub tier: Tier,
    /// With fewer runs in the long window it cannot fire.
    pub least_runs: u64,
    /// The most that ever were in it.
    pub most_runs: u64,
    /// How often it would have fired.
    pub fired: u64,
    /// For how long in all, milliseconds.
    pub firing_ms: i64,
    /// The last of these times.
    pub episodes: Vec<Episode>,
}

/// A time of firing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Episode {
    /// Epoch ms.
    pub from: i64,
    /// `None` while it lasts.
    pub to: Option<i64>,
}

/// So many times of firing are named.
const MOST_EPISODES: usize = 50;

impl Replayed {
    /// What the tiers would have said from the first moment to the second.
    #[must_use]
    pub fn new(subject: &[u8], history: &History, goal: &Goal, (since, now): (i64, i64)) -> Self {
        let tiers = goal.tiers().map(|tier| {
            let mut episodes = episodes(&history.replay(goal, &tier, (since, now)));
            let (fired, firing_ms) =
                (episodes.len(), episodes.iter().map(|one| one.to.unwrap_or(now) - one.from).sum());
            episodes.drain(..fired.saturating_sub(MOST_EPISODES));
            TierReplayed {
                tier,
                least_runs: goal.least_runs(&tier),
                most_runs: history.most_within(tier.long_ms) as u64,
                fired: fired as u64,
                firing_ms,
                episodes,
            }
        });
        let runs = history.count(since, now.saturating_add(1));
        Self { subject: Text::string(subject), runs, tiers: tiers.to_vec() }
    }
}

fn episodes(changes: &[Change]) -> Vec<Episode> {
    let ends = changes.iter().skip(1).map(|change| Some(change.at)).chain([None]);
    let firing = changes.iter().zip(ends).filter(|(change, _)| change.state == State::Firing);
    firing.map(|(change, to)| Episode { from: change.at, to }).collect()
}
