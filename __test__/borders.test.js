// Figures at the borders of their rules: one record more or less, a tie, a window's edge, a fault between two steps.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { CUJS, PROGRESS, PROVIDERS } = require('./support/files.js');
const { createFace } = require('../lib/face.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');

const workspace = useWorkspace();
const NOW = 1_777_982_400_000;
const DAY = 86_400_000;

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

describe('providers', () => {
  const call = (success, latency_ms, timestamp = NOW) => ({ timestamp, provider: 'p', success, latency_ms });
  const health = () => workspace().getProviderHealth('p');

  test('percentiles count the 100th call from the end, and not the 101st', () => {
    // 9, then 1, then 49 times 1 and 50 times 9: of the last 100 half are 1, so that the median shows either mistake.
    const latencies = [9, 1, ...Array(49).fill(1), ...Array(50).fill(9)];
    writeLines(
      workspace(),
      PROVIDERS,
      latencies.map((latency) => call(true, latency)),
    );
    expect(health()).toMatchObject({ total_calls: 101, latency_p50: 1 });
  });

  test('the last failure and the last success are told however many calls came after them', () => {
    const later = Array.from({ length: 3000 }, (_, index) => call(true, 1, NOW - 3000 + index));
    writeLines(workspace(), PROVIDERS, [call(false, 1, NOW - 9000), ...later]);
    expect(health()).toMatchObject({ last_failure: NOW - 9000, last_success: NOW - 1 });
  });

  test.each([
    ['of one after that of all', ['resetAll', 'resetProvider']],
    ['of all after that of one', ['resetProvider', 'resetAll']],
  ])('of two resets the later one counts: %s', (_, resets) => {
    const monitor = workspace().getGlobalHealthMonitor();
    for (const reset of resets) {
      workspace().recordProviderCall('p', true, 1);
      monitor[reset]('p');
    }
    workspace().recordProviderCall('p', true, 1);
    expect(monitor.getProviderHealth('p').total_calls).toBe(1);
  });

  test.each([
    [95, 0],
    [96, 1],
  ])('%d of 100 calls that succeed: %d healthy providers', (good, healthy) => {
    writeLines(
      workspace(),
      PROVIDERS,
      Array.from({ length: 100 }, (_, index) => call(index < good, 1)),
    );
    expect(workspace().getGlobalHealthMonitor().getOverallHealth().healthy_providers).toBe(healthy);
  });
});

test.each([1, 5, 1023, 1024, 1025, 2999, 3000, 5000])('getProgressHistory(null, %d) of 3000 events', (limit) => {
  const events = Array.from({ length: 3000 }, (_, step) => ({ timestamp: NOW, run_id: `r${step % 2}`, step }));
  writeLines(workspace(), PROGRESS, events);
  const steps = (history) => history.map(({ step }) => step);
  expect(steps(workspace().getProgressHistory(null, limit))).toEqual(steps(events.slice(0, limit)));
  const own = events.filter(({ run_id: run }) => run === 'r1').slice(0, limit);
  expect(steps(workspace().getProgressHistory('r1', limit))).toEqual(steps(own));
});

describe('the dashboard', () => {
  const executions = (cuj_id, back, successes) =>
    successes.map((success) => ({ timestamp: NOW - back, cuj_id, success, duration_ms: 5 }));
  const changed = () =>
    workspace()
      .generateMetricsDashboard()
      .findings.find(({ kind }) => kind === 'changed_cuj');

  test('a change is that against the window of the same length before, and three runs in each are enough', () => {
    writeLines(workspace(), CUJS, [
      ...executions('A', 2.5 * DAY, Array(50).fill(false)), // before both windows
      ...executions('A', 1.5 * DAY, [true, true, true]),
      ...executions('A', 0.5 * DAY, [true, false, true]),
    ]);
    expect(changed()).toMatchObject({ subject: 'A', n: 3, before: { rate: 1, n: 3 } });
    expect(changed().value).toBeCloseTo(-1 / 3, 12);
  });

  test.each([
    [
      [true, true],
      [true, false, true],
    ],
    [
      [true, true, true],
      [true, false],
    ],
  ])('%j before and %j now are too few to tell', (before, now) => {
    writeLines(workspace(), CUJS, [...executions('A', 1.5 * DAY, before), ...executions('A', 0.5 * DAY, now)]);
    expect(changed()).toBeUndefined();
  });

  test('of two that are equally fast, slow and reliable the first one stands', () => {
    writeLines(workspace(), CUJS, [...executions('B', 1000, [true]), ...executions('A', 900, [true])]);
    const { highlights } = workspace().generateMetricsDashboard();
    const named = Object.values(highlights).filter(Boolean);
    expect(named.map(({ cuj_id: id }) => id)).toEqual(['B', 'B', 'B', 'B']);
  });
});

describe('the store', () => {
  test('what is held in the mode batch is written when the mode changes', () => {
    workspace().configure({ durability: 'batch' });
    workspace().recordProviderCall('p', true, 1);
    expect(fs.existsSync(workspace().path(PROVIDERS))).toBe(false);
    workspace().configure({ durability: 'write' });
    expect(workspace().lines(PROVIDERS)).toHaveLength(1);
  });

  test('close gives every descriptor back', () => {
    workspace().recordProviderCall('p', true, 1);
    expect(workspace().getProviderHealth('p').total_calls).toBe(1);
    workspace().close();
    if (process.platform !== 'linux') return;
    const open = fs.readdirSync('/proc/self/fd').map((number) => {
      try {
        return fs.readlinkSync(`/proc/self/fd/${number}`);
      } catch {
        return ''; // it was the folder's own
      }
    });
    expect(open).not.toContain(fs.realpathSync(workspace().path(PROVIDERS)));
  });

  test('nothing is imported while nothing may be written', () => {
    const off = createFace({ projectRoot: workspace().root, env: { OBS_DISABLED: '1' } });
    const legacy = workspace().path('legacy.json');
    fs.writeFileSync(legacy, JSON.stringify([{ name: 'A', duration: 5, success: true, timestamp: NOW }]));
    expect(() => off.importLegacyPerformance(legacy)).toThrow(expect.objectContaining({ code: 'OBS_DISABLED' }));
    expect(fs.existsSync(path.dirname(workspace().path(CUJS)))).toBe(false);
  });
});
