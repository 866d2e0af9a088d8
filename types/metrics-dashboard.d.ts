// Types of the dashboard and of resource tracking, `@obs/native/metrics-dashboard`.

import type { CujMetrics } from './metrics-tracker.js';
import type { AvailableProvider, OverallHealth } from './provider-health.js';
import type { Finding, SkillPerformance } from './questions.js';
import type { LogStatistics } from './structured-logger.js';

/** All CUJs of one window together. */
export interface CujSummary {
  total_cujs: number;
  total_executions: number;
  total_successful: number;
  /** From 0 to 1. */
  overall_success_rate: number;
  /** Milliseconds, weighted by executions. */
  avg_duration_ms: number;
}

/** By window; a summary is absent where its window is empty. */
export type DashboardCujs = {
  [Label in '1h' | '24h' | '7d' | '30d']: Record<string, CujMetrics>;
} & {
  [Label in '1h_summary' | '24h_summary' | '7d_summary' | '30d_summary']?: CujSummary;
};

/** Skill invocations of one window. Rates are from 0 to 1. */
export interface SkillSummary extends Omit<LogStatistics, 'by_cuj'> {
  success_rate: number;
  cache_hit_rate: number;
}

/** One of the most used skills. Rates are from 0 to 1. */
export interface TopSkill {
  skill: string;
  count: number;
  /** Milliseconds. */
  avg_duration_ms: number;
  failure_rate: number;
  cache_hit_rate: number;
}

/** By window, with the 10 most used skills of each and how fast every skill was. */
export type DashboardSkills = {
  [Label in '1h' | '24h' | '7d']: SkillSummary;
} & {
  [Label in '1h_top_skills' | '24h_top_skills' | '7d_top_skills']: TopSkill[];
} & {
  [Label in '1h_performance' | '24h_performance' | '7d_performance']: Record<string, SkillPerformance>;
};

/** The providers' health when the dashboard was made. */
export interface DashboardProviders {
  providers: Record<string, AvailableProvider>;
  /** ISO text. */
  last_updated: string;
  status: OverallHealth['status'];
  overall_success_rate: number;
  overall_avg_latency_ms: number;
}

/** What the process that made the dashboard used. Megabytes are text with two decimals. */
export interface DashboardResources {
  current_process: {
    heap_used_mb: string;
    heap_total_mb: string;
    external_mb: string;
    rss_mb: string;
    cpu_user_ms: number;
    cpu_system_ms: number;
  };
  system_info: {
    platform: string;
    arch: string;
    node_version: string;
    /** Of the process. */
    uptime_seconds: number;
  };
}

/** The extremes of the last 24 hours; all `null` with no CUJ. */
export interface DashboardHighlights {
  fastest_cuj: { cuj_id: string; avg_duration_ms: number } | null;
  slowest_cuj: { cuj_id: string; avg_duration_ms: number } | null;
  most_reliable_cuj: { cuj_id: string; success_rate: number } | null;
  least_reliable_cuj: { cuj_id: string; success_rate: number } | null;
}

/** Everything on record, in one object. */
export interface MetricsDashboard {
  /** ISO text. */
  generated_at: string;
  summary: {
    cujs: DashboardCujs;
    skills: DashboardSkills;
    providers: DashboardProviders;
    resources: DashboardResources;
  };
  highlights: DashboardHighlights;
  metadata: { dashboard_version: '1.0.0'; monitoring_enabled: true };
  /** At most one of each kind, over the last 24 hours; empty when there is nothing to tell. */
  findings: Finding[];
}

/** What a step used. */
export interface ResourceUsage {
  step: string;
  duration_ns: number;
  duration_ms: number;
  /** Change of the used heap; negative after a garbage collection. */
  memory_delta_mb: number;
  /** The used heap at the end. */
  heap_used_mb: number;
  cpu_user_ms: number;
  cpu_system_ms: number;
}

/**
 * A dashboard of everything on record.
 *
 * @example
 * generateMetricsDashboard().summary.cujs['24h_summary']?.overall_success_rate; // 0.97
 */
export function generateMetricsDashboard(): MetricsDashboard;

/**
 * Writes a dashboard to `.claude/context/analytics/metrics-dashboard.json`, replacing it whole.
 *
 * @param dashboard Default: a new one.
 * @returns The file's absolute path.
 * @throws {TypeError} `dashboard` is not an object.
 * @throws {Error} The file cannot be written; `code` says why: `OBS_IO`, `OBS_DISABLED`.
 * @example
 * saveDashboard(); // '/home/me/app/.claude/context/analytics/metrics-dashboard.json'
 */
export function saveDashboard(dashboard?: object): string;

/**
 * The dashboard saved last, `null` when there is none that can be read.
 *
 * @example
 * loadDashboard()?.generated_at; // '2026-05-05T12:00:00.000Z'
 */
export function loadDashboard(): MetricsDashboard | null;

/**
 * A dashboard as text for a terminal. A section without data is left out; control characters are shown escaped.
 *
 * @throws {TypeError} `dashboard` is not an object.
 * @example
 * console.log(formatDashboard(generateMetricsDashboard()));
 */
export function formatDashboard(dashboard: object): string;

/**
 * Measures what a step uses from now until `end()`.
 *
 * @example
 * const usage = trackResourceUsage('build');
 * // … the step …
 * usage.end().duration_ms; // 812.4
 */
export function trackResourceUsage(stepName: string): { end(): ResourceUsage };
