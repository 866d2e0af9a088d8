//! What the dashboard derives from other answers.

use crate::report::{
    Available, ByName, CujSummary, Highlights, NamedDuration, NamedRate, OverallHealth, ProviderSection, SkillWindow,
    Statistics, SuccessRate, Text, TopSkill, average, ratio,
};

const TOP_SKILLS: usize = 10;

/// All CUJs of a window together; `None` when there are none.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub fn cuj_summary(rates: &ByName<SuccessRate>) -> Option<CujSummary> {
    let sum = |value: fn(&SuccessRate) -> u64| rates.0.iter().map(|(_, rate)| value(rate)).sum::<u64>();
    let (total, successful) = (sum(|rate| rate.total), sum(|rate| rate.successful));
    let weighted: f64 = rates.0.iter().map(|(_, rate)| rate.avg_duration_ms * rate.total as f64).sum();
    (!rates.0.is_empty()).then(|| CujSummary {
        total_cujs: rates.0.len() as u64,
        total_executions: total,
        total_successful: successful,
        overall_success_rate: ratio(successful, total),
        avg_duration_ms: average(weighted, total),
    })
}

/// The extremes of a window's rates.
#[must_use]
pub fn highlights(rates: &ByName<SuccessRate>) -> Highlights {
    let pick = |better: fn(&SuccessRate, &SuccessRate) -> bool| {
        let mut best: Option<&(Text, SuccessRate)> = None;
        for entry in &rates.0 {
            if best.is_none_or(|best| better(&entry.1, &best.1)) {
                best = Some(entry);
            }
        }
        best
    };
    let duration = |(name, rate): &(Text, SuccessRate)| NamedDuration {
        cuj_id: name.clone(),
        avg_duration_ms: rate.avg_duration_ms,
    };
    let reliability = |(name, rate): &(Text, SuccessRate)| NamedRate { cuj_id: name.clone(), success_rate: rate.rate };
    Highlights {
        fastest_cuj: pick(|a, b| a.avg_duration_ms < b.avg_duration_ms).map(duration),
        slowest_cuj: pick(|a, b| a.avg_duration_ms > b.avg_duration_ms).map(duration),
        most_reliable_cuj: pick(|a, b| a.rate > b.rate).map(reliability),
        least_reliable_cuj: pick(|a, b| a.rate < b.rate).map(reliability),
    }
}

/// The most used skills, ties by first appearance.
#[must_use]
pub fn top_skills(statistics: &Statistics) -> Vec<TopSkill> {
    let mut skills: Vec<_> = statistics.by_skill.0.iter().collect();
    skills.sort_by_key(|(_, skill)| std::cmp::Reverse(skill.count));
    skills
        .into_iter()
        .take(TOP_SKILLS)
        .map(|(name, skill)| TopSkill {
            skill: name.clone(),
            count: skill.count,
            avg_duration_ms: average(skill.duration_ms, skill.count),
            failure_rate: ratio(skill.failures, skill.count),
            cache_hit_rate: ratio(skill.cache_hits, skill.count),
        })
        .collect()
}

/// A window's statistics as the dashboard shows them.
#[must_use]
pub fn skill_window(statistics: Statistics) -> SkillWindow {
    SkillWindow {
        total_invocations: statistics.total_invocations,
        successful: statistics.successful,
        failed: statistics.failed,
        success_rate: ratio(statistics.successful, statistics.total_invocations),
        cache_hits: statistics.cache_hits,
        cache_hit_rate: ratio(statistics.cache_hits, statistics.total_invocations),
        total_duration_ms: statistics.total_duration_ms,
        avg_duration_ms: statistics.avg_duration_ms,
        by_skill: statistics.by_skill,
        by_agent: statistics.by_agent,
    }
}

/// Provider health as the dashboard shows it; `now` is ISO text.
#[must_use]
pub fn provider_section(all: ByName<Available>, overall: &OverallHealth, now: String) -> ProviderSection {
    ProviderSection {
        providers: all,
        last_updated: now,
        status: overall.status,
        overall_success_rate: overall.overall_success_rate,
        overall_avg_latency_ms: overall.overall_avg_latency_ms,
    }
}
