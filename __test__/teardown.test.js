// Loading, using and ending the package again and again: nothing crashes, nothing is left behind, nothing acknowledged is lost.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { PACKAGE, cleanEnvironment, runNode } = require('./support/child.js');
const { CUJS, PROGRESS } = require('./support/files.js');
const { seedOfTest } = require('./support/random.js');
const { useWorkspace } = require('./support/use-workspace.js');

const SEED = seedOfTest();
const IS_LONG = process.env.OBS_LONG === '1';
const CHILD = path.join(__dirname, 'support', 'teardown-child.cjs');
const ENTRY = path.join(PACKAGE, 'index.js');
const LIMIT = 1_800_000;

const workspace = useWorkspace();

/** What `way` leaves behind after `count` turns in a process of its own, which must end by itself and well. */
async function turns(way, count, more = {}) {
  const job = JSON.stringify({ way, count, root: workspace().root, seed: SEED, ...more });
  const child = spawn(process.execPath, ['--expose-gc', CHILD, job], { env: cleanEnvironment() });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (output[name] += text));
  const [code, signal] = await new Promise((resolve) => child.on('close', (...how) => resolve(how)));
  expect({ code, signal, stderr: output.stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  return JSON.parse(output.stdout);
}

/** Descriptors of a copy or two of the package. */
const NOT_YET = 8;

/**
 * Nothing grows with the number of turns: what a process keeps for reuse, and the allocator for itself, is a few megabytes however
 * many there are.
 */
function expectFlat({ before, after, turns: counted, handles }, most) {
  // What was let go of last may not be collected yet; a leak would have one for each of a hundred turns.
  expect(after.open).toBeLessThanOrEqual(before.open + NOT_YET);
  expect(handles).toEqual([]);
  const grown = { heap: after.heap - before.heap, rss: after.rss - before.rss };
  expect([counted, grown.heap < most.heap, grown.rss < most.rss, grown]).toEqual([counted, true, true, grown]);
}

describe.each([
  ['beside a main thread that uses it, too', true],
  ['while the main thread never loads it', false],
])('workers that are terminated anywhere, %s', (_, load) => {
  test(
    `leave whole lines, all that they acknowledged, and nothing else (seed ${SEED})`,
    async () => {
      const { acknowledged, ...left } = await turns('workers', IS_LONG ? 500 : 16, { load });
      expectFlat(left, { heap: 10, rss: 100 });
      const lines = workspace().lines(CUJS); // throws at a line that is not whole
      const counted = new Map();
      for (const { cuj_id, duration_ms } of lines) {
        expect(duration_ms).toBe(counted.get(cuj_id) ?? 0); // in their order, none twice, none left out
        counted.set(cuj_id, duration_ms + 1);
      }
      const lost = Object.entries(acknowledged).filter(([id, n]) => (counted.get(id) ?? 0) < n + 1);
      expect(lost).toEqual([]);
    },
    LIMIT,
  );
});

test(
  'a package that is loaded anew for every test file leaves nothing behind',
  async () => {
    const count = IS_LONG ? 3000 : 150;
    expectFlat(await turns('registries', count), { heap: 10, rss: 50 });
    expect(workspace().lines(CUJS)).toHaveLength(count);
  },
  LIMIT,
);

test(
  'a thousand roots, one after the other',
  async () => {
    expectFlat(await turns('roots', 1000), { heap: 10, rss: 50 });
  },
  LIMIT,
);

test(
  'calls without end leave memory and descriptors as they were',
  async () => {
    // 2,500 calls a turn.
    expectFlat(await turns('calls', IS_LONG ? 400 : 24), { heap: 10, rss: 50 });
  },
  LIMIT,
);

describe('two copies of the package in one process', () => {
  /** A copy as another package manager would have put it somewhere else. */
  function copyTo(folder) {
    const { files } = JSON.parse(fs.readFileSync(path.join(PACKAGE, 'package.json'), 'utf8'));
    const shipped = fs.readdirSync(PACKAGE).filter((name) => files.includes(name) || name.endsWith('.node'));
    fs.mkdirSync(folder, { recursive: true });
    for (const name of [...shipped, 'package.json']) {
      fs.cpSync(path.join(PACKAGE, name), path.join(folder, name), { recursive: true });
    }
    return path.join(folder, 'index.js');
  }

  test('share a root, each with its own counts, and end in peace, in threads as well', () => {
    const other = copyTo(workspace().path('copy'));
    const script = workspace().path('two.cjs');
    fs.writeFileSync(
      script,
      `const { Worker, isMainThread, threadId } = require('node:worker_threads');
       const copies = [${JSON.stringify(ENTRY)}, ${JSON.stringify(other)}].map((entry) => require(entry));
       if (copies[0].recordCujExecution === copies[1].recordCujExecution) throw new Error('one copy');
       const [one, two] = copies;
       one.configure({ durability: 'batch' });
       for (let n = 0; n < 200; n += 1) {
         one.recordCujExecution('A', true, n);
         two.recordCujExecution('B' + threadId, true, n);
         if (n % 20 === 0 && two.getCujSuccessRate('B' + threadId).total !== n + 1) throw new Error('its own');
         if (n % 20 === 0 && one.getCujSuccessRate('B' + threadId).total !== n + 1) throw new Error('the other');
       }
       if (one.getStoreHealth().attempted !== 200 || two.getStoreHealth().attempted !== 200) throw new Error('counts');
       if (isMainThread) for (const id of [1, 2, 3]) new Worker(__filename);`,
    );
    const ended = runNode([script], { env: { OBS_PROJECT_ROOT: workspace().root } });
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(workspace().lines(CUJS)).toHaveLength(4 * 400);
  });
});

/** Where a program may end itself: `[what, code]`; `end` is `process.exit(7)`. */
const ENDS = [
  ['a listener of progress', `obs.subscribeToProgress(end); obs.emitProgress({ runId: 'r' });`],
  ['a getter of an event', `obs.logSkillInvocation({ get skill() { end(); } });`],
  ['a toJSON', `obs.recordCujExecution('B', true, 1, null, { a: { toJSON: end } });`],
  ['a getter of an option', `obs.getSkillTable({ get from() { end(); } });`],
  [
    'onError',
    `require('node:fs').mkdirSync(root + '/.claude/context/logs/progress.jsonl', { recursive: true });
     obs.configure({ onError: end }); obs.emitProgress({ runId: 'r' }); obs.flush();`,
  ],
  ['an exit listener that records', `process.on('exit', () => obs.recordCujExecution('A', true, 1)); end();`],
  ['an exit listener that asks', `process.on('exit', () => { obs.getCujSuccessRate('A'); obs.close(); }); end();`],
  ['a promise', `Promise.resolve().then(() => { obs.recordCujExecution('A', true, 1); end(); });`],
  ['an exception', `process.exitCode = 7; process.on('uncaughtException', end); throw new Error('out');`],
  [
    'an exit listener of a worker',
    `const { Worker } = require('node:worker_threads');
     const code = 'const obs = require(' + JSON.stringify(entry) + '); obs.recordCujExecution("A", true, 1); process.exit(7)';
     new Worker(code, { eval: true }).on('exit', (code) => process.exit(code));`,
  ],
  [
    'the midst of workers',
    `const { Worker } = require('node:worker_threads');
     const code = 'const obs = require(' + JSON.stringify(entry) + '); for (;;) obs.emitProgress({ runId: "w" })';
     for (const id of [1, 2]) new Worker(code, { eval: true });
     setTimeout(end, 150);`,
  ],
];

test.each(ENDS.flatMap(([what, code]) => ['write', 'batch'].map((durability) => [what, durability, code])))(
  'process.exit in %s, durability %s: the code it gave, and every record',
  (_, durability, code) => {
    const { root } = workspace();
    const program = `
      const [entry, root] = ${JSON.stringify([ENTRY, root])};
      const obs = require(entry);
      const end = () => process.exit(7);
      obs.configure({ durability: '${durability}' });
      obs.recordCujExecution('A', true, 0);
      ${code}`;
    const { status, stderr } = runNode(['-e', program], { env: { OBS_PROJECT_ROOT: root } });
    expect([status, stderr.replace(/@obs\/native: [^\n]*\n/g, '')]).toEqual([7, '']);
    const records = workspace().lines(CUJS);
    // Whose batch is written first, a worker's or the main thread's, nobody says.
    expect(records).toContainEqual(expect.objectContaining({ cuj_id: 'A', duration_ms: 0 }));
    expect(records.every(({ cuj_id }) => cuj_id === 'A')).toBe(true);
    if (fs.statSync(workspace().path(PROGRESS), { throwIfNoEntry: false })?.isFile()) workspace().lines(PROGRESS);
  },
);
