// Every exported function, with hostile values in every place for one: nothing aborts, hangs, leaks or throws what is not documented.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { cleanEnvironment } = require('./support/child.js');
const { HostileCalls, placesOf } = require('./support/hostile-calls.js');
const { seedOfTest } = require('./support/random.js');
const { readSurface } = require('./support/surface.js');

const SEED = seedOfTest();
const IS_LONG = process.env.OBS_LONG === '1';
const CALLS = IS_LONG ? 1_000_000 : 100_000;
const HUGE_ONES = IS_LONG ? 2000 : 200;
const PROCESSES = 2;
const BATCH = 500; // calls on one root, see the child
const CHILD = path.join(__dirname, 'support', 'hostile-child.cjs');
// Not how long it may take, but when to say in which call it hangs.
const HANGS_AFTER = IS_LONG ? 3_000_000 : 400_000;

const surface = readSurface();
const calls = new HostileCalls(surface, SEED);
const hugeEvery = Math.ceil((CALLS - calls.sweep) / HUGE_ONES);

/** One process over its share of the calls; resolves to the faults it told, and how it ended when that was not well. */
function runCalls({ from, to, step }) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'obs-hostile-')));
  const job = path.join(folder, 'job.json');
  fs.writeFileSync(job, JSON.stringify({ surface, seed: SEED, from, to, step, hugeEvery, folder }));
  const env = cleanEnvironment({ HOME: folder, USERPROFILE: folder, OBS_DATA_DIR: '' });
  const child = spawn(process.execPath, [CHILD, job], { env, timeout: HANGS_AFTER, killSignal: 'SIGKILL' });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (output[name] += text));
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      const at = Number(fs.readFileSync(path.join(folder, 'at'), 'utf8'));
      fs.rmSync(folder, { recursive: true, force: true });
      resolve({ ...told(output.stdout), code, signal, at, stderr: output.stderr });
    });
  });
}

function told(stdout) {
  const lines = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return { faults: lines.filter((line) => !line.done), done: lines.some((line) => line.done) };
}

const repeated = (number) => `OBS_TEST_SEED=${SEED} OBS_TEST_CALL=${number}`;

/** What is wrong with a run, in words that name the seed and the call. */
function complaints({ faults, done, code, signal, at, stderr }) {
  const all = faults.map(({ number, name, words }) => `${repeated(number)} ${name}: ${words}`);
  if (!done && faults.length === 0) {
    const { entry, words } = calls.call(at, at >= calls.sweep && at % hugeEvery === 0);
    all.push(
      `${repeated(at)} ${entry.name}(${words.join(', ')}) ended the process: ${signal ?? code}, or did not return`,
    );
  }
  if (/panicked/.test(stderr)) all.push(`a panic near ${repeated(at)}`);
  if (all.length > 0 && stderr !== '') all.push(stderr.slice(0, 2000));
  return all;
}

test('every export stands in the types, and every place for a value gets more than 40 kinds of it', () => {
  const called = new Set(surface.map(({ owner, name }) => owner ?? name));
  const exported = Object.entries(require('../index.js')).filter(([, value]) => typeof value === 'function');
  expect(exported.map(([name]) => name).filter((name) => !called.has(name))).toEqual([]);
  expect(calls.kinds).toBeGreaterThan(40);
  const places = surface.reduce((sum, { parameters }) => sum + placesOf(parameters).length, 0);
  expect(calls.sweep).toBe(places * calls.kinds);
  expect(calls.sweep).toBeLessThan(CALLS);
});

const one = process.env.OBS_TEST_CALL;
const shares =
  one === undefined
    ? Array.from({ length: PROCESSES }, (_, index) => ({ from: index, to: CALLS, step: PROCESSES }))
    : [{ from: Math.max(0, Number(one) - BATCH), to: Number(one) + 1, step: 1 }];

test(
  `${CALLS} calls keep the laws (seed ${SEED}; OBS_TEST_SEED repeats them, OBS_TEST_CALL only those around one)`,
  async () => {
    const runs = await Promise.all(shares.map(runCalls));
    expect(runs.flatMap(complaints)).toEqual([]);
  },
  HANGS_AFTER + 60_000,
);
