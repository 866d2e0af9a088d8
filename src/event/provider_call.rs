//! A provider call: one line of `provider-health.jsonl`.

use super::draft::{Draft, Drafter, Layout, Special};
use super::{Fields, Keys, Record, Values, finite, time, truthy};
use crate::error::Result;
use crate::json;
use crate::redact::Redactor;

const LAYOUT: Layout = Layout { epoch: true, constant: "", special: Some((3, "error", Special::CutError)) };

/// What questions need of a provider call; values are slices of the line.
#[derive(Debug, Clone, Copy)]
pub struct ProviderCall<'a> {
    /// Epoch ms; `None` when unreadable.
    pub at: Option<i64>,
    /// The provider, a JSON value.
    pub provider: &'a [u8],
    /// Whether it succeeded.
    pub success: bool,
    /// Milliseconds; NaN when not a finite number.
    pub latency_ms: f64,
    /// The time as it stands in the line.
    pub timestamp: Option<&'a [u8]>,
    /// The error as it stands in the line.
    pub error: Option<&'a [u8]>,
}

impl ProviderCall<'_> {
    /// The keys of its fields.
    pub const KEYS: Keys = Keys {
        quoted: &["\"provider\":", "\"success\":", "\"latency_ms\":", "\"error\":", "\"metadata\":"],
        special: Some(3),
    };

    /// Builds the line from the JSON object of its fields, `{ provider, success, latency_ms, error, metadata }`
    /// in this order.
    ///
    /// # Errors
    /// When `fields` is no object.
    pub fn draft<'d>(
        drafter: &'d mut Drafter,
        fields: &Fields<'_>,
        now: i64,
        redactor: &Redactor,
    ) -> Result<&'d Draft> {
        drafter.build(&LAYOUT, fields, now, redactor)
    }
}

impl<'a> Record<'a> for ProviderCall<'a> {
    const KEYS: &'static [&'static str] = &["timestamp", "provider", "success", "latency_ms", "error"];

    fn of(values: &Values<'a>) -> Option<Self> {
        let [timestamp, provider, success, latency, error, ..] = values.all();
        Some(Self {
            at: timestamp.and_then(time::read),
            provider: provider.filter(|value| !json::is_falsy(value))?,
            success: truthy(success),
            latency_ms: finite(latency),
            timestamp,
            error,
        })
    }
}
