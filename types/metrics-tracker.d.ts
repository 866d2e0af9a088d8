// Types of the CUJ metrics, `@obs/native/metrics-tracker`. A time window is in milliseconds; `null` or 0 means all history.

/** Executions of one CUJ in a time window. */
export interface CujMetrics {
  cuj_id: string;
  total: number;
  successful: number;
  failed: number;
  /** Share of successful executions, from 0 to 1; 0 when there are none. */
  rate: number;
  /** Milliseconds, not rounded; 0 when there are no executions. */
  avg_duration_ms: number;
  /** The window asked for, in milliseconds. */
  time_window_ms: number | null;
  /** ISO text; absent when there are no executions. */
  window_start?: string;
  /** ISO text; absent when there are no executions. */
  window_end?: string;
}

/** One stretch of time in a trend. */
export interface TrendBucket {
  /** ISO text, inclusive. */
  bucket_start: string;
  /** ISO text, exclusive. */
  bucket_end: string;
  total: number;
  successful: number;
  failed: number;
  /** From 0 to 1; 0 when the bucket is empty. */
  rate: number;
}

/** What went wrong in a time window. */
export interface FailureAnalysis {
  cuj_id: string;
  total_failures: number;
  unique_errors: number;
  /** At most 10, most frequent first, ties by first appearance; a missing error counts as `Unknown error`. */
  top_errors: { error: string; count: number }[];
  /** The last 5, in the order of the file. */
  recent_failures: { timestamp: string; error: string | null; duration_ms: number | null }[];
}

/** Exact nearest-rank percentiles of the durations, in milliseconds; with none `{ p50: 0, …, p99: 0 }` and nothing else. */
export interface PerformancePercentiles {
  cuj_id?: string;
  p50: number;
  p75: number;
  p90: number;
  p95: number;
  p99: number;
  min?: number;
  max?: number;
  count?: number;
}

/**
 * Records one execution of a CUJ.
 *
 * @param cujId Such as `"CUJ-005"`.
 * @param success Whether it succeeded; stored as a boolean.
 * @param duration Milliseconds; what is not a finite number is stored as `null`.
 * @param error An `Error`, any object with a `message`, or text. Paths and secrets are taken out, the rest cut at 500 units.
 * @param metadata Anything more; redacted.
 * @throws {TypeError} `cujId` is not a non-empty string.
 * @example
 * recordCujExecution('CUJ-005', false, 8210, new Error('Timeout after 8000ms'), { agents: ['qa'] });
 */
export function recordCujExecution(
  cujId: string,
  success: boolean,
  duration?: number | null,
  error?: unknown,
  metadata?: unknown,
): void;

/**
 * How often a CUJ succeeded.
 *
 * @param timeWindow Milliseconds, default 86,400,000 (a day).
 * @throws {RangeError} `timeWindow` is neither a positive finite number nor `null` or 0, or starts before the year 0000.
 * @example
 * getCujSuccessRate('CUJ-005', 3_600_000).rate; // 0.95
 */
export function getCujSuccessRate(cujId: string, timeWindow?: number | null): CujMetrics;

/**
 * The same for every CUJ with an execution in the window, in order of first appearance there.
 *
 * @param timeWindow Milliseconds, default 86,400,000 (a day).
 * @throws {RangeError} As {@link getCujSuccessRate}.
 * @example
 * Object.keys(getAllCujMetrics(null)); // every CUJ ever recorded
 */
export function getAllCujMetrics(timeWindow?: number | null): Record<string, CujMetrics>;

/**
 * Success over time, oldest bucket first. The last bucket ends now, exclusive.
 *
 * @param buckets A whole number from 1 to 100,000, default 24.
 * @param bucketSize Milliseconds, default 3,600,000 (an hour).
 * @throws {RangeError} `buckets` or `bucketSize` cannot be used.
 * @example
 * getCujTrending('CUJ-005', 7, 86_400_000).map((day) => day.rate);
 */
export function getCujTrending(cujId: string, buckets?: number, bucketSize?: number): TrendBucket[];

/**
 * The failures of a CUJ.
 *
 * @param timeWindow Milliseconds, default 86,400,000 (a day).
 * @throws {RangeError} As {@link getCujSuccessRate}.
 * @example
 * getFailureAnalysis('CUJ-005').top_errors[0]; // { error: 'Timeout after 8000ms', count: 3 }
 */
export function getFailureAnalysis(cujId: string, timeWindow?: number | null): FailureAnalysis;

/**
 * How long the executions of a CUJ took.
 *
 * @param timeWindow Milliseconds, default 86,400,000 (a day).
 * @throws {RangeError} As {@link getCujSuccessRate}.
 * @example
 * getPerformancePercentiles('CUJ-005', 604_800_000).p95; // 8210
 */
export function getPerformancePercentiles(cujId: string, timeWindow?: number | null): PerformancePercentiles;
