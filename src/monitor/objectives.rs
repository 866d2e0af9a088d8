//! Judging objectives, now and over the past, and comparing subjects with their own usual.

use std::path::Path;

use serde::Serialize;

use super::Monitor;
use crate::aggregate::SkillFilter;
use crate::column::SkillField;
use crate::error::{Error, Result};
use crate::event::time;
use crate::objective::{
    Asked, Gathered, History, Kind, Question, Replayed, Said, State, Usual, Verdict, against_usual, next,
};
use crate::report::{ByName, Text};
use crate::store::Target;

/// A subject against its own usual.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgainstUsual {
    /// The CUJ, skill, agent or provider.
    pub subject: Text,
    /// The comparison.
    #[serde(flatten)]
    pub usual: Usual,
    /// The state that follows on each.
    pub next: ByName<State>,
}

type Histories = Vec<(Box<[u8]>, History)>;

impl Monitor {
    /// What the tiers of an objective say of each of its subjects.
    ///
    /// # Errors
    /// When a file cannot be read; this holds for all of these.
    pub fn judge_objective(&self, question: &Question, now: f64) -> Result<Vec<Said>> {
        let at = time::from_js(now);
        let histories = self.histories(question.kind, &question.asked(at, at), now)?;
        Ok(histories.iter().map(|(name, history)| Said::new(name, history, &question.goal(), at)).collect())
    }

    /// What they would have said from `since` on.
    ///
    /// # Errors
    /// See [`Monitor::judge_objective`].
    pub fn replay_objective(&self, question: &Question, since: f64, now: f64) -> Result<Vec<Replayed>> {
        let times = (time::from_js(since), time::from_js(now));
        let histories = self.histories(question.kind, &question.asked(times.0, times.1), now)?;
        Ok(histories.iter().map(|(name, history)| Replayed::new(name, history, &question.goal(), times)).collect())
    }

    /// The subjects of a question against their own usual: the last `recent` milliseconds against what of its period is before.
    ///
    /// # Errors
    /// See [`Monitor::judge_objective`].
    pub fn against_usual(&self, question: &Question, recent: i64, now: f64) -> Result<Vec<AgainstUsual>> {
        let at = time::from_js(now);
        let lengths = (recent, question.period_ms - recent);
        let compared = |(name, history): (Box<[u8]>, History)| {
            let usual = against_usual(&history, lengths, at);
            AgainstUsual { subject: Text::string(&name), usual, next: next(usual.verdict) }
        };
        Ok(self.histories(question.kind, &question.asked(at, at), now)?.into_iter().map(compared).collect())
    }

    /// The state that follows on each state after a verdict, for what is judged elsewhere.
    #[must_use]
    pub fn next_states(verdict: &str) -> ByName<State> {
        next(match verdict {
            "burning" => Verdict::Burning,
            "between" => Verdict::Between,
            "no_runs" => Verdict::NoRuns,
            "no_data" => Verdict::NoData,
            _ => Verdict::Calm,
        })
    }

    /// Takes the lock that a file stands for, without waiting; `None` when somebody else has it. Dropping gives it back.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn try_lock(&self, file: &Path) -> Result<Option<Box<dyn Send>>> {
        let locked = file.parent().map_or(Ok(()), |folder| self.disk.create_dirs(folder));
        locked.and_then(|()| self.disk.try_lock(file)).map_err(Error::io("lock", file))
    }

    /// Lets two files change their names, in one step.
    ///
    /// # Errors
    /// When the system or the file system cannot.
    pub fn exchange(&self, one: &Path, other: &Path) -> Result<()> {
        self.disk.exchange(one, other).map_err(Error::io("exchange", one))
    }

    fn histories(&self, kind: Kind, asked: &Asked, now: f64) -> Result<Histories> {
        let gathered = match kind {
            Kind::Cuj => self.ask(&Target::Executions, &self.root().index.executions, |view| {
                let mut gathered = Gathered::default();
                gathered.add_executions(view.columns, &*view.chunks, asked)?;
                Ok(gathered)
            })?,
            Kind::Provider => self.ask(&Target::Providers, &self.root().index.providers, |view| {
                let mut gathered = Gathered::default();
                gathered.add_calls(view.columns, &*view.chunks, asked)?;
                Ok(gathered)
            })?,
            Kind::Skill => self.invocations(SkillField::Skill, asked, now)?,
            Kind::Agent => self.invocations(SkillField::Agent, asked, now)?,
        };
        Ok(gathered.finish(asked))
    }

    fn invocations(&self, field: SkillField, asked: &Asked, now: f64) -> Result<Gathered> {
        let filter = SkillFilter { from: Some(asked.from), to: Some(asked.to - 1), ..SkillFilter::default() };
        let mut gathered = Gathered::default();
        self.visit_days(None, &filter, now, |view, _| {
            gathered.add_invocations(view.columns, &*view.chunks, (asked, field))?;
            Ok((0, ()))
        })?;
        Ok(gathered)
    }
}
