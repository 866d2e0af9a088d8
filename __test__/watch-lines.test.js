// `obs watch` without a terminal: a line for each change, as words or as JSON.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const Ajv = require('ajv');

const { createFace } = require('../lib/face.js');
const { PACKAGE, makeFolder, removeFolder, start, until } = require('./support/command-line.js');

const OBS = path.join(PACKAGE, 'bin', 'obs.js');

let root;
let face;
let running;
beforeEach(() => {
  root = makeFolder();
  fs.mkdirSync(path.join(root, '.claude'));
  face = createFace({ projectRoot: root, env: {} });
  running = null;
});
afterEach(async () => {
  running?.child.kill('SIGKILL');
  await running?.done;
  face.close();
  removeFolder(root);
});

/** Starts `obs watch` and waits until it watches: the runs in progress are told in the same breath. */
async function watch(...args) {
  running = start([OBS, 'watch', '--root', root, ...args]);
  await until(() => running.stderr.includes('Watching'), 'watch to start');
  return running;
}

const emit = (runId, step, more = {}) =>
  face.emitProgress({ runId, step, status: 'running', percentage: step * 10, message: `m${step}`, ...more });
const end = (runId, status) => emit(runId, 10, { status, percentage: 100 });
const seen = (text) => until(() => running.stdout.includes(text), () => `'${text}' in '${running.stdout}'`); // prettier-ignore
/** The lines without their times. */
const lines = () => running.stdout.trimEnd().split('\n').map((line) => line.replace(/^\d\d:\d\d:\d\d /, '').replace(/ in .*| after .*/, '')); // prettier-ignore

test('first the runs in progress, then each event, and what came of those that ended', async () => {
  emit('before', 3);
  emit('over', 1);
  end('over', 'completed');
  await watch();
  await seen('[before]');
  for (const step of [4, 5, 6]) emit('before', step);
  end('before', 'completed');
  emit('new', 1);
  end('new', 'failed');
  await seen('failed after');
  const events = [4, 5, 6].map((step) => `[before] Step ${step} running ${step}0% m${step}`);
  const isResult = (line) => /^\[\w+\] [a-z]/.test(line);
  expect(lines().filter((line) => !isResult(line))).toEqual([
    '[before] Step 3 running 30% m3',
    ...events,
    '[before] Step 10 completed 100% m10',
    '[new] Step 1 running 10% m1',
    '[new] Step 10 failed 100% m10',
  ]);
  expect(lines().filter(isResult)).toEqual(['[before] completed', '[new] failed']);
  expect(lines().indexOf('[before] completed')).toBeGreaterThan(lines().indexOf('[before] Step 10 completed 100% m10'));
});

test('tells of a run that stalls by silence alone, once', async () => {
  const clock = jest.spyOn(Date, 'now');
  // The floor is ten minutes: in a moment it will have been silent for that long.
  const at = Date.now() - 600_000 + 700;
  clock.mockReturnValue(at);
  emit('quiet', 2);
  clock.mockRestore();
  await watch();
  await seen('stalled');
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(running.stdout.match(/stalled: silent/g)).toHaveLength(1);
  expect(lines().at(-1)).toBe('[quiet] stalled: silent 10m 00s, over 10m 00s, with too few runs to learn from');
});

test('with --json a run each time that it changed, in the shape of its schema', async () => {
  const ajv = new Ajv({ strictTypes: false }).addSchema(require('../schemas/runs.schema.json'));
  const fits = ajv.compile(require('../schemas/watch.schema.json'));
  emit('a', 1);
  await watch('--json');
  await seen('"step":1');
  emit('a', 2);
  await seen('"step":2');
  end('a', 'completed');
  await seen('"completed"');
  const found = running.stdout.trimEnd().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
  for (const line of found) expect([fits(line), fits.errors]).toEqual([true, null]);
  expect(found.map(({ run }) => [run.run_id, run.state, run.step])).toEqual([
    ['a', 'running', 1],
    ['a', 'running', 2],
    ['a', 'completed', 10],
  ]);
});

test('with a run it is about that one', async () => {
  await watch('mine');
  emit('other', 1);
  end('other', 'completed');
  emit('mine', 1);
  end('mine', 'completed');
  await seen('completed in');
  expect(running.stdout).not.toContain('other');
});

test('text from records stays on its line and drives nothing, in words and in JSON', async () => {
  const hostile = 'a\u001b[31m\r\n\u009b2J\u202e';
  emit(hostile, 1, { message: hostile });
  for (const args of [[], ['--json']]) {
    await watch(...args);
    await seen('\n');
    expect(running.stdout.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/); // eslint-disable-line no-control-regex
    running.child.kill('SIGKILL');
    await running.done;
  }
});

test('a build log gets lines even where it looks like a terminal; NO_COLOR and TERM=dumb are heeded', () => {
  const { isScreen } = require('../command/watch/commands.js');
  expect([{}, { CI: 'true' }, { CI: '' }, { TERM: 'dumb' }, { TERM: 'xterm' }].map(isScreen)).toEqual([true, false, true, false, true]); // prettier-ignore
});

test('a folder that is not there is named', async () => {
  const { code, stderr } = await start([OBS, 'watch', '--root', path.join(root, 'nowhere')]).done;
  expect([code, stderr]).toEqual([
    1,
    `obs: watch: ${path.join(root, 'nowhere')} is not a folder (named with --root)\n`,
  ]);
});

describe('it ends', () => {
  const signals = process.platform === 'win32' ? [] : ['SIGINT', 'SIGTERM'];
  (signals.length > 0 ? test : test.skip).each(signals)('at %s with exit code 0', async (signal) => {
    await watch();
    running.child.kill(signal);
    expect(await running.done).toMatchObject({ code: 0, signal: null, stdout: '' });
  });

  test('quietly, when nobody reads any more', async () => {
    await watch();
    running.child.stdout.destroy();
    emit('a', 1);
    const { code, signal, stderr } = await running.done;
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
