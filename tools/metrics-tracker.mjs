#!/usr/bin/env node
// The metrics-tracker module: records executions of CUJs and answers questions about them. Run as a script, it is their command line.
import { createRequire } from 'node:module';

// `import` would first search the text of CommonJS files for names, which takes a third as long as answering a question.
const require = createRequire(import.meta.url);
export const {
  recordCujExecution,
  getCujSuccessRate,
  getAllCujMetrics,
  getCujTrending,
  getFailureAnalysis,
  getPerformancePercentiles,
} = require('../lib/face.js').shared()['metrics-tracker'];

require('../command/run-if-main.js').runIfMain(import.meta.url, 'metrics-tracker');
