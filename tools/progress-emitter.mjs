#!/usr/bin/env node
// The progress-emitter module: records and follows the progress of runs. Run as a script, it is their command line.
import { runIfMain } from '../lib/cli/run-if-main.js';

export {
  progressEmitter,
  emitProgress,
  subscribeToProgress,
  subscribeToRun,
  getProgressHistory,
  getCurrentProgress,
  ProgressTracker,
  createProgressTracker,
} from '../index.js';

runIfMain(import.meta.url, 'progress-emitter');
