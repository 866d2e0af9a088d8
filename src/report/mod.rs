//! The shapes of results: field names are the documented keys, in the documented order.

mod cuj;
mod dashboard;
mod failure;
mod provider;
mod question;
mod run;
mod skill;
mod table;
mod text;
mod timeline;

pub use cuj::{Bucket, ErrorCount, FailureAnalysis, Percentiles, RecentFailure, SuccessRate};
pub use dashboard::{
    CujEntry, CujSummary, Dashboard, Highlights, NamedDuration, NamedRate, ProviderSection, SkillEntry, SkillWindow,
    TopSkill,
};
pub use failure::{FailureGroup, Failures, SkillCall, Slowest, Subject};
pub use provider::{Available, ComparedProvider, OverallHealth, ProviderHealth, RecentError, Unavailable};
pub use question::{Before, Finding, PerformanceBucket, ResourceTrend, SkillPerformance, Stability, ValueTrend};
pub use run::{Expected, Joined, ProgressedStep, Run, RunExecution, RunProviderCall, RunRow, RunState, Runs};
pub use skill::{AgentStatistics, SkillStatistics, Statistics};
pub use table::{
    CujRow, ErrorKinds, FailureSeen, Outcomes, OutcomesBefore, ProviderRow, Table, UsageBefore, UsageKey, UsageRow,
};
pub use text::{ByName, Text};
pub use timeline::{Timeline, TimelineCall, TimelinePart};

/// `part / whole`, 0 when there is no whole.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// `sum / count`, 0 when there is nothing; at most the largest number, because JSON has no infinity.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub fn average(sum: f64, count: u64) -> f64 {
    if count == 0 { 0.0 } else { (sum / count as f64).clamp(f64::MIN, f64::MAX) }
}
