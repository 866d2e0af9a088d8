// CUJ executions: what is written, and the answers over time windows.
'use strict';

const { CUJS } = require('./support/files.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');

const workspace = useWorkspace();
const NOW = Date.UTC(2026, 4, 5, 12);
const HOUR = 3_600_000;
const DAY = 86_400_000;

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

/** Records executions `[hoursAgo, success, duration, error]` of a CUJ, oldest first. */
function record(cujId, executions) {
  for (const [hoursAgo, success, duration, error] of executions) {
    jest.setSystemTime(NOW - hoursAgo * HOUR);
    workspace().recordCujExecution(cujId, success, duration, error);
  }
  jest.setSystemTime(NOW);
}

describe('recordCujExecution', () => {
  test('writes every key, in order', () => {
    workspace().recordCujExecution('CUJ-005', true, 1234.5, null, { agents: ['qa'] });
    workspace().recordCujExecution('CUJ-005', false, 1);
    expect(workspace().read(CUJS)).toBe(
      '{"timestamp":"2026-05-05T12:00:00.000Z","cuj_id":"CUJ-005","success":true,"duration_ms":1234.5,"error":null,' +
        '"metadata":{"agents":["qa"]}}\n' +
        '{"timestamp":"2026-05-05T12:00:00.000Z","cuj_id":"CUJ-005","success":false,"duration_ms":1,"error":null,' +
        '"metadata":{}}\n',
    );
  });

  test.each([
    ['text', 'boom', 'boom'],
    ['an Error', new Error('boom'), 'boom'],
    ['an object with a message', { message: 'boom', code: 5 }, 'boom'],
    ['an empty message', new Error(''), null],
    ['empty text', '', null],
    ['null', null, null],
    ['undefined', undefined, null],
    ['an object without a message', { code: 5 }, '{"code":5}'],
    ['a number', 42, '42'],
    ['a Unix path', new Error('ENOENT: /home/me/app/x.js'), 'ENOENT: [PATH]'],
    ['a Windows path', 'C:\\Users\\me\\x.mjs not found', '[PATH] not found'],
    ['a bearer', 'Bearer abc.def, retry', 'Bearer [REDACTED], retry'],
    ['a token', 'token: abc123', 'token=[REDACTED]'],
  ])('the error may be %s', (_, error, stored) => {
    workspace().recordCujExecution('CUJ-005', false, 1, error);
    expect(workspace().lines(CUJS)[0].error).toBe(stored);
  });

  test('a long error is cut at 500 units, never inside a surrogate pair', () => {
    workspace().recordCujExecution('CUJ-005', false, 1, 'x'.repeat(600));
    workspace().recordCujExecution('CUJ-005', false, 1, `${'x'.repeat(499)}💥`);
    expect(
      workspace()
        .lines(CUJS)
        .map((line) => line.error),
    ).toEqual(['x'.repeat(500), 'x'.repeat(499)]);
  });

  test.each([
    [NaN, null],
    [Infinity, null],
    ['12', null],
    [5n, null],
    [undefined, null],
    [-3.5, -3.5],
    [0, 0],
  ])('a duration of %p is stored as %p', (duration, stored) => {
    workspace().recordCujExecution('CUJ-005', true, duration);
    expect(workspace().lines(CUJS)[0].duration_ms).toBe(stored);
  });

  test.each([
    [1, true],
    ['false', true],
    [0, false],
    [undefined, false],
  ])('success %p is stored as %p', (success, stored) => {
    workspace().recordCujExecution('CUJ-005', success, 1);
    expect(workspace().lines(CUJS)[0].success).toBe(stored);
  });

  test('metadata of null stays null', () => {
    workspace().recordCujExecution('CUJ-005', true, 1, null, null);
    expect(workspace().lines(CUJS)[0].metadata).toBeNull();
  });
});

describe('getCujSuccessRate', () => {
  test('with no executions', () => {
    expect(workspace().getCujSuccessRate('CUJ-404')).toStrictEqual({
      cuj_id: 'CUJ-404',
      total: 0,
      successful: 0,
      failed: 0,
      rate: 0,
      avg_duration_ms: 0,
      time_window_ms: DAY,
    });
  });

  test('counts what is not older than the window', () => {
    record('A', [
      [48, true, 1],
      [24, false, 20],
      [1, true, 10],
    ]);
    expect(workspace().getCujSuccessRate('A')).toStrictEqual({
      cuj_id: 'A',
      total: 2,
      successful: 1,
      failed: 1,
      rate: 0.5,
      avg_duration_ms: 15,
      time_window_ms: DAY,
      window_start: '2026-05-04T12:00:00.000Z',
      window_end: '2026-05-05T12:00:00.000Z',
    });
    expect(workspace().getCujSuccessRate('A', DAY - 1).total).toBe(1);
  });

  test.each([[null], [0]])('a window of %p is all history', (timeWindow) => {
    record('A', [
      [2400, true, 1],
      [1, true, 10],
    ]);
    expect(workspace().getCujSuccessRate('A', timeWindow)).toMatchObject({
      total: 2,
      time_window_ms: timeWindow,
      window_start: new Date(NOW - 2400 * HOUR).toISOString(),
    });
  });

  test('a time in the future counts as recent', () => {
    record('A', [[-5, true, 1]]);
    expect(workspace().getCujSuccessRate('A', HOUR).total).toBe(1);
  });
});

test('getAllCujMetrics has every CUJ of the window, in order of first appearance there', () => {
  record('old', [[30, true, 1]]);
  record('__proto__', [[2, true, 3]]);
  record('A', [[1, false, 5]]);
  const all = workspace().getAllCujMetrics();
  expect(Object.keys(all)).toEqual(['__proto__', 'A']);
  expect(all.A).toStrictEqual(workspace().getCujSuccessRate('A'));
  expect(Object.keys(workspace().getAllCujMetrics(null))).toEqual(['old', '__proto__', 'A']);
  expect(workspace().getAllCujMetrics(0).A.time_window_ms).toBe(0);
});

test('getCujTrending covers the time up to now in equal buckets, oldest first', () => {
  record('A', [
    [3, true, 1],
    [2, false, 1],
    [0, true, 1],
  ]);
  const empty = { total: 0, successful: 0, failed: 0, rate: 0 };
  expect(workspace().getCujTrending('A', 3)).toStrictEqual([
    bucket(3, { total: 1, successful: 1, failed: 0, rate: 1 }),
    bucket(2, { total: 1, successful: 0, failed: 1, rate: 0 }),
    bucket(1, empty), // what was recorded at exactly now is in none
  ]);
  expect(workspace().getCujTrending('A')).toHaveLength(24);
});

/** A bucket of an hour that starts `hoursAgo`. */
function bucket(hoursAgo, counts) {
  return {
    bucket_start: new Date(NOW - hoursAgo * HOUR).toISOString(),
    bucket_end: new Date(NOW - (hoursAgo - 1) * HOUR).toISOString(),
    ...counts,
  };
}

describe('getFailureAnalysis', () => {
  test('counts errors, most frequent first, ties by first appearance', () => {
    record(
      'A',
      ['x', 'y', 'y', null, 'z', 'x', null].map((error, index) => [7 - index, false, index, error]),
    );
    record('A', [[0, true, 1]]);
    const analysis = workspace().getFailureAnalysis('A');
    expect(analysis).toMatchObject({ cuj_id: 'A', total_failures: 7, unique_errors: 4 });
    expect(analysis.top_errors).toStrictEqual([
      { error: 'x', count: 2 },
      { error: 'y', count: 2 },
      { error: 'Unknown error', count: 2 },
      { error: 'z', count: 1 },
    ]);
    expect(analysis.recent_failures.map((each) => each.duration_ms)).toEqual([2, 3, 4, 5, 6]);
    expect(Object.keys(analysis.recent_failures[0])).toEqual(['timestamp', 'error', 'duration_ms']);
  });

  test('names ten errors at most', () => {
    record(
      'A',
      Array.from({ length: 15 }, (_, index) => [1, false, 1, `e${index}`]),
    );
    const { unique_errors, top_errors } = workspace().getFailureAnalysis('A');
    expect(unique_errors).toBe(15);
    expect(top_errors).toHaveLength(10);
  });
});

describe('getPerformancePercentiles', () => {
  test('with none', () => {
    expect(workspace().getPerformancePercentiles('A')).toStrictEqual({ p50: 0, p75: 0, p90: 0, p95: 0, p99: 0 });
  });

  test('are exact nearest ranks', () => {
    record(
      'A',
      Array.from({ length: 100 }, (_, index) => [1, true, 100 - index]),
    );
    expect(workspace().getPerformancePercentiles('A')).toStrictEqual({
      cuj_id: 'A',
      p50: 50,
      p75: 75,
      p90: 90,
      p95: 95,
      p99: 99,
      min: 1,
      max: 100,
      count: 100,
    });
  });

  test('leave out what is no number', () => {
    record('A', [
      [1, true, 7],
      [1, true, NaN],
    ]);
    expect(workspace().getPerformancePercentiles('A')).toMatchObject({ p50: 7, min: 7, max: 7, count: 1 });
  });
});

test('lines of other programs count by truthiness, damaged ones not at all', () => {
  const timestamp = new Date(NOW).toISOString();
  writeLines(workspace(), CUJS, [
    { timestamp, cuj_id: 'A', success: 'yes', duration_ms: 5 },
    { timestamp, cuj_id: 'A', success: 0, duration_ms: 'long' },
    '{"timestamp":',
    { timestamp, success: true },
    '{"cuj_id":"B","cuj_id":"A","success":true,"timestamp":"2026-05-05T12:00:00Z","duration_ms":1}',
  ]);
  expect(workspace().getCujSuccessRate('A')).toMatchObject({ total: 3, successful: 2, avg_duration_ms: 2 });
  expect(workspace().getStoreHealth().skipped_lines).toBe(2);
});

test('importLegacyPerformance appends what is not there yet, once', () => {
  const runs = [
    { cuj_id: 'A', timestamp: '2026-05-05T10:00:00.000Z', duration_ms: 5, status: 'success', agents_used: ['qa'] },
    { cuj_id: 'A', timestamp: '2026-05-05T11:00:00.000Z', duration_ms: 7, status: 'failure', warnings: ['slow'] },
  ];
  const file = workspace().path('legacy.json');
  require('node:fs').writeFileSync(file, JSON.stringify({ runs }, null, 2));
  expect(workspace().importLegacyPerformance('legacy.json')).toStrictEqual({ imported: 2, skipped: 0 });
  expect(workspace().importLegacyPerformance(file)).toStrictEqual({ imported: 0, skipped: 2 });
  expect(
    workspace()
      .lines(CUJS)
      .map(({ timestamp, success, metadata }) => [timestamp, success, metadata.source]),
  ).toEqual([
    ['2026-05-05T10:00:00.000Z', true, 'cuj-performance'],
    ['2026-05-05T11:00:00.000Z', false, 'cuj-performance'],
  ]);
  expect(workspace().getCujSuccessRate('A').rate).toBe(0.5);
});

test('sums beyond the largest number stay numbers in every answer', () => {
  const obs = workspace();
  for (let round = 0; round < 3; round += 1) {
    obs.recordCujExecution('A', true, 1e308);
    obs.logSkillInvocation({ skill: 's', duration: 1e308 });
    obs.recordProviderCall('p', true, 1e308);
  }
  const answers = [
    obs.getCujSuccessRate('A').avg_duration_ms,
    obs.getAllCujMetrics().A.avg_duration_ms,
    obs.getCujTrending('A', 1)[0].avg_duration_ms,
    obs.getPerformancePercentiles('A').max,
    obs.getLogger().getStatistics().avg_duration_ms,
    obs.getSkillPerformance({ skill: 's' }).s.mean_ms,
    obs.getProviderHealth('p').avg_latency_ms,
    obs.getGlobalHealthMonitor().getOverallHealth().overall_avg_latency_ms,
    obs.generateMetricsDashboard().summary.avg_duration_ms,
  ];
  expect(answers.filter((value) => !(Number.isFinite(value) && value > 1e307))).toEqual([]);
});
