// Types of the skill invocation log, `@obs/native/structured-logger`.

/** Any value that JSON can hold. What cannot be written as JSON is recorded with a marker in its place. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** What `logSkillInvocation` takes. Every property may be absent; absent and falsy ones get the default named. */
export interface SkillEvent {
  /** Name of the skill; default `"unknown"`. */
  skill?: string | null | undefined;
  /** What the skill was called with, of any kind; redacted and stored as a string of JSON; default `{}`. */
  params?: unknown;
  /** `"success"`, `"failure"` or a word of your own; default `"unknown"`. */
  result?: 'success' | 'failure' | (string & {}) | null | undefined;
  /** How long it took, in milliseconds; default 0, `null` in the file for what is not a number. */
  duration?: number | null | undefined;
  /** Whether the answer came from a cache; default `false`. */
  cacheHit?: boolean | null | undefined;
  /** The agent that invoked it; default `"unknown"`. */
  agent?: string | null | undefined;
  /** The run it belongs to; default `null`. */
  runId?: string | null | undefined;
  /** The CUJ it belongs to; default `null`. */
  cujId?: string | null | undefined;
  /** What went wrong; an `Error` is stored as its message; default `null`. */
  error?: unknown;
  /** Anything more; redacted; default `{}`. */
  metadata?: unknown;
}

/** One line of `skill-invocations-YYYY-MM-DD.jsonl`, as `queryLogs` returns it. Lines of other programs may hold more. */
export interface SkillInvocation {
  /** ISO text, UTC. */
  timestamp: string;
  type: 'skill_invocation';
  skill: string;
  /** A string of JSON. */
  params: string;
  result: string;
  /** Milliseconds. */
  duration_ms: number | null;
  cache_hit: boolean;
  agent: string;
  run_id: string | null;
  cuj_id: string | null;
  error: JsonValue;
  metadata: JsonValue;
}

/** Which entries to read. Absent and empty filters do not filter. */
export interface LogFilters {
  skill?: string | null | undefined;
  agent?: string | null | undefined;
  result?: string | null | undefined;
  runId?: string | null | undefined;
  cujId?: string | null | undefined;
  /** Keeps the first N entries; 0, `null` or absent: all. Text such as `"10"` is taken too. */
  limit?: number | string | null | undefined;
  /** First instant, inclusive: a `Date`, ISO text (no zone means UTC) or epoch ms. Without any date: the current UTC day. */
  startDate?: Date | string | number | null | undefined;
  /** Last instant, inclusive; a date without a time means that whole UTC day. */
  endDate?: Date | string | number | null | undefined;
}

/** Sums over skill invocations. Names stand in the order of first appearance. Durations are in milliseconds. */
export interface LogStatistics {
  total_invocations: number;
  /** Entries whose result is `"success"`. */
  successful: number;
  /** Entries whose result is `"failure"`. */
  failed: number;
  cache_hits: number;
  total_duration_ms: number;
  /** 0 when there are no entries. */
  avg_duration_ms: number;
  by_skill: Record<string, { count: number; duration_ms: number; failures: number; cache_hits: number }>;
  by_agent: Record<string, { count: number; duration_ms: number }>;
  /** Without the entries that belong to no CUJ. */
  by_cuj: Record<string, { count: number; duration_ms: number }>;
}

/**
 * Writes and reads skill invocations in a folder.
 *
 * @example
 * const logger = new StructuredLogger('.claude/context/other-logs');
 * logger.logSkillInvocation({ skill: 'repo-rag', result: 'success', duration: 120 });
 */
export class StructuredLogger {
  /**
   * @param logDir Folder of the day files, relative to the project root or absolute; default `.claude/context/logs`.
   * @throws {TypeError} `logDir` is not the path of a folder.
   */
  constructor(logDir?: string);

  /** The folder as it was given. */
  readonly logDir: string;

  /**
   * Appends one line to the file of the current UTC day. Never throws for what the event holds or for a fault of the disk.
   *
   * @throws {TypeError} `event` is not an object.
   * @example
   * logger.logSkillInvocation({ skill: 'summarizer', params: { depth: 2 }, result: 'success', duration: 431, agent: 'qa' });
   */
  logSkillInvocation(event: SkillEvent): void;

  /**
   * The entries that match all filters, oldest first.
   *
   * @throws {RangeError} `limit`, `startDate` or `endDate` cannot be read.
   * @throws {TypeError} `filters` is not an object, or cannot be read.
   * @example
   * logger.queryLogs({ skill: 'repo-rag', startDate: '2026-05-01', endDate: '2026-05-07', limit: 50 });
   */
  queryLogs(filters?: LogFilters | null): SkillInvocation[];

  /**
   * Sums over the entries that `queryLogs` would return.
   *
   * @throws {RangeError} `limit`, `startDate` or `endDate` cannot be read.
   * @throws {TypeError} `filters` is not an object, or cannot be read.
   * @example
   * logger.getStatistics({ agent: 'qa' }).avg_duration_ms;
   */
  getStatistics(filters?: LogFilters | null): LogStatistics;
}

/**
 * The shared logger of the default folder.
 *
 * @example
 * getLogger().queryLogs({ result: 'failure' });
 */
export function getLogger(): StructuredLogger;

/**
 * Records one skill invocation with the shared logger; see {@link StructuredLogger.logSkillInvocation}.
 *
 * @throws {TypeError} `event` is not an object.
 * @example
 * logSkillInvocation({ skill: 'repo-rag', params: { query: 'x' }, result: 'success', duration: 120, cacheHit: true });
 */
export function logSkillInvocation(event: SkillEvent): void;
