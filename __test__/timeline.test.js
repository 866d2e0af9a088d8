// `getTimeline`: against a naive count of the same records, and what it says of odd questions.
'use strict';

const path = require('node:path');

const { createFace } = require('../lib/face.js');
const { makeFolder, removeFolder, writeFiles } = require('./support/command-line.js');
const { createRandom, seedOfTest } = require('./support/random.js');

const DAY = 86_400_000;
let root;
let face;

beforeEach(() => {
  root = makeFolder();
  face = createFace({ projectRoot: root, env: {} });
});

afterEach(() => {
  face.close();
  removeFolder(root);
});

const rank = (sorted, share) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;

/** Counts one part the plain way. */
function naive(records, [start, end], isLast) {
  const inside = records.filter(({ at }) => at >= start && (at <= end || isLast));
  const durations = inside.map(({ ms }) => ms).sort((a, b) => a - b);
  const good = inside.filter(({ success }) => success).length;
  return {
    total: inside.length,
    successful: good,
    failed: inside.length - good,
    rate: inside.length === 0 ? null : good / inside.length,
    p50_ms: rank(durations, 0.5),
    p95_ms: rank(durations, 0.95),
    durations: inside.length,
  };
}

const SEED = seedOfTest();

test(`timeline: parts, percentiles and bands are those of a naive count (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  const base = Date.parse('2026-05-01T00:00:00Z');
  const records = Array.from({ length: 400 }, () => ({
    at: base + random.below(10 * DAY),
    success: random.below(4) > 0,
    ms: random.below(5000),
  }));
  record(records);
  for (let round = 0; round < 40; round += 1) {
    const from = base + random.below(10 * DAY);
    const to = from + random.below(3 * DAY);
    const parts = 1 + random.below(30);
    const options = { from, to, parts, limit: 7 };
    for (const subject of [{ cujId: 'A' }, { skill: 'A' }, { agent: 'B' }]) {
      const found = face.getTimeline({ ...options, ...subject });
      const inside = records.filter(({ at }) => at >= from && at <= to);
      expect(found.total).toBe(inside.length);
      expect(found.last).toHaveLength(Math.min(7, inside.length));
      found.parts.forEach((part, index) => {
        const { from: start, to: end, ...counts } = part;
        const bounds = [Date.parse(start), Date.parse(end)];
        const flat = { ...counts, durations: counts.durations.reduce((sum, each) => sum + each, 0) };
        expect(flat).toEqual(naive(inside, bounds, index === found.parts.length - 1));
      });
      expect(Date.parse(found.parts[0].from)).toBe(from);
      expect(Date.parse(found.parts.at(-1).to)).toBe(to);
    }
  }
});

/** Puts them on record as executions and as calls, in their files. */
function record(records) {
  const lines = records.map(({ at, success, ms }) => {
    const timestamp = new Date(at).toISOString();
    const result = success ? 'success' : 'failure';
    return [
      JSON.stringify({ cuj_id: 'A', timestamp, success, duration_ms: ms, error: success ? null : 'boom' }),
      JSON.stringify({ timestamp, skill: 'A', agent: 'B', result, duration_ms: ms }),
    ];
  });
  writeFiles(path.join(root, '.claude', 'context'), {
    'analytics/cuj-metrics.jsonl': `${lines.map(([execution]) => execution).join('\n')}\n`,
    'logs/skill-invocations-2026-05-01.jsonl': `${lines.map(([, call]) => call).join('\n')}\n`,
  });
}

/** Lines of three files, some damaged, of some 300 records with and without a run; and what a plain reading finds in them. */
function scatter(random) {
  const base = Date.parse('2026-05-01T00:00:00Z');
  const odd = ['', '   ', '{"cuj_id":"A","timest', 'not JSON', '{"odd":1}'];
  const texts = { executions: '', calls: '', skills: '' };
  const wanted = { cuj: [], provider: [], skill: [] };
  for (let serial = 0; serial < 300; serial += 1) {
    const at = base + random.below(50);
    const timestamp = new Date(at).toISOString();
    const [success, run] = [random.below(5) > 0, random.pick([null, `run-${random.below(40)}`])];
    const metadata = run === null ? {} : { [random.pick(['run_id', 'runId'])]: run };
    const [kind, name] = [random.pick(['cuj', 'provider', 'skill']), random.pick(['A', 'B'])];
    const error = success ? null : 'boom';
    const end = random.pick(['\n', '\n', '\n', '', `\n${random.pick(odd)}\n`]);
    const line = {
      cuj: { timestamp, cuj_id: name, success, duration_ms: 5, error, metadata },
      provider: {
        timestamp: at,
        iso_timestamp: timestamp,
        provider: name.toLowerCase(),
        success,
        latency_ms: 5,
        error,
        metadata,
      },
      skill: { timestamp, skill: name, result: success ? 'success' : 'failure', duration_ms: 5, run_id: run, error },
    }[kind];
    texts[{ cuj: 'executions', provider: 'calls', skill: 'skills' }[kind]] += JSON.stringify(line) + end;
    wanted[kind].push({ name, at: timestamp, success, duration_ms: 5, run_id: run });
  }
  writeFiles(path.join(root, '.claude', 'context'), {
    'analytics/cuj-metrics.jsonl': texts.executions,
    'analytics/provider-health.jsonl': texts.calls,
    'logs/skill-invocations-2026-05-01.jsonl': texts.skills,
  });
  return wanted;
}

test(`timeline: the latest tell their runs, also between damaged lines and glued ones (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  const wanted = scatter(random);
  const keys = { cuj: 'cujId', provider: 'provider', skill: 'skill' };
  for (const [kind, all] of Object.entries(wanted)) {
    for (const name of [undefined, 'A', 'B']) {
      for (const limit of [1, 7, 1000]) {
        const options = { from: null, limit, runIds: true, ...(name ? { [keys[kind]]: name } : { kind }) };
        const sorted = all
          .filter((each) => !name || each.name === name)
          .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
        const latest = sorted.slice(-limit).map(({ name: _, ...each }) => each);
        expect([SEED, kind, name, face.getTimeline(options).last]).toEqual([SEED, kind, name, latest]);
        const without = face.getTimeline({ ...options, runIds: undefined }).last;
        expect(without).toEqual(latest.map(({ run_id: _, ...each }) => each));
      }
    }
  }
});

test('timeline: bounds of durations choose what counts, the lower one inside and the upper one not', () => {
  for (const ms of [10, 20, 30, 40]) face.recordCujExecution('A', true, ms);
  const listed = (options) => face.getTimeline({ cujId: 'A', ...options }).last.map(({ duration_ms: ms }) => ms);
  expect(listed({})).toEqual([10, 20, 30, 40]);
  expect(listed({ minMs: 20, maxMs: 40 })).toEqual([20, 30]);
  expect(listed({ minMs: 50 })).toEqual([]);
  expect(listed({ limit: 1 })).toEqual([40]);
});

test('timeline: of nothing, of all of a kind, and of what has no such name', () => {
  expect(face.getTimeline()).toMatchObject({ schema: 1, kind: 'cuj', name: null, total: 0, edges_ms: [], last: [] });
  face.recordProviderCall('Claude', true, 5);
  face.recordProviderCall('gemini', false, 7, 'timeout');
  expect(face.getTimeline({ kind: 'provider' }).total).toBe(2);
  expect(face.getTimeline({ provider: 'CLAUDE', parts: 1 }).parts[0]).toMatchObject({ total: 1, successful: 1 });
  expect(face.getTimeline({ cujId: 'nothing' }).total).toBe(0);
});

test.each([
  [{ cujId: 'a', skill: 'b' }, TypeError, /at most one of cujId, skill, agent, provider/],
  [{ kind: 'odd' }, RangeError, /^kind must be one of/],
  [{ parts: 0 }, RangeError, /^parts must be a whole number from 1 to 1000/],
  [{ parts: 1001 }, RangeError, /^parts/],
  [{ parts: 2.5 }, RangeError, /^parts/],
  [{ minMs: NaN }, RangeError, /^minMs must be a number/],
  [{ maxMs: '5' }, RangeError, /^maxMs/],
  [{ from: 'odd' }, RangeError, /^from/],
  [{ limit: -1 }, RangeError, /^limit/],
  ['odd', TypeError, /^options must be an object/],
])('timeline: %j is refused', (options, kind, words) => {
  expect(() => face.getTimeline(options)).toThrow(kind);
  expect(() => face.getTimeline(options)).toThrow(words);
});
