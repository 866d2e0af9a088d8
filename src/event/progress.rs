//! A progress event: one line of `progress.jsonl`.

use super::draft::{Draft, Drafter, Layout};
use super::{Fields, Keys, Record, Values, finite, time};
use crate::error::Result;
use crate::redact::Redactor;

const LAYOUT: Layout = Layout { epoch: true, constant: "", special: None };

/// What questions need of a progress event; values are slices of the line.
#[derive(Debug, Clone, Copy)]
pub struct ProgressEvent<'a> {
    /// The run, a JSON value.
    pub run_id: Option<&'a [u8]>,
    /// Epoch ms; `None` when unreadable.
    pub at: Option<i64>,
}

impl ProgressEvent<'_> {
    /// The keys of its fields.
    pub const KEYS: Keys = Keys {
        quoted: &["\"run_id\":", "\"step\":", "\"status\":", "\"percentage\":", "\"message\":", "\"metadata\":"],
        special: None,
    };

    /// Builds the line from the JSON object of its fields, `{ run_id, step, status, percentage, message, metadata }`
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

impl<'a> Record<'a> for ProgressEvent<'a> {
    const KEYS: &'static [&'static str] = &["run_id", "timestamp"];

    fn of(values: &Values<'a>) -> Option<Self> {
        let [run_id, timestamp, ..] = values.all();
        Some(Self { run_id, at: timestamp.and_then(time::read) })
    }
}

/// What is shown of a progress event; values are slices of the line.
#[derive(Debug, Clone, Copy)]
pub struct ProgressStep<'a> {
    /// The run, a JSON value.
    pub run_id: Option<&'a [u8]>,
    /// Epoch ms; `None` when unreadable.
    pub at: Option<i64>,
    /// The step, a JSON value.
    pub step: Option<&'a [u8]>,
    /// `"pending"`, `"running"`, `"completed"`, `"failed"`, `"skipped"` or another JSON value.
    pub status: Option<&'a [u8]>,
    /// From 0 to 100; NaN when not a number.
    pub percentage: f64,
    /// What it says, a JSON value.
    pub message: Option<&'a [u8]>,
    /// What else it tells, a JSON value.
    pub metadata: Option<&'a [u8]>,
}

impl<'a> Record<'a> for ProgressStep<'a> {
    const KEYS: &'static [&'static str] =
        &["run_id", "timestamp", "step", "status", "percentage", "message", "metadata"];

    fn of(values: &Values<'a>) -> Option<Self> {
        let [run_id, timestamp, step, status, percentage, message, metadata, ..] = values.all();
        let at = timestamp.and_then(time::read);
        Some(Self { run_id, at, step, status, percentage: finite(percentage), message, metadata })
    }
}
