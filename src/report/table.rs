//! The tables that people look at: skills, agents, CUJs and providers over a period, each against the one before.

use serde::Serialize;

use super::Text;

/// A table and the period that it is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table<R> {
    /// The version of these shapes.
    pub schema: u32,
    /// ISO text of the first moment; `None` for all of history.
    pub from: Option<String>,
    /// ISO text of the last moment.
    pub to: String,
    /// ISO text of the first moment of the period before, which ends where this one begins.
    pub before_from: Option<String>,
    /// Most calls or runs first, ties by first appearance.
    pub rows: Vec<R>,
}

/// A skill or an agent, or a skill with what it was used by.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UsageRow {
    /// What it is about.
    #[serde(flatten)]
    pub of: UsageKey,
    /// Invocations.
    pub calls: u64,
    /// Those with the result `success`.
    pub successful: u64,
    /// Those with the result `failure`.
    pub failed: u64,
    /// `successful / calls`.
    pub success_rate: f64,
    /// Invocations answered from a cache.
    pub cache_hits: u64,
    /// Median of the finite durations, milliseconds.
    pub p50_ms: Option<f64>,
    /// 95th percentile.
    pub p95_ms: Option<f64>,
    /// What they are off by at most, as a share of themselves.
    pub error_bound: f64,
    /// ISO text of the first invocation.
    pub first_used: Option<String>,
    /// ISO text of the last one; of the period before where there is none in this one.
    pub last_used: Option<String>,
    /// Invocations in twenty parts of the period, oldest first.
    pub spark: Vec<u64>,
    /// Failed ones.
    pub spark_failed: Vec<u64>,
    /// The period before; `None` for all of history.
    pub before: Option<UsageBefore>,
    /// How probable so large a change of the success rate is when nothing changed; `None` without calls in both.
    pub chance: Option<f64>,
}

/// What a row of usage is about.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct UsageKey {
    /// The skill.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skill: Option<Text>,
    /// The agent; the inner one is `None` where the records name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<Option<Text>>,
    /// The CUJ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cuj_id: Option<Option<Text>>,
    /// The run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_id: Option<Option<Text>>,
    /// Different skills that an agent used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skills: Option<u64>,
}

/// Usage in the period before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct UsageBefore {
    /// Invocations.
    pub calls: u64,
    /// Those with the result `success`.
    pub successful: u64,
    /// Those with the result `failure`.
    pub failed: u64,
    /// `successful / calls`.
    pub success_rate: f64,
    /// 95th percentile, milliseconds.
    pub p95_ms: Option<f64>,
}

/// A CUJ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CujRow {
    /// The CUJ.
    pub cuj_id: Text,
    /// Its executions.
    #[serde(flatten)]
    pub runs: Outcomes,
    /// How many of the latest ones ended alike: positive for successes, negative for failures.
    pub streak: i64,
    /// Whether each of the last ones succeeded, oldest first; twenty unless more are asked for.
    pub strip: Vec<bool>,
    /// ISO text of the first execution.
    pub first_run: Option<String>,
    /// ISO text of the last one; of the period before where there is none in this one.
    pub last_run: Option<String>,
    /// The last failure in the order of the file.
    pub last_failure: Option<FailureSeen>,
}

/// A provider.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProviderRow {
    /// The provider.
    pub provider: Text,
    /// `healthy` from 90 % on, `degraded` from 70 % on, `unhealthy` below, `unknown` without calls.
    pub state: &'static str,
    /// Its calls.
    #[serde(flatten)]
    pub calls: Outcomes,
    /// Why calls failed.
    pub kinds: ErrorKinds,
    /// ISO text of the last call; of the period before where there is none in this one.
    pub last_call: Option<String>,
    /// The last failure in the order of the file.
    pub last_failure: Option<FailureSeen>,
}

/// What executions or calls came to, and what they did in the period before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcomes {
    /// All.
    pub total: u64,
    /// Those that succeeded.
    pub successful: u64,
    /// Those that failed.
    pub failed: u64,
    /// `successful / total`, 0 with none.
    pub rate: f64,
    /// Where the true rate lies with 95 % confidence: from here
    pub low: f64,
    /// to here.
    pub high: f64,
    /// Median of the finite durations, milliseconds, exact.
    pub p50_ms: Option<f64>,
    /// 95th percentile, exact.
    pub p95_ms: Option<f64>,
    /// The period before; `None` for all of history.
    pub before: Option<OutcomesBefore>,
    /// How probable so large a change of the rate is when nothing changed; `None` without records in both.
    pub chance: Option<f64>,
}

/// Outcomes in the period before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OutcomesBefore {
    /// All.
    pub total: u64,
    /// Those that succeeded.
    pub successful: u64,
    /// Those that failed.
    pub failed: u64,
    /// `successful / total`, 0 with none.
    pub rate: f64,
}

/// A failure that was met.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FailureSeen {
    /// ISO text; `None` when unreadable.
    pub at: Option<String>,
    /// Its text as recorded.
    pub error: Option<Text>,
    /// What kind of error it is; see [`ErrorKinds`].
    pub kind: &'static str,
}

/// How many failures are of which kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ErrorKinds {
    /// The provider had no room.
    pub overloaded: u64,
    /// Too many requests, or a quota.
    pub rate_limit: u64,
    /// Not allowed.
    pub auth: u64,
    /// It took too long.
    pub timeout: u64,
    /// All else, and failures without a text.
    pub other: u64,
}
