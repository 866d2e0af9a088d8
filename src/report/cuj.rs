//! Answers about CUJ executions.

use serde::Serialize;

use super::Text;

/// How often a CUJ succeeded within a window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SuccessRate {
    /// The CUJ.
    pub cuj_id: Text,
    /// Executions.
    pub total: u64,
    /// Those that succeeded.
    pub successful: u64,
    /// Those that failed.
    pub failed: u64,
    /// `successful / total`, a fraction.
    pub rate: f64,
    /// Milliseconds, not rounded.
    pub avg_duration_ms: f64,
    /// The window as asked for, in milliseconds.
    pub time_window_ms: Option<f64>,
    /// ISO text; left out when there were no executions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_start: Option<Option<String>>,
    /// ISO text; left out when there were no executions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_end: Option<String>,
}

/// One bucket of a trend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bucket {
    /// ISO text, inclusive.
    pub bucket_start: String,
    /// ISO text, exclusive.
    pub bucket_end: String,
    /// Executions.
    pub total: u64,
    /// Those that succeeded.
    pub successful: u64,
    /// Those that failed.
    pub failed: u64,
    /// `successful / total`, 0 when empty.
    pub rate: f64,
}

/// Exact nearest-rank percentiles of the durations, in milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Percentiles {
    /// The CUJ; left out when there are no durations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cuj_id: Option<Text>,
    /// Median.
    pub p50: f64,
    /// 75th.
    pub p75: f64,
    /// 90th.
    pub p90: f64,
    /// 95th.
    pub p95: f64,
    /// 99th.
    pub p99: f64,
    /// Shortest; left out when there are no durations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Longest; left out when there are no durations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// How many durations; left out when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

/// What went wrong within a window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FailureAnalysis {
    /// The CUJ.
    pub cuj_id: Text,
    /// Failed executions.
    pub total_failures: u64,
    /// Different errors among them.
    pub unique_errors: u64,
    /// The ten most frequent, ties by first appearance.
    pub top_errors: Vec<ErrorCount>,
    /// The last five in the order of the file.
    pub recent_failures: Vec<RecentFailure>,
}

/// How often an error occurred.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ErrorCount {
    /// Its text.
    pub error: Text,
    /// How often.
    pub count: u64,
}

/// A failed execution, values as stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecentFailure {
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Text>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Text>,
    /// How long it took, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<Text>,
}
