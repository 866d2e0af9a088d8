//! The replay of the past says what one who looks at every moment would see; the oracle counts each window anew.
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "a test panics when it is wrong, and its numbers are small"
)]

#[path = "support/seeds.rs"]
mod seeds;

use obs_native::objective::{Change, Counts, Goal, History, Seen, State, Tier, Verdict, tail};
use seeds::{Random, each_seed};

/// What stands in the documentation, word for word, over a plain list of runs.
fn naive(runs: &[(i64, bool)], goal: &Goal, tier: &Tier, now: i64) -> (Seen, Verdict) {
    let mut known: Vec<(i64, bool)> = runs.iter().copied().filter(|run| run.0 <= now).collect();
    known.sort_unstable();
    let count = |runs: &[(i64, bool)]| Counts {
        total: runs.len() as u64,
        failed: runs.iter().filter(|run| run.1).count() as u64,
    };
    let within = |length: i64| known.iter().copied().filter(|run| now - run.0 <= length).collect::<Vec<_>>();
    let (long, mut short, period) = (within(tier.long_ms), within(tier.short_ms), within(goal.period_ms));
    if short.len() < 3 {
        short = period[period.len().saturating_sub(3)..].to_vec();
    }
    let streak = long.iter().rev().take_while(|run| !run.1).count() as u64;
    let seen = Seen { long: count(&long), short: count(&short), streak, period: count(&period) };
    let passing = 1.0 - seen.long.failed as f64 / (seen.long.total - streak).max(1) as f64;
    let allowed = goal.allowed();
    let burn = |counts: Counts| counts.failed as f64 / counts.total as f64 / allowed;
    let verdict = if period.is_empty() {
        Verdict::NoData
    } else if allowed.powi(period.len() as i32) * f64::from(tier.windows) >= 0.01 {
        Verdict::TooFew
    } else if long.is_empty() {
        Verdict::NoRuns
    } else if burn(seen.long) < tier.threshold / 2.0 || (streak >= 3 && passing.powi(streak as i32) < 0.01) {
        Verdict::Calm
    } else if burn(seen.long).min(burn(seen.short)) < tier.threshold {
        Verdict::Between
    } else if tail(seen.long.failed, seen.long.total, allowed) * f64::from(tier.windows) < 0.01 {
        Verdict::Burning
    } else {
        Verdict::Perhaps
    };
    (seen, verdict)
}

fn some_runs(random: &mut Random, goal: &Goal) -> Vec<(i64, bool)> {
    let mut at = 1_000_000;
    let mut failing = random.below(30);
    let most_apart = [3, 40, goal.period_ms as usize / 20 + 2, goal.period_ms as usize / 2][random.below(4)];
    (0..random.below(120))
        .map(|_| {
            if random.below(15) == 0 {
                failing = [1, 10, 50, 90][random.below(4)];
            }
            at += random.below(most_apart) as i64 - i64::from(random.below(10) == 0);
            (at, random.below(100) < failing)
        })
        .collect()
}

#[test]
fn a_replay_is_what_one_who_looks_at_every_moment_sees() {
    each_seed(40, |seed| {
        let mut random = Random::new(seed);
        let share = [0.5, 0.8, 0.9, 0.95, 0.99][random.below(5)];
        let goal = Goal { share, period_ms: [340, 700, 2800][random.below(3)] };
        let runs = some_runs(&mut random, &goal);
        let history = History::new(&runs);
        let last = runs.iter().map(|run| run.0).max().unwrap_or(1_000_000);
        let (since, now) = (1_000_000 + random.below(50) as i64 - 25, last + random.below(1500) as i64);
        for tier in goal.tiers() {
            let mut state = State::Unknown;
            let mut expected: Vec<Change> = Vec::new();
            for at in since..=now {
                let (seen, verdict) = naive(&runs, &goal, &tier, at);
                if at % 97 == 0 {
                    assert_eq!(history.seen(&goal, &tier, at), seen, "at {at}");
                }
                state = state.after(verdict);
                if expected.last().is_none_or(|last| last.state != state) {
                    expected.push(Change { at, state });
                }
            }
            let found = history.replay(&goal, &tier, (since, now));
            assert_eq!(found, if since > now { found.clone() } else { expected }, "{} of {goal:?}", tier.name);
        }
    });
}

#[test]
fn the_busiest_window_is_the_busiest() {
    each_seed(50, |seed| {
        let mut random = Random::new(seed);
        let goal = Goal { share: 0.9, period_ms: 700 };
        let runs = some_runs(&mut random, &goal);
        let most = |from: i64, length| runs.iter().filter(|run| (from..=from + length).contains(&run.0)).count();
        for length in [0, 1, 25, 100] {
            let expected = runs.iter().map(|run| most(run.0, length)).max().unwrap_or(0);
            assert_eq!(History::new(&runs).most_within(length), expected);
        }
    });
}
