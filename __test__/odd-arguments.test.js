// Many small histories of odd records, asked with odd arguments: ids, windows and fields that are missing, textual, negative or odd.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { CUJS, PROGRESS, PROVIDERS, skills } = require('./support/files.js');
const { createOracle } = require('./support/oracle.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { expectSame } = require('./support/same.js');
const { createTestWorkspace } = require('@obs/native/testing');

const SEED = seedOfTest();
const HISTORIES = process.env.OBS_LONG === '1' ? 100_000 : 2000;
const NOW = Date.UTC(2026, 4, 5, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR_ZERO = -62_167_219_200_000;

const IDS = ['A', 'B', 'null', 'undefined', '0', ' A', 'a', '__proto__', 'ünï', '\ud800'];
const ODD = [undefined, null, '', 0, 5, -1, NaN, true, false, [], {}, 'x'];

const TIMES = [0, 1, -1, HOUR, HOUR + 1, DAY, DAY + 1, -HOUR, 7 * DAY, 400 * DAY];

function someTime(random) {
  const at = NOW - random.pick(TIMES);
  return random.pick([
    new Date(at).toISOString(),
    new Date(at).toISOString(),
    at,
    new Date(at).toISOString().slice(0, -1),
    'never',
    null,
    undefined,
  ]);
}

const someDuration = (random) => random.pick([1, 2.5, 1000, 0, -3, 1e18, '7', null, undefined, true]);
const someId = (random) => (random.chance(0.8) ? random.pick(IDS) : random.pick(['', null, undefined]));
const someSuccess = (random) => random.pick([true, true, false, 1, 0, 'yes', '', null, undefined, {}]);
const someError = (random) => random.pick([null, undefined, '', 'Timeout', 'boom', 'a "b"']);

/** A record of one stream; members that are `undefined` are left out of its line. */
const RECORDS = {
  [CUJS]: (random) => ({
    timestamp: someTime(random),
    cuj_id: someId(random),
    success: someSuccess(random),
    duration_ms: someDuration(random),
    error: someError(random),
  }),
  [PROVIDERS]: (random) => ({
    timestamp: someTime(random),
    provider: someId(random),
    success: someSuccess(random),
    latency_ms: someDuration(random),
    error: someError(random),
  }),
  [PROGRESS]: (random) => ({ timestamp: NOW, run_id: random.pick(IDS), step: random.pick([0, 1, null]), message: 'm' }),
  [skills(NOW)]: (random) => ({
    timestamp: someTime(random),
    skill: someId(random),
    agent: random.pick(['x', 'y', 'x']),
    result: random.pick(['success', 'failure', 'other', null]),
    duration_ms: someDuration(random),
    cache_hit: someSuccess(random),
    run_id: random.pick(IDS),
    cuj_id: random.pick(IDS),
  }),
};

function writeHistory(workspace, random) {
  for (const [file, make] of Object.entries(RECORDS)) {
    const lines = Array.from({ length: random.below(8) }, () => JSON.stringify(make(random)));
    const place = workspace.path(file);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.writeFileSync(place, lines.map((line) => `${line}\n`).join(''));
  }
}

const someWindow = (random) =>
  random.pick([
    undefined,
    null,
    0,
    1,
    HOUR,
    DAY,
    7 * DAY,
    HOUR + 0.5,
    '3600000',
    ' 86400000 ',
    '8.64e7',
    '0x36EE80',
    '0',
    '+60000',
    1e15,
    -1,
    '-1',
    -0,
    NaN,
    'NaN',
    Infinity,
    'Infinity',
    '',
    ' ',
    '7d',
    true,
    [],
    {},
    10n,
  ]);

/** What the documentation says a window is: `{ ms }`, all of history as `null`, or `{ wrong: true }`. */
function readWindow(asked) {
  if (asked === undefined) return { ms: DAY };
  if (asked === null || asked === 0) return { ms: null };
  const text = typeof asked === 'string' && asked.trim() !== '';
  const number = text ? Number(asked) : asked;
  if (number === 0) return { ms: null };
  const isOne = typeof number === 'number' && Number.isFinite(number) && number > 0 && NOW - number >= YEAR_ZERO;
  return isOne ? { ms: number } : { wrong: true };
}

/** The package's answer, or what it threw. */
function outcome(work) {
  try {
    return { answer: work() };
  } catch (error) {
    return { threw: error.constructor.name, code: error.code };
  }
}

const REFUSED = { threw: 'RangeError', code: 'OBS_INVALID_ARGUMENT' };

/** Each question as `[what was asked, what the package said, what is right]`. */
function* questions(workspace, oracle, random) {
  const id = random.chance(0.7) ? random.pick(IDS) : random.pick(ODD.slice(0, 3));
  const asked = someWindow(random);
  const { ms, wrong } = readWindow(asked);
  const whole = asked === undefined ? DAY : asked;
  for (const name of ['getCujSuccessRate', 'getFailureAnalysis', 'getPerformancePercentiles', 'getCujStability']) {
    const right = wrong ? REFUSED : { answer: withWindow(oracle[name](id, ms, NOW), whole) };
    yield [`${name}(${String(id)}, ${String(asked)})`, outcome(() => workspace[name](id, asked)), right];
  }
  const all = wrong ? null : oracle.getAllCujMetrics(ms, NOW);
  for (const each of Object.values(all ?? {})) withWindow(each, whole);
  const right = wrong ? REFUSED : { answer: all };
  yield [`getAllCujMetrics(${String(asked)})`, outcome(() => workspace.getAllCujMetrics(asked)), right];
  yield* bucketQuestions(workspace, oracle, random, id);
  yield* otherQuestions(workspace, oracle, random);
}

function withWindow(answer, asked) {
  if ('time_window_ms' in answer) answer.time_window_ms = asked;
  return answer;
}

function* bucketQuestions(workspace, oracle, random, id) {
  const buckets = random.pick([1, 3, 24, 0, -1, 1.5, NaN, '3', null, 100_001]);
  const size = random.pick([1000, HOUR, DAY, 0.5, 0, -1, NaN, '1000', null, Infinity]);
  const wrong = !Number.isInteger(buckets) || buckets < 1 || buckets > 100_000 || !Number.isFinite(size) || !(size > 0);
  const right = wrong ? REFUSED : { answer: oracle.getCujTrending(id, buckets, size, NOW) };
  const said = outcome(() => workspace.getCujTrending(id, buckets, size));
  yield [`getCujTrending(${String(id)}, ${String(buckets)}, ${String(size)})`, said, right];
}

function* otherQuestions(workspace, oracle, random) {
  const provider = random.pick(IDS);
  yield [
    `getProviderHealth(${provider})`,
    outcome(() => workspace.getProviderHealth(provider)),
    { answer: oracle.getProviderHealth(provider) },
  ];
  const limit = random.pick([undefined, null, 0, 1, 2, 100, '2', -1, 1.5, NaN, 'x', true]);
  const filters = { limit };
  for (const [name, value] of [
    ['skill', random.pick([undefined, null, ...IDS])],
    ['agent', random.pick([undefined, '', 'x'])],
    ['result', random.pick([undefined, null, 'failure'])],
    ['runId', random.pick([undefined, undefined, ...IDS])],
  ]) {
    if (random.chance(0.5)) filters[name] = value;
  }
  const wrong = !(limit === undefined || limit === null || limit === '2' || (Number.isInteger(limit) && limit >= 0));
  for (const name of ['queryLogs', 'getStatistics']) {
    const right = wrong ? REFUSED : { answer: oracle[name]({ ...filters, limit: Number(limit ?? 0) }, NOW) };
    const said = outcome(() => workspace.getLogger()[name](filters));
    yield [`${name}(${JSON.stringify(filters)})`, said, right];
  }
}

test(`${HISTORIES} histories answer as the documentation says (seed ${SEED}; OBS_TEST_SEED repeats it)`, () => {
  jest.useFakeTimers({ now: NOW });
  const workspace = createTestWorkspace();
  const oracle = createOracle(workspace.root);
  let compared = 0;
  try {
    for (let history = 0; history < HISTORIES; history += 1) {
      const random = createRandom(SEED + history);
      writeHistory(workspace, random);
      for (const [asked, said, right] of questions(workspace, oracle, random)) {
        try {
          expectSame(said, right);
        } catch (error) {
          error.message = `seed ${SEED + history}, ${asked}: ${error.message}`;
          throw error;
        }
        compared += 1;
      }
    }
  } finally {
    jest.useRealTimers();
    workspace.cleanup();
  }
  expect(compared).toBeGreaterThan(HISTORIES * 8);
}, 1_800_000);
