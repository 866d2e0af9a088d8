#!/usr/bin/env node
// The metrics-dashboard module: sums everything on record up, as an object or as text. Run as a script, it is their command line.
import { runIfMain } from '../lib/cli/run-if-main.js';

export {
  generateMetricsDashboard,
  saveDashboard,
  loadDashboard,
  formatDashboard,
  trackResourceUsage,
} from '../index.js';

runIfMain(import.meta.url, 'metrics-dashboard');
