// A line counts exactly when JSON.parse accepts it: lines damaged at random places, against the naive oracle.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { createTestWorkspace } = require('@obs/native/testing');
const { CUJS } = require('./support/files.js');
const { createOracle } = require('./support/oracle.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { comparable } = require('./support/same.js');

const SEED = seedOfTest();
const ROUNDS = 100;
const LINES = 30;
const NOW = Date.UTC(2026, 4, 5, 12);
const AFTER_TIME = 40; // damage before this could make a time that is another one, or a fragment with a whole record behind it
const IDS = ['A', 'B', 'ü💥', '__proto__'];
const FRAGMENTS = [
  ...[
    '"',
    '\\',
    '\\u0041',
    '\\ud800',
    '\\x',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '0',
    '-',
    '.',
    'e',
    '+',
    '1e999',
    '-0',
    '01',
  ],
  ...['\u0000', '\u001f', '\t', '\r', '\u007f', 'ü', '💥', '\u2028', ' ', '//', 'null', 'true', 'NaN'],
  ...['"cuj_id":"A",', '"success":0,', '"\\u0063uj_id":"B",'],
];

function someRecord(random) {
  return {
    timestamp: new Date(NOW - random.below(100_000_000)).toISOString(),
    cuj_id: random.pick(IDS),
    success: random.chance(0.5),
    duration_ms: random.pick([1, 2.5, null, 1e21, 0]),
    error: random.pick([null, 'x', 'a\nb"c']),
    metadata: random.pick([{}, { a: [1, { b: null }] }, { s: '\ud800' }]),
  };
}

/** Inserts, removes or replaces a few bytes; now and then the new ones are no UTF-8. */
function damaged(bytes, random) {
  const at = AFTER_TIME + random.below(bytes.length - AFTER_TIME);
  const fragment = Buffer.from(random.pick(FRAGMENTS), random.chance(0.05) ? 'latin1' : 'utf8');
  const [put, skip] = random.pick([
    [fragment, 0],
    [Buffer.alloc(0), 1 + random.below(4)],
    [fragment, 1],
  ]);
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(Math.min(at + skip, bytes.length))]);
}

function someFile(random) {
  const parts = [];
  for (let index = 0; index < LINES; index += 1) {
    let bytes = Buffer.from(JSON.stringify(someRecord(random)));
    for (let times = random.below(3); times > 0; times -= 1) bytes = damaged(bytes, random);
    parts.push(bytes, Buffer.from(random.chance(0.05) ? '\r\n' : '\n'));
  }
  return Buffer.concat(parts);
}

test(`damaged lines (seed ${SEED}; OBS_TEST_SEED repeats one)`, () => {
  jest.useFakeTimers({ now: NOW });
  for (let round = 0; round < ROUNDS; round += 1) {
    const random = createRandom(SEED + round);
    const workspace = createTestWorkspace();
    const oracle = createOracle(workspace.root);
    fs.mkdirSync(path.dirname(workspace.path(CUJS)), { recursive: true });
    fs.writeFileSync(workspace.path(CUJS), someFile(random));
    const got = [workspace.getAllCujMetrics(null), workspace.getAllCujMetrics()];
    const expected = [oracle.getAllCujMetrics(null, NOW), oracle.getAllCujMetrics(86_400_000, NOW)];
    for (const id of IDS) {
      got.push(workspace.getFailureAnalysis(id, null), workspace.getPerformancePercentiles(id, null));
      expected.push(oracle.getFailureAnalysis(id, null, NOW), oracle.getPerformancePercentiles(id, null, NOW));
    }
    workspace.cleanup();
    expect({ seed: SEED, round, got: comparable(got) }).toEqual({ seed: SEED, round, got: comparable(expected) });
  }
  jest.useRealTimers();
});
