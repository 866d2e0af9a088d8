//! The questions about objectives, on the same handle, and the lock that one of several processes holds.

use std::path::Path;

use napi_derive::napi;

use super::monitor::{NativeMonitor, parse};
use super::{failed, to_json};
use crate::monitor::{Monitor, Question, UsualQuestion};

#[napi]
impl NativeMonitor {
    /// What the tiers of objectives say; the objectives are a JSON array.
    #[napi(catch_unwind)]
    pub fn judge_objectives(&self, questions: String, now: f64) -> napi::Result<String> {
        let questions: Vec<Question> = parse("objectives", &questions)?;
        to_json(self.monitor.judge_objectives(&questions, now))
    }

    /// What they would have said since a moment, epoch ms.
    #[napi(catch_unwind)]
    pub fn replay_objectives(&self, questions: String, since: f64, now: f64) -> napi::Result<String> {
        let questions: Vec<Question> = parse("objectives", &questions)?;
        to_json(self.monitor.replay_objectives(&questions, since, now))
    }

    /// Subjects against their own usual.
    #[napi(catch_unwind)]
    pub fn against_usual(&self, question: String, now: f64) -> napi::Result<String> {
        let question: UsualQuestion = parse("question", &question)?;
        to_json(self.monitor.against_usual(&question, now))
    }

    /// The tiers of objectives as rules, without any records.
    #[napi(catch_unwind)]
    #[allow(clippy::unused_self, reason = "the face asks through its handle")]
    pub fn objective_rules(&self, questions: String) -> napi::Result<String> {
        let questions: Vec<Question> = parse("objectives", &questions)?;
        to_json(Ok(questions.iter().map(Question::rules).collect::<Vec<_>>()))
    }

    /// The state that follows on each state after a verdict.
    #[napi(catch_unwind)]
    #[allow(clippy::unused_self, reason = "the face asks through its handle")]
    pub fn next_states(&self, verdict: String) -> napi::Result<String> {
        to_json(Ok(Monitor::next_states(parse("verdict", &verdict)?)))
    }

    /// Takes the lock that a file stands for, without waiting; `null` when another process, or another holder in this one,
    /// has it.
    #[napi(catch_unwind)]
    pub fn try_lock(&self, file: String) -> napi::Result<Option<NativeLock>> {
        let held = self.monitor.try_lock(Path::new(&file)).map_err(|error| failed(&error))?;
        Ok(held.map(|held| NativeLock { held: Some(held) }))
    }
}

/// A lock that is held until it is released, or the process ends in whatever way.
#[napi]
pub struct NativeLock {
    held: Option<Box<dyn Send>>,
}

#[napi]
impl NativeLock {
    /// Gives the lock back.
    #[napi(catch_unwind)]
    pub fn release(&mut self) {
        self.held = None;
    }
}
