// Compares the package with a naive reading of the documentation over random histories, damaged lines among them.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { CUJS, PROGRESS, PROVIDERS, skills } = require('./support/files.js');
const { createOracle } = require('./support/oracle.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { expectSame, expectSamePerformance, expectSameResources } = require('./support/same.js');
const { createTestWorkspace } = require('@obs/native/testing');

const SEED = seedOfTest();
const ROUNDS = 12;
const NOW = Date.UTC(2026, 4, 5, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const IDS = ['CUJ-001', 'CUJ-002', '__proto__', 'constructor', 'ünï 💥', '\ud800lone'];
const ERRORS = [null, 'boom', 'Timeout', '', 'Rate limited (529)', 'a "quoted" \\ one'];
const PROVIDERS_NAMED = ['anthropic', 'openai', '__proto__'];
const STATUSES = ['running', 'completed', 'failed', 'odd'];
const DAMAGE = [
  '',
  '   ',
  'no json',
  '[1,2,3]',
  '"text"',
  'null',
  '{"timestamp":"2026-05-05T11:00:00.000Z"}',
  '{"timestamp":"2026-05-05T11:00:00.000Z","cuj_id":"CUJ-001","succ',
  '{"a":1} trailing',
];

/** A time up to 40 days ago, now and then at a window's very edge, in the future or odd. */
function someTime(random) {
  if (random.chance(0.15)) return NOW - random.pick([0, HOUR, HOUR + 1, DAY, DAY + 1, 7 * DAY, -HOUR]);
  const span = random.pick([HOUR, DAY, 7 * DAY, 40 * DAY]);
  return NOW - random.below(span);
}

function someDuration(random) {
  return random.chance(0.1) ? random.pick([NaN, null, '5', 0, 1e21, 1e-7]) : random.next() * 10_000;
}

/** Metadata, two thirds of the time with what was used, in one of the two places. */
function someMetadata(random) {
  const value = () =>
    random.pick([random.next() * 100, random.below(1e6) / 1000, random.below(2e9) / 1_048_576, -5, '7', null]);
  const resources = {
    heap_used_mb: value(),
    [random.pick(['cpu_user_ms', 'cpu_system_ms', 'memory_delta_mb'])]: value(),
  };
  return random.pick([{ n: random.below(9) }, resources, { resources, cpu_user_ms: value() }]);
}

/** One act on the workspace, either through its functions or as another program that appends a line. */
const ACTS = {
  execution(workspace, random) {
    const args = [
      random.pick(IDS),
      random.chance(0.7),
      someDuration(random),
      random.pick(ERRORS),
      someMetadata(random),
    ];
    jest.setSystemTime(someTime(random));
    workspace.recordCujExecution(...args);
  },
  skill(workspace, random) {
    jest.setSystemTime(NOW - random.below(3 * DAY));
    workspace.logSkillInvocation({
      skill: random.pick(['a', 'b', '__proto__', undefined]),
      agent: random.pick(['x', 'y', undefined]),
      result: random.pick(['success', 'failure', 'other']),
      duration: random.chance(0.1) ? someDuration(random) : random.pick([1, 1000, 1e6]) * random.next(),
      cacheHit: random.chance(0.4),
      runId: random.pick([undefined, 'r1', 'r2']),
      cujId: random.pick([undefined, ...IDS]),
      params: { text: random.pick(ERRORS) },
      metadata: someMetadata(random),
    });
  },
  progress(workspace, random) {
    jest.setSystemTime(someTime(random));
    workspace.emitProgress({
      runId: random.pick([undefined, ...IDS]),
      step: random.pick([undefined, 0, 1, 2.5, 'build']),
      status: random.pick(STATUSES),
      percentage: random.next() * 120 - 10,
      message: random.pick(ERRORS),
    });
  },
  call(workspace, random) {
    jest.setSystemTime(someTime(random));
    const latency = random.chance(0.1) ? null : random.below(20_000);
    workspace.recordProviderCall(random.pick(PROVIDERS_NAMED), random.chance(0.8), latency, random.pick(ERRORS));
  },
  damage(workspace, random) {
    append(workspace, random.pick([CUJS, PROGRESS, PROVIDERS, skills(NOW)]), random.pick(DAMAGE));
  },
  foreign(workspace, random) {
    const line = { timestamp: random.pick(['2026-05-05T11:30:00Z', '2026-05-05T11:30:00', NOW - HOUR, 'never', null]) };
    append(workspace, CUJS, JSON.stringify({ ...line, cuj_id: random.pick(IDS), success: random.pick([1, '', 'no']) }));
  },
};

function append(workspace, file, line) {
  const target = workspace.path(file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.appendFileSync(target, `${line}\n`);
}

/** Every question, as `[name, ask the package, ask the oracle]`. */
function questions(workspace, oracle, random) {
  const id = random.pick([...IDS, 'nobody', undefined, null, '']);
  const timeWindow = random.pick([HOUR, DAY, 7 * DAY, 40 * DAY, 1, null, 0, String(DAY), ' 6.048e8 ']);
  const buckets = [1 + random.below(40), random.pick([HOUR, DAY, 1000])];
  const limit = random.pick([null, 1, 5, 1000]);
  const run = random.pick([null, ...IDS]);
  const provider = random.pick([...PROVIDERS_NAMED, 'OpenAI', 'nobody']);
  const filters = {
    skill: random.pick([undefined, 'a', '__proto__']),
    result: random.pick([undefined, 'failure']),
    cujId: random.pick([undefined, ...IDS]),
    limit,
  };
  const range = random.pick([{}, { start: NOW - 2 * DAY }, { end: NOW - DAY }, { start: NOW - DAY, end: NOW - HOUR }]);
  const asked = { ...filters, startDate: range.start, endDate: range.end };
  const logger = workspace.getLogger();
  const monitor = workspace.getGlobalHealthMonitor();
  const both = (name, ...args) => [
    `${name}(${JSON.stringify(args)})`,
    () => workspace[name](...args),
    oracle[name](...args, NOW),
  ];
  return [
    both('getCujSuccessRate', id, timeWindow),
    both('getAllCujMetrics', timeWindow),
    both('getCujTrending', id, ...buckets),
    both('getFailureAnalysis', id, timeWindow),
    both('getPerformancePercentiles', id, timeWindow),
    both('getCujStability', id, timeWindow),
    both('getCujPerformanceTrend', id, ...buckets),
    [...both('getResourceTrend', { cujId: id || 'nobody' }, timeWindow), expectSameResources],
    [
      ...both('getResourceTrend', { skill: random.pick(['a', '__proto__', 'nobody']) }, timeWindow),
      expectSameResources,
    ],
    [
      `getSkillPerformance(${JSON.stringify(asked)})`,
      () => workspace.getSkillPerformance(asked),
      oracle.getSkillPerformance({ ...filters, ...range }, NOW),
      expectSamePerformance,
    ],
    both('getProgressHistory', run, limit),
    both('getCurrentProgress', id ?? 'nobody'),
    both('getProviderHealth', provider),
    [
      `queryLogs(${JSON.stringify(asked)})`,
      () => logger.queryLogs(asked),
      oracle.queryLogs({ ...filters, ...range }, NOW),
    ],
    [
      `getStatistics(${JSON.stringify(asked)})`,
      () => logger.getStatistics(asked),
      oracle.getStatistics({ ...filters, ...range }, NOW),
    ],
    ['getAllProviderHealth()', () => monitor.getAllProviderHealth(), oracle.getAllProviderHealth()],
    ['getOverallHealth()', () => monitor.getOverallHealth(), oracle.getOverallHealth()],
    ['getProviderComparison()', () => monitor.getProviderComparison(), oracle.getProviderComparison()],
  ];
}

function compare(workspace, oracle, random) {
  jest.setSystemTime(NOW);
  for (const [name, ask, expected, same = expectSame] of questions(workspace, oracle, random)) {
    try {
      same(ask(), expected);
    } catch (error) {
      error.message = `seed ${SEED}, ${name}: ${error.message}`;
      throw error;
    }
  }
}

describe(`random histories (seed ${SEED}; OBS_TEST_SEED repeats one)`, () => {
  beforeEach(() => jest.useFakeTimers({ now: NOW }));
  afterEach(() => jest.useRealTimers());

  test.each(Array.from({ length: ROUNDS }, (_, round) => [round]))('round %i', (round) => {
    const random = createRandom(SEED + round);
    const workspace = createTestWorkspace();
    const oracle = createOracle(workspace.root);
    try {
      for (let step = 0; step < 300; step += 1) {
        ACTS[random.pick(['execution', 'execution', 'skill', 'progress', 'call', 'call', 'damage', 'foreign'])](
          workspace,
          random,
        );
        if (step % 25 === 0) compare(workspace, oracle, random);
      }
      for (let times = 0; times < 10; times += 1) compare(workspace, oracle, random);
    } finally {
      workspace.cleanup();
    }
  });
});
