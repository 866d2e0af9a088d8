//! Answers about speed, stability and resources over time.

use serde::Serialize;

use super::{Bucket, Text};

/// How fast one skill answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SkillPerformance {
    /// Invocations.
    pub count: u64,
    /// Share of the invocations with the result `success`, a fraction.
    pub success_rate: f64,
    /// Share of the invocations answered from a cache, a fraction.
    pub cache_hit_rate: f64,
    /// Milliseconds.
    pub mean_ms: f64,
    /// Median of the durations that are finite, milliseconds.
    pub p50_ms: f64,
    /// 90th percentile.
    pub p90_ms: f64,
    /// 95th percentile.
    pub p95_ms: f64,
    /// 99th percentile.
    pub p99_ms: f64,
    /// Shortest.
    pub min_ms: f64,
    /// Longest.
    pub max_ms: f64,
    /// `exact` nearest rank, or of more than 16,384 invocations `hdr`: from a histogram of high dynamic range.
    pub method: &'static str,
    /// What a percentile is off by at most, as a share of itself (or half a microsecond): 0 where they are exact.
    pub error_bound: f64,
}

/// How steadily a CUJ succeeds within a window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stability {
    /// The CUJ.
    pub cuj_id: Text,
    /// Executions.
    pub total: u64,
    /// Changes between success and failure from one execution to the next.
    pub flips: u64,
    /// `flips / (total - 1)`, a fraction.
    pub flip_rate: f64,
    /// How many executions at the end had the same result: positive for successes, negative for failures.
    pub current_streak: i64,
    /// The most failures in a row.
    pub longest_failure_streak: u64,
}

/// One bucket of a trend, with its durations in milliseconds; zeros when empty.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PerformanceBucket {
    /// Successes and failures.
    #[serde(flatten)]
    pub bucket: Bucket,
    /// Not rounded.
    pub avg_duration_ms: f64,
    /// Exact nearest rank.
    pub p50: f64,
    /// Exact nearest rank.
    pub p95: f64,
    /// Longest.
    pub max: f64,
}

/// What the records of a CUJ or a skill within a window say of the resources they used; `None` where they say nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ResourceTrend {
    /// Records that say something.
    pub count: u64,
    /// Change of the used heap.
    pub memory_delta_mb: Option<ValueTrend>,
    /// The used heap.
    pub heap_used_mb: Option<ValueTrend>,
    /// Processor time in the program itself.
    pub cpu_user_ms: Option<ValueTrend>,
    /// Processor time in the system.
    pub cpu_system_ms: Option<ValueTrend>,
}

/// How a value went, in the order of the file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueTrend {
    /// How many values.
    pub count: u64,
    /// The first one.
    pub first: f64,
    /// The last one.
    pub last: f64,
    /// Their mean.
    pub mean: f64,
    /// Exact nearest rank.
    pub p95: f64,
    /// Change from one value to the next, by least squares; 0 with a single one.
    pub slope: f64,
}

/// Something in the records that is worth a look.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// `failing_cuj`, `failing_skill`, `sick_provider`, `changed_cuj`, `slowest_skill`, `flakiest_cuj`, `growing_cuj` or
    /// `growing_skill`.
    pub kind: &'static str,
    /// The CUJ, skill or provider.
    pub subject: Text,
    /// What was found: milliseconds, a fraction, a change of a fraction, megabytes per record.
    pub value: f64,
    /// How many records it rests on.
    pub n: u64,
    /// The label of the window; `all` for all of history.
    pub window: &'static str,
    /// The most frequent error of a CUJ, the latest of a provider; left out where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Text>,
    /// Of `changed_cuj`: the window before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Before>,
    /// Of `changed_cuj`: how probable so large a change is when nothing changed, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<f64>,
}

/// What a rate was before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Before {
    /// A fraction.
    pub rate: f64,
    /// How many records it rests on.
    pub n: u64,
}

impl Finding {
    /// One without an error.
    #[must_use]
    pub const fn new(kind: &'static str, subject: Text, value: f64, n: u64, window: &'static str) -> Self {
        Self { kind, subject, value, n, window, error: None, before: None, chance: None }
    }
}
