#!/usr/bin/env node
// The progress-emitter module: records and follows the progress of runs. Run as a script, it is their command line.
import { createRequire } from 'node:module';

// `import` would first search the text of CommonJS files for names, which takes a third as long as answering a question.
const require = createRequire(import.meta.url);
export const {
  progressEmitter,
  emitProgress,
  subscribeToProgress,
  subscribeToRun,
  getProgressHistory,
  getCurrentProgress,
  ProgressTracker,
  createProgressTracker,
} = require('../lib/face.js').shared()['progress-emitter'];

require('../command/run-if-main.js').runIfMain(import.meta.url, 'progress-emitter');
