//! Runs: those in progress, those that ended last, and one of them with everything that has its id.

use serde::Serialize;

use super::{SkillCall, Text};

/// The runs of a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Runs {
    /// The version of this shape.
    pub schema: u32,
    /// ISO text of the first moment; `None` for all of history.
    pub from: Option<String>,
    /// ISO text of the last moment.
    pub to: String,
    /// Runs whose last event is in the period, those that are not shown too.
    pub total: u64,
    /// Those in progress first, the latest first.
    pub runs: Vec<RunRow>,
}

/// Where a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    /// It goes on.
    Running,
    /// It has been silent for longer than runs were before.
    Stalled,
    /// It came to its end.
    Completed,
    /// It failed.
    Failed,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunRow {
    /// The run.
    pub run_id: Text,
    /// The CUJ that it is a run of, where that can be told.
    pub cuj_id: Option<Text>,
    /// What told it: `skills`, `progress` or `name`.
    pub cuj_from: Option<&'static str>,
    /// Where it is.
    pub state: RunState,
    /// ISO text of its first event; `None` when no time is readable.
    pub started_at: Option<String>,
    /// ISO text of its last event.
    pub updated_at: Option<String>,
    /// From the first event until the last, or until now while it is in progress.
    pub elapsed_ms: u64,
    /// Since the last event, while it is in progress.
    pub silent_ms: Option<u64>,
    /// It is stalled when it is silent for longer than this.
    pub stalled_after_ms: u64,
    /// How many runs that was learned from; 0 before there are five.
    pub stalled_from_runs: u64,
    /// The step of its last event, as recorded.
    pub step: Option<Text>,
    /// Steps in all, as its percentage tells.
    pub total_steps: Option<u64>,
    /// From 0 to 100; `None` when it tells none.
    pub percentage: Option<f64>,
    /// The last message, as recorded.
    pub message: Option<Text>,
    /// How many events it has.
    pub events: u64,
    /// How long runs of the CUJ took that succeeded in the 30 days before; `None` when there are none.
    pub expected: Option<Expected>,
    /// What is left until the median and the 90th percentile of those, while it is in progress.
    pub left_ms: Option<[f64; 2]>,
    /// Its skill invocations.
    pub skill_calls: u64,
    /// The skills that it used last, the latest first, at most three.
    pub skills: Vec<Text>,
    /// The agents that used them.
    pub agents: Vec<Text>,
}

/// How long runs took.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Expected {
    /// How many.
    pub runs: u64,
    /// Median, milliseconds.
    pub p50_ms: f64,
    /// 90th percentile.
    pub p90_ms: f64,
}

/// One run with what has its id.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Run {
    /// The version of this shape.
    pub schema: u32,
    /// The run; `None` when no progress event has its id.
    pub run: Option<RunRow>,
    /// Its steps, in the order in which they began.
    pub steps: Vec<ProgressedStep>,
    /// Its skill invocations, oldest first, at most the last 500.
    pub skill_calls: Vec<SkillCall>,
    /// The provider calls whose metadata name it, the last 500.
    pub provider_calls: Vec<RunProviderCall>,
    /// The executions whose metadata name it, the last 500.
    pub executions: Vec<RunExecution>,
    /// How many records joined.
    pub joined: Joined,
}

/// How many records of each kind have the id of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Joined {
    /// By `run_id`.
    pub progress: u64,
    /// By `run_id`.
    pub skill_invocations: u64,
    /// By `metadata.run_id` or `metadata.runId`.
    pub provider_calls: u64,
    /// By `metadata.run_id` or `metadata.runId`.
    pub cuj_executions: u64,
}

/// A step of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProgressedStep {
    /// The step as recorded.
    pub step: Option<Text>,
    /// The status of its last event, as recorded.
    pub status: Option<Text>,
    /// ISO text of its first event, or of the end of the step before where it has only one that ends it.
    pub started_at: Option<String>,
    /// ISO text of its last event.
    pub updated_at: Option<String>,
    /// Between the two.
    pub duration_ms: Option<u64>,
    /// Its last message, as recorded.
    pub message: Option<Text>,
}

/// A provider call of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunProviderCall {
    /// ISO text; `None` when unreadable.
    pub at: Option<String>,
    /// The provider.
    pub provider: Text,
    /// Whether it succeeded.
    pub success: bool,
    /// Milliseconds.
    pub latency_ms: Option<f64>,
    /// The error as recorded.
    pub error: Option<Text>,
}

/// An execution of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunExecution {
    /// ISO text; `None` when unreadable.
    pub at: Option<String>,
    /// The CUJ.
    pub cuj_id: Text,
    /// Whether it succeeded.
    pub success: bool,
    /// Milliseconds.
    pub duration_ms: Option<f64>,
    /// The error as recorded.
    pub error: Option<Text>,
    /// `memory_delta_mb`, `heap_used_mb`, `cpu_user_ms` and `cpu_system_ms` as recorded; `None` where it tells none.
    pub resources: Option<[Option<f64>; 4]>,
}
