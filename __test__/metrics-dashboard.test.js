// The dashboard as an object, as a file and as text; what a step used.
'use strict';

const fs = require('node:fs');
const { DASHBOARD } = require('./support/files.js');
const { useWorkspace } = require('./support/use-workspace.js');

const workspace = useWorkspace();
const NOW = Date.UTC(2026, 4, 5, 12);
const HOUR = 3_600_000;

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

/** Some of everything. */
function recordSome() {
  jest.setSystemTime(NOW - 2 * HOUR);
  workspace().recordCujExecution('slow', false, 900, 'boom');
  jest.setSystemTime(NOW - HOUR / 2);
  workspace().recordCujExecution('fast', true, 100);
  workspace().recordCujExecution('fast', true, 300);
  for (let index = 0; index < 12; index += 1) {
    for (let times = 0; times <= index; times += 1) {
      workspace().logSkillInvocation({
        skill: `skill-${index}`,
        duration: 10,
        result: 'success',
        cacheHit: times === 0,
      });
    }
  }
  workspace().recordProviderCall('anthropic', true, 120);
  jest.setSystemTime(NOW);
}

describe('generateMetricsDashboard', () => {
  test('with nothing on record', () => {
    const dashboard = workspace().generateMetricsDashboard();
    expect(Object.keys(dashboard)).toEqual(['generated_at', 'summary', 'highlights', 'metadata', 'findings']);
    expect(dashboard.generated_at).toBe('2026-05-05T12:00:00.000Z');
    expect(dashboard.summary.cujs).toStrictEqual({ '1h': {}, '24h': {}, '7d': {}, '30d': {} });
    expect(dashboard.summary.providers).toStrictEqual({
      providers: {},
      last_updated: '2026-05-05T12:00:00.000Z',
      status: 'unknown',
      overall_success_rate: 0,
      overall_avg_latency_ms: 0,
    });
    expect(dashboard.summary.skills['1h']).toStrictEqual({
      total_invocations: 0,
      successful: 0,
      failed: 0,
      success_rate: 0,
      cache_hits: 0,
      cache_hit_rate: 0,
      total_duration_ms: 0,
      avg_duration_ms: 0,
      by_skill: {},
      by_agent: {},
    });
    expect(dashboard.summary.skills['7d_top_skills']).toStrictEqual([]);
    expect(dashboard.highlights).toStrictEqual({
      fastest_cuj: null,
      slowest_cuj: null,
      most_reliable_cuj: null,
      least_reliable_cuj: null,
    });
    expect(dashboard.metadata).toStrictEqual({ dashboard_version: '1.0.0', monitoring_enabled: true });
    expect(dashboard.summary.skills['24h_performance']).toStrictEqual({});
    expect(dashboard.findings).toStrictEqual([]);
  });

  test('over records', () => {
    recordSome();
    const { summary, highlights } = workspace().generateMetricsDashboard();
    expect(Object.keys(summary)).toEqual(['cujs', 'skills', 'providers', 'resources']);
    expect(Object.keys(summary.cujs)).toEqual(
      ['1h', '24h', '7d', '30d'].flatMap((label) => [label, `${label}_summary`]),
    );
    expect(summary.cujs['24h']).toStrictEqual(workspace().getAllCujMetrics());
    expect(summary.cujs['24h_summary']).toStrictEqual({
      total_cujs: 2,
      total_executions: 3,
      total_successful: 2,
      overall_success_rate: 2 / 3,
      avg_duration_ms: 1300 / 3,
    });
    expect(summary.cujs['1h_summary'].total_executions).toBe(2);
    expect(summary.skills['1h']).toMatchObject({ total_invocations: 78, cache_hits: 12, success_rate: 1 });
    expect(summary.skills['24h_top_skills']).toHaveLength(10);
    expect(summary.skills['24h_top_skills'][0]).toStrictEqual({
      skill: 'skill-11',
      count: 12,
      avg_duration_ms: 10,
      failure_rate: 0,
      cache_hit_rate: 1 / 12,
    });
    expect(summary.providers).toMatchObject({ status: 'healthy', overall_avg_latency_ms: 120 });
    expect(Object.keys(summary.providers.providers)).toEqual(['anthropic']);
    expect(highlights).toStrictEqual({
      fastest_cuj: { cuj_id: 'fast', avg_duration_ms: 200 },
      slowest_cuj: { cuj_id: 'slow', avg_duration_ms: 900 },
      most_reliable_cuj: { cuj_id: 'fast', success_rate: 1 },
      least_reliable_cuj: { cuj_id: 'slow', success_rate: 0 },
    });
  });

  test('tells the resources of this process', () => {
    const { current_process, system_info } = workspace().generateMetricsDashboard().summary.resources;
    for (const name of ['heap_used_mb', 'heap_total_mb', 'external_mb', 'rss_mb']) {
      expect(current_process[name]).toMatch(/^\d+\.\d\d$/);
    }
    expect(current_process).toMatchObject({ cpu_user_ms: expect.any(Number), cpu_system_ms: expect.any(Number) });
    expect(system_info).toStrictEqual({
      platform: process.platform,
      arch: process.arch,
      node_version: process.version,
      uptime_seconds: expect.any(Number),
    });
  });
});

describe('saving and loading', () => {
  test('what was saved is loaded', () => {
    recordSome();
    expect(workspace().loadDashboard()).toBeNull();
    const dashboard = workspace().generateMetricsDashboard();
    expect(workspace().saveDashboard(dashboard)).toBe(workspace().path(DASHBOARD));
    expect(workspace().read(DASHBOARD)).toBe(JSON.stringify(dashboard, null, 2));
    expect(workspace().loadDashboard()).toStrictEqual(dashboard);
  });

  test('without an argument a fresh one is saved, replacing the old', () => {
    workspace().saveDashboard({ old: true });
    workspace().saveDashboard();
    expect(workspace().loadDashboard().metadata.dashboard_version).toBe('1.0.0');
    expect(fs.readdirSync(workspace().path('.claude/context/analytics'))).toEqual(['metrics-dashboard.json']);
  });

  test('what JSON cannot hold is saved with markers', () => {
    const circular = { big: 10n };
    circular.self = circular;
    workspace().saveDashboard(circular);
    expect(workspace().loadDashboard()).toStrictEqual({ big: '[BigInt 10]', self: '[Circular]' });
  });

  test.each([[null], ['text'], [5]])('%p is no dashboard', (dashboard) => {
    expect(() => workspace().saveDashboard(dashboard)).toThrow(/^dashboard must be an object/);
    expect(() => workspace().formatDashboard(dashboard)).toThrow(TypeError);
  });

  test('a file of a terabyte is an error in words, not the end of the process', () => {
    workspace().saveDashboard({});
    try {
      fs.truncateSync(workspace().path(DASHBOARD), 2 ** 40); // sparse: it takes no room
    } catch {
      return; // a file system that has no such files
    }
    expect(() => workspace().loadDashboard()).toThrow(
      /metrics-dashboard\.json.*1099511627776 bytes.*at most 268435456/,
    );
  });

  test('a byte order mark before it is passed over (B4)', () => {
    workspace().saveDashboard({ a: 1 });
    fs.writeFileSync(workspace().path(DASHBOARD), '\ufeff{"a":2}');
    expect(workspace().loadDashboard()).toEqual({ a: 2 });
  });

  test('a damaged file is no dashboard', () => {
    workspace().saveDashboard({});
    fs.writeFileSync(workspace().path(DASHBOARD), '{"generated_at":');
    expect(workspace().loadDashboard()).toBeNull();
  });
});

describe('formatDashboard', () => {
  test('has every section', () => {
    recordSome();
    const text = workspace().formatDashboard(workspace().generateMetricsDashboard());
    for (const part of [
      'METRICS DASHBOARD',
      'Generated: 2026-05-05T12:00:00.000Z',
      'CUJ METRICS',
      'SKILL METRICS',
      'TOP SKILLS',
      'PROVIDER HEALTH',
      'RESOURCE USAGE',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain('24h to 30d 3 executions of 2 CUJs, 66.7% successful, 433ms on average');
    expect(text).toContain('1. skill-11: 12 times');
    expect(text).toContain('5. skill-7:');
    expect(text).not.toContain('6. ');
  });

  test('leaves out sections without data', () => {
    const empty = workspace().formatDashboard(workspace().generateMetricsDashboard());
    for (const part of ['CUJ METRICS', 'SKILL METRICS', 'HIGHLIGHTS', 'FINDINGS', 'TOP SKILLS', 'PROVIDER HEALTH']) {
      expect(empty).not.toContain(part);
    }
    expect(empty).toContain('RESOURCE USAGE');
    expect(workspace().formatDashboard({})).toContain('METRICS DASHBOARD');
  });

  test('survives a dashboard of another shape', () => {
    const odd = { generated_at: 5, summary: { cujs: 'x', skills: [1], providers: { providers: 7 }, resources: null } };
    expect(() => workspace().formatDashboard({ ...odd, highlights: { fastest_cuj: 'x' } })).not.toThrow();
  });

  test('names cannot move the cursor or colour the terminal', () => {
    workspace().logSkillInvocation({ skill: 'bad\u001b[2J\u202e', result: 'success' });
    const text = workspace().formatDashboard(workspace().generateMetricsDashboard());
    expect(text).toContain('bad\\u001b[2J\\u202e');
    expect(text).not.toContain('\u001b');
  });
});

test('trackResourceUsage gives numbers for a step', () => {
  jest.useRealTimers();
  const usage = workspace().trackResourceUsage('build');
  Array.from({ length: 10_000 }, (_, index) => ({ index }));
  const used = usage.end();
  expect(Object.keys(used)).toEqual([
    'step',
    'duration_ns',
    'duration_ms',
    'memory_delta_mb',
    'heap_used_mb',
    'cpu_user_ms',
    'cpu_system_ms',
  ]);
  expect(used.step).toBe('build');
  for (const value of Object.values(used).slice(1)) expect(Number.isFinite(value)).toBe(true);
  expect(used.duration_ns).toBeGreaterThan(0);
  expect(used.duration_ms).toBeCloseTo(used.duration_ns / 1e6, 9);
  expect(used.heap_used_mb).toBeGreaterThan(0);
});

describe('findings', () => {
  test('what fails comes first, with its most frequent error and the command that shows it (A10)', () => {
    for (let run = 0; run < 60; run += 1) {
      workspace().recordCujExecution('BAD', false, 5, run % 3 === 0 ? 'Rare' : 'Timeout');
      workspace().recordCujExecution('GOOD', true, 20);
      workspace().logSkillInvocation({ skill: 'broken', result: 'failure', duration: 2 });
      workspace().logSkillInvocation({ skill: 'fast', result: 'success', duration: 2 });
      workspace().recordProviderCall('openai', run % 10 === 0, 5, run % 10 === 0 ? null : 'overloaded');
    }
    const dashboard = workspace().generateMetricsDashboard();
    expect(dashboard.findings).toEqual([
      {
        kind: 'failing_cuj',
        subject: 'BAD',
        value: 1,
        n: 60,
        window: '24h',
        error: 'Timeout',
        command: 'node .claude/tools/metrics-tracker.mjs failures BAD 86400000',
      },
      {
        kind: 'failing_skill',
        subject: 'broken',
        value: 1,
        n: 60,
        window: '24h',
        command: 'node .claude/tools/structured-logger.mjs query --since 24h --skill=broken --result failure',
      },
      {
        kind: 'sick_provider',
        subject: 'openai',
        value: 0.9,
        n: 60,
        window: 'all',
        error: 'overloaded',
        command: 'node .claude/tools/provider-health.mjs status openai',
      },
    ]);
    const text = workspace().formatDashboard(dashboard);
    expect(text).toContain('Failing CUJ:         BAD (100.0% failed, n = 60)\n    Timeout\n');
    expect(text).toContain('HIGHLIGHTS');
    expect(text).not.toContain('Fastest CUJ:'); // to fail fast is no distinction
    expect(text).toContain('Slowest CUJ:         GOOD (20ms on average)');
  });

  test('nothing is a finding below a size that a person would act on', () => {
    for (let run = 0; run < 10; run += 1) {
      workspace().logSkillInvocation({ skill: 'fast', result: 'success', duration: 2 });
      workspace().recordCujExecution('A', true, 5, null, { heap_used_mb: 10 + run * 0.003 });
    }
    expect(workspace().generateMetricsDashboard().findings).toEqual([]);
  });
});
