// Ways to load, use and end the package over and over in one process; prints what was left behind as JSON.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { createRandom } = require('./random.js');

const PACKAGE = path.join(__dirname, '..', '..');
const ENTRY = path.join(PACKAGE, 'index.js');
const { way, root, seed, count, load } = JSON.parse(process.argv[2]);
const random = createRandom(seed);

const descriptors = () => (process.platform === 'linux' ? fs.readdirSync('/proc/self/fd').length : 0);
const collect = async () => {
  // Finalizers of an addon run between two turns.
  for (let turn = 0; turn < 4; turn += 1) {
    globalThis.gc();
    await new Promise(setImmediate);
  }
};

/** Memory in MB and descriptors, once everything that nobody holds is gone. */
async function left() {
  await collect();
  return { rss: process.memoryUsage.rss() / 1e6, heap: process.memoryUsage().heapUsed / 1e6, open: descriptors() };
}

/** Calls `turn` again and again; gives what was left after a warm-up, and after all. */
async function over(turn) {
  const warm = Math.ceil(count / 3);
  let before;
  for (let index = 0; index < count; index += 1) {
    if (index === warm) before = await left();
    await turn(index);
  }
  return { before, after: await left(), turns: count - warm };
}

const IN_WORKER = `
  const { parentPort, workerData } = require('node:worker_threads');
  parentPort.postMessage('begun');
  const obs = require(workerData.entry);
  obs.configure({ projectRoot: workerData.root, durability: workerData.durability });
  for (let n = 0; ; n += 1) {
    obs.recordCujExecution(workerData.id, true, n, null, { text: 'x'.repeat(n % 3000) });
    if (workerData.asks && n % 50 === 0) obs.getCujSuccessRate(workerData.id);
    parentPort.postMessage(n);
  }`;

/** A worker that records until it is terminated; what it acknowledged after a write must be there. */
async function worker(index) {
  const durability = random.pick(['write', 'write', 'batch', 'sync']);
  const workerData = { entry: ENTRY, root, durability, id: `W${index}`, asks: random.chance(0.5) };
  const one = new Worker(IN_WORKER, { eval: true, workerData });
  let acknowledged = -1;
  one.on('message', (message) => (acknowledged = message === 'begun' ? acknowledged : message));
  await new Promise((resolve, reject) => {
    one.once('error', reject);
    // Before it runs, while it loads, or somewhere among its records.
    if (random.chance(0.2)) resolve();
    else one.once('message', () => setTimeout(resolve, random.below(60)));
  });
  await one.terminate();
  return { id: workerData.id, acknowledged };
}

async function workers() {
  if (load) require(ENTRY).configure({ projectRoot: root });
  const acknowledged = {};
  const result = await over(async (index) => {
    const pair = await Promise.all([worker(2 * index), worker(2 * index + 1)]);
    for (const each of pair) acknowledged[each.id] = each.acknowledged;
  });
  return { ...result, acknowledged };
}

/** The package without the addon, which is loaded once for all, as test runners do. */
function loadAgain() {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(PACKAGE) && !file.endsWith('.node') && file !== __filename) delete require.cache[file];
  }
  module.children.length = 0; // Node itself would remember every one
  return require(ENTRY);
}

function registries() {
  return over((index) => {
    const obs = loadAgain();
    obs.configure({ projectRoot: root, durability: index % 2 === 0 ? 'write' : 'batch' });
    obs.logSkillInvocation({ skill: 'again', params: { index } });
    obs.recordCujExecution('again', true, index);
    if (index % 10 === 0) obs.getCujSuccessRate('again', null);
    // Half of them are forgotten without being closed.
    if (index % 4 < 2) obs.close();
  });
}

function roots() {
  const obs = require(ENTRY);
  return over((index) => {
    const place = path.join(root, String(index));
    fs.mkdirSync(path.join(place, '.claude'), { recursive: true });
    obs.configure({ projectRoot: place });
    obs.logSkillInvocation({ skill: 'a' });
    obs.recordCujExecution('A', true, 1);
    obs.emitProgress({ runId: 'r' });
    obs.recordProviderCall('p', true, 1);
    if (obs.getCujSuccessRate('A').total !== 1) throw new Error(`root ${index} has records of another`);
    if (index % 3 !== 0) obs.close();
    fs.rmSync(place, { recursive: true });
  });
}

/** Thousands of calls a turn, of all kinds, on files that are emptied now and then. */
function calls() {
  const obs = require(ENTRY);
  obs.configure({ projectRoot: root });
  const objects = Array.from({ length: 50 }, (_, index) => ({
    index,
    text: 'x'.repeat(index * 20),
    list: [index, null],
  }));
  return over(() => {
    for (let call = 0; call < 500; call += 1) {
      const metadata = random.pick(objects);
      obs.recordCujExecution(
        `CUJ-${call % 7}`,
        call % 5 > 0,
        call,
        call % 5 === 0 ? `error ${call % 3}` : null,
        metadata,
      );
      obs.logSkillInvocation({ skill: `s${call % 9}`, params: metadata, metadata: { big: 1n } });
      obs.emitProgress({ runId: `r${call % 4}`, step: call, metadata });
      obs.recordProviderCall(`p${call % 3}`, true, call);
      obs.getCujSuccessRate(`CUJ-${call % 7}`);
      if (call % 100 === 0) obs.generateMetricsDashboard();
    }
    obs.close();
    fs.rmSync(path.join(root, '.claude'), { recursive: true });
    fs.mkdirSync(path.join(root, '.claude'));
  });
}

async function run() {
  const result = await { workers, registries, roots, calls }[way]();
  process.stdout.write(
    JSON.stringify({ ...result, handles: process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap') }),
  );
}

void run();
