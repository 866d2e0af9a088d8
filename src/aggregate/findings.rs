//! What in a window is worth a look: the extremes, each over enough records to mean something.

use super::Window;
use super::chance::chance;
use super::resources::ResourceValues;
use super::stability::Flips;
use crate::column::{Damaged, ExecutionResources, Executions, Source};
use crate::report::{Available, Before, ByName, Finding, SkillPerformance, Statistics, SuccessRate, Text, ratio};

/// With fewer records nothing is found.
const LEAST: u64 = 3;

// Below these sizes nobody would act on what was found.
const FAILING: f64 = 0.2;
const SLOW_MS: f64 = 100.0;
const FLAKY: f64 = 0.1;
const CHANGED: f64 = 0.05;

/// A change that chance makes less often than this is hardly one of chance.
const UNLIKELY: f64 = 0.05;
const GROWING_MB: f64 = 0.1;

/// A provider whose share of successes is below this is degraded, as in the overall health.
const WELL: f64 = 0.9;

/// So many of each kind that fails are told of.
const MOST_FAILING: usize = 3;

/// Those of `(subject, failed, all)` that fail most, by their share of failures, which is the value.
fn failing<'a>(
    kind: &'static str,
    counted: impl Iterator<Item = (&'a Text, u64, u64)>,
    window: &'static str,
) -> Vec<Finding> {
    let mut found: Vec<Finding> = counted
        .filter(|&(_, failed, _)| failed >= LEAST)
        .map(|(subject, failed, all)| Finding::new(kind, subject.clone(), ratio(failed, all), all, window))
        .filter(|finding| finding.value >= FAILING)
        .collect();
    found.sort_by(|a, b| b.value.total_cmp(&a.value).then(b.n.cmp(&a.n)));
    found.truncate(MOST_FAILING);
    found
}

/// The CUJs that fail most; their errors are looked up by who asks.
#[must_use]
pub fn failing_cujs(rates: &ByName<SuccessRate>, window: &'static str) -> Vec<Finding> {
    failing("failing_cuj", rates.0.iter().map(|(name, rate)| (name, rate.failed, rate.total)), window)
}

/// The skills that fail most.
#[must_use]
pub fn failing_skills(statistics: &Statistics, window: &'static str) -> Vec<Finding> {
    let skills = statistics.by_skill.0.iter();
    failing("failing_skill", skills.map(|(name, skill)| (name, skill.failures, skill.count)), window)
}

/// The providers that are not well, over all calls on record, with their latest error.
#[must_use]
pub fn sick_providers(all: &ByName<Available>) -> Vec<Finding> {
    let sick = all.0.iter().filter(|(_, provider)| provider.success_rate < WELL);
    let counted = sick.map(|(name, provider)| (name, provider.failed_calls, provider.total_calls));
    let mut found = failing("sick_provider", counted, "all");
    for finding in &mut found {
        let provider = all.0.iter().find(|(name, _)| *name == finding.subject);
        finding.error = provider.and_then(|(_, provider)| provider.recent_errors.last()?.error.clone());
    }
    found
}

/// The finding with the largest size; the first wins a tie.
fn largest(candidates: impl Iterator<Item = (Finding, f64)>) -> Option<Finding> {
    let mut best: Option<(Finding, f64)> = None;
    for (finding, size) in candidates {
        if size > best.as_ref().map_or(0.0, |&(_, size)| size) && finding.n >= LEAST {
            best = Some((finding, size));
        }
    }
    best.map(|(finding, _)| finding)
}

/// The skill with the longest 95th percentile, which is the value.
#[must_use]
pub fn slowest_skill(skills: &ByName<SkillPerformance>, window: &'static str) -> Option<Finding> {
    let slow = skills.0.iter().filter(|(_, skill)| skill.p95_ms >= SLOW_MS);
    largest(slow.map(|(name, skill)| {
        let value = skill.p95_ms;
        (Finding::new("slowest_skill", name.clone(), value, skill.count, window), value)
    }))
}

/// The CUJ with the largest share of changes between success and failure, which is the value.
///
/// # Errors
/// When a chunk is damaged; this holds for every question here.
pub fn flakiest_cuj(
    executions: &Executions,
    source: &dyn Source,
    (window, label): (&Window, &'static str),
) -> Result<Option<Finding>, Damaged> {
    let mut candidates = Vec::new();
    for (name, series) in executions.iter() {
        let flips = Flips::of(std::slice::from_ref(series), source, window)?;
        let (subject, value, n) = (Text::string(name), flips.rate(), flips.total);
        if value >= FLAKY {
            candidates.push((Finding::new("flakiest_cuj", subject, value, n, label), value));
        }
    }
    Ok(largest(candidates.into_iter()))
}

/// The CUJ whose success rate changed most against the window of the same length before; the value is the change. One that
/// fell and hardly by chance comes before all others. `rates` are those of the window.
///
/// # Errors
/// See [`flakiest_cuj`].
pub fn changed_cuj(
    executions: &Executions,
    source: &dyn Source,
    rates: &ByName<SuccessRate>,
    (window, label): (&Window, &'static str),
) -> Result<Option<Finding>, Damaged> {
    let Some(from) = window.doubled().from() else { return Ok(None) };
    let mut found = Vec::new();
    for (subject, now) in &rates.0 {
        let Some(series) = executions.series(subject.as_json().as_bytes()) else { continue };
        // One edge is read instead of two: the window before is what the double one has more.
        let both = series.since(source, from)?;
        let before = (both.successful - now.successful, both.total - now.total);
        found.extend(change(subject, (now.successful, now.total), before, label));
    }
    let told = |finding: &Finding| finding.value < 0.0 && finding.chance.is_some_and(|chance| chance < UNLIKELY);
    let better = |a: &Finding, b: &Finding| (told(a), a.value.abs()) > (told(b), b.value.abs());
    Ok(found.into_iter().reduce(|best, each| if better(&each, &best) { each } else { best }))
}

/// A change between two windows, each `(successes, all)`, when both have enough records and it is large enough.
fn change(subject: &Text, now: (u64, u64), before: (u64, u64), window: &'static str) -> Option<Finding> {
    let rate = ratio(before.0, before.1);
    let value = ratio(now.0, now.1) - rate;
    let told = now.1 >= LEAST && before.1 >= LEAST && value.abs() >= CHANGED;
    told.then(|| Finding {
        before: Some(Before { rate, n: before.1 }),
        chance: Some(chance(now, before)),
        ..Finding::new("changed_cuj", subject.clone(), value, now.1, window)
    })
}

/// Everybody's growth of memory.
#[derive(Debug, Default)]
pub struct Growth(Vec<Finding>);

impl Growth {
    /// Adds the values of a CUJ or a skill, as the kind says.
    pub fn add(&mut self, kind: &'static str, name: &[u8], values: &ResourceValues, window: &'static str) {
        let (value, n) = values.memory_growth();
        if value >= GROWING_MB {
            self.0.push(Finding::new(kind, Text::string(name), value, n, window));
        }
    }

    /// Adds every CUJ.
    ///
    /// # Errors
    /// See [`flakiest_cuj`].
    pub fn add_cujs(
        &mut self,
        resources: &ExecutionResources,
        source: &dyn Source,
        (window, label): (&Window, &'static str),
    ) -> Result<(), Damaged> {
        for (name, rows) in resources.iter() {
            self.add("growing_cuj", name, &ResourceValues::collect(rows, source, window.from())?, label);
        }
        Ok(())
    }

    /// The one that grew fastest; the value is the growth in megabytes from one record to the next.
    #[must_use]
    pub fn fastest(self) -> Option<Finding> {
        largest(self.0.into_iter().map(|finding| {
            let value = finding.value;
            (finding, value)
        }))
    }
}
