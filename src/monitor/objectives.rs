//! Judging objectives, now and over the past, and comparing subjects with their own usual.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Monitor;
use crate::aggregate::SkillFilter;
use crate::column::SkillField;
use crate::error::{Error, Result};
use crate::event::time;
use crate::objective::{
    Asked, Gathered, History, Kind, Pattern, Question, Replayed, Said, State, Usual, Verdict, against_usual, next,
};
use crate::report::{ByName, Text};
use crate::store::Target;

/// Which subjects to compare with their own usual.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct UsualQuestion {
    /// What they are.
    pub kind: Kind,
    /// A name or a pattern.
    pub name: String,
    /// The length of what is now, milliseconds.
    pub recent_ms: i64,
    /// The length of the time before, milliseconds.
    pub before_ms: i64,
}

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
    /// What the tiers of each objective say of each of its subjects.
    ///
    /// # Errors
    /// When a file cannot be read; this holds for all of these.
    pub fn judge_objectives(&self, questions: &[Question], now: f64) -> Result<Vec<Vec<Said>>> {
        let at = time::from_js(now);
        let said = |question: &Question| {
            let histories = self.histories(question.kind, &question.asked(at, at), now)?;
            Ok(histories.iter().map(|(name, history)| Said::new(name, history, &question.goal(), at)).collect())
        };
        questions.iter().map(said).collect()
    }

    /// What they would have said from `since` on.
    ///
    /// # Errors
    /// See [`Monitor::judge_objectives`].
    pub fn replay_objectives(&self, questions: &[Question], since: f64, now: f64) -> Result<Vec<Vec<Replayed>>> {
        let times = (time::from_js(since), time::from_js(now));
        let replayed = |question: &Question| {
            let histories = self.histories(question.kind, &question.asked(times.0, times.1), now)?;
            Ok(histories.iter().map(|(name, history)| Replayed::new(name, history, &question.goal(), times)).collect())
        };
        questions.iter().map(replayed).collect()
    }

    /// Subjects against their own usual.
    ///
    /// # Errors
    /// See [`Monitor::judge_objectives`].
    pub fn against_usual(&self, question: &UsualQuestion, now: f64) -> Result<Vec<AgainstUsual>> {
        let at = time::from_js(now);
        let lengths = (question.recent_ms, question.before_ms);
        let from = at.saturating_sub(lengths.0).saturating_sub(lengths.1);
        let pattern = Pattern::new(&question.name);
        let asked = Asked { pattern, slower_than: None, from, to: at.saturating_add(1) };
        let compared = |(name, history): (Box<[u8]>, History)| {
            let usual = against_usual(&history, lengths, at);
            AgainstUsual { subject: Text::string(&name), usual, next: next(usual.verdict) }
        };
        Ok(self.histories(question.kind, &asked, now)?.into_iter().map(compared).collect())
    }

    /// The state that follows on each state after a verdict, for what is judged elsewhere.
    #[must_use]
    pub fn next_states(verdict: Verdict) -> ByName<State> {
        next(verdict)
    }

    /// Takes the lock that a file stands for, without waiting; `None` when somebody else has it. Dropping gives it back.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn try_lock(&self, file: &Path) -> Result<Option<Box<dyn Send>>> {
        let locked = file.parent().map_or(Ok(()), |folder| self.disk.create_dirs(folder));
        locked.and_then(|()| self.disk.try_lock(file)).map_err(Error::io("lock", file))
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
            Ok(0)
        })?;
        Ok(gathered)
    }
}
