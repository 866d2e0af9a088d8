// Provider calls: what is written, each view of health, and resets.
'use strict';

const fs = require('node:fs');
const { PROVIDERS } = require('./support/files.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');

const workspace = useWorkspace();
const NOW = 1_777_982_400_000;

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

describe('recordProviderCall', () => {
  test('writes every key, in order, the provider in lower case', () => {
    workspace().getGlobalHealthMonitor().recordProviderCall('OpenAI', false, 2218, 'rate limited', { model: 'x' });
    workspace().recordProviderCall('google', true, 694);
    expect(workspace().read(PROVIDERS)).toBe(
      `{"timestamp":${NOW},"iso_timestamp":"2026-05-05T12:00:00.000Z","provider":"openai","success":false,` +
        '"latency_ms":2218,"error":"rate limited","metadata":{"model":"x"}}\n' +
        `{"timestamp":${NOW},"iso_timestamp":"2026-05-05T12:00:00.000Z","provider":"google","success":true,` +
        '"latency_ms":694,"error":null,"metadata":{}}\n',
    );
  });

  test.each([
    [new Error('boom'), 'boom'],
    [{ message: 'boom' }, 'boom'],
    ['', null],
    [undefined, null],
    ['x'.repeat(300), 'x'.repeat(200)],
    [`${'x'.repeat(199)}💥`, 'x'.repeat(199)],
  ])('an error of %p is stored as %p', (error, stored) => {
    workspace().recordProviderCall('p', false, 1, error);
    expect(workspace().lines(PROVIDERS)[0].error).toBe(stored);
  });

  test.each([
    [1, '12', true, null],
    ['', NaN, false, null],
    [null, 12.5, false, 12.5],
  ])('success %p and latency %p are stored as %p and %p', (success, latency, good, stored) => {
    workspace().recordProviderCall('p', success, latency);
    expect(workspace().lines(PROVIDERS)[0]).toMatchObject({ success: good, latency_ms: stored });
  });
});

describe('getProviderHealth', () => {
  test('without calls', () => {
    expect(workspace().getProviderHealth('Nobody')).toStrictEqual({
      provider: 'Nobody',
      available: false,
      reason: 'No data available',
    });
  });

  test('over calls', () => {
    for (let index = 1; index <= 10; index += 1) {
      jest.setSystemTime(NOW + index);
      workspace().recordProviderCall('Anthropic', index !== 4, index * 10, index === 4 ? 'boom' : null);
    }
    expect(workspace().getProviderHealth('ANTHROPIC')).toStrictEqual({
      provider: 'ANTHROPIC',
      available: true,
      success_rate: 0.9,
      total_calls: 10,
      successful_calls: 9,
      failed_calls: 1,
      avg_latency_ms: 55,
      latency_p50: 50,
      latency_p95: 100,
      latency_p99: 100,
      last_success: NOW + 10,
      last_failure: NOW + 4,
      recent_errors: [{ timestamp: NOW + 4, error: 'boom' }],
    });
  });

  test('percentiles look at the last 100 calls, errors at the last 10 that have one', () => {
    for (let index = 0; index < 120; index += 1) {
      workspace().recordProviderCall('p', index < 20, index < 20 ? 9999 : 5, index % 2 ? `e${index}` : null);
    }
    const health = workspace().getProviderHealth('p');
    expect(health).toMatchObject({ total_calls: 120, latency_p99: 5 });
    expect(health.recent_errors.map((each) => each.error)).toEqual(
      Array.from({ length: 10 }, (_, index) => `e${101 + index * 2}`),
    );
  });
});

test('getAllProviderHealth names providers in order of first appearance', () => {
  for (const provider of ['zeta', '__proto__', 'alpha', 'zeta']) workspace().recordProviderCall(provider, true, 1);
  const all = workspace().getGlobalHealthMonitor().getAllProviderHealth();
  expect(Object.keys(all)).toEqual(['zeta', '__proto__', 'alpha']);
  expect(all.zeta).toStrictEqual(workspace().getProviderHealth('zeta'));
});

describe('getOverallHealth', () => {
  const overall = () => workspace().getGlobalHealthMonitor().getOverallHealth();

  test('without data', () => {
    expect(overall()).toStrictEqual({
      status: 'unknown',
      healthy_providers: 0,
      total_providers: 0,
      overall_success_rate: 0,
      overall_avg_latency_ms: 0,
    });
  });

  test.each([
    [10, 0, 'healthy'],
    [9, 1, 'healthy'],
    [89, 11, 'degraded'],
    [7, 3, 'degraded'],
    [69, 31, 'unhealthy'],
  ])('%i good and %i bad calls are %s', (good, bad, status) => {
    for (let index = 0; index < good; index += 1) workspace().recordProviderCall('p', true, 1);
    for (let index = 0; index < bad; index += 1) workspace().recordProviderCall('p', false, 1);
    expect(overall().status).toBe(status);
  });

  test('weights latencies by calls', () => {
    workspace().recordProviderCall('a', true, 100);
    workspace().recordProviderCall('b', true, 10);
    workspace().recordProviderCall('b', true, 11);
    workspace().recordProviderCall('b', false, 10);
    expect(overall()).toMatchObject({
      healthy_providers: 1,
      total_providers: 2,
      overall_success_rate: 0.75,
      overall_avg_latency_ms: 33, // (100 · 1 + 10 · 3) / 4 = 32.5
    });
    expect(Object.keys(overall())).toEqual([
      'status',
      'healthy_providers',
      'total_providers',
      'overall_success_rate',
      'overall_avg_latency_ms',
      'providers',
    ]);
  });
});

test('getProviderComparison puts the best score first', () => {
  workspace().recordProviderCall('slow', true, 20_000);
  workspace().recordProviderCall('flaky', true, 1000);
  workspace().recordProviderCall('flaky', false, 1000);
  workspace().recordProviderCall('good', true, 1000);
  expect(workspace().getGlobalHealthMonitor().getProviderComparison()).toStrictEqual([
    { provider: 'good', success_rate: 1, avg_latency_ms: 1000, total_calls: 1, score: 0.9 },
    { provider: 'flaky', success_rate: 0.5, avg_latency_ms: 1000, total_calls: 2, score: 0.45 },
    { provider: 'slow', success_rate: 1, avg_latency_ms: 20_000, total_calls: 1, score: 0 },
  ]);
});

describe('resets', () => {
  test('hide earlier calls of one provider from one monitor, and delete nothing', () => {
    const { ProviderHealthMonitor } = workspace();
    const mine = new ProviderHealthMonitor();
    const other = new ProviderHealthMonitor();
    mine.recordProviderCall('OpenAI', true, 1);
    mine.recordProviderCall('google', true, 1);
    mine.resetProvider('openai');
    expect(mine.getProviderHealth('OpenAI').available).toBe(false);
    expect(Object.keys(mine.getAllProviderHealth())).toEqual(['google']);
    expect(other.getProviderHealth('OpenAI').total_calls).toBe(1);
    expect(workspace().lines(PROVIDERS)).toHaveLength(2);
    other.recordProviderCall('openai', false, 5);
    expect(mine.getProviderHealth('openai')).toMatchObject({ total_calls: 1, successful_calls: 0 });
  });

  test('hide everything', () => {
    const monitor = workspace().getGlobalHealthMonitor();
    workspace().recordProviderCall('__proto__', true, 1);
    workspace().recordProviderCall('b', true, 1);
    monitor.resetProvider('__proto__');
    expect(monitor.getOverallHealth().total_providers).toBe(1);
    monitor.resetAll();
    expect(monitor.getOverallHealth().status).toBe('unknown');
    expect(monitor.getProviderComparison()).toStrictEqual([]);
    workspace().recordProviderCall('b', true, 7);
    expect(monitor.getProviderHealth('b')).toMatchObject({ total_calls: 1, avg_latency_ms: 7 });
  });
});

test('a reset hides nothing of a file that was removed and made again, though each of its lines is as before', () => {
  const monitor = workspace().getGlobalHealthMonitor();
  const call = { timestamp: NOW, provider: 'p', success: true, latency_ms: 10 };
  writeLines(workspace(), PROVIDERS, Array(3).fill(call));
  monitor.resetAll();
  expect(monitor.getOverallHealth().status).toBe('unknown');
  const { birthtimeMs } = fs.statSync(workspace().path(PROVIDERS));
  fs.rmSync(workspace().path(PROVIDERS));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20); // a file system counts the time in ticks
  writeLines(workspace(), PROVIDERS, Array(4).fill(call));
  if (birthtimeMs > 0) expect(monitor.getProviderHealth('p').total_calls).toBe(4);
});

test('lines of other programs count', () => {
  writeLines(workspace(), PROVIDERS, [
    { timestamp: NOW, provider: 'p', success: 'yes', latency_ms: 'slow' },
    { timestamp: NOW, provider: 'p', success: true, latency_ms: 10 },
    { timestamp: NOW, success: true },
  ]);
  expect(workspace().getProviderHealth('p')).toMatchObject({
    total_calls: 2,
    successful_calls: 2,
    avg_latency_ms: 10, // of the one call that has a latency
    latency_p50: 10,
  });
});

test('a reset of a name that is no whole Unicode leaves every question answered', () => {
  const monitor = workspace().getGlobalHealthMonitor();
  monitor.recordProviderCall('x\ud800', true, 5);
  monitor.recordProviderCall('y', true, 5);
  monitor.resetProvider('x\ud800');
  expect(monitor.getProviderHealth('x\ud800').available).toBe(false);
  expect(Object.keys(monitor.getOverallHealth().providers)).toEqual(['y']);
});
