//! The handle that each instance of the JavaScript face owns.

use std::path::Path;
use std::sync::Arc;

use napi::bindgen_prelude::Object;
use napi::{Env, Error, Status};
use napi_derive::napi;
use serde::Deserialize;

use super::record::{self, NativePage, bits};
use super::text::Text;
use super::{exit, failed, to_json, unwinding};
use crate::aggregate::{Resets, SkillFilter};
use crate::json;
use crate::monitor::{Monitor, Settings};

/// Records and answers; all texts that may hold lone surrogates cross as JSON.
#[napi]
pub struct NativeMonitor {
    pub(super) monitor: Arc<Monitor>,
}

pub(super) fn parse<'a, T: Deserialize<'a>>(what: &str, text: &'a str) -> napi::Result<T> {
    let wrong = |error| Error::new(Status::InvalidArg, format!("OBS_BAD_SETTING: {what}: {error}"));
    serde_json::from_str(text).map_err(wrong)
}

fn resets(text: Option<String>) -> Resets {
    text.map_or_else(Resets::default, |text| Resets::read(text.as_bytes()))
}

/// Filters as the face hands them over; values stay JSON text.
pub(super) fn filter(text: &str) -> napi::Result<SkillFilter> {
    let mut filter = SkillFilter::default();
    for (key, value) in json::Members::new(text.as_bytes()) {
        #[expect(clippy::cast_possible_truncation, reason = "the face has checked the range")]
        let number = || json::number(value).map(|number| number as i64);
        match &*String::from_utf8_lossy(&json::decode(key)) {
            "limit" => filter.limit = number().and_then(|limit| usize::try_from(limit).ok()),
            "start" => filter.from = number(),
            "end" => filter.to = number(),
            name => {
                let field = SkillFilter::field(name);
                let wrong = || Error::new(Status::InvalidArg, format!("OBS_INVALID_ARGUMENT: unknown filter {name}"));
                filter.fields.push((field.ok_or_else(wrong)?, value.to_vec()));
            }
        }
    }
    Ok(filter)
}

#[napi]
impl NativeMonitor {
    /// A monitor without a root; `open` gives it one.
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env) -> napi::Result<Self> {
        unwinding::keep_quiet();
        let monitor = Arc::new(Monitor::open(Path::new("")));
        exit::watch(env, &monitor)?;
        Ok(Self { monitor })
    }

    /// The quick ways to record: functions that read values packed into `page`.
    #[napi(catch_unwind)]
    pub fn recorders<'env>(&self, env: &'env Env, page: &NativePage) -> napi::Result<Object<'env>> {
        record::functions(env, &self.monitor, page)
    }

    /// Sets the project root and the folder of its data files, absolute paths.
    #[napi(catch_unwind)]
    pub fn open(&self, root: String, data: String) {
        self.monitor.reopen(Path::new(&root), Path::new(&data));
    }

    /// Applies settings, a JSON object of `durability`, `disabled`, `maxRecordBytes` and `redact`.
    #[napi(catch_unwind)]
    pub fn configure(&self, settings: String) -> napi::Result<()> {
        let settings: Settings = parse("settings", &settings)?;
        self.monitor.configure(&settings).map_err(|error| failed(&error))
    }

    /// Records a skill invocation from the JSON object of its fields.
    #[napi(catch_unwind)]
    pub fn record_skill_fields(&self, log_dir: Option<String>, fields: Text, now: f64) -> napi::Result<u32> {
        bits(self.monitor.record_skill(log_dir.as_deref().map(Path::new), fields.as_bytes(), now))
    }

    /// Records a CUJ execution from the JSON object of its fields.
    #[napi(catch_unwind)]
    pub fn record_execution_fields(&self, fields: Text, now: f64) -> napi::Result<u32> {
        bits(self.monitor.record_execution(fields.as_bytes(), now))
    }

    /// Records a progress event from the JSON object of its fields.
    #[napi(catch_unwind)]
    pub fn record_progress_fields(&self, fields: Text, now: f64) -> napi::Result<u32> {
        bits(self.monitor.record_progress(fields.as_bytes(), now))
    }

    /// Records a provider call from the JSON object of its fields.
    #[napi(catch_unwind)]
    pub fn record_provider_call_fields(&self, fields: Text, now: f64) -> napi::Result<u32> {
        bits(self.monitor.record_provider_call(fields.as_bytes(), now))
    }

    /// The record that was built last.
    #[napi(catch_unwind)]
    pub fn last_record(&self) -> String {
        self.monitor.last_record()
    }

    /// The faults of the disk since the last call, a JSON array.
    #[napi(catch_unwind)]
    pub fn take_faults(&self) -> napi::Result<String> {
        to_json(Ok(self.monitor.take_faults()))
    }

    /// How often a CUJ succeeded.
    #[napi(catch_unwind)]
    pub fn success_rate(&self, cuj_id: Text, window: Option<f64>, now: f64) -> napi::Result<String> {
        to_json(self.monitor.success_rate(cuj_id.as_bytes(), window, now))
    }

    /// How often each CUJ succeeded.
    #[napi(catch_unwind)]
    pub fn all_metrics(&self, window: Option<f64>, now: f64) -> napi::Result<String> {
        to_json(self.monitor.all_metrics(window, now))
    }

    /// A CUJ's success rates by bucket.
    #[napi(catch_unwind)]
    pub fn trending(&self, cuj_id: Text, buckets: u32, bucket_size: f64, now: f64) -> napi::Result<String> {
        to_json(self.monitor.trending(cuj_id.as_bytes(), buckets, bucket_size, now))
    }

    /// A CUJ's failures.
    #[napi(catch_unwind)]
    pub fn failures(&self, cuj_id: Text, window: Option<f64>, now: f64) -> napi::Result<String> {
        to_json(self.monitor.failures(cuj_id.as_bytes(), window, now))
    }

    /// Percentiles of a CUJ's durations.
    #[napi(catch_unwind)]
    pub fn percentiles(&self, cuj_id: Text, window: Option<f64>, now: f64) -> napi::Result<String> {
        to_json(self.monitor.percentiles(cuj_id.as_bytes(), window, now))
    }

    /// Matching skill invocations, JSON arrays to be joined.
    #[napi(catch_unwind)]
    pub fn query_logs(&self, log_dir: Option<String>, filters: String, now: f64) -> napi::Result<Vec<String>> {
        let found = self.monitor.query_logs(log_dir.as_deref().map(Path::new), &filter(&filters)?, now);
        found.map_err(|error| failed(&error))
    }

    /// Totals over the matching skill invocations.
    #[napi(catch_unwind)]
    pub fn statistics(&self, log_dir: Option<String>, filters: String, now: f64) -> napi::Result<String> {
        to_json(self.monitor.statistics(log_dir.as_deref().map(Path::new), &filter(&filters)?, now))
    }

    /// Progress events, JSON arrays to be joined.
    #[napi(catch_unwind)]
    pub fn progress_history(&self, run_id: Option<Text>, limit: Option<f64>) -> napi::Result<Vec<String>> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive whole number")]
        let limit = limit.map(|limit| limit as usize);
        let events = self.monitor.progress_history(run_id.as_ref().map(Text::as_bytes), limit);
        events.map_err(|error| failed(&error))
    }

    /// How many progress events are on record.
    #[napi(catch_unwind)]
    pub fn progress_count(&self) -> napi::Result<String> {
        to_json(self.monitor.progress_count())
    }

    /// A run's last event, or `null`.
    #[napi(catch_unwind)]
    pub fn current_progress(&self, run_id: Text) -> napi::Result<String> {
        let event = self.monitor.current_progress(run_id.as_bytes()).map_err(|error| failed(&error))?;
        Ok(event.unwrap_or_else(|| "null".to_owned()))
    }

    /// A provider's health.
    #[napi(catch_unwind)]
    pub fn provider_health(&self, provider: Text, resets: Option<String>) -> napi::Result<String> {
        to_json(self.monitor.provider_health(provider.as_bytes(), &self::resets(resets)))
    }

    /// Every provider's health.
    #[napi(catch_unwind)]
    pub fn all_provider_health(&self, resets: Option<String>) -> napi::Result<String> {
        to_json(self.monitor.all_provider_health(&self::resets(resets)))
    }

    /// All providers together.
    #[napi(catch_unwind)]
    pub fn overall_health(&self, resets: Option<String>) -> napi::Result<String> {
        to_json(self.monitor.overall_health(&self::resets(resets)))
    }

    /// The providers by score.
    #[napi(catch_unwind)]
    pub fn provider_comparison(&self, resets: Option<String>) -> napi::Result<String> {
        to_json(self.monitor.provider_comparison(&self::resets(resets)))
    }

    /// The present moment among the provider calls, for a reset.
    #[napi(catch_unwind)]
    pub fn provider_mark(&self) -> napi::Result<String> {
        to_json(self.monitor.provider_mark())
    }

    /// The recorded part of the dashboard.
    #[napi(catch_unwind)]
    pub fn dashboard(&self, now: f64) -> napi::Result<String> {
        to_json(self.monitor.dashboard(now))
    }

    /// Saves a dashboard's text and gives the file's path.
    #[napi(catch_unwind)]
    pub fn save_dashboard(&self, text: Text) -> napi::Result<String> {
        let path = self.monitor.save_dashboard(text.as_bytes()).map_err(|error| failed(&error))?;
        Ok(path.to_string_lossy().into_owned())
    }

    /// The saved dashboard's text, or `null`.
    #[napi(catch_unwind)]
    pub fn load_dashboard(&self) -> napi::Result<Option<String>> {
        self.monitor.load_dashboard().map_err(|error| failed(&error))
    }

    /// Imports the runs of a legacy file.
    #[napi(catch_unwind)]
    pub fn import_legacy(&self, file: Option<String>, _now: f64) -> napi::Result<String> {
        to_json(self.monitor.import_legacy(file.as_deref().map(Path::new)))
    }

    /// A text without its secrets, by the rules in force.
    #[napi(catch_unwind)]
    pub fn redact(&self, text: Text) -> String {
        self.monitor.redact_text(text.as_bytes())
    }

    /// Tries to write everything that is pending.
    #[napi(catch_unwind)]
    pub fn flush(&self) {
        self.monitor.flush();
    }

    /// Flushes and gives back descriptors and memory.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.monitor.close();
    }

    /// What became of the records so far.
    #[napi(catch_unwind)]
    pub fn health(&self) -> napi::Result<String> {
        to_json(Ok(self.monitor.health()))
    }
}
