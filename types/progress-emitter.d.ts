// Types of progress events, `@obs/native/progress-emitter`.

import type { EventEmitter } from 'node:events';
import type { JsonValue } from './structured-logger.js';

/** Where a step stands. Other words are kept as given. */
export type ProgressStatus = 'pending' | 'running' | 'completed' | 'failed' | 'skipped' | (string & {});

/** What `emitProgress` takes. Every property may be absent. */
export interface ProgressInput {
  /** Default `null`. */
  runId?: string | null | undefined;
  /** Default `null`; a step of 0 is kept. */
  step?: number | string | null | undefined;
  /** Default `"running"`. */
  status?: ProgressStatus | null | undefined;
  /** From 0 to 100, clamped; default 0, also for what is not a number. */
  percentage?: number | null | undefined;
  /** Default `""`. */
  message?: string | null | undefined;
  /** Default `{}`. */
  metadata?: unknown;
}

/** One line of `progress.jsonl`, and what listeners hear. */
export interface ProgressEvent {
  /** Epoch ms. */
  timestamp: number;
  /** ISO text, UTC. */
  iso_timestamp: string;
  run_id: string | null;
  step: number | string | null;
  status: ProgressStatus;
  /** From 0 to 100. */
  percentage: number;
  message: string;
  metadata: JsonValue;
}

/** The events of {@link progressEmitter}. */
export interface ProgressEvents {
  progress: [event: ProgressEvent];
}

/**
 * Emits `'progress'` for every event that this process records, after its line is in the file. A listener that throws stops
 * neither the others nor the caller; the error goes to `configure({ onError })`. A hundred listeners are allowed.
 *
 * @example
 * progressEmitter.once('progress', (event) => console.log(event.message));
 */
export const progressEmitter: EventEmitter<ProgressEvents>;

/**
 * Records one progress event and tells the subscribers of this process.
 *
 * @throws {TypeError} `event` is not an object.
 * @example
 * emitProgress({ runId: 'run-001', step: 1, status: 'running', percentage: 25, message: 'Analyzing code' });
 */
export function emitProgress(event: ProgressInput): void;

/**
 * Calls `callback` for every progress event of this process. Returns the function that unsubscribes.
 *
 * @throws {TypeError} `callback` is not a function.
 * @example
 * const unsubscribe = subscribeToProgress((event) => console.log(event.percentage));
 */
export function subscribeToProgress(callback: (event: ProgressEvent) => void): () => void;

/**
 * Calls `callback` for the events of one run. Returns the function that unsubscribes.
 *
 * @throws {TypeError} `callback` is not a function.
 * @example
 * const unsubscribe = subscribeToRun('run-001', (event) => console.log(event.step));
 */
export function subscribeToRun(runId: string | null, callback: (event: ProgressEvent) => void): () => void;

/**
 * The first `limit` events on record, of one run or of all, oldest first.
 *
 * @param runId Default `null`: every run.
 * @param limit Default `null`: all; 0 means all too; text such as `"10"` is taken.
 * @throws {RangeError} `limit` is no positive whole number.
 * @example
 * getProgressHistory('run-001', 50).length; // 12
 */
export function getProgressHistory(runId?: string | null, limit?: number | string | null): ProgressEvent[];

/**
 * The last event of a run, `null` when there is none.
 *
 * @example
 * getCurrentProgress('run-001')?.percentage; // 75
 */
export function getCurrentProgress(runId: string): ProgressEvent | null;

/**
 * Follows one run through its steps. The percentage is `currentStep / totalSteps · 100`, rounded half up.
 *
 * @example
 * const tracker = new ProgressTracker('run-001', 3);
 * tracker.start();
 * tracker.updateStep('Reading files');
 * tracker.completeStep('Files read');
 * tracker.complete();
 */
export class ProgressTracker {
  constructor(runId: string, totalSteps: number);

  runId: string;
  totalSteps: number;
  /** Starts at 0. */
  currentStep: number;

  /** Step 0, `pending`, 0 %, "Starting workflow". */
  start(): void;
  /** The current step is `running`. */
  updateStep(message?: string, metadata?: unknown): void;
  /** The current step is `completed`; the percentage counts it; on to the next. */
  completeStep(message?: string): void;
  /** The current step is `skipped`; the percentage counts it; on to the next. */
  skipStep(message?: string): void;
  /** The current step has `failed`; the event's metadata is `{ error }`, the error's message or `null`. */
  failStep(message?: string, error?: unknown): void;
  /** The run is `completed`, 100 %; default message "Workflow completed". */
  complete(message?: string): void;
}

/**
 * A new {@link ProgressTracker}.
 *
 * @example
 * const tracker = createProgressTracker('run-001', 5);
 */
export function createProgressTracker(runId: string, totalSteps: number): ProgressTracker;
