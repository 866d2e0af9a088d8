//! A skill invocation: one line of `skill-invocations-YYYY-MM-DD.jsonl`.

use super::draft::{Draft, Drafter, Layout, Special};
use super::{Fields, Keys, Record, Resources, Values, finite, time, truthy};
use crate::error::Result;
use crate::json;
use crate::redact::Redactor;

const LAYOUT: Layout = Layout {
    epoch: false,
    constant: ",\"type\":\"skill_invocation\"",
    special: Some((1, "params", Special::JsonText)),
};

/// What questions need of a skill invocation; values are slices of the line.
#[derive(Debug, Clone, Copy)]
pub struct SkillInvocation<'a> {
    /// Epoch ms; `None` when unreadable.
    pub at: Option<i64>,
    /// The skill's name, a JSON value.
    pub skill: &'a [u8],
    /// `"success"`, `"failure"` or another JSON value.
    pub result: Option<&'a [u8]>,
    /// The agent's name, a JSON value.
    pub agent: Option<&'a [u8]>,
    /// The run, a JSON value.
    pub run_id: Option<&'a [u8]>,
    /// The CUJ, a JSON value.
    pub cuj_id: Option<&'a [u8]>,
    /// Milliseconds; NaN when not a finite number.
    pub duration_ms: f64,
    /// Whether the answer came from a cache.
    pub cache_hit: bool,
    /// The error as it stands in the line.
    pub error: Option<&'a [u8]>,
    /// What its metadata say of resources.
    pub resources: Option<Resources>,
}

impl SkillInvocation<'_> {
    /// The keys of its fields.
    pub const KEYS: Keys = Keys {
        quoted: &[
            "\"skill\":",
            "\"params\":",
            "\"result\":",
            "\"duration_ms\":",
            "\"cache_hit\":",
            "\"agent\":",
            "\"run_id\":",
            "\"cuj_id\":",
            "\"error\":",
            "\"metadata\":",
        ],
        special: Some(1),
    };

    /// Builds the line from the JSON object of its fields, `{ skill, params, result, duration_ms, cache_hit, agent, run_id, cuj_id, error, metadata }`
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

impl<'a> Record<'a> for SkillInvocation<'a> {
    const KEYS: &'static [&'static str] =
        &["timestamp", "skill", "result", "agent", "run_id", "cuj_id", "duration_ms", "cache_hit", "error"];
    const RESOURCES: bool = true;

    fn of(values: &Values<'a>) -> Option<Self> {
        let [at, skill, result, agent, run_id, cuj_id, duration, cache_hit, error] = values.all();
        Some(Self {
            at: at.and_then(time::read),
            skill: skill.filter(|value| !json::is_falsy(value))?,
            result,
            agent,
            run_id,
            cuj_id,
            duration_ms: finite(duration),
            cache_hit: truthy(cache_hit),
            error,
            resources: values.resources(),
        })
    }
}

/// What a failed invocation says, and whose it is; values are slices of the line.
#[derive(Debug, Clone, Copy)]
pub struct SkillError<'a> {
    /// The skill's name, a JSON value.
    pub skill: &'a [u8],
    /// The error as it stands in the line.
    pub error: Option<&'a [u8]>,
}

impl<'a> Record<'a> for SkillError<'a> {
    const KEYS: &'static [&'static str] = &["skill", "error"];

    fn of(values: &Values<'a>) -> Option<Self> {
        let [skill, error, ..] = values.all();
        Some(Self { skill: skill.filter(|value| !json::is_falsy(value))?, error })
    }
}
