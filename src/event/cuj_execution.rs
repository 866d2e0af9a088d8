//! A CUJ execution: one line of `cuj-metrics.jsonl`.

use std::borrow::Cow;

use super::draft::{Draft, Drafter, Layout, Special};
use super::{Fields, Keys, Record, Resources, Values, finite, time, truthy};
use crate::error::Result;
use crate::json;
use crate::redact::Redactor;

const LAYOUT: Layout = Layout { epoch: false, constant: "", special: Some((3, "error", Special::CleanedError)) };

/// What questions need of an execution; values are slices of the line.
#[derive(Debug, Clone, Copy)]
pub struct CujExecution<'a> {
    /// Epoch ms; `None` when unreadable.
    pub at: Option<i64>,
    /// The CUJ's id, a JSON value.
    pub cuj_id: &'a [u8],
    /// Whether it succeeded.
    pub success: bool,
    /// Milliseconds; NaN when not a finite number.
    pub duration_ms: f64,
    /// The time as it stands in the line.
    pub timestamp: Option<&'a [u8]>,
    /// The error as it stands in the line.
    pub error: Option<&'a [u8]>,
    /// The duration as it stands in the line.
    pub duration: Option<&'a [u8]>,
}

impl CujExecution<'_> {
    /// The keys of its fields.
    pub const KEYS: Keys = Keys {
        quoted: &["\"cuj_id\":", "\"success\":", "\"duration_ms\":", "\"error\":", "\"metadata\":"],
        special: Some(3),
    };

    /// Builds the line from the JSON object of its fields, `{ cuj_id, success, duration_ms, error, metadata }`
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

    /// The error as failures are grouped by it (WTF-8): its text, the JSON text of what is not a string, or `Unknown error`.
    #[must_use]
    pub fn error_name(&self) -> Cow<'_, [u8]> {
        error_name(self.error)
    }
}

/// What stands for an error that says nothing.
pub const UNKNOWN_ERROR: &[u8] = b"Unknown error";

/// An error, a JSON value, as failures are grouped by it (WTF-8): its text, the JSON text of what is not a string, or
/// `Unknown error`.
#[must_use]
pub fn error_name(error: Option<&[u8]>) -> Cow<'_, [u8]> {
    error.filter(|error| !json::is_falsy(error)).map_or(Cow::Borrowed(UNKNOWN_ERROR), json::decode_value)
}

impl<'a> Record<'a> for CujExecution<'a> {
    const KEYS: &'static [&'static str] = &["timestamp", "cuj_id", "success", "duration_ms", "error"];

    fn of(values: &Values<'a>) -> Option<Self> {
        let [timestamp, cuj_id, success, duration, error, ..] = values.all();
        Some(Self {
            at: timestamp.and_then(time::read),
            cuj_id: cuj_id.filter(|value| !json::is_falsy(value))?,
            success: truthy(success),
            duration_ms: finite(duration),
            timestamp,
            error,
            duration,
        })
    }
}

/// What the metadata of an execution say of resources; an execution that says nothing is one too.
#[derive(Debug, Clone, Copy)]
pub struct CujResources<'a> {
    /// Epoch ms; `None` when unreadable.
    pub at: Option<i64>,
    /// The CUJ's id, a JSON value.
    pub cuj_id: &'a [u8],
    /// What its metadata say of resources.
    pub resources: Option<Resources>,
}

impl<'a> Record<'a> for CujResources<'a> {
    const KEYS: &'static [&'static str] = &["timestamp", "cuj_id"];
    const RESOURCES: bool = true;

    fn of(values: &Values<'a>) -> Option<Self> {
        let [timestamp, cuj_id, ..] = values.all();
        let cuj_id = cuj_id.filter(|value| !json::is_falsy(value))?;
        Some(Self { at: timestamp.and_then(time::read), cuj_id, resources: values.resources() })
    }
}
