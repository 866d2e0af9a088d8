//! Answers about provider calls.

use serde::Serialize;

use super::{ByName, Text};

/// A provider's health.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ProviderHealth {
    /// There are calls on record.
    Available(Available),
    /// There are none.
    Unavailable(Unavailable),
}

/// A provider with calls on record; latencies in milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Available {
    /// As asked.
    pub provider: Text,
    /// Always true.
    pub available: bool,
    /// A fraction.
    pub success_rate: f64,
    /// All calls.
    pub total_calls: u64,
    /// Those that succeeded.
    pub successful_calls: u64,
    /// Those that failed.
    pub failed_calls: u64,
    /// Rounded.
    pub avg_latency_ms: f64,
    /// Exact nearest rank over the latest 100.
    pub latency_p50: f64,
    /// The same.
    pub latency_p95: f64,
    /// The same.
    pub latency_p99: f64,
    /// Epoch ms of the last success in the order of the file.
    pub last_success: Option<i64>,
    /// Epoch ms of the last failure in the order of the file.
    pub last_failure: Option<i64>,
    /// The last ten failed calls that have an error, oldest first.
    pub recent_errors: Vec<RecentError>,
}

/// A provider without calls on record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unavailable {
    /// As asked.
    pub provider: Text,
    /// Always false.
    pub available: bool,
    /// Always `No data available`.
    pub reason: &'static str,
}

/// A failed call, values as stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecentError {
    /// Epoch ms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Text>,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Text>,
}

/// All providers together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OverallHealth {
    /// `healthy`, `degraded`, `unhealthy` or `unknown`.
    pub status: &'static str,
    /// Providers with a success rate above 0.95.
    pub healthy_providers: u64,
    /// Providers with calls.
    pub total_providers: u64,
    /// A fraction of all calls.
    pub overall_success_rate: f64,
    /// Rounded milliseconds, each provider weighted by its calls.
    pub overall_avg_latency_ms: f64,
    /// Each provider; left out when there is no data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub providers: Option<ByName<Available>>,
}

/// A provider's place in the comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedProvider {
    /// Its name.
    pub provider: Text,
    /// A fraction.
    pub success_rate: f64,
    /// Rounded milliseconds.
    pub avg_latency_ms: f64,
    /// All calls.
    pub total_calls: u64,
    /// `success_rate * (1 - min(avg_latency_ms / 10000, 1))`.
    pub score: f64,
}
