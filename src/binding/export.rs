//! What systems beyond this machine are given, on the same handle.

use napi_derive::napi;

use super::monitor::{NativeMonitor, parse};
use super::to_json;
use crate::monitor::AskedExport;

#[napi]
impl NativeMonitor {
    /// All records as text for Prometheus; `asked` is an object of `openmetrics`, `native`, `max_values`, and for each kind of subject
    /// its `bounds` and the names to `keep`.
    #[napi(catch_unwind)]
    pub fn prometheus(&self, asked: String, now: f64) -> napi::Result<String> {
        let asked: AskedExport = parse("export", &asked)?;
        to_json(self.monitor.prometheus(&asked, now))
    }
}
