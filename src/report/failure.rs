//! Failures of every kind of record, grouped by what their errors say.

use serde::Serialize;

use super::Text;

/// The failures of a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failures {
    /// The version of this shape.
    pub schema: u32,
    /// ISO text of the first moment; `None` for all of history.
    pub from: Option<String>,
    /// ISO text of the last moment.
    pub to: String,
    /// All failures.
    pub total: u64,
    /// All groups, those that are not shown too.
    pub group_count: u64,
    /// The most frequent first, then the latest.
    pub groups: Vec<FailureGroup>,
}

/// Failures whose errors say the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FailureGroup {
    /// `cuj`, `skill` or `provider`.
    pub source: &'static str,
    /// What the errors have in common: paths, credentials and numbers that differ are left out.
    pub text: Text,
    /// `overloaded`, `rate_limit`, `auth`, `timeout` or `other`.
    pub kind: &'static str,
    /// How many.
    pub count: u64,
    /// ISO text of the earliest; `None` when none has a readable time.
    pub first_seen: Option<String>,
    /// ISO text of the latest.
    pub last_seen: Option<String>,
    /// One error as recorded.
    pub example: Text,
    /// Who failed, the most frequent first, at most five.
    pub subjects: Vec<Subject>,
    /// How many failed in this way.
    pub subject_count: u64,
}

/// Who failed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Subject {
    /// The CUJ, skill or provider.
    pub name: Text,
    /// How often.
    pub count: u64,
}

/// The slowest invocations of a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slowest {
    /// The version of this shape.
    pub schema: u32,
    /// ISO text of the first moment; `None` for all of history.
    pub from: Option<String>,
    /// ISO text of the last moment.
    pub to: String,
    /// The slowest first.
    pub calls: Vec<SkillCall>,
}

/// One invocation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SkillCall {
    /// ISO text; `None` when unreadable.
    pub at: Option<String>,
    /// The skill.
    pub skill: Text,
    /// Who used it.
    pub agent: Option<Text>,
    /// What came of it.
    pub result: Option<Text>,
    /// Milliseconds; `None` when not a finite number.
    pub duration_ms: Option<f64>,
    /// Whether the answer came from a cache.
    pub cache_hit: bool,
    /// The run.
    pub run_id: Option<Text>,
    /// The CUJ.
    pub cuj_id: Option<Text>,
    /// The error as recorded.
    pub error: Option<Text>,
}
