//! A progress event: one line of `progress.jsonl`.

use super::draft::{Draft, Drafter, Layout};
use super::{Fields, Keys, Record, Values};
use crate::error::Result;
use crate::redact::Redactor;

const LAYOUT: Layout = Layout { epoch: true, constant: "", special: None };

/// What questions need of a progress event; values are slices of the line.
#[derive(Debug, Clone, Copy)]
pub struct ProgressEvent<'a> {
    /// The run, a JSON value.
    pub run_id: Option<&'a [u8]>,
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
    const KEYS: &'static [&'static str] = &["run_id"];

    fn of(values: &Values<'a>) -> Option<Self> {
        Some(Self { run_id: values.all()[0] })
    }
}
