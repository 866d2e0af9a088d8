// Types of the questions that only the main entry answers: how fast skills are, how steady CUJs are, what they use over time.

import type { LogFilters } from './structured-logger.js';
import type { TrendBucket } from './metrics-tracker.js';

/** How fast one skill answered. Rates are from 0 to 1, times in milliseconds. */
export interface SkillPerformance {
  /** Invocations, those without a finite duration among them. */
  count: number;
  /** Share of the invocations whose result is `"success"`. */
  success_rate: number;
  /** Share of the invocations answered from a cache. */
  cache_hit_rate: number;
  /** The sum of the durations by `count`, as in the statistics; a duration that is not finite is 0 in the sum. */
  mean_ms: number;
  /** Percentiles of the finite durations by nearest rank, 0 when there are none; see `method`. */
  p50_ms: number;
  p90_ms: number;
  p95_ms: number;
  p99_ms: number;
  /** Exact; 0 when there is no finite duration. */
  min_ms: number;
  /** Exact; 0 when there is no finite duration. */
  max_ms: number;
  /**
   * `'exact'` nearest rank; of more than 16,384 invocations of a skill `'hdr'`, from a histogram of high dynamic range.
   */
  method: 'exact' | 'hdr';
  /** What a percentile is off by at most, as a share of itself (or half a microsecond, if that is more): 0 or 0.001. */
  error_bound: number;
}

/** How steadily a CUJ succeeds, over its executions in the order of the file. */
export interface CujStability {
  cuj_id: string;
  total: number;
  /** How often an execution ended differently (success or failure) from the one before. */
  flips: number;
  /** `flips / (total - 1)`, from 0 to 1; 0 with fewer than two executions. */
  flip_rate: number;
  /** How many of the latest executions ended the same way: `3` for three successes, `-3` for three failures, 0 for none. */
  current_streak: number;
  /** The most failures in a row. */
  longest_failure_streak: number;
}

/** One stretch of time with its durations, in milliseconds; 0 when there are none. */
export interface PerformanceBucket extends TrendBucket {
  /** Not rounded. */
  avg_duration_ms: number;
  /** Exact, by nearest rank. */
  p50: number;
  /** Exact, by nearest rank. */
  p95: number;
  max: number;
}

/** How a measured value went, over the records that have it, in the order of the file. */
export interface ValueTrend {
  /** Records that have the value. */
  count: number;
  first: number;
  last: number;
  mean: number;
  /** Exact, by nearest rank. */
  p95: number;
  /** Change from one of these records to the next, by least squares; 0 with a single one. A steady positive slope is a leak. */
  slope: number;
}

/** What records tell of the resources used; `null` where none does. Values as `trackResourceUsage` measures them. */
export interface ResourceTrend {
  /** Records that tell at least one of the four. */
  count: number;
  /** Megabytes. */
  memory_delta_mb: ValueTrend | null;
  /** Megabytes. */
  heap_used_mb: ValueTrend | null;
  /** Milliseconds. */
  cpu_user_ms: ValueTrend | null;
  /** Milliseconds. */
  cpu_system_ms: ValueTrend | null;
}

/** Something in the last 24 hours that is worth a look. Whoever has fewer than three records is left out. */
export interface Finding {
  /**
   * What fails comes first. What `value` is: of `failing_cuj` and `failing_skill` (a fifth or more failed) the share of
   * failures; of `sick_provider` (fewer than 90 % of all calls on record succeeded) the share of failed calls; of `slowest_skill` the 95th percentile in milliseconds; of `flakiest_cuj` the flip rate (see
   * {@link CujStability}); of `changed_cuj` the success rate less that of the 24 hours before, from -1 to 1; of
   * `growing_cuj` or `growing_skill`, whichever grew faster, the slope of `heap_used_mb` in megabytes per record, or of
   * `memory_delta_mb` where no record tells the heap.
   */
  kind:
    | 'failing_cuj'
    | 'failing_skill'
    | 'sick_provider'
    | 'changed_cuj'
    | 'slowest_skill'
    | 'flakiest_cuj'
    | 'growing_cuj'
    | 'growing_skill';
  /** The CUJ, the skill or the provider. */
  subject: string;
  value: number;
  /** Records that the value rests on; of `changed_cuj` those of the last 24 hours. */
  n: number;
  /** `'all'` of a provider. */
  window: '24h' | 'all';
  /** Of `changed_cuj`: the rate of the 24 hours before, and its count. */
  before?: { rate: number; n: number };
  /** Of `changed_cuj`: how probable so large a change is when nothing changed (Fisher's exact test), from 0 to 1. */
  chance?: number;
  /** The most frequent error of a CUJ, the latest of a provider, where there is one. */
  error?: string;
  /** The command line that shows the records behind it, for a POSIX shell in the project root. */
  command: string;
}

/**
 * How fast each skill was, in order of first appearance, over the entries that `queryLogs` would return.
 *
 * @param filters As for `queryLogs`; without a date the current UTC day.
 * @throws {RangeError} `limit`, `startDate` or `endDate` cannot be read.
 * @throws {TypeError} `filters` is not an object.
 * @example
 * getSkillPerformance({ startDate: '2026-05-01', endDate: '2026-05-07' })['repo-rag']?.p95_ms; // 431
 */
export function getSkillPerformance(filters?: LogFilters | null): Record<string, SkillPerformance>;

/**
 * How steadily a CUJ succeeded: how often success and failure alternated, and for how long it has been one of them.
 *
 * @param timeWindow Milliseconds, default 86,400,000 (a day); `null` or 0 for all history.
 * @throws {RangeError} `timeWindow` is neither a positive finite number nor `null` or 0, or starts before the year 0000.
 * @example
 * getCujStability('CUJ-005', 604_800_000).flip_rate; // 0.4: two in five executions ended unlike the one before
 */
export function getCujStability(cujId: string, timeWindow?: number | null): CujStability;

/**
 * Success and durations over time, oldest bucket first. The last bucket ends now, exclusive.
 *
 * @param buckets A whole number from 1 to 100,000, default 24.
 * @param bucketSize Milliseconds, default 3,600,000 (an hour).
 * @throws {RangeError} `buckets` or `bucketSize` cannot be used.
 * @example
 * getCujPerformanceTrend('CUJ-005', 7, 86_400_000).map((day) => day.p95);
 */
export function getCujPerformanceTrend(cujId: string, buckets?: number, bucketSize?: number): PerformanceBucket[];

/**
 * What the executions of a CUJ or the invocations of a skill used over time: finite numbers that stand in a record's
 * `metadata` or in `metadata.resources` (the former counts where both have one), as `trackResourceUsage` gives them.
 *
 * @param subject Either a CUJ or a skill.
 * @param timeWindow Milliseconds, default 86,400,000 (a day); `null` or 0 for all history.
 * @throws {TypeError} `subject` has neither or both of `cujId` and `skill`.
 * @throws {RangeError} As {@link getCujStability}.
 * @example
 * const usage = trackResourceUsage('build');
 * // … the step …
 * recordCujExecution('CUJ-005', true, 812, null, { resources: usage.end() });
 * getResourceTrend({ cujId: 'CUJ-005' }).heap_used_mb?.slope; // 0.8: megabytes more with each execution
 */
export function getResourceTrend(
  subject: { cujId: string; skill?: undefined } | { skill: string; cujId?: undefined },
  timeWindow?: number | null,
): ResourceTrend;
