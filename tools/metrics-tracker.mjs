#!/usr/bin/env node
// The metrics-tracker module: records executions of CUJs and answers questions about them. Run as a script, it is their command line.
import { runIfMain } from '../lib/cli/run-if-main.js';

export {
  recordCujExecution,
  getCujSuccessRate,
  getAllCujMetrics,
  getCujTrending,
  getFailureAnalysis,
  getPerformancePercentiles,
} from '../index.js';

runIfMain(import.meta.url, 'metrics-tracker');
