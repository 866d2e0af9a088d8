// `obs prune` killed: at each call that changes files, and again and again beside living writers of all three files for all days.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { runCode } = require('./support/child.js');
const { PACKAGE, run, start } = require('./support/command-line.js');
const { callsOf, eachMoment, killAt, momentsOf } = require('./support/kill-each.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { useWorkspace } = require('./support/use-workspace.js');

const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const DAY = 86_400_000;
const CUJS = '.claude/context/analytics/cuj-metrics.jsonl';
const LONG = process.env.OBS_LONG === '1';
const NOW = Date.now();
const workspace = useWorkspace();

const timeOf = (days) => new Date(NOW - days * DAY).toISOString();
const execution = (days, id) => ({ timestamp: timeOf(days), cuj_id: id, success: true, duration_ms: 1, error: null, metadata: {} }); // prettier-ignore
const PROGRESS = '.claude/context/logs/progress.jsonl';
const PROVIDERS = '.claude/context/analytics/provider-health.jsonl';
/** The three files for all days: what their lines are called by, and how one is recorded. */
const SINGLE = {
  [CUJS]: { id: 'cuj_id', ours: "obs.recordCujExecution('ours', true, 1)", line: (days, id) => execution(days, id) },
  [PROVIDERS]: {
    id: 'provider',
    ours: "obs.recordProviderCall('ours', true, 1)",
    line: (days, id) => ({
      timestamp: timeOf(days),
      provider: id,
      success: true,
      latency_ms: 1,
      error: null,
      metadata: {},
    }),
  },
  [PROGRESS]: {
    id: 'run_id',
    ours: "obs.emitProgress({ runId: 'ours', step: 1 })",
    line: (days, id) => ({ timestamp: timeOf(days), run_id: id, step: 1, message: '', metadata: {} }),
  },
};
const PRELOAD = ['--require', path.join(__dirname, 'support', 'late-writer.cjs')];
const idsIn = (root, name) =>
  fs.readFileSync(path.join(root, name), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)[SINGLE[name].id]).sort(); // prettier-ignore

function fillSingle(root) {
  for (const [name, { line }] of Object.entries(SINGLE)) {
    const file = path.join(root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const lines = [line(30, 'old'), line(2, 'kept 1'), line(1, 'kept 2')];
    fs.writeFileSync(file, lines.map((each) => `${JSON.stringify(each)}\n`).join(''));
  }
}

/**
 * Kills a prune at a call. Somebody holds each old file open and writes to it when it is replaced, and once more afterwards: by file
 * what has to be there too. `late-writer.cjs` writes the same line whichever file it is.
 */
async function killedAt(root, moment) {
  fillSingle(root);
  const writers = Object.keys(SINGLE).map((name) => [name, fs.openSync(path.join(root, name), 'a')]);
  await killAt(moment, pruning(root), LATE);
  const late = {};
  for (const [name, writer] of writers) {
    const { nlink, ino } = fs.fstatSync(writer);
    // Once the old file has no name any more, its time to settle is over.
    const stays = nlink > 0;
    // It was replaced, and what came at once was carried over already or is still in the old file.
    const replaced = ino !== fs.statSync(path.join(root, name)).ino;
    late[name] = [...(replaced ? ['at once'] : []), ...(stays ? ['late'] : []), 'ours'];
    if (stays) fs.writeSync(writer, `${JSON.stringify(SINGLE[name].line(0, 'late'))}\n`);
    fs.closeSync(writer);
  }
  // Whatever state it was left in, recording goes on.
  const calls = Object.values(SINGLE).map(({ ours }) => ours).join('; '); // prettier-ignore
  const { stdout } = runCode(`${calls}; console.log(obs.getStoreHealth().accepted)`, {
    env: { OBS_PROJECT_ROOT: root },
  });
  if (stdout !== '3\n') throw new Error(`killed ${moment}, the next records are not accepted: ${stdout}`);
  return late;
}

const pruning = (root) => [OBS, 'prune', '--older-than', '7d', '--apply', '--root', root];
const AT_ONCE = { timestamp: new Date().toISOString(), cuj_id: 'at once', provider: 'at once', run_id: 'at once', success: true }; // prettier-ignore
const LATE = { preload: PRELOAD, env: { OBS_TEST_LATE: `${JSON.stringify(AT_ONCE)}\n` } };

test('killed at any call it loses nothing, and the next run ends its work', async () => {
  const seed = seedOfTest();
  const listed = workspace().path('listed');
  fillSingle(listed);
  const calls = await callsOf(pruning(listed), LATE);
  expect(calls.filter((call) => call.startsWith('exchange '))).toHaveLength(3);
  const moments = momentsOf(calls, { long: LONG, random: createRandom(seed), always: (call) => call.startsWith('exchange ') });
  let carried = 0;
  await eachMoment(moments, async (moment) => {
    const root = workspace().path(moment.join(' '));
    const late = await killedAt(root, moment);
    const { code, stderr } = await run(pruning(root), {});
    expect([seed, moment, code, stderr]).toEqual([seed, moment, 0, '']);
    for (const name of Object.keys(SINGLE)) {
      expect([seed, moment, name, idsIn(root, name)]).toEqual([seed, moment, name, ['kept 1', 'kept 2', ...late[name]].sort()]);
      carried += late[name].length;
    }
    const left = ['analytics', 'logs'].map((folder) => fs.readdirSync(path.join(root, '.claude/context', folder)));
    expect([seed, moment, left]).toEqual([seed, moment, [['cuj-metrics.jsonl', 'provider-health.jsonl'], ['progress.jsonl']]]);
  });
  expect(carried).toBeGreaterThan(moments.length * 3);
  if (LONG) console.log(`${moments.length} kills at ${calls.length} calls`);
}, 600_000); // prettier-ignore

/** Records numbered executions, calls and progress until it is told to stop, and prints how many of each. */
const ALL_KINDS = `
  const obs = require(${JSON.stringify(path.join(PACKAGE, 'index.js'))});
  const [, root, name] = process.argv;
  obs.configure({ projectRoot: root });
  let n = 0;
  const record = () => {
    obs.recordCujExecution(name, true, n);
    obs.recordProviderCall(name, true, n);
    obs.emitProgress({ runId: name, step: n });
    n += 1;
  };
  const timer = setInterval(() => { for (let i = 0; i < 3; i += 1) record(); }, 5);
  process.on('SIGTERM', () => { clearInterval(timer); console.log(n, obs.getStoreHealth().dropped.total); process.exit(); });
  console.log('ready');
`;

test('killed again and again beside living writers, not a record of the files for all days is lost or doubled', async () => {
  const seed = seedOfTest();
  const random = createRandom(seed);
  const { root } = workspace();
  fillSingle(root);
  const calls = await callsOf(pruning(root));
  const writers = ['w0', 'w1', 'w2'].map((name) => start(['-e', ALL_KINDS, root, name]));
  for (const writer of writers) while (!writer.stdout.includes('ready')) await new Promise((resolve) => setTimeout(resolve, 20));
  let kills = 0;
  for (let round = 0; round < (LONG ? 40 : 6); round += 1) {
    for (const [name, { line }] of Object.entries(SINGLE)) fs.appendFileSync(path.join(root, name), `${JSON.stringify(line(30, 'old'))}\n`);
    const moment = [1 + random.below(calls.length), random.pick(['before', 'after'])];
    // What an earlier one left makes other calls come first.
    kills += await killAt(moment, pruning(root)).then(() => 1, () => 0); // prettier-ignore
  }
  writers.forEach(({ child }) => child.kill('SIGTERM'));
  const wanted = {};
  for (const [place, writer] of writers.entries()) {
    await writer.done;
    const [, count, dropped] = /(\d+) (\d+)\n$/.exec(writer.stdout);
    expect([seed, Number(dropped)]).toEqual([seed, 0]);
    wanted[`w${place}`] = Array.from({ length: Number(count) }, (_, i) => i);
  }
  expect(await run(pruning(root), {})).toMatchObject({ code: 0, stderr: '' });
  for (const [name, { id }] of Object.entries(SINGLE)) {
    const found = workspace().lines(name);
    const numbers = (of) => found.filter((record) => record[id] === of).map((record) => record.duration_ms ?? record.latency_ms ?? record.step).sort((a, b) => a - b);
    expect([seed, name, Object.fromEntries(Object.keys(wanted).map((of) => [of, numbers(of)]))]).toEqual([seed, name, wanted]);
    expect(found.filter((record) => record[id] === 'old')).toEqual([]);
  }
  expect(kills).toBeGreaterThan(LONG ? 20 : 2);
  if (LONG) console.log(`${kills} kills, ${wanted.w0.length + wanted.w1.length + wanted.w2.length} records of each kind`);
}, LONG ? 900_000 : 120_000); // prettier-ignore
