// A record packed into the page is, byte for byte, what JSON.stringify of its fields would have made.
'use strict';

const fs = require('node:fs');
const { CUJS, PROGRESS, skills } = require('./support/files.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { useWorkspace } = require('./support/use-workspace.js');
const { pack } = require('../lib/page.js');

const SEED = seedOfTest();
const ROUNDS = process.env.OBS_LONG ? 200_000 : 2000;

const workspace = useWorkspace();

const WORDS = [
  '',
  'a',
  'quay',
  'tide "in"',
  'back\\slash',
  'tab\tline\nend\r',
  '\u0000\u0001\u001f\u007f',
  'Łódź → 💥',
];
const ODD_WORDS = [
  '\ud800',
  '\udc00x',
  'x\ud83d',
  '\ud83d\udca5',
  '\u2028',
  'ä',
  '\b\f',
  '\u0080',
  '__proto__',
  'toString',
  '7',
];

function someText(random) {
  const words = Array.from({ length: random.below(5) }, () => random.pick(random.chance(0.7) ? WORDS : ODD_WORDS));
  const text = words.join(random.pick(['', ' ']));
  return random.chance(0.05) ? `${text}${'long words of the sea '.repeat(random.below(20))}${text}` : text;
}

const bits = new DataView(new ArrayBuffer(8));

function someNumber(random) {
  bits.setUint32(0, random.below(2 ** 32));
  bits.setUint32(4, random.below(2 ** 32));
  return random.pick([
    0,
    -0,
    random.below(100),
    -random.below(2 ** 31),
    random.below(2 ** 33),
    2 ** 31,
    -(2 ** 31),
    random.next() * 1000,
    bits.getFloat64(0),
    NaN,
    -Infinity,
    ...[1e21, 123456789012345680000, 1e-6, 1e-7, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER],
  ]);
}

function someArray(random, depth) {
  return Array.from({ length: random.chance(0.02) ? 300 : random.below(4) }, () => someValue(random, depth));
}

function someObject(random, depth) {
  const object = random.chance(0.1) ? Object.create(null) : {};
  for (let left = random.below(5); left > 0; left -= 1) {
    Object.defineProperty(object, someText(random), {
      ...(random.chance(0.1) ? { get: () => 'got' } : { value: someValue(random, depth) }),
      enumerable: random.chance(0.9),
      configurable: true,
    });
  }
  return object;
}

/** What the page does not take: it must come out the same all the same. */
function oddValue(random) {
  return random.pick([
    () => undefined,
    () => () => 1,
    () => Symbol('s'),
    () => new Date(0),
    () => new Map([[1, 2]]),
    () =>
      new (class Ship {
        name = 'Erika';
      })(),
    () => Object.create({ inherited: 1 }, { own: { value: 1, enumerable: true } }),
    () => Object.assign([1, 2], { extra: 1 }),
    () => [1, , 2],
    () => new Uint8Array(3),
    () => Object(7),
    () => ({ toJSON: (key) => `json of ${key}` }),
    () => Object.assign([1], { toJSON: () => ({ list: 1 }) }),
    () => new Proxy({ a: 1 }, {}),
    () => Array.from({ length: 80 }, (_, index) => index + 0.5),
    () => Array.from({ length: 12 }).reduce((inner) => ({ inner }), 1),
    () => Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`key ${index}`, String(index)])),
  ])();
}

function someValue(random, depth = 0) {
  if (random.chance(0.05)) return oddValue(random);
  const kinds = depth > 4 ? 4 : 6;
  return [
    () => someText(random),
    () => someNumber(random),
    () => random.chance(0.5),
    () => null,
    () => someArray(random, depth + 1),
    () => someObject(random, depth + 1),
  ][random.below(kinds)]();
}

/** The one line of a file, which is emptied. */
function lastLine(file) {
  const text = workspace().read(file);
  fs.truncateSync(workspace().path(file));
  return text.trimEnd();
}

/** The line without its first member, the time. */
const rest = (line) => line.replace(/^\{"timestamp":(?:"[^"]*"|\d+,"iso_timestamp":"[^"]*"),/, '{');

test('random events come out as JSON.stringify writes them', () => {
  const random = createRandom(SEED);
  const obs = workspace();
  obs.configure({ maxRecordBytes: 256 * 1024 * 1024 });
  for (let round = 0; round < ROUNDS; round += 1) {
    const params = someObject(random, 0);
    const metadata = random.chance(0.1) ? someArray(random, 0) : someObject(random, 0);
    const event = { skill: someText(random), params, result: 'success', duration: someNumber(random), metadata };
    obs.logSkillInvocation({ ...event, cacheHit: random.chance(0.5), runId: random.pick([null, 'run-1', '\ud800']) });
    const line = lastLine(skills());
    const { cache_hit, run_id } = JSON.parse(line);
    const expected = {
      type: 'skill_invocation',
      skill: event.skill || 'unknown',
      params: JSON.stringify(params),
      result: 'success',
      duration_ms: event.duration || 0,
      cache_hit,
      agent: 'unknown',
      run_id,
      cuj_id: null,
      error: null,
      metadata,
    };
    expect({ seed: SEED, round, line: rest(line) }).toEqual({ seed: SEED, round, line: JSON.stringify(expected) });
  }
});

test('so do executions and progress', () => {
  const random = createRandom(SEED + 1);
  const obs = workspace();
  obs.configure({ maxRecordBytes: 256 * 1024 * 1024 });
  for (let round = 0; round < ROUNDS / 4; round += 1) {
    const metadata = someObject(random, 0);
    const number = someNumber(random);
    obs.recordCujExecution('CUJ-1', true, number, null, metadata);
    const execution = { cuj_id: 'CUJ-1', success: true, duration_ms: number, error: null, metadata };
    expect({ seed: SEED, round, line: rest(lastLine(CUJS)) }).toEqual({
      seed: SEED,
      round,
      line: JSON.stringify(execution),
    });
    const event = {
      step: random.below(9),
      status: someText(random),
      percentage: 12.5,
      message: someText(random),
      metadata,
    };
    obs.emitProgress({ runId: 'r', ...event });
    const progress = { run_id: 'r', ...event, status: event.status || 'running' };
    expect({ seed: SEED, round, line: rest(lastLine(PROGRESS)) }).toEqual({
      seed: SEED,
      round,
      line: JSON.stringify(progress),
    });
  }
});

test('more different keys than the addon is told of come out all the same', () => {
  const obs = workspace();
  for (let from = 0; from < 3000; from += 60) {
    const metadata = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`key ü ${from + index}`, true]));
    obs.recordCujExecution(`CUJ-${from}`, true, 1, null, metadata);
    const execution = { cuj_id: `CUJ-${from}`, success: true, duration_ms: 1, error: null, metadata };
    expect(rest(lastLine(CUJS))).toBe(JSON.stringify(execution));
    expect(pack(Object.values(execution), 1)).toBeGreaterThan(0);
  }
});

test('a getter that records something itself spoils neither record', () => {
  const obs = workspace();
  const params = {
    before: 'x',
    get inner() {
      obs.recordCujExecution('CUJ-inner', true, 1, null, { note: 'inside' });
      return 'outside';
    },
    after: [1.5, 'y'],
  };
  obs.logSkillInvocation({ skill: 'outer', params });
  const expected = { before: 'x', inner: 'outside', after: [1.5, 'y'] };
  expect(JSON.parse(JSON.parse(lastLine(skills())).params)).toEqual(expected);
  expect(JSON.parse(lastLine(CUJS))).toMatchObject({ cuj_id: 'CUJ-inner', metadata: { note: 'inside' } });
});

test('what somebody puts on all objects is left to JSON.stringify', () => {
  const extend = (name, value) =>
    Object.defineProperty(Object.prototype, name, { value, enumerable: true, configurable: true });
  extend('everywhere', 1);
  const packed = pack([{ a: 1 }]);
  delete Object.prototype.everywhere;
  extend('toJSON', () => 'all');
  const withToJson = pack([{ a: 1 }]);
  delete Object.prototype.toJSON;
  expect([packed, withToJson, pack([{ a: 1 }]) > 0]).toEqual([0, 0, true]);
});

test('as much as there is room for is packed, one byte more goes the slow way', () => {
  const obs = workspace();
  obs.configure({ maxRecordBytes: 4 * 1024 * 1024 });
  const wide = (length) => 'é'.repeat(length);
  const most = 0xffff;
  expect([pack([wide(most)]) > 0, pack([wide(most + 1)])]).toEqual([true, 0]);
  for (const length of [most - 300, most - 60, most, most + 1, 2 * most]) {
    obs.recordCujExecution('CUJ-1', true, 1, null, { text: wide(length) });
    expect(JSON.parse(lastLine(CUJS)).metadata.text).toHaveLength(length);
  }
});

test('a list that a getter of its own makes shorter or longer is recorded as JSON.stringify would', () => {
  const obs = workspace();
  const list = (change) => {
    const values = [1, undefined, 3, 4];
    Object.defineProperty(values, 0, { get: () => change(values) ?? 1, enumerable: true });
    return values;
  };
  const shrink = (values) => void (values.length = 2);
  const grow = (values) => void values.push(5);
  for (const change of [shrink, grow]) {
    obs.recordCujExecution('CUJ-1', true, 1, null, { list: list(change) });
    expect(JSON.parse(lastLine(CUJS)).metadata).toEqual({ list: JSON.parse(JSON.stringify(list(change))) });
  }
});
