// Types of the functions about objectives, alerts and schedules, which only the main entry has.

import type { MetricsDashboard } from './metrics-dashboard.js';

/** What an objective or a rule is about. */
export type AlertKind = 'cuj' | 'skill' | 'agent' | 'provider' | 'run' | 'store' | 'disk';

/**
 * The state of an alert. `unknown`: no runs in the whole period, or so few that nothing could be told if all had failed.
 * `pending`: it burns, but that can still be chance. `resolved`: all is well again after a fire.
 */
export type AlertState = 'unknown' | 'quiet' | 'pending' | 'firing' | 'resolved';

/** What is seen at this moment, from which the state follows. */
export type AlertVerdict = 'no_data' | 'too_few' | 'no_runs' | 'calm' | 'between' | 'perhaps' | 'burning';

/** Runs of a window. */
export interface RunCounts {
  total: number;
  /** The bad ones: those that failed, or, of an objective for durations, those that took longer. */
  failed: number;
}

/** A change of an alert's state: a line of `.claude/context/analytics/alerts.jsonl`. */
export interface AlertChange {
  /** ISO text. */
  timestamp: string;
  /** Such as `cuj/CUJ-005/success/fast` or `skill-failing/deploy/slow`. */
  alert: string;
  state: AlertState;
  /** The state before; equal to `state` where a silence ended while it fired. */
  was: AlertState;
  kind: AlertKind | null;
  /** The CUJ, skill, agent, provider or run; `null` of rules that have none. */
  subject: string | null;
  /** A sentence for people, with the figures. */
  message: string;
  /** It was silenced, until then; nobody was told. */
  silenced_until?: string;
  /** The figures: windows, counts, thresholds, how probable chance is. */
  details: Record<string, unknown>;
}

/** An alert as a check found it. */
export interface Alert {
  alert: string;
  state: AlertState;
  /** Since when, ISO text; `null` when it never changed. */
  since: string | null;
  kind: AlertKind | null;
  subject: string | null;
  /** It belongs to an objective, not to a rule. */
  objective: boolean;
  verdict: AlertVerdict;
  message: string;
  /** ISO text, or `null`. */
  silenced_until: string | null;
  details: Record<string, unknown>;
}

/** What a check found and did. */
export interface AlertReport {
  schema: 1;
  /** ISO text. */
  checked_at: string;
  /** `firing` when an alert fires that is not silenced, else `unknown` when an objective cannot be judged, else `quiet`. */
  state: 'quiet' | 'firing' | 'unknown';
  /** How many alerts fire, silenced ones among them. */
  firing: number;
  alerts: Alert[];
  /** What this check recorded. */
  changes: AlertChange[];
  /** Who was told of what, and why not. */
  told: { notifier: string; alert: string; state: AlertState; error: string | null }[];
}

export interface CheckOptions {
  /** Whether changes are recorded; default `true`. Without it nobody is told either. */
  record?: boolean;
  /** Whether the notifiers of the file are told; default `true`. */
  notify?: boolean;
}

/** One speed at which an objective's budget may not burn, and what is seen of it now. */
export interface ObjectiveTier {
  /** The name of its alert. */
  alert: string;
  tier: 'fast' | 'slow';
  /** The state on record, as the last check left it. */
  state: AlertState;
  /** ISO text; `null` when it never changed. */
  since: string | null;
  verdict: AlertVerdict;
  /** The long window, milliseconds. */
  long_ms: number;
  /** The short window, milliseconds; it is widened to the last three runs. */
  short_ms: number;
  /** How many times faster than allowed failures have to come in both windows. */
  threshold: number;
  /** The share of the period's budget that is gone when it burns so fast for the long window. */
  budget: number;
  /** How many long windows the period has. */
  windows: number;
  long: RunCounts;
  short: RunCounts;
  /** How many runs at the end of the long window were good, one after the other. */
  streak: number;
  /** How many times faster than allowed failures came; 0 without runs. */
  burn_long: number;
  burn_short: number;
  /** How probable so many failures are in any long window of a period that just meets the objective, from 0 to 1. */
  chance: number;
}

/** An objective and one of its subjects. */
export interface Objective {
  kind: 'cuj' | 'skill' | 'agent' | 'provider';
  subject: string;
  goal: 'success' | 'p50_ms' | 'p75_ms' | 'p90_ms' | 'p95_ms' | 'p99_ms';
  /** The share of runs that has to be good. */
  share: number;
  /** A run that takes longer is bad, milliseconds; `null` where failing is. */
  slower_than: number | null;
  /** The period as it stands in the file, `'7d'`. */
  over: string;
  period_ms: number;
  /** Runs of the last period. */
  runs: RunCounts;
  /** How many more of these runs could be bad; negative when the objective is missed. */
  left: number;
  /** ISO text; `null` without runs in the period. */
  last_run: string | null;
  /** A sentence for people: `19 of 20 succeeded in 7d, goal 95 %: no more may fail`. */
  words: string;
  /** The worst state of both tiers. */
  state: AlertState;
  tiers: ObjectiveTier[];
}

/**
 * Judges the objectives and rules of `.claude/context/config/objectives.json`, appends what changed to
 * `.claude/context/analytics/alerts.jsonl` (once, however many processes check) and tells the notifiers. Without a file the
 * rules that need no objective hold.
 *
 * @throws {TypeError} (the promise is rejected) `options` is not an object, or cannot be read.
 * @throws {Error} (the promise is rejected) The file says what cannot be (`code` is `OBS_BAD_OBJECTIVES`, the message says
 *   where), a file cannot be read or written, or another process has been checking for half a minute (`OBS_BUSY`).
 * @example
 * const { state, alerts } = await checkAlerts();
 * if (state === 'firing') console.error(alerts.filter(({ state }) => state === 'firing').map(({ message }) => message));
 */
export function checkAlerts(options?: CheckOptions): Promise<AlertReport>;

/**
 * Calls `listener` once for each change from now on, whichever process records it. As long as there is a listener this process
 * checks by itself, every minute or as often as `every` says, on a timer that keeps it from no end. What a listener throws
 * goes to `configure({ onError })`.
 *
 * @returns A function that takes the listener away.
 * @throws {TypeError | RangeError} The listener is no function, or `every` is no span of a second to 24 days.
 * @example
 * const stop = onAlert(({ alert, state, message }) => console.warn(`${alert}: ${state}. ${message}`), { every: '5m' });
 */
export function onAlert(listener: (change: AlertChange) => void, options?: { every?: string | number }): () => void;

/**
 * Every objective of the file with each of its subjects: what its runs are now, and the states on record. Nothing is recorded.
 * A subject is judged by the first objective that fits it.
 *
 * @throws {TypeError} The file says what cannot be; `code` is `OBS_BAD_OBJECTIVES`.
 * @example
 * getObjectives().map(({ subject, words }) => `${subject}: ${words}`); // ['CUJ-005: 19 of 20 succeeded in 7d, goal 95 %: …']
 */
export function getObjectives(): Objective[];

export interface DashboardScheduleOptions {
  /** A span such as `'1h'`, or milliseconds, a second to 100,000,000 days; moments are counted from 1970, so `'1d'` is midnight UTC. */
  every?: string | number;
  /** A cron expression instead; needs the package `croner`. */
  cron?: string;
  /** The zone of `cron`, such as `Europe/Berlin`; default that of the machine. */
  timezone?: string;
  /** Called in the process that made the dashboard; the next one waits until its promise is settled. */
  onDashboard?: (dashboard: MetricsDashboard, info: { file: string; scheduled_for: string }) => unknown;
}

/**
 * Makes and saves a dashboard at each moment of a schedule. Of all processes with the same schedule one does it; the timer
 * keeps no process alive; a dashboard that is still being made is not overtaken; of moments that were slept through the last
 * one is made up for.
 *
 * @returns `next()` gives the next moment as ISO text (`null` when there is none), `stop()` ends the schedule.
 * @throws {TypeError | RangeError} An option cannot be used.
 * @throws {Error} `cron` was asked for without the package that knows it (`code` is `OBS_NO_CRON`).
 * @example
 * const schedule = startDashboardSchedule({ every: '1h', onDashboard: (_, { file }) => console.log(`saved ${file}`) });
 * schedule.stop();
 */
export function startDashboardSchedule(options: DashboardScheduleOptions): { next(): string | null; stop(): void };
