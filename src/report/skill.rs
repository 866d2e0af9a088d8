//! Answers about skill invocations.

use serde::Serialize;

use super::ByName;

/// Totals over a set of skill invocations.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Statistics {
    /// Invocations.
    pub total_invocations: u64,
    /// Those with the result `success`.
    pub successful: u64,
    /// Those with the result `failure`.
    pub failed: u64,
    /// Those answered from a cache.
    pub cache_hits: u64,
    /// Milliseconds.
    pub total_duration_ms: f64,
    /// Milliseconds, 0 when there are none.
    pub avg_duration_ms: f64,
    /// By skill, in order of first appearance.
    pub by_skill: ByName<SkillStatistics>,
    /// By agent, likewise.
    pub by_agent: ByName<AgentStatistics>,
    /// By CUJ, likewise; invocations without one are left out.
    pub by_cuj: ByName<AgentStatistics>,
}

/// One skill's share.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SkillStatistics {
    /// Invocations.
    pub count: u64,
    /// Milliseconds.
    pub duration_ms: f64,
    /// Those with the result `failure`.
    pub failures: u64,
    /// Those answered from a cache.
    pub cache_hits: u64,
}

/// One agent's or CUJ's share.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct AgentStatistics {
    /// Invocations.
    pub count: u64,
    /// Milliseconds.
    pub duration_ms: f64,
}
