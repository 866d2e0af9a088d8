//! The tables, failures, runs and latest logs, on the same handle. Names cross as JSON, times as epoch ms.

use napi_derive::napi;

use super::monitor::{NativeMonitor, filter};
use super::text::Text;
use super::{failed, to_json};
use crate::aggregate::{Period, Slice};
use crate::monitor::Failing;

/// From and to, both inclusive.
#[expect(clippy::cast_possible_truncation, reason = "the face has checked the range")]
fn period(from: Option<f64>, to: Option<f64>, now: f64) -> Period {
    Period::new(from.map(|from| from as i64), to.map(|to| to as i64), now)
}

/// The same, compared with one that begins so much earlier.
#[expect(clippy::cast_possible_truncation, reason = "the face has checked the range")]
fn compared((from, to, back): (Option<f64>, Option<f64>, Option<f64>), now: f64) -> Period {
    period(from, to, now).against(back.map_or(0, |back| back as i64))
}

fn bytes(name: Option<&Text>) -> Option<&[u8]> {
    name.map(Text::as_bytes)
}

#[napi]
impl NativeMonitor {
    /// How much skills or agents were used.
    #[napi(catch_unwind)]
    pub fn usage_table(
        &self,
        by: String,
        skill: Option<Text>,
        times: (Option<f64>, Option<f64>, Option<f64>),
        now: f64,
    ) -> napi::Result<String> {
        to_json(self.monitor.usage_table(&by, bytes(skill.as_ref()), &compared(times, now)))
    }

    /// When each of these skills was used last, an array.
    #[napi(catch_unwind)]
    pub fn last_used(&self, skills: Vec<String>, now: f64) -> napi::Result<String> {
        let skills: Vec<Vec<u8>> = skills.into_iter().map(String::into_bytes).collect();
        to_json(self.monitor.last_used(&skills, now))
    }

    /// The CUJs, or one of them, each with whether the last `strip` executions succeeded.
    #[napi(catch_unwind)]
    pub fn cuj_table(
        &self,
        cuj_id: Option<Text>,
        strip: u32,
        times: (Option<f64>, Option<f64>, Option<f64>),
        now: f64,
    ) -> napi::Result<String> {
        to_json(self.monitor.cuj_table(bytes(cuj_id.as_ref()), strip as usize, &compared(times, now)))
    }

    /// The providers.
    #[napi(catch_unwind)]
    pub fn provider_table(&self, times: (Option<f64>, Option<f64>, Option<f64>), now: f64) -> napi::Result<String> {
        to_json(self.monitor.provider_table(&compared(times, now)))
    }

    /// Failures by what their errors say, of one kind of record and one name, or of all.
    #[napi(catch_unwind)]
    pub fn failure_groups(
        &self,
        source: Option<String>,
        name: Option<Text>,
        limit: u32,
        from: Option<f64>,
        to: Option<f64>,
        now: f64,
    ) -> napi::Result<String> {
        let failing = Failing::new(source.as_deref(), bytes(name.as_ref()));
        to_json(self.monitor.failure_groups(&failing, limit as usize, &period(from, to, now)))
    }

    /// The slowest invocations, of one skill or of all.
    #[napi(catch_unwind)]
    pub fn slowest_calls(
        &self,
        skill: Option<Text>,
        limit: u32,
        from: Option<f64>,
        to: Option<f64>,
        now: f64,
    ) -> napi::Result<String> {
        to_json(self.monitor.slowest_calls(bytes(skill.as_ref()), limit as usize, &period(from, to, now)))
    }

    /// What a CUJ, a skill, an agent or a provider came to over time; `durations` are the bounds of those that count.
    #[napi(catch_unwind)]
    pub fn timeline(
        &self,
        of: (String, Option<Text>),
        slice: (u32, u32, bool),
        durations: (Option<f64>, Option<f64>),
        from: Option<f64>,
        to: Option<f64>,
        now: f64,
    ) -> napi::Result<String> {
        let (kind, name) = of;
        let (parts, limit, runs) = slice;
        let slice = Slice { parts, limit: limit as usize, min_ms: durations.0, max_ms: durations.1, runs };
        to_json(self.monitor.timeline(&kind, bytes(name.as_ref()), &slice, &period(from, to, now)))
    }

    /// The runs in progress and those that ended.
    #[napi(catch_unwind)]
    pub fn runs(&self, limit: u32, from: Option<f64>, to: Option<f64>, now: f64) -> napi::Result<String> {
        to_json(self.monitor.runs(limit as usize, &period(from, to, now)))
    }

    /// One run with all that has its id.
    #[napi(catch_unwind)]
    pub fn run(&self, run_id: Text, now: f64) -> napi::Result<String> {
        to_json(self.monitor.run(run_id.as_bytes(), now))
    }

    /// The last matching invocations, JSON arrays.
    #[napi(catch_unwind)]
    pub fn latest_logs(&self, filters: String, grep: Option<String>, now: f64) -> napi::Result<Vec<String>> {
        self.monitor.latest_logs(&filter(&filters)?, grep.as_deref(), now).map_err(|error| failed(&error))
    }
}
