// Histories of many thousand lines, out of order and with many names, growing while questions are asked.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { CUJS, PROGRESS, PROVIDERS, skills } = require('./support/files.js');
const { createOracle } = require('./support/oracle.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { comparable } = require('./support/same.js');
const { useWorkspace } = require('./support/use-workspace.js');

const workspace = useWorkspace();
const SEED = seedOfTest();
const PARTS = 3;
const MOST_LINES = 8000;
const NOW = Date.UTC(2026, 4, 5, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const iso = (at) => new Date(at).toISOString();

/** A record of each stream, as another program may have written it. */
const RECORDS = {
  [CUJS]: (random) => ({
    timestamp: random.chance(0.01)
      ? random.pick(['unreadable', iso(1000), iso(NOW + 400 * DAY)])
      : iso(NOW - random.below(random.pick([2 * HOUR, DAY, 10 * DAY, 50 * DAY]))),
    cuj_id: `C${random.below(random.pick([3, 2000]))}`,
    success: random.chance(0.8),
    duration_ms: random.chance(0.05) ? null : random.next() * 10_000,
    error: random.chance(0.5) ? null : `e${random.below(300)}`,
    metadata: {},
  }),
  [PROVIDERS]: (random) => ({
    timestamp: NOW - random.below(10 * DAY),
    provider: `p${random.below(random.pick([3, 40]))}`,
    success: random.chance(0.9),
    latency_ms: random.chance(0.05) ? null : random.below(9999),
    error: random.chance(0.8) ? null : `x${random.below(9)}`,
  }),
  [PROGRESS]: (random) => ({
    timestamp: NOW - random.below(10 * DAY),
    run_id: random.chance(0.1) ? null : `r${random.below(500)}`,
    step: random.below(9),
  }),
  [skills(NOW)]: (random) => ({
    timestamp: iso(NOW - random.below(11 * HOUR)),
    skill: `s${random.below(random.pick([3, 300]))}`,
    result: random.pick(['success', 'failure']),
    duration_ms: random.below(999),
    cache_hit: random.chance(0.5),
    agent: `a${random.below(20)}`,
    cuj_id: random.pick([null, 'C1', 'C2']),
  }),
};

function grow(random) {
  for (const [file, someRecord] of Object.entries(RECORDS)) {
    const lines = Array.from({ length: random.below(MOST_LINES) }, () =>
      random.chance(0.001) ? 'damaged' : JSON.stringify(someRecord(random)),
    );
    fs.mkdirSync(path.dirname(workspace().path(file)), { recursive: true });
    fs.appendFileSync(workspace().path(file), lines.map((line) => `${line}\n`).join(''));
  }
}

/** Asks the package and the oracle the same, by the documented name. */
function answers(oracle, random) {
  const pairs = [];
  const ask = (name, ...args) => pairs.push([name, workspace()[name](...args), oracle[name](...args, NOW)]);
  for (const timeWindow of [null, HOUR, DAY, 7 * DAY, 1, random.below(50 * DAY) + 1]) {
    ask('getAllCujMetrics', timeWindow);
    for (const id of ['C0', 'C777', 'none']) {
      ask('getCujSuccessRate', id, timeWindow);
      ask('getFailureAnalysis', id, timeWindow);
      ask('getPerformancePercentiles', id, timeWindow);
    }
  }
  ask('getCujTrending', 'C1', 100, HOUR);
  ask('getProgressHistory', null, null);
  ask('getProgressHistory', 'r7', 5);
  ask('getCurrentProgress', 'r9');
  const monitor = workspace().getGlobalHealthMonitor();
  for (const name of ['getAllProviderHealth', 'getOverallHealth', 'getProviderComparison']) {
    pairs.push([name, monitor[name](), oracle[name]()]);
  }
  for (const filters of [{}, { skill: 's1' }, { agent: 'a3', limit: 7 }, { cujId: 'C1', result: 'failure' }]) {
    const logger = workspace().getLogger();
    pairs.push(['queryLogs', logger.queryLogs(filters), oracle.queryLogs(filters, NOW)]);
    pairs.push(['getStatistics', logger.getStatistics(filters), oracle.getStatistics(filters, NOW)]);
  }
  return pairs;
}

test(`answers stay those of a rescan (seed ${SEED}; OBS_TEST_SEED repeats one)`, () => {
  jest.useFakeTimers({ now: NOW });
  const random = createRandom(SEED);
  const oracle = createOracle(workspace().root);
  for (let part = 0; part < PARTS; part += 1) {
    grow(random);
    if (part === PARTS - 1) workspace().close(); // the last answers come from a fresh start
    for (const [name, got, expected] of answers(oracle, random)) {
      const same = JSON.stringify(comparable(got)) === JSON.stringify(comparable(expected)); // quick; the rest is for people
      if (!same) {
        expect({ seed: SEED, part, name, got: comparable(got) }).toEqual({
          seed: SEED,
          part,
          name,
          got: comparable(expected),
        });
      }
    }
  }
  jest.useRealTimers();
});
