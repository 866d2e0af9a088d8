//! The dashboard: a composition of the other answers; the caller adds what belongs to its process.

use serde::Serialize;

use super::{AgentStatistics, Available, ByName, Finding, SkillPerformance, SkillStatistics, SuccessRate, Text};

/// What the dashboard shows of the recorded files.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dashboard {
    /// ISO text.
    pub generated_at: String,
    /// By label, each window's rates and their summary.
    pub cujs: ByName<CujEntry>,
    /// By label, each window's totals, most used skills and how fast its skills were.
    pub skills: ByName<SkillEntry>,
    /// Provider health.
    pub providers: ProviderSection,
    /// Extremes of the last 24 hours.
    pub highlights: Highlights,
    /// What in the last 24 hours is worth a look.
    pub findings: Vec<Finding>,
}

/// What stands under `<label>` and `<label>_summary`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum CujEntry {
    /// Every CUJ of the window.
    Rates(ByName<SuccessRate>),
    /// All of them together.
    Summary(CujSummary),
}

/// What stands under `<label>`, `<label>_top_skills` and `<label>_performance`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum SkillEntry {
    /// The window's totals.
    Window(SkillWindow),
    /// Its most used skills.
    Top(Vec<TopSkill>),
    /// How fast each skill was.
    Performance(ByName<SkillPerformance>),
}

/// All CUJs of a window together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CujSummary {
    /// CUJs with executions.
    pub total_cujs: u64,
    /// Their executions.
    pub total_executions: u64,
    /// Those that succeeded.
    pub total_successful: u64,
    /// A fraction.
    pub overall_success_rate: f64,
    /// Milliseconds, weighted by executions.
    pub avg_duration_ms: f64,
}

/// All skill invocations of a window together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SkillWindow {
    /// Invocations.
    pub total_invocations: u64,
    /// Those that succeeded.
    pub successful: u64,
    /// Those that failed.
    pub failed: u64,
    /// A fraction.
    pub success_rate: f64,
    /// Those answered from a cache.
    pub cache_hits: u64,
    /// A fraction.
    pub cache_hit_rate: f64,
    /// Milliseconds.
    pub total_duration_ms: f64,
    /// Milliseconds.
    pub avg_duration_ms: f64,
    /// By skill.
    pub by_skill: ByName<SkillStatistics>,
    /// By agent.
    pub by_agent: ByName<AgentStatistics>,
}

/// One of the most used skills.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopSkill {
    /// Its name.
    pub skill: Text,
    /// Invocations.
    pub count: u64,
    /// Milliseconds.
    pub avg_duration_ms: f64,
    /// A fraction.
    pub failure_rate: f64,
    /// A fraction.
    pub cache_hit_rate: f64,
}

/// Provider health as the dashboard shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProviderSection {
    /// Each provider.
    pub providers: ByName<Available>,
    /// ISO text.
    pub last_updated: String,
    /// As in the overall health.
    pub status: &'static str,
    /// A fraction.
    pub overall_success_rate: f64,
    /// Rounded milliseconds.
    pub overall_avg_latency_ms: f64,
}

/// Extremes; `None` with no CUJ, the first wins a tie.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Highlights {
    /// Shortest average.
    pub fastest_cuj: Option<NamedDuration>,
    /// Longest average.
    pub slowest_cuj: Option<NamedDuration>,
    /// Highest success rate.
    pub most_reliable_cuj: Option<NamedRate>,
    /// Lowest success rate.
    pub least_reliable_cuj: Option<NamedRate>,
}

/// A CUJ and its average duration.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NamedDuration {
    /// The CUJ.
    pub cuj_id: Text,
    /// Milliseconds.
    pub avg_duration_ms: f64,
}

/// A CUJ and its success rate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NamedRate {
    /// The CUJ.
    pub cuj_id: Text,
    /// A fraction.
    pub success_rate: f64,
}
