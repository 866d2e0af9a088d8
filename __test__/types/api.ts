// Type tests of the main entry: compiled by `tsc --strict`, never run.

import * as obs from '@obs/native';
import type { EventEmitter } from 'node:events';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only when the value's type is exactly `Expected`: `exactly<number>()(value)`. */
export declare function exactly<Expected>(): <Actual>(
  value: Actual,
  ...same: Equal<Actual, Expected> extends true ? [] : [never]
) => void;

// Skill invocations.
obs.logSkillInvocation({ skill: 'repo-rag', params: { query: 'x' }, result: 'success', duration: 12, cacheHit: true });
obs.logSkillInvocation({});
obs.logSkillInvocation({ runId: undefined, cujId: null, error: new Error('boom'), result: 'partial' });
// @ts-expect-error -- an event is needed
obs.logSkillInvocation();
// @ts-expect-error -- a duration is a number
obs.logSkillInvocation({ duration: '12ms' });
// @ts-expect-error -- a misspelt property
obs.logSkillInvocation({ skil: 'repo-rag' });

const logger = new obs.StructuredLogger('/var/log/agent');
exactly<obs.SkillInvocation[]>()(
  logger.queryLogs({ skill: 'a', startDate: new Date(), endDate: '2026-05-05', limit: '3' }),
);
exactly<number>()(obs.getLogger().getStatistics().avg_duration_ms);
// @ts-expect-error -- unknown filter
logger.queryLogs({ skills: 'a' });

// CUJ executions.
obs.recordCujExecution('CUJ-005', true, 1234, null, { agents: ['qa'] });
obs.recordCujExecution('CUJ-005', false, null, new Error('boom'));
// @ts-expect-error -- a CUJ id is text
obs.recordCujExecution(undefined, true, 1);
exactly<obs.CujMetrics>()(obs.getCujSuccessRate('CUJ-005', null));
exactly<string | undefined>()(obs.getCujSuccessRate('CUJ-005').window_start);
exactly<Record<string, obs.CujMetrics>>()(obs.getAllCujMetrics());
exactly<obs.TrendBucket[]>()(obs.getCujTrending('CUJ-005', 7, 86_400_000));
exactly<obs.FailureAnalysis>()(obs.getFailureAnalysis('CUJ-005'));
exactly<number | undefined>()(obs.getPerformancePercentiles('CUJ-005').min);
// @ts-expect-error -- a window is a number
obs.getCujSuccessRate('CUJ-005', '7d');

// Questions of the main entry alone.
exactly<Record<string, obs.SkillPerformance>>()(obs.getSkillPerformance({ skill: 'a', startDate: '2026-05-01' }));
exactly<'exact' | 'hdr' | undefined>()(obs.getSkillPerformance()['a']?.method);
exactly<number>()(obs.getCujStability('CUJ-005', null).current_streak);
exactly<obs.PerformanceBucket[]>()(obs.getCujPerformanceTrend('CUJ-005', 7, 86_400_000));
exactly<obs.ValueTrend | null>()(obs.getResourceTrend({ cujId: 'CUJ-005' }).heap_used_mb);
exactly<obs.ResourceTrend>()(obs.getResourceTrend({ skill: 'repo-rag' }, 3_600_000));
// @ts-expect-error -- one of the two
obs.getResourceTrend({ cujId: 'CUJ-005', skill: 'repo-rag' });
// @ts-expect-error -- a window is a number
obs.getCujStability('CUJ-005', '7d');

// Tables.
exactly<obs.PeriodTable<obs.SkillRow>>()(obs.getSkillTable({ from: new Date(0), to: null, by: 'agent' }));
exactly<obs.AgentRow | undefined>()(obs.getAgentTable({ from: '2026-05-01' }).rows[0]);
exactly<boolean[] | undefined>()(obs.getCujTable({ cujId: 'CUJ-005' }).rows[0]?.strip);
exactly<number | undefined>()(obs.getProviderTable().rows[0]?.kinds.rate_limit);
exactly<obs.FailureGroup[]>()(obs.getFailures({ skill: 'a', limit: 5 }).groups);
exactly<obs.SkillCall[]>()(obs.getSlowestCalls({ skill: 'a' }).calls);
exactly<obs.RunRow[]>()(obs.getRuns({ from: null }).runs);
exactly<obs.RunRow | null>()(obs.getRun('r').run);
exactly<obs.SkillInvocation[]>()(obs.getLatestLogs({ skill: 'a', grep: 'x' }));
exactly<number | null | undefined>()(obs.getTimeline({ cujId: 'a', parts: 7 }).parts[0]?.rate);
// @ts-expect-error -- not what skills are told apart by
obs.getSkillTable({ by: 'colour' });

// Progress.
exactly<EventEmitter<obs.ProgressEvents>>()(obs.progressEmitter);
obs.progressEmitter.on('progress', (event) => exactly<obs.ProgressEvent>()(event));
obs.emitProgress({ runId: 'run-1', step: 0, status: 'running', percentage: 5, metadata: { any: 'thing' } });
obs.emitProgress({ status: 'waiting' });
exactly<() => void>()(obs.subscribeToProgress((event) => exactly<number>()(event.percentage)));
exactly<() => void>()(obs.subscribeToRun('run-1', () => {}));
// @ts-expect-error -- a callback is needed
obs.subscribeToRun('run-1');
exactly<obs.ProgressEvent[]>()(obs.getProgressHistory(null, 5));
exactly<obs.ProgressEvent | null>()(obs.getCurrentProgress('run-1'));
exactly<obs.ProgressTracker>()(obs.createProgressTracker('run-1', 3));
class LoudTracker extends obs.ProgressTracker {
  override start(): void {
    super.start();
    exactly<number>()(this.currentStep);
  }
}
new LoudTracker('run-1', 3).failStep('no', new Error('boom'));

// Provider health.
obs.recordProviderCall('anthropic', true, 1234);
obs.getGlobalHealthMonitor().recordProviderCall('openai', false, null, 'rate limited', { model: 'x' });
const health = obs.getProviderHealth('anthropic');
if (health.available) exactly<number>()(health.latency_p99);
else exactly<string>()(health.reason);
// @ts-expect-error -- without a look at `available` there is no rate
export const rate: number = health.success_rate;
exactly<obs.OverallHealth>()(new obs.ProviderHealthMonitor().getOverallHealth());
exactly<obs.ProviderComparison[]>()(obs.getGlobalHealthMonitor().getProviderComparison());

// Dashboard and resources.
const dashboard = obs.generateMetricsDashboard();
exactly<number | undefined>()(dashboard.summary.cujs['24h_summary']?.total_cujs);
exactly<obs.TopSkill[]>()(dashboard.summary.skills['7d_top_skills']);
exactly<Record<string, obs.SkillPerformance>>()(dashboard.summary.skills['7d_performance']);
exactly<obs.Finding[]>()(dashboard.findings);
exactly<string>()(obs.saveDashboard(dashboard));
exactly<obs.MetricsDashboard | null>()(obs.loadDashboard());
exactly<string>()(obs.formatDashboard(dashboard));
exactly<obs.ResourceUsage>()(obs.trackResourceUsage('build').end());

// The store.
obs.configure({ durability: 'batch', onError: (error) => exactly<string>()(error.code), redact: { patterns: [/x/] } });
// @ts-expect-error -- no such mode
obs.configure({ durability: 'never' });
// @ts-expect-error -- no such option
obs.configure({ projectDir: '/' });
exactly<obs.StoreHealth>()(obs.flush());
exactly<number | undefined>()(obs.getStoreHealth().dropped.by_reason['full']);
exactly<{ imported: number; skipped: number }>()(obs.importLegacyPerformance());
obs.close();

// Objectives, alerts, schedules.
exactly<Promise<obs.AlertReport>>()(obs.checkAlerts({ notify: false }));
exactly<() => void>()(obs.onAlert(({ alert, state }) => void [alert.length, state === 'firing'], { every: '5m' }));
exactly<obs.RunCounts | undefined>()(obs.getObjectives()[0]?.tiers[0]?.long);
exactly<string | null>()(obs.startDashboardSchedule({ cron: '0 6 * * *', timezone: 'Europe/Berlin' }).next());
obs.startDashboardSchedule({ every: '1h', onDashboard: ({ summary }, { file }) => void [summary, file.length] });
// @ts-expect-error -- no such state
obs.onAlert(({ state }) => state === 'burning');
// @ts-expect-error -- a listener is needed
obs.onAlert();

// Export to OpenTelemetry.
const otlp = obs.startOtlpExport({
  endpoint: 'http://localhost:4318',
  protocol: 'http/json',
  signals: ['logs'],
  headers: { a: 'b' },
});
exactly<obs.OtlpReport>()(otlp.report());
exactly<Promise<obs.OtlpReport>>()(otlp.flush({ timeout: 5 }));
exactly<number | undefined>()(otlp.report().signals.traces?.rejected);
exactly<Promise<obs.OtlpReport>>()(otlp.stop());
// @ts-expect-error -- not spoken
obs.startOtlpExport({ protocol: 'grpc' });
// @ts-expect-error -- no such signal
obs.startOtlpExport({ signals: ['profiles'] });
