// Speed, stability and resources: the arguments, the edges, the cache on disk, and what the dashboard makes of them.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { PACKAGE, runNode } = require('./support/child.js');
const { CUJS, skills } = require('./support/files.js');
const { createOracle } = require('./support/oracle.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { expectSame, expectSamePerformance, expectSameResources } = require('./support/same.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');

const workspace = useWorkspace();
const SEED = seedOfTest();
const NOW = Date.UTC(2026, 4, 5, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const EMPTY = { count: 0, memory_delta_mb: null, heap_used_mb: null, cpu_user_ms: null, cpu_system_ms: null };

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

/** Records executions of a CUJ, one a minute up to `until`; `+` succeeds, `-` fails. */
function execute(cujId, results, { until = NOW, metadata = () => ({}) } = {}) {
  [...results].forEach((result, index) => {
    jest.setSystemTime(until - (results.length - index) * 60_000);
    workspace().recordCujExecution(cujId, result === '+', 100 * (index + 1), null, metadata(index));
  });
  jest.setSystemTime(NOW);
}

describe('getSkillPerformance', () => {
  test('keeps cache hits of 0.05 ms and hours apart', () => {
    for (const duration of [0.05, 0.05, 0.05, 3_600_000]) {
      workspace().logSkillInvocation({ skill: 'a', duration, result: 'success', cacheHit: duration < 1 });
    }
    const { a } = workspace().getSkillPerformance();
    expect(a).toMatchObject({ count: 4, success_rate: 1, cache_hit_rate: 0.75, p50_ms: 0.05, min_ms: 0.05 });
    expect(a).toMatchObject({ max_ms: 3_600_000, p99_ms: 3_600_000, method: 'exact', error_bound: 0 });
  });

  test('is exact for thousands of invocations, for odd durations too, and never outside shortest and longest (A8)', () => {
    const write = (durations) =>
      writeLines(
        workspace(),
        skills(NOW),
        durations.map(([skill, duration_ms]) => ({ timestamp: new Date(NOW).toISOString(), skill, duration_ms })),
      );
    write([
      ...Array.from({ length: 3000 }, (_, index) => ['many', index + 1]),
      ...[-7, -5, -3].map((duration) => ['negative', duration]),
      ...[1e18, 3e18, 2e18].map((duration) => ['long', duration]),
    ]);
    const { many, negative, long } = workspace().getSkillPerformance();
    expect(many).toMatchObject({ p50_ms: 1500, p90_ms: 2700, p95_ms: 2850, p99_ms: 2970, method: 'exact' });
    expect(negative).toMatchObject({ p50_ms: -5, p99_ms: -3, min_ms: -7, max_ms: -3 });
    expect(long).toMatchObject({ p50_ms: 2e18, p99_ms: 3e18, min_ms: 1e18 });
    write(Array.from({ length: 20_000 }, (_, index) => ['more', (index * 7919) % 20_000]));
    const { more } = workspace().getSkillPerformance();
    expect(more).toMatchObject({ method: 'hdr', error_bound: 0.001 });
    expect(Math.abs(more.p50_ms - 9999)).toBeLessThanOrEqual(10);
    expect(more.p99_ms).toBeLessThanOrEqual(more.max_ms);
  });

  test('with no durations has zeros and the count', () => {
    const entry = { timestamp: new Date(NOW).toISOString(), skill: 'a', result: 'failure', duration_ms: null };
    writeLines(workspace(), skills(NOW), [entry, entry]);
    const zeros = { mean_ms: 0, p50_ms: 0, p90_ms: 0, p95_ms: 0, p99_ms: 0, min_ms: 0, max_ms: 0 };
    expect(workspace().getSkillPerformance()).toStrictEqual({
      a: { count: 2, success_rate: 0, cache_hit_rate: 0, ...zeros, method: 'exact', error_bound: 0 },
    });
    expect(workspace().getSkillPerformance({ skill: 'b' })).toStrictEqual({});
    expect(workspace().getSkillPerformance(null)).toHaveProperty('a');
  });

  test('refuses what queryLogs refuses', () => {
    expect(() => workspace().getSkillPerformance({ limit: -1 })).toThrow(/^limit must be/);
    expect(() => workspace().getSkillPerformance({ startDate: 'soon' })).toThrow(RangeError);
    expect(() => workspace().getSkillPerformance('a')).toThrow(/^filters must be an object/);
  });
});

describe('getCujStability', () => {
  test.each([
    ['', { total: 0, flips: 0, flip_rate: 0, current_streak: 0, longest_failure_streak: 0 }],
    ['-', { total: 1, flips: 0, flip_rate: 0, current_streak: -1, longest_failure_streak: 1 }],
    ['+-+-+', { total: 5, flips: 4, flip_rate: 1, current_streak: 1, longest_failure_streak: 1 }],
    ['--+++---', { total: 8, flips: 2, flip_rate: 2 / 7, current_streak: -3, longest_failure_streak: 3 }],
  ])('of %p', (results, expected) => {
    execute('A', results);
    expect(workspace().getCujStability('A')).toStrictEqual({ cuj_id: 'A', ...expected });
  });

  test('looks at the window only', () => {
    execute('A', '----', { until: NOW - DAY });
    execute('A', '++');
    expect(workspace().getCujStability('A').total).toBe(2);
    expect(workspace().getCujStability('A', null).longest_failure_streak).toBe(4);
    expect(() => workspace().getCujStability('A', -1)).toThrow(/^timeWindow must be/);
  });
});

describe('getCujPerformanceTrend', () => {
  test('has the buckets of getCujTrending, with durations', () => {
    execute('A', '+++-');
    const trend = workspace().getCujPerformanceTrend('A', 2, HOUR);
    const durations = { avg_duration_ms: 250, p50: 200, p95: 400, max: 400 };
    const none = { avg_duration_ms: 0, p50: 0, p95: 0, max: 0 };
    const [first, last] = workspace().getCujTrending('A', 2, HOUR);
    expect(trend).toStrictEqual([
      { ...first, ...none },
      { ...last, ...durations },
    ]);
    expect(workspace().getCujPerformanceTrend('A')).toHaveLength(24);
    expect(() => workspace().getCujPerformanceTrend('A', 0)).toThrow(/^buckets must be/);
    expect(() => workspace().getCujPerformanceTrend('A', 1, NaN)).toThrow(/^bucketSize must be/);
  });
});

describe('getResourceTrend', () => {
  test('finds what trackResourceUsage measured', () => {
    const usage = workspace().trackResourceUsage('build').end();
    workspace().recordCujExecution('A', true, 5, null, { resources: usage });
    workspace().logSkillInvocation({ skill: 'a', metadata: usage });
    for (const subject of [{ cujId: 'A' }, { skill: 'a' }]) {
      const trend = workspace().getResourceTrend(subject);
      expect(trend.count).toBe(1);
      for (const name of ['memory_delta_mb', 'heap_used_mb', 'cpu_user_ms', 'cpu_system_ms']) {
        const value = usage[name];
        expect(trend[name]).toStrictEqual({ count: 1, first: value, last: value, mean: value, p95: value, slope: 0 });
      }
    }
  });

  test('a leak has a steady slope, and a record without values is no step', () => {
    execute('A', '++++++', { metadata: (index) => (index % 2 ? { heap_used_mb: 50 + index } : { other: 1 }) });
    const heap = { count: 3, first: 51, last: 55, mean: 53, p95: 55, slope: 2 };
    expect(workspace().getResourceTrend({ cujId: 'A' })).toStrictEqual({ ...EMPTY, count: 3, heap_used_mb: heap });
    expect(workspace().getResourceTrend({ cujId: 'A' }, 61_000).heap_used_mb.count).toBe(1);
    expect(workspace().getResourceTrend({ skill: 'A' })).toStrictEqual(EMPTY);
  });

  test('over all history reads every day file', () => {
    for (const back of [40, 20, 0]) {
      jest.setSystemTime(NOW - back * DAY);
      workspace().logSkillInvocation({ skill: 'a', metadata: { heap_used_mb: 100 - back } });
    }
    expect(workspace().getResourceTrend({ skill: 'a' }, 30 * DAY).count).toBe(2);
    expect(workspace().getResourceTrend({ skill: 'a' }, 0).heap_used_mb).toMatchObject({ first: 60, slope: 20 });
  });

  test.each([[undefined], [null], ['A'], [{}], [{ cujId: 'A', skill: 'a' }]])('%p is no subject', (subject) => {
    expect(() => workspace().getResourceTrend(subject)).toThrow(/^subject must be an object with either/);
  });
});

describe('findings', () => {
  const byKind = () =>
    Object.fromEntries(
      workspace()
        .generateMetricsDashboard()
        .findings.map((each) => [each.kind, each]),
    );

  test('name the extremes of the last day, each with its count and a command', () => {
    execute('steady', '++++++', { until: NOW - DAY });
    execute('steady', '+++---', { metadata: (index) => ({ heap_used_mb: 10 + index }) });
    execute('flaky', '+-+-+-');
    for (const duration of [1, 2, 900]) workspace().logSkillInvocation({ skill: 'slow', duration });
    for (const duration of [3, 3, 3]) {
      workspace().logSkillInvocation({ skill: 'fast', duration, metadata: { heap_used_mb: 1 } });
    }
    const query = 'node .claude/tools/structured-logger.mjs query --since 24h --skill=slow';
    const tracker = 'node .claude/tools/metrics-tracker.mjs';
    const common = { n: 6, window: '24h' };
    expect(byKind()).toStrictEqual({
      failing_cuj: {
        kind: 'failing_cuj',
        subject: 'flaky', // as often as steady, which stands before it
        value: 0.5,
        ...common,
        error: 'Unknown error',
        command: `${tracker} failures flaky 86400000`,
      },
      slowest_skill: { kind: 'slowest_skill', subject: 'slow', value: 900, n: 3, window: '24h', command: query },
      flakiest_cuj: {
        kind: 'flakiest_cuj',
        subject: 'flaky',
        value: 1,
        ...common,
        command: `${tracker} failures flaky 86400000`,
      },
      changed_cuj: {
        kind: 'changed_cuj',
        subject: 'steady',
        value: -0.5,
        ...common,
        before: { rate: 1, n: 6 },
        chance: expect.closeTo(2 / 11, 12), // scipy.stats.fisher_exact([[3, 3], [6, 0]])
        command: `${tracker} trending steady 2 86400000`,
      },
      growing_cuj: {
        kind: 'growing_cuj',
        subject: 'steady',
        value: 1,
        ...common,
        command: `${tracker} resources steady 86400000`,
      },
    });
    const text = workspace().formatDashboard(workspace().generateMetricsDashboard());
    expect(text).toContain('FINDINGS (24h)');
    for (const { subject, command } of Object.values(byKind())) {
      expect(text).toContain(`${subject} (`);
      expect(text).toContain(`    ${command}\n`);
    }
  });

  test('are none where fewer than three records speak', () => {
    execute('A', '+-', { metadata: (index) => ({ heap_used_mb: index }) });
    workspace().logSkillInvocation({ skill: 'a', duration: 900 });
    expect(byKind()).toStrictEqual({});
  });

  test('a skill may be what grows fastest', () => {
    execute('A', '++++', { metadata: (index) => ({ memory_delta_mb: index }) });
    for (const index of [0, 1, 2]) {
      workspace().logSkillInvocation({
        skill: 'a',
        metadata: { memory_delta_mb: 0, resources: { heap_used_mb: 3 * index } },
      });
    }
    expect(byKind().growing_skill).toMatchObject({ subject: 'a', value: 3, n: 3 });
    expect(byKind()).not.toHaveProperty('growing_cuj');
  });

  test('have the performance of every skill of each window beside them', () => {
    jest.setSystemTime(NOW - 30 * HOUR);
    workspace().logSkillInvocation({ skill: 'old', duration: 70 });
    jest.setSystemTime(NOW);
    workspace().logSkillInvocation({ skill: 'new', duration: 7 });
    const { skills: windows } = workspace().generateMetricsDashboard().summary;
    for (const [label, hours] of Object.entries({ '1h': 1, '24h': 24, '7d': 168 })) {
      const startDate = NOW - hours * HOUR;
      expect(windows[`${label}_performance`]).toStrictEqual(workspace().getSkillPerformance({ startDate }));
      const statistics = workspace().getLogger().getStatistics({ startDate });
      delete statistics.by_cuj;
      expect(windows[label]).toMatchObject(statistics);
    }
    expect(Object.keys(windows['7d_performance'])).toEqual(['old', 'new']);
  });

  (process.platform === 'win32' ? test.skip : test)('the commands find their records, whatever the names are', () => {
    const tools = workspace().path('.claude', 'tools');
    fs.mkdirSync(tools);
    for (const name of ['structured-logger.mjs', 'metrics-tracker.mjs']) {
      fs.writeFileSync(
        path.join(tools, name),
        `process.argv[1] = ${JSON.stringify(path.join(PACKAGE, 'tools', name))};
        await import(${JSON.stringify(path.join(PACKAGE, 'tools', name))});`,
      );
    }
    jest.useRealTimers();
    for (const subject of [`it's $HOME; "x" \`y\``, '--help', '-x y']) {
      workspace().close();
      fs.rmSync(workspace().path('.claude', 'context'), { recursive: true, force: true });
      for (const success of [true, false, true]) {
        workspace().recordCujExecution(subject, success, 5, null, { heap_used_mb: success ? 5 : 4 });
        workspace().logSkillInvocation({ skill: subject, duration: 500, metadata: { heap_used_mb: 5 } });
      }
      const { findings } = workspace().generateMetricsDashboard();
      expect(findings.length).toBeGreaterThan(1);
      for (const { kind, command } of findings) {
        const env = { PATH: process.env.PATH, OBS_PROJECT_ROOT: workspace().root };
        const answer = JSON.parse(
          execFileSync('sh', ['-c', command], { cwd: workspace().root, env, encoding: 'utf8' }),
        );
        if (kind === 'slowest_skill') expect(answer.map((each) => each.skill)).toEqual([subject, subject, subject]);
        else expect(answer).toMatchObject({ cuj_id: subject, total_failures: 1 });
      }
    }
  });
});

test(`a new process answers from the cache as from the files (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  const resources = () => ({ heap_used_mb: random.below(1e9) / 1_048_576, cpu_user_ms: random.below(1e6) / 1000 });
  const at = (back) => new Date(NOW - random.below(back)).toISOString();
  writeLines(
    workspace(),
    CUJS,
    Array.from({ length: 9000 }, () => ({
      timestamp: at(3 * DAY),
      cuj_id: random.pick(['A', 'B']),
      success: random.chance(0.8),
      duration_ms: random.next() * 1000,
      error: null,
      metadata: random.pick([{}, { resources: resources() }, resources()]),
    })),
  );
  for (const back of [0, DAY]) {
    const lines = Array.from({ length: 6000 }, () => ({
      timestamp: new Date(NOW - back - random.below(12 * HOUR)).toISOString(),
      type: 'skill_invocation',
      skill: random.pick(['a', 'b', 'c']),
      params: 'x'.repeat(100),
      result: random.pick(['success', 'failure']),
      duration_ms: random.next() * 10 ** random.below(6),
      cache_hit: random.chance(0.5),
      metadata: random.pick([{}, resources()]),
    }));
    writeLines(workspace(), skills(NOW - back), lines);
  }
  const ranges = [{ start: NOW - 2 * DAY }, { start: NOW - 30 * HOUR, end: NOW - HOUR }];
  const questions = [
    ['getCujStability', 'A', 2 * DAY],
    ['getCujPerformanceTrend', 'B', 30, HOUR],
    ['getResourceTrend', { cujId: 'A' }, DAY],
    ['getResourceTrend', { skill: 'b' }, null],
    ...ranges.map(({ start, end }) => ['getSkillPerformance', { startDate: start, endDate: end }]),
  ];
  const code = `Date.now = () => ${NOW};
    const obs = require('@obs/native');
    const answers = ${JSON.stringify(questions)}.map(([name, ...args]) => obs[name](...args));
    console.log(JSON.stringify(answers));`;
  const ask = () => {
    const { status, stdout, stderr } = runNode(['-e', code], { env: { OBS_PROJECT_ROOT: workspace().root } });
    expect([status, stderr]).toEqual([0, '']);
    return JSON.parse(stdout);
  };
  const [first, second] = [ask(), ask()];
  // Of the executions and of what they say of resources, and of two days.
  expect(
    fs.readdirSync(workspace().path('.claude/context/.obs')).filter((name) => name.endsWith('.state')),
  ).toHaveLength(4);
  expect(second).toEqual(first);
  const oracle = createOracle(workspace().root);
  const expected = questions.slice(0, 4).map(([name, ...args]) => oracle[name](...args, NOW));
  expectSame(first.slice(0, 2), expected.slice(0, 2));
  [2, 3].forEach((index) => expectSameResources(first[index], expected[index]));
  ranges.forEach((range, index) => expectSamePerformance(first[4 + index], oracle.getSkillPerformance(range, NOW)));
});
