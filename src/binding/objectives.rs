//! The questions about objectives, on the same handle, and what one of several processes needs to have files to itself.

use std::path::Path;

use napi::{Error, Status};
use napi_derive::napi;

use super::monitor::NativeMonitor;
use super::text::Text;
use super::{failed, to_json};
use crate::json;
use crate::monitor::{Monitor, Question, SubjectKind};

/// A question as the face hands it over, an object of `kind`, `name`, `share`, `slower_than` and `period_ms`.
fn question(text: &Text) -> napi::Result<Question> {
    let (mut kind, mut name, mut share, mut slower_than, mut period) = (None, String::new(), 0.5, None, 0.0);
    for (key, value) in json::Members::new(text.as_bytes()) {
        match &*json::decode(key) {
            b"kind" => kind = SubjectKind::named(&String::from_utf8_lossy(&json::decode(value))),
            b"name" => name = String::from_utf8_lossy(&json::decode(value)).into_owned(),
            b"share" => share = json::number(value).unwrap_or(share),
            b"slower_than" => slower_than = json::number(value),
            b"period_ms" => period = json::number(value).unwrap_or(period),
            _ => {}
        }
    }
    let kind = kind.ok_or_else(|| Error::new(Status::InvalidArg, "OBS_INVALID_ARGUMENT: an objective of no kind"))?;
    #[expect(clippy::cast_possible_truncation, reason = "the face has checked the range")]
    Ok(Question { kind, name, share, slower_than, period_ms: period as i64 })
}

#[napi]
impl NativeMonitor {
    /// What the tiers of an objective say of each of its subjects.
    #[napi(catch_unwind)]
    pub fn judge_objective(&self, asked: Text, now: f64) -> napi::Result<String> {
        to_json(self.monitor.judge_objective(&question(&asked)?, now))
    }

    /// What they would have said since a moment, epoch ms.
    #[napi(catch_unwind)]
    pub fn replay_objective(&self, asked: Text, since: f64, now: f64) -> napi::Result<String> {
        to_json(self.monitor.replay_objective(&question(&asked)?, since, now))
    }

    /// The last milliseconds of subjects against the rest of the period.
    #[napi(catch_unwind)]
    pub fn against_usual(&self, asked: Text, recent: f64, now: f64) -> napi::Result<String> {
        #[expect(clippy::cast_possible_truncation, reason = "the face has checked the range")]
        to_json(self.monitor.against_usual(&question(&asked)?, recent as i64, now))
    }

    /// The tiers of an objective as rules, without any records.
    #[napi(catch_unwind)]
    #[allow(clippy::unused_self, reason = "the face asks through its handle")]
    pub fn objective_rules(&self, asked: Text) -> napi::Result<String> {
        to_json(Ok(question(&asked)?.rules()))
    }

    /// The state that follows on each state after a verdict.
    #[napi(catch_unwind)]
    #[allow(clippy::unused_self, reason = "the face asks through its handle")]
    pub fn next_states(&self, verdict: String) -> napi::Result<String> {
        to_json(Ok(Monitor::next_states(&verdict)))
    }

    /// Takes the lock that a file stands for, without waiting; `null` when another process, or another holder in this one,
    /// has it.
    #[napi(catch_unwind)]
    pub fn try_lock(&self, file: String) -> napi::Result<Option<NativeLock>> {
        let held = self.monitor.try_lock(Path::new(&file)).map_err(|error| failed(&error))?;
        Ok(held.map(|held| NativeLock { held: Some(held) }))
    }

    /// Lets two files change their names, in one step.
    #[napi(catch_unwind)]
    pub fn exchange(&self, one: String, other: String) -> napi::Result<()> {
        self.monitor.exchange(Path::new(&one), Path::new(&other)).map_err(|error| failed(&error))
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
