#!/usr/bin/env node
// The metrics-dashboard module: sums everything on record up, as an object or as text. Run as a script, it is their command line.
import { createRequire } from 'node:module';

// `import` would first search the text of CommonJS files for names, which takes a third as long as answering a question.
const require = createRequire(import.meta.url);
export const { generateMetricsDashboard, saveDashboard, loadDashboard, formatDashboard, trackResourceUsage } =
  require('../lib/face.js').shared()['metrics-dashboard'];

require('../command/run-if-main.js').runIfMain(import.meta.url, 'metrics-dashboard');
