// `obs compact` beside living writers, and killed at each call that changes files: each record is read exactly once.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');

const { createTestWorkspace } = require('@obs/native/testing');

const { Source } = require('../export/otlp/source.js');
const { createFace } = require('../lib/face.js');
const { PACKAGE, run, start } = require('./support/command-line.js');
const { callsOf, eachMoment, killAt, momentsOf } = require('./support/kill-each.js');
const { dayName, invocation, writePacked } = require('./support/packed.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { useWorkspace } = require('./support/use-workspace.js');

const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const DAY = 86_400_000;
const LOGS = '.claude/context/logs';
const LONG = process.env.OBS_LONG === '1';
const workspace = useWorkspace();
const posix = process.platform === 'win32' ? test.skip : test;

const compact = (root, ...args) => run([OBS, 'compact', ...args, '--root', root], {});
const names = (root) => fs.readdirSync(path.join(root, LOGS)).sort();

/** Records in a closed day, as a program does whose clock stands there; prints how many when it is told to stop. */
const WRITER = `
  const obs = require(${JSON.stringify(path.join(PACKAGE, 'index.js'))});
  const real = Date.now;
  Date.now = () => real() - 4 * ${DAY};
  obs.configure({ projectRoot: process.argv[1] });
  let n = 0;
  const timer = setInterval(() => { for (let i = 0; i < 20; i += 1) obs.logSkillInvocation({ skill: process.argv[2], result: 'success', duration: n++ }); }, 3);
  process.on('SIGTERM', () => { clearInterval(timer); console.log(n, obs.getStoreHealth().dropped.total); process.exit(); });
  console.log('ready');
`;

posix('beside living writers not a record is lost or doubled, again and again', async () => {
  const { root } = workspace();
  const writers = ['w0', 'w1', 'w2'].map((name) => start(['-e', WRITER, root, name]));
  for (const writer of writers) while (!writer.stdout.includes('ready')) await new Promise((resolve) => setTimeout(resolve, 20));
  const packed = [];
  for (let round = 0; round < (LONG ? 30 : 4); round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { code, stdout, stderr } = await compact(root, '--apply', '--json');
    expect([code, stderr]).toEqual([0, '']);
    packed.push(JSON.parse(stdout).files.length);
  }
  writers.forEach(({ child }) => child.kill('SIGTERM'));
  const expected = {};
  for (const [place, writer] of writers.entries()) {
    await writer.done;
    const [, count, dropped] = /(\d+) (\d+)\n$/.exec(writer.stdout);
    expect(Number(dropped)).toBe(0);
    expected[`w${place}`] = Array.from({ length: Number(count) }, (_, i) => i);
  }
  const read = () => {
    const found = workspace().getLogger().queryLogs({ startDate: new Date(Date.now() - 9 * DAY), endDate: new Date() });
    return Object.fromEntries(Object.keys(expected).map((name) => [name, found.filter(({ skill }) => skill === name).map(({ duration_ms: n }) => n).sort((a, b) => a - b)]));
  };
  expect(read()).toEqual(expected);
  await compact(root, '--apply');
  expect(read()).toEqual(expected);
  expect(packed.filter((count) => count > 0).length).toBeGreaterThan(2);
}, 300_000); // prettier-ignore

const READ = `const read = () => obs.getLogger().queryLogs({ startDate: new Date(0), endDate: new Date() }).map(({ skill }) => skill).sort();`;
const RECORD = `const real = Date.now; Date.now = () => real() - 5 * ${DAY}; obs.logSkillInvocation({ skill: 'ours', result: 'success' }); Date.now = real;`;

/** The names of what is on record. */
function recorded(root) {
  const face = createTestWorkspace();
  try {
    face.configure({ projectRoot: root });
    const all = { startDate: new Date(0), endDate: new Date() };
    return face.getLogger().queryLogs(all).map(({ skill }) => skill).sort();
  } finally {
    face.cleanup();
  }
} // prettier-ignore

/** What an export has read of a workspace so far, as `took`; `take()` reads on, in a process that was started anew. */
function createReader(root) {
  const core = createFace({ projectRoot: root, env: {} }).core();
  const took = [];
  const take = () => {
    const source = new Source(core, 'logs', ['skills']);
    source.look({ all: true });
    for (let given = source.next(2000); given !== null; given = source.next(2000)) {
      given.acknowledge();
      took.push(...given.records.map(({ record }) => record.skill));
    }
    source.close();
  };
  return { took, take };
}

/** A compacted file of a closed day, and what the day has got since: the plain file. */
function fill(root, day) {
  const file = path.join(root, LOGS, dayName(day));
  const lines = (skill, count) => Buffer.from(Array.from({ length: count }, () => `${JSON.stringify(invocation(day, skill))}\n`).join('')); // prettier-ignore
  fs.mkdirSync(path.dirname(file), { recursive: true });
  writePacked(`${file}.gz`, lines('first', 30), zlib.deflateRawSync, 3000);
  fs.writeFileSync(file, `${lines('second', 30)}torn`);
  return { file, lines };
}

const words = (root) => [OBS, 'compact', '--apply', '--root', root];

/**
 * Kills a run at a call, while somebody holds the plain file open, who writes once more afterwards: what a new process reads and
 * what it has to, before and after it records, and what has to be on record when the next run is through.
 * An export reads on at each of these moments, as `reader` does then.
 */
async function killedAt(root, moment) {
  const { file, lines } = fill(root, Date.now() - 5 * DAY);
  const reader = createReader(root);
  reader.take();
  const writer = fs.openSync(file, 'a');
  await killAt(moment, words(root));
  reader.take();
  const found = await run(['-e', `const obs = require(${JSON.stringify(path.join(PACKAGE, 'index.js'))}); ${READ} const before = read(); ${RECORD} console.log(JSON.stringify([before, read()]));`], { env: { OBS_PROJECT_ROOT: root } }); // prettier-ignore
  const now = [...Array(30).fill('first'), ...Array(30).fill('second')];
  const late = fs.fstatSync(writer).nlink > 0;
  if (late) fs.writeSync(writer, `\n${lines('late', 1)}`);
  fs.closeSync(writer);
  reader.take();
  const end = [...now, 'ours', ...(late ? ['late'] : [])].sort();
  return { found: found.stdout, wanted: `${JSON.stringify([now, [...now, 'ours'].sort()])}\n`, end, reader }; // prettier-ignore
}

posix('killed at any call, each record is read once, and the next run ends its work', async () => {
  const seed = seedOfTest();
  const listed = workspace().path('listed');
  fill(listed, Date.now() - 5 * DAY);
  createReader(listed).take();
  const calls = await callsOf(words(listed));
  const moments = momentsOf(calls, { long: LONG, random: createRandom(seed), always: (call) => call.startsWith('renameSync') });
  await eachMoment(moments, async (moment) => {
    const root = workspace().path(moment.join(' '));
    const { found, wanted, end, reader } = await killedAt(root, moment);
    expect([seed, moment, found]).toEqual([seed, moment, wanted]);
    // What is still to be read is not packed; and then it is.
    expect([seed, moment, (await compact(root, '--apply')).stderr]).toEqual([seed, moment, '']);
    reader.take();
    expect([seed, moment, reader.took.sort()]).toEqual([seed, moment, end]);
    expect([seed, moment, (await compact(root, '--apply')).code, recorded(root)]).toEqual([seed, moment, 0, end]);
    reader.take();
    expect([seed, moment, reader.took.sort()]).toEqual([seed, moment, end]);
    expect([seed, moment, names(root).filter((name) => name.startsWith('.'))]).toEqual([seed, moment, []]);
  });
  expect(moments.length).toBeGreaterThan(6);
  if (LONG) console.log(`${moments.length} kills at ${calls.length} calls`);
}, 600_000); // prettier-ignore
