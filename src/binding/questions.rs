//! The questions about speed, stability and resources, on the same handle.

use std::path::Path;

use napi_derive::napi;

use super::monitor::{NativeMonitor, filter};
use super::text::Text;
use super::to_json;

#[napi]
impl NativeMonitor {
    /// How fast each skill was, over the matching invocations.
    #[napi(catch_unwind)]
    pub fn skill_performance(&self, log_dir: Option<String>, filters: String, now: f64) -> napi::Result<String> {
        to_json(self.monitor.skill_performance(log_dir.as_deref().map(Path::new), &filter(&filters)?, now))
    }

    /// How steadily a CUJ succeeded.
    #[napi(catch_unwind)]
    pub fn stability(&self, cuj_id: Text, window: Option<f64>, now: f64) -> napi::Result<String> {
        to_json(self.monitor.stability(cuj_id.as_bytes(), window, now))
    }

    /// A CUJ's success rates and durations by bucket.
    #[napi(catch_unwind)]
    pub fn performance_trend(&self, cuj_id: Text, buckets: u32, bucket_size: f64, now: f64) -> napi::Result<String> {
        to_json(self.monitor.performance_trend(cuj_id.as_bytes(), buckets, bucket_size, now))
    }

    /// What the executions of a CUJ say of resources.
    #[napi(catch_unwind)]
    pub fn cuj_resources(&self, cuj_id: Text, window: Option<f64>, now: f64) -> napi::Result<String> {
        to_json(self.monitor.cuj_resources(cuj_id.as_bytes(), window, now))
    }

    /// What the invocations of a skill say of resources.
    #[napi(catch_unwind)]
    pub fn skill_resources(&self, skill: Text, window: Option<f64>, now: f64) -> napi::Result<String> {
        to_json(self.monitor.skill_resources(skill.as_bytes(), window, now))
    }
}
