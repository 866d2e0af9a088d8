//! What executions or calls came to over time, for charts.

use serde::Serialize;

use super::Text;

/// Executions of a CUJ, or calls, in equal parts of a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Timeline {
    /// The version of this shape.
    pub schema: u32,
    /// `cuj`, `skill`, `agent` or `provider`.
    pub kind: &'static str,
    /// Which one; `None` for all.
    pub name: Option<Text>,
    /// ISO text; `None` for all of history.
    pub from: Option<String>,
    /// ISO text.
    pub to: String,
    /// Bounds of the counts in `durations`, milliseconds, ascending; one more than there are counts, none without durations.
    pub edges_ms: Vec<f64>,
    /// Oldest first.
    pub parts: Vec<TimelinePart>,
    /// How many there are that the bounds of durations let through.
    pub total: u64,
    /// The latest of those, oldest first.
    pub last: Vec<TimelineCall>,
}

/// One part of a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimelinePart {
    /// ISO text of its first moment.
    pub from: String,
    /// ISO text of its last moment.
    pub to: String,
    /// All.
    pub total: u64,
    /// Those that succeeded.
    pub successful: u64,
    /// Those that failed.
    pub failed: u64,
    /// `successful / total`; `None` with none.
    pub rate: Option<f64>,
    /// Median of the finite durations, milliseconds, exact.
    pub p50_ms: Option<f64>,
    /// 95th percentile, exact.
    pub p95_ms: Option<f64>,
    /// How many durations lie between two of the edges.
    pub durations: Vec<u64>,
}

/// One execution or call.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimelineCall {
    /// ISO text.
    pub at: String,
    /// `None` when the record says neither.
    pub success: Option<bool>,
    /// Milliseconds, when finite.
    pub duration_ms: Option<f64>,
    /// The run that it names, `Some(None)` where it names none; only where that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_id: Option<Option<Text>>,
}
