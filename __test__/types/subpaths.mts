// Type tests of the subpaths, from an ES module: each has exactly the names of its module.

import * as logger from '@obs/native/structured-logger';
import * as tracker from '@obs/native/metrics-tracker';
import * as progress from '@obs/native/progress-emitter';
import * as health from '@obs/native/provider-health';
import * as dashboard from '@obs/native/metrics-dashboard';
import { logSkillInvocation } from '@obs/native/structured-logger.mjs';
import { recordCujExecution } from '@obs/native/metrics-tracker.mjs';
import { emitProgress } from '@obs/native/progress-emitter.mjs';
import { recordProviderCall } from '@obs/native/provider-health.mjs';
import { saveDashboard } from '@obs/native/metrics-dashboard.mjs';
import { runIfMain } from '@obs/native/cli';
import { createTestWorkspace } from '@obs/native/testing';
import * as all from '@obs/native';
import { flush, type StoreHealth } from '@obs/native';
import { exactly } from './api.js';

exactly<'StructuredLogger' | 'getLogger' | 'logSkillInvocation'>()('' as keyof typeof logger);
exactly<
  | 'recordCujExecution'
  | 'getCujSuccessRate'
  | 'getAllCujMetrics'
  | 'getCujTrending'
  | 'getFailureAnalysis'
  | 'getPerformancePercentiles'
>()('' as keyof typeof tracker);
exactly<
  | 'progressEmitter'
  | 'emitProgress'
  | 'subscribeToProgress'
  | 'subscribeToRun'
  | 'getProgressHistory'
  | 'getCurrentProgress'
  | 'ProgressTracker'
  | 'createProgressTracker'
>()('' as keyof typeof progress);
exactly<'ProviderHealthMonitor' | 'getGlobalHealthMonitor' | 'recordProviderCall' | 'getProviderHealth'>()(
  '' as keyof typeof health,
);
exactly<'generateMetricsDashboard' | 'saveDashboard' | 'loadDashboard' | 'formatDashboard' | 'trackResourceUsage'>()(
  '' as keyof typeof dashboard,
);

exactly<typeof logger.logSkillInvocation>()(logSkillInvocation);
exactly<typeof tracker.recordCujExecution>()(recordCujExecution);
exactly<typeof progress.emitProgress>()(emitProgress);
exactly<typeof health.recordProviderCall>()(recordProviderCall);
exactly<typeof dashboard.saveDashboard>()(saveDashboard);

exactly<
  | keyof typeof logger
  | keyof typeof tracker
  | keyof typeof progress
  | keyof typeof health
  | keyof typeof dashboard
  | 'getSkillPerformance'
  | 'getCujStability'
  | 'getCujPerformanceTrend'
  | 'getResourceTrend'
  | 'getSkillTable'
  | 'getAgentTable'
  | 'getCujTable'
  | 'getProviderTable'
  | 'getFailures'
  | 'getSlowestCalls'
  | 'getRuns'
  | 'getRun'
  | 'getLatestLogs'
  | 'getTimeline'
  | 'checkAlerts'
  | 'onAlert'
  | 'getObjectives'
  | 'startDashboardSchedule'
  | 'startOtlpExport'
  | 'configure'
  | 'flush'
  | 'close'
  | 'getStoreHealth'
  | 'importLegacyPerformance'
  | 'importClaudeTranscripts'
>()('' as Exclude<keyof typeof all, 'default'>);

runIfMain(import.meta.url, 'provider-health');
// @ts-expect-error -- no such tool
runIfMain(import.meta.url, 'no-tool');

const workspace = createTestWorkspace();
exactly<string>()(workspace.root);
exactly<string>()(workspace.path('.claude', 'context'));
exactly<StoreHealth>()(workspace.flush());
exactly<typeof flush>()(workspace.flush);
exactly<unknown>()(workspace.lines('.claude/context/logs/progress.jsonl')[0].run_id as unknown);
workspace.cleanup();
