// The tables over a period: against a naive reading over random histories.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const Ajv = require('ajv');
const { createTestWorkspace } = require('@obs/native/testing');
const { CUJS } = require('./support/files.js');
const { createRandom } = require('./support/random.js');
const { expectSame } = require('./support/same.js');
const { createTableOracle, kindOf } = require('./support/table-oracle.js');

const SEED = Number(process.env.OBS_TEST_SEED ?? Date.now() % 1_000_000_000);
const ROUNDS = 8;
const NOW = Date.UTC(2026, 4, 5, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const IDS = ['CUJ-001', 'CUJ-002', '__proto__', 'ünï 💥', '\ud800lone'];
const ERRORS = [
  null,
  '',
  'boom',
  'Timeout',
  'HTTP 529',
  'rate limit reached',
  '401 bad API key',
  'quota',
  'Timeout 8123 ms',
];

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

const someTime = (random) =>
  random.chance(0.15) ? NOW - random.pick([0, DAY, DAY + 1, 7 * DAY, 14 * DAY, -HOUR]) : NOW - random.below(20 * DAY);

const ACTS = {
  execution(workspace, random) {
    const args = [
      random.pick(IDS),
      random.chance(0.7),
      random.pick([null, 5, random.next() * 1e4]),
      random.pick(ERRORS),
    ];
    const metadata = random.chance(0.3) ? { [random.pick(['run_id', 'runId'])]: random.pick(IDS) } : {};
    jest.setSystemTime(someTime(random));
    workspace.recordCujExecution(...args, metadata);
  },
  skill(workspace, random) {
    jest.setSystemTime(someTime(random));
    workspace.logSkillInvocation({
      skill: random.pick(['a', 'b', '__proto__', undefined]),
      agent: random.pick(['x', 'y', undefined]),
      result: random.pick(['success', 'success', 'failure', 'other']),
      duration: random.pick([0, NaN, random.next() * 1e4]),
      cacheHit: random.chance(0.3),
      runId: random.pick([undefined, ...IDS]),
      cujId: random.pick([undefined, ...IDS]),
      error: random.pick(ERRORS),
    });
  },
  progress(workspace, random) {
    jest.setSystemTime(someTime(random));
    const status = random.pick(['running', 'completed', 'failed', 'skipped']);
    const percentage = random.pick([0, 40, 99, 100]);
    workspace.emitProgress({ runId: random.pick([undefined, ...IDS]), step: random.below(4), status, percentage, message: random.pick(ERRORS) }); // prettier-ignore
  },
  call(workspace, random) {
    jest.setSystemTime(someTime(random));
    const metadata = random.chance(0.3) ? { run_id: random.pick(IDS) } : {};
    workspace.getGlobalHealthMonitor().recordProviderCall(random.pick(['anthropic', 'openai', '__proto__']), random.chance(0.6), random.pick([null, random.below(9000)]), random.pick(ERRORS), metadata); // prettier-ignore
  },
  foreign(workspace, random) {
    const target = workspace.path(CUJS);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    const timestamp = random.pick(['never', null, '2026-05-05T11:30:00', NOW - HOUR]);
    const line = { timestamp, cuj_id: random.pick(IDS), success: random.pick([1, '']) };
    fs.appendFileSync(target, `${JSON.stringify(line)}\nno json\n`);
  },
};

function somePeriod(random) {
  const from = random.pick([null, NOW - DAY, NOW - 7 * DAY, NOW - random.below(20 * DAY)]);
  const to = random.pick([null, null, NOW - HOUR, (from ?? NOW - 10 * DAY) + random.below(5 * DAY)]);
  const backMs = random.pick([null, 0, DAY, 7 * DAY, random.below(40 * DAY)]);
  return { from, to: to !== null && to < (from ?? 0) ? null : to, backMs };
}

const rough = (table) => ({ ...table, rows: table.rows.map((row) => ({ ...row, chance: row.chance === null ? null : Number(row.chance.toPrecision(9)), low: row.low?.toFixed(12), high: row.high?.toFixed(12) })) }); // prettier-ignore

/** Groups add up to the failures of the oracle, each text of which is in one group. */
function expectFailures(answer, failures, head) {
  expect(answer).toMatchObject({ ...head, total: failures.length, group_count: answer.groups.length });
  const rest = new Map();
  for (const each of failures) {
    const key = JSON.stringify([each[0], each[2].replace(/\d{4,}(?= ms)/, '#')]);
    rest.set(key, [...(rest.get(key) ?? []), each]);
  }
  expect(answer.groups.length).toBe(rest.size);
  for (const group of answer.groups) {
    const list = rest.get(JSON.stringify([group.source, group.text]));
    const times = list.map(([, , , at]) => at).filter((at) => !Number.isNaN(at));
    const iso = (at) => (times.length > 0 ? new Date(at).toISOString() : null);
    expect(group.count).toBe(list.length);
    expect([group.first_seen, group.last_seen]).toEqual([iso(Math.min(...times)), iso(Math.max(...times))]);
    expect(list.map(([, , error]) => error)).toContain(group.example);
    expect(group.kind).toBe(kindOf(group.example));
    const names = [...new Set(list.map(([, name]) => name))];
    expect(group.subject_count).toBe(names.length);
    expect(group.subjects.length).toBe(Math.min(5, names.length));
    for (const { name, count } of group.subjects) expect(count).toBe(list.filter((each) => each[1] === name).length);
  }
}

function expectRuns(answer, expected) {
  expect(answer.total).toBe(expected.length);
  const shown = answer.runs.map(
    ({ run_id, state, step, message, percentage, events, elapsed_ms, started_at, updated_at }) => {
      const over = ['running', 'stalled'].includes(state) ? null : state;
      return { run_id, over, step, message, percentage, events, elapsed_ms, started_at, updated_at };
    },
  );
  expectSame(shown, expected);
}

const schemaOf = (name) => require(`../schemas/${name}.schema.json`);
const shapes = Object.fromEntries(
  Object.entries({
    getSkillTable: 'skills',
    getAgentTable: 'agents',
    getCujTable: 'cujs',
    getProviderTable: 'providers',
    getFailures: 'failures',
    getSlowestCalls: 'slowest',
    getTimeline: 'timeline',
    getRuns: 'runs',
    getRun: 'run',
  }).map(([name, schema]) => [name, new Ajv({ strictTypes: false }).compile(schemaOf(schema))]),
);

/** Every answer has the shape that its schema says. */
function expectShapes(workspace, options, runId) {
  for (const [name, fits] of Object.entries(shapes)) {
    fits(workspace[name](name === 'getRun' ? runId : options));
    expect([name, fits.errors]).toEqual([name, null]);
  }
}

function compare(workspace, oracle, random) {
  jest.setSystemTime(NOW);
  const asked = somePeriod(random);
  const options = { ...asked };
  const by = random.pick([null, 'agent', 'cuj', 'run']);
  const skill = random.pick([undefined, 'a', '__proto__']);
  const cujId = random.pick([undefined, ...IDS]);
  const same = (name, extra = {}) =>
    expectSame(rough(workspace[name]({ ...options, ...extra })), rough(oracle[name]({ ...asked, ...extra }, NOW)));
  const timeline = { runIds: random.chance(0.5), kind: random.pick(['cuj', 'skill', 'agent', 'provider']) };
  expectShapes(workspace, { ...options, ...timeline }, random.pick(IDS));
  same('getSkillTable', { by, skill });
  same('getAgentTable');
  same('getCujTable', { cujId, strip: random.pick([undefined, 0, 1, 50]) });
  same('getProviderTable');
  const failures = workspace.getFailures({ ...options, limit: 1000 });
  expectFailures(failures, oracle.failures(asked, NOW), { schema: 1 });
  const { calls, ...head } = workspace.getSlowestCalls({ ...options, skill, limit: 4 });
  expectSame({ ...head, durations: calls.map((call) => call.duration_ms) }, oracle.getSlowestCalls({ ...asked, skill, limit: 4 }, NOW)); // prettier-ignore
  expectRuns(workspace.getRuns({ ...options, limit: 1000 }), oracle.getRuns(asked, NOW));
  const filters = { skill, result: random.pick([undefined, 'failure']), limit: random.pick([1, 7, 500]), grep: random.pick([undefined, 'time.?out', '"agent":"x"']) }; // prettier-ignore
  expectSame(workspace.getLatestLogs(filters), oracle.getLatestLogs(filters));
}

describe(`tables over random histories (seed ${SEED}; OBS_TEST_SEED repeats one)`, () => {
  test.each(Array.from({ length: ROUNDS }, (_, round) => [round]))('round %i', (round) => {
    const random = createRandom(SEED + round);
    const workspace = createTestWorkspace();
    const oracle = createTableOracle(workspace.root);
    try {
      for (let step = 0; step < 250; step += 1) {
        ACTS[random.pick(Object.keys(ACTS))](workspace, random);
        if (step % 50 === 0) compare(workspace, oracle, random);
      }
      for (let times = 0; times < 12; times += 1) compare(workspace, oracle, random);
    } catch (error) {
      error.message = `seed ${SEED}: ${error.message}`;
      throw error;
    } finally {
      workspace.cleanup();
    }
  });
});
