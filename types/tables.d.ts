// Types of the tables over a period: skills, agents, CUJs, providers, failures, runs, and the latest log entries.

import type { LogFilters, SkillInvocation } from './structured-logger.js';

/**
 * From one moment to another, both inclusive: a `Date`, ISO text (a date alone means that whole UTC day) or epoch ms.
 * Without `from` it is the 7 days before the end (runs: 24 hours), `null` means all of history. Without `to` it ends now, and
 * what is dated later counts too.
 */
export interface Period {
  from?: Date | string | number | null;
  to?: Date | string | number | null;
}

/**
 * A period, and how many milliseconds earlier the one begins that it is compared with: a week makes a Monday stand against a
 * Monday. The two never overlap: what is shorter than the period, and nothing, means the period just before it.
 */
export interface ComparedPeriod extends Period {
  backMs?: number | null;
}

/** A table and its period, as absolute times, so that it can be asked for again. */
export interface PeriodTable<Row> {
  /** The version of this shape. */
  schema: 1;
  /** ISO text; `null` for all of history. */
  from: string | null;
  /** ISO text. */
  to: string;
  /** Where the period begins that this one is compared with, which is as long; `null` for all of history. */
  before_from: string | null;
  /** Those with the most calls or runs first, ties by first appearance. Who has some only in the period before is there too. */
  rows: Row[];
}

/** How much a skill or an agent was used. Rates are from 0 to 1, times in milliseconds. */
export interface UsageRow {
  calls: number;
  /** Calls whose result is `"success"`. */
  successful: number;
  /** Calls whose result is `"failure"`. */
  failed: number;
  /** `successful / calls`; 0 without calls. */
  success_rate: number;
  cache_hits: number;
  /** Of the finite durations, by nearest rank; `null` when there are none. */
  p50_ms: number | null;
  p95_ms: number | null;
  /** What the two are off by at most, as a share of themselves: 0 up to 16,384 calls, then 0.001. */
  error_bound: number;
  /** ISO text of the first call. */
  first_used: string | null;
  /** ISO text of the last call; without calls of the last one in the period before. */
  last_used: string | null;
  /** Calls in each of twenty equal parts of the period, oldest first. */
  spark: number[];
  /** Failed calls in the same parts. */
  spark_failed: number[];
  /** The period before; `null` for all of history. */
  before: {
    calls: number;
    successful: number;
    failed: number;
    success_rate: number;
    p95_ms: number | null;
  } | null;
  /**
   * How probable so large a difference of the two success rates is when nothing changed (Fisher's exact test), from 0 to 1.
   * Below 0.05 it is hardly chance. `null` without calls in both periods.
   */
  chance: number | null;
}

/** A skill; with `by` also who or what used it, `null` where the records name none. */
export interface SkillRow extends UsageRow {
  skill: string;
  agent?: string | null;
  cuj_id?: string | null;
  run_id?: string | null;
}

/** An agent, by the skills that it used. */
export interface AgentRow extends UsageRow {
  agent: string | null;
  /** Different skills. */
  skills: number;
}

/** What executions or calls came to. */
export interface Outcomes {
  total: number;
  successful: number;
  failed: number;
  /** `successful / total`; 0 with none. */
  rate: number;
  /** Where the true rate lies with 95 % confidence (Wilson): from `low` to `high`. With none 0 to 1. */
  low: number;
  high: number;
  /** Of the finite durations, exact, by nearest rank, in milliseconds; `null` when there are none. */
  p50_ms: number | null;
  p95_ms: number | null;
  /** The period before; `null` for all of history. */
  before: { total: number; successful: number; failed: number; rate: number } | null;
  /** As in {@link UsageRow}. */
  chance: number | null;
}

/** Kinds of errors: no room (503, 529), too many requests (429, quota), not allowed (401, 403), too slow (408, 504), all else. */
export type ErrorKindName = 'overloaded' | 'rate_limit' | 'auth' | 'timeout' | 'other';

/** The last failure, in the order of the file. */
export interface FailureSeen {
  /** ISO text; `null` when unreadable. */
  at: string | null;
  /** As recorded; `null` when there is none. */
  error: string | null;
  kind: ErrorKindName;
}

/** A CUJ. `total` counts its executions. */
export interface CujRow extends Outcomes {
  cuj_id: string;
  /** How many of the latest executions ended alike: `3` for three successes, `-3` for three failures, 0 without any. */
  streak: number;
  /** Whether each of the last executions in the period succeeded, oldest first; twenty unless more are asked for. */
  strip: boolean[];
  /** ISO text. */
  first_run: string | null;
  /** ISO text; without executions of the last one in the period before. */
  last_run: string | null;
  last_failure: FailureSeen | null;
}

/** A provider. `total` counts its calls, of all processes; resets of a monitor hide none of them. */
export interface ProviderRow extends Outcomes {
  provider: string;
  /** `'healthy'` from a rate of 0.9 on, `'degraded'` from 0.7 on, `'unhealthy'` below, `'unknown'` without calls. */
  state: 'healthy' | 'degraded' | 'unhealthy' | 'unknown';
  /** The failed calls by the kind of their errors. */
  kinds: Record<ErrorKindName, number>;
  /** ISO text; without calls of the last one in the period before. */
  last_call: string | null;
  last_failure: FailureSeen | null;
}

/** Failures whose errors say the same. */
export interface FailureGroup {
  source: 'cuj' | 'skill' | 'provider';
  /** What the errors have in common: paths, credentials, ids and measures are left out. `'Unknown error'` when they say nothing. */
  text: string;
  kind: ErrorKindName;
  count: number;
  /** ISO text of the earliest; `null` when none has a readable time. */
  first_seen: string | null;
  /** ISO text of the latest. */
  last_seen: string | null;
  /** One of the errors as recorded. */
  example: string;
  /** Who failed, the most frequent first, at most five. */
  subjects: { name: string; count: number }[];
  subject_count: number;
}

/** The failures of a period. */
export interface Failures {
  schema: 1;
  /** ISO text; `null` for all of history. */
  from: string | null;
  /** ISO text. */
  to: string;
  /** All failures. */
  total: number;
  /** All groups, those beyond the limit too. */
  group_count: number;
  /** The most frequent first, then the latest. */
  groups: FailureGroup[];
}

/** One invocation of a skill. */
export interface SkillCall {
  /** ISO text; `null` when unreadable. */
  at: string | null;
  skill: string;
  agent: string | null;
  result: string | null;
  /** Milliseconds; `null` when not a finite number. */
  duration_ms: number | null;
  cache_hit: boolean;
  run_id: string | null;
  cuj_id: string | null;
  /** As recorded. */
  error: unknown;
}

/** The slowest invocations of a period. */
export interface SlowestCalls {
  schema: 1;
  from: string | null;
  to: string;
  /** The slowest first. */
  calls: SkillCall[];
}

/** A run, as its progress events tell of it. */
export interface RunRow {
  run_id: unknown;
  /** The CUJ that it is a run of, where that can be told. */
  cuj_id: string | null;
  /** What told it: skill invocations of the run, metadata (`cuj_id`) of its last event, or the beginning of its id. */
  cuj_from: 'skills' | 'progress' | 'name' | null;
  /** `'stalled'` is one in progress that has been silent for longer than `stalled_after_ms`. */
  state: 'running' | 'stalled' | 'completed' | 'failed';
  /** ISO text of the earliest event. */
  started_at: string | null;
  /** ISO text of the latest event. */
  updated_at: string | null;
  /** Milliseconds until the last event, or until now while it is in progress. */
  elapsed_ms: number;
  /** Milliseconds since the last event; `null` when it ended. */
  silent_ms: number | null;
  /** The longest pause of the runs of its CUJ that ended (of all runs while those are fewer than five), at least a minute. */
  stalled_after_ms: number;
  /** How many runs that rests on; 0 while fewer than five have ended, and then it is ten minutes. */
  stalled_from_runs: number;
  /** Of the last event, as recorded. */
  step: unknown;
  /** Steps in all, as the percentage of the last event tells. */
  total_steps: number | null;
  /** From 0 to 100. */
  percentage: number | null;
  /** Of the last event, as recorded. */
  message: unknown;
  events: number;
  /** How long the executions of the CUJ took that succeeded in the last 30 days; `null` when there are none. */
  expected: { runs: number; p50_ms: number; p90_ms: number } | null;
  /** What is left until the median and until the 90th percentile of those, while it is in progress. */
  left_ms: [number, number] | null;
  /** Skill invocations with its id. */
  skill_calls: number;
  /** The skills that were used last, the latest first, at most three. */
  skills: string[];
  /** The agents that used them. */
  agents: string[];
}

/** The runs of a period. */
export interface Runs {
  schema: 1;
  from: string | null;
  to: string;
  /** Runs whose latest event is in the period, those beyond the limit too. */
  total: number;
  /** Those in progress first; the latest first. */
  runs: RunRow[];
}

/** One run with everything on record that has its id. */
export interface RunDetail {
  schema: 1;
  /** `null` when no progress event has the id. */
  run: RunRow | null;
  /** In the order in which they began. A step of which only the end is told began at the event before. */
  steps: {
    step: unknown;
    status: unknown;
    started_at: string | null;
    updated_at: string | null;
    duration_ms: number | null;
    message: unknown;
  }[];
  /** The last 500, oldest first. */
  skill_calls: SkillCall[];
  provider_calls: {
    at: string | null;
    provider: string;
    success: boolean;
    latency_ms: number | null;
    error: unknown;
  }[];
  executions: {
    at: string | null;
    cuj_id: string;
    success: boolean;
    duration_ms: number | null;
    error: unknown;
    /** `[memory_delta_mb, heap_used_mb, cpu_user_ms, cpu_system_ms]` as `trackResourceUsage` measured them. */
    resources: [number | null, number | null, number | null, number | null] | null;
  }[];
  /** Records that joined: progress and skills by `run_id`, calls and executions by `run_id` or `runId` of their metadata. */
  joined: { progress: number; skill_invocations: number; provider_calls: number; cuj_executions: number };
}

/**
 * How much each skill was used in a period, each against the period before.
 *
 * @param options A {@link ComparedPeriod}; `skill` for one only; `by` to tell apart which agent, CUJ or run used it.
 * @throws {RangeError} A time, `backMs` or `by` cannot be used.
 * @throws {TypeError} `options` is not an object, or cannot be read.
 * @example
 * getSkillTable({ from: '2026-05-01' }).rows[0]; // { skill: 'repo-rag', calls: 212, p95_ms: 431, … }
 */
export function getSkillTable(
  options?: (ComparedPeriod & { skill?: string; by?: 'agent' | 'cuj' | 'run' | null }) | null,
): PeriodTable<SkillRow>;

/**
 * The same by agent.
 *
 * @throws {RangeError} A time or `backMs` cannot be used.
 * @throws {TypeError} `options` is not an object, or cannot be read.
 * @example
 * getAgentTable({ from: null }).rows.map(({ agent, calls }) => [agent, calls]);
 */
export function getAgentTable(options?: ComparedPeriod | null): PeriodTable<AgentRow>;

/**
 * How each CUJ did in a period: its rate with an interval, its durations, its last executions, against the period before.
 *
 * @param options A {@link ComparedPeriod}; `cujId` for one only; `strip`, of how many of the last executions `strip` tells,
 * default 20, at most 1000.
 * @throws {RangeError} A time, `backMs` or `strip` cannot be used.
 * @throws {TypeError} `options` is not an object, or cannot be read.
 * @example
 * getCujTable({ cujId: 'CUJ-005' }).rows[0]?.streak; // -2: the last two failed
 */
export function getCujTable(
  options?: (ComparedPeriod & { cujId?: string; strip?: number }) | null,
): PeriodTable<CujRow>;

/**
 * How each provider did in a period, with the kinds of its failures.
 *
 * @throws {RangeError} A time or `backMs` cannot be used.
 * @throws {TypeError} `options` is not an object, or cannot be read.
 * @example
 * getProviderTable().rows[0]?.kinds.overloaded; // 12 calls
 */
export function getProviderTable(options?: ComparedPeriod | null): PeriodTable<ProviderRow>;

/**
 * The failures of a period, of CUJs, skills and providers, grouped by what their errors say.
 *
 * @param options A {@link Period}; one of `cujId`, `skill` and `provider` for one only; `source` for one kind of record;
 * `limit` groups, default 50, 0 for all.
 * @throws {RangeError} A time, `source` or `limit` cannot be used.
 * @throws {TypeError} Two of `cujId`, `skill` and `provider` are given, or `options` is not an object.
 * @example
 * getFailures({ skill: 'deploy' }).groups[0]; // { text: 'Timeout after # ms', count: 7, first_seen: '2026-05-02T…', … }
 */
export function getFailures(
  options?:
    | (Period & {
        cujId?: string;
        skill?: string;
        provider?: string;
        source?: 'cuj' | 'skill' | 'provider' | null;
        limit?: number | null;
      })
    | null,
): Failures;

/**
 * The slowest invocations of a period.
 *
 * @param options A {@link Period}; `skill` for one only; `limit`, default 10, 0 for all.
 * @throws {RangeError} A time or `limit` cannot be used.
 * @throws {TypeError} `options` is not an object, or cannot be read.
 * @example
 * getSlowestCalls({ skill: 'deploy', limit: 3 }).calls.map(({ run_id }) => run_id);
 */
export function getSlowestCalls(options?: (Period & { skill?: string; limit?: number | null }) | null): SlowestCalls;

/**
 * The runs whose latest progress event is in a period, of all processes: those in progress, then those that ended.
 *
 * @param options A {@link Period}, default the last 24 hours; `limit`, default 50, 0 for all.
 * @throws {RangeError} A time or `limit` cannot be used.
 * @throws {TypeError} `options` is not an object, or cannot be read.
 * @example
 * getRuns().runs.filter(({ state }) => state === 'stalled').map(({ run_id, silent_ms }) => [run_id, silent_ms]);
 */
export function getRuns(options?: (Period & { limit?: number | null }) | null): Runs;

/**
 * One run: its steps with their durations, and the skill invocations, provider calls and executions that have its id.
 *
 * @throws {TypeError} `runId` is missing.
 * @example
 * getRun('CUJ-005-1780000000000-77').steps.map(({ step, duration_ms }) => [step, duration_ms]);
 */
export function getRun(runId: string): RunDetail;

/**
 * The latest matching entries of the skill log, oldest first, over all days unless a date is given.
 *
 * @param filters As for `queryLogs`, but `limit` (default 20, 0 for all) keeps the last ones; `grep` is the text of a regular
 * expression of JavaScript that an entry's line has to match, whatever the case.
 * @throws {RangeError} `limit`, `startDate` or `endDate` cannot be read.
 * @throws {TypeError} `filters` is not an object, or cannot be read; `grep` is no text.
 * @throws {Error} `OBS_BAD_PATTERN`: `grep` cannot be searched with.
 * @example
 * getLatestLogs({ skill: 'deploy', grep: 'time.?out', limit: 5 });
 */
export function getLatestLogs(filters?: (LogFilters & { grep?: string | null }) | null): SkillInvocation[];

/** Executions of a CUJ, or calls, in equal parts of a period. */
export interface Timeline {
  schema: 1;
  kind: 'cuj' | 'skill' | 'agent' | 'provider';
  /** Which one; `null` for all of that kind. */
  name: string | null;
  /** ISO text; `null` for all of history. */
  from: string | null;
  /** ISO text. */
  to: string;
  /** Bounds of the counts in `durations` of each part, milliseconds, ascending: thirteen, or none without durations. */
  edges_ms: number[];
  /** Oldest first. What is dated behind the end is in the last one. */
  parts: TimelinePart[];
  /** How many there are. */
  total: number;
  /** The latest, oldest first. */
  last: {
    /** ISO text. */
    at: string;
    /** Of a call of a skill or agent `null` when its result is neither `"success"` nor `"failure"`. */
    success: boolean | null;
    /** Milliseconds; `null` when not a finite number. */
    duration_ms: number | null;
    /** The run that it names, `null` where it names none; only where `runIds` are asked for. */
    run_id?: string | null;
  }[];
}

/** One part of a {@link Timeline}. */
export interface TimelinePart {
  /** ISO text of the first moment. */
  from: string;
  /** ISO text of the last moment. */
  to: string;
  total: number;
  successful: number;
  failed: number;
  /** `successful / total`; `null` with none. */
  rate: number | null;
  /** Of the finite durations, exact, by nearest rank, in milliseconds; `null` when there are none. */
  p50_ms: number | null;
  p95_ms: number | null;
  /** How many durations lie between two of `edges_ms`. */
  durations: number[];
}

/**
 * What a CUJ, a skill, an agent or a provider came to over time: rates, durations and counts for a heat map. Records
 * without a readable time are left out.
 *
 * @param options A {@link Period}; one of `cujId`, `skill`, `agent` and `provider`, or `kind` for all of a kind (default
 * `'cuj'`); `parts` of the period, default 60, at most 1000; `limit` for `last`, default 50, 0 for all; `minMs` and `maxMs`
 * to count only those that took at least, and less than, so long; `runIds`, whether each of `last` tells its run.
 * @throws {RangeError} A time, `kind`, `parts`, `limit`, `minMs` or `maxMs` cannot be used.
 * @throws {TypeError} Two of `cujId`, `skill`, `agent` and `provider` are given, or `options` is not an object.
 * @example
 * getTimeline({ cujId: 'CUJ-005', parts: 7 }).parts.map(({ rate }) => rate); // a rate for each day of the week
 */
export function getTimeline(
  options?:
    | (Period & {
        cujId?: string;
        skill?: string;
        agent?: string;
        provider?: string;
        kind?: 'cuj' | 'skill' | 'agent' | 'provider';
        parts?: number;
        limit?: number | null;
        minMs?: number | null;
        maxMs?: number | null;
        runIds?: boolean;
      })
    | null,
): Timeline;
