//! All that is on record, counted for systems beyond this machine.

use serde::Serialize;

use super::Monitor;
use crate::aggregate::SkillFilter;
use crate::error::Result;
use crate::export::{Asked, Bounds, Exponential, Exported, Subjects, Tallies, calls, executions, invocations, render};
use crate::store::Target;

/// The text for Prometheus, and how many names have no series of their own in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exposition {
    /// The text.
    pub text: String,
    /// CUJs, skills, agents and providers beyond the limit.
    pub folded: [usize; 4],
    /// Of each kind the exponential buckets of its histograms, in the order of the text; empty where they were not asked for.
    pub native: Vec<Vec<Exponential>>,
}

impl Monitor {
    /// All records as counters and histograms, as text.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn prometheus(&self, asked: &Asked, now: f64) -> Result<Exposition> {
        let kinds = self.tallies(asked, now)?;
        let progress_events = self.progress_count()?;
        let skipped_lines = self.health().skipped_lines;
        let folded = kinds.each_ref().map(|(tallies, _)| tallies.folded());
        let native = if asked.native { kinds.iter().map(natives).collect() } else { Vec::new() };
        let text = render(&Exported { kinds, progress_events, skipped_lines }, asked.openmetrics);
        Ok(Exposition { text, folded, native })
    }

    fn tallies(&self, asked: &Asked, now: f64) -> Result<[(Tallies, Bounds); 4]> {
        let empty = |Subjects { bounds, keep }: &Subjects| {
            (Tallies::new(asked.max_values, keep), Bounds::with(bounds, asked.native))
        };
        let mut kinds = [&asked.cuj, &asked.skill, &asked.agent, &asked.provider].map(empty);
        let redactor = self.state.lock().redactor();
        let clean = |name: &[u8]| redactor.text(name).into_owned();
        let [cujs, skills, agents, providers] = &mut kinds;
        cujs.0.add(
            self.ask(&Target::Executions, &self.root().index.executions, |view| {
                Ok(executions(view.columns, &*view.chunks, &cujs.1)?)
            })?,
            clean,
        );
        providers.0.add(
            self.ask(&Target::Providers, &self.root().index.providers, |view| {
                Ok(calls(view.columns, &*view.chunks, &providers.1)?)
            })?,
            clean,
        );
        let all = SkillFilter { from: Some(i64::MIN), ..SkillFilter::default() };
        let days = self.visit_days(None, &all, now, |view, _| {
            Ok((0, invocations(view.columns, &*view.chunks, [&skills.1, &agents.1])?))
        })?;
        for [by_skill, by_agent] in days {
            skills.0.add(by_skill, clean);
            agents.0.add(by_agent, clean);
        }
        Ok(kinds)
    }
}

fn natives((tallies, _): &(Tallies, Bounds)) -> Vec<Exponential> {
    tallies.iter().map(|(_, tally)| tally.durations.native().clone()).collect()
}
