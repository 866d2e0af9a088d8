//! What in a window is worth a look: the extremes, each over enough records to mean something.

use super::Window;
use super::resources::ResourceValues;
use super::stability::Flips;
use crate::column::{Damaged, ExecutionResources, Executions, Source};
use crate::report::{ByName, Finding, SkillPerformance, SuccessRate, Text, ratio};

/// With fewer records nothing is found.
const LEAST: u64 = 3;

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
    largest(skills.0.iter().map(|(name, skill)| {
        let value = skill.p95_ms;
        (Finding { kind: "slowest_skill", subject: name.clone(), value, n: skill.count, window }, value)
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
        candidates.push((Finding { kind: "flakiest_cuj", subject, value, n, window: label }, value));
    }
    Ok(largest(candidates.into_iter()))
}

/// The CUJ whose success rate changed most against the window of the same length before; the value is the change. `rates` are
/// those of the window.
///
/// # Errors
/// See [`flakiest_cuj`].
pub fn changed_cuj(
    executions: &Executions,
    source: &dyn Source,
    rates: &ByName<SuccessRate>,
    (window, label): (&Window, &'static str),
) -> Result<Option<Finding>, Damaged> {
    let Some(before) = window.doubled().from() else { return Ok(None) };
    let mut candidates = Vec::new();
    for (subject, now) in &rates.0 {
        let Some(series) = executions.series(subject.as_json().as_bytes()) else { continue };
        // One edge is read instead of two: the window before is what the double one has more.
        let both = series.since(source, before)?;
        let (total, successful) = (both.total - now.total, both.successful - now.successful);
        if total >= LEAST {
            let value = now.rate - ratio(successful, total);
            let finding = Finding { kind: "changed_cuj", subject: subject.clone(), value, n: now.total, window: label };
            candidates.push((finding, value.abs()));
        }
    }
    Ok(largest(candidates.into_iter()))
}

/// Everybody's growth of memory.
#[derive(Debug, Default)]
pub struct Growth(Vec<Finding>);

impl Growth {
    /// Adds the values of a CUJ or a skill, as the kind says.
    pub fn add(&mut self, kind: &'static str, name: &[u8], values: &ResourceValues, window: &'static str) {
        let (value, n) = values.memory_growth();
        self.0.push(Finding { kind, subject: Text::string(name), value, n, window });
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
