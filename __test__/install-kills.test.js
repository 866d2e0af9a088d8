// Install and uninstall, killed before and after each call that changes files: running uninstall brings back what was there.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { PACKAGE, linkPackage, makeFolder, removeFolder, run } = require('./support/command-line.js');
const { makeOldLayout, snapshot } = require('./support/installed-workspace.js');

const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const PRELOAD = ['--require', path.join(__dirname, 'support', 'kill-at.cjs')];
const MOST_CALLS = 60;

// Before a call is nearly the same as after the one before it; `npm run test:long` tries both, in every layout.
const LONG = process.env.OBS_LONG === '1';
const MOMENTS = LONG ? ['before', 'after'] : ['before'];

let folder;
beforeEach(() => (folder = makeFolder()));
afterEach(() => removeFolder(folder));

const obs = (root, ...args) => run([OBS, ...args, '--root', root], { cwd: folder });

/** Runs a command that is killed at a call; `false` when it ended before it came to that call. */
async function killed(root, command, at, when) {
  const env = { OBS_TEST_KILL_AT: `${at} ${when}` };
  const { signal } = await run([...PRELOAD, OBS, command, '--root', root], { cwd: folder, env });
  return signal === 'SIGKILL';
}

const LAYOUTS = {
  'the old tools': makeOldLayout,
  'no .claude': () => {},
  'an empty .claude': (root) => fs.mkdirSync(path.join(root, '.claude')),
  'an empty .claude/tools': (root) => fs.mkdirSync(path.join(root, '.claude', 'tools'), { recursive: true }),
};

/** A workspace of that layout below a folder in which the package is found. */
function makeRoot(layout, name) {
  const root = path.join(folder, name);
  fs.mkdirSync(root);
  LAYOUTS[layout](root);
  return root;
}

/** Every call of the command at which it can be killed, one workspace each; gives how many there were. */
async function killAtEach(layout, prepare, command, check) {
  for (let at = 1; at <= MOST_CALLS; at += 1) {
    for (const when of MOMENTS) {
      const root = makeRoot(layout, `${at} ${when}`);
      const before = snapshot(root);
      await prepare(root);
      const isKilled = await killed(root, command, at, when);
      if (!isKilled) return at - 1;
      await check(root, before, `${command} killed ${when} call ${at}`);
    }
  }
  throw new Error(`more than ${MOST_CALLS} calls`);
}

async function expectTakenBack(root, before, what) {
  const { code, stderr } = await obs(root, 'uninstall');
  expect([what, code, stderr, snapshot(root)]).toEqual([what, 0, '', before]);
}

describe.each(Object.keys(LAYOUTS).slice(0, LONG ? undefined : 2))('in a workspace with %s', (layout) => {
  beforeEach(() => linkPackage(folder));

  test('install, killed anywhere, is taken back by uninstall', async () => {
    const calls = await killAtEach(layout, () => {}, 'install', expectTakenBack);
    expect(calls).toBeGreaterThan(10);
  }, 240_000);

  test('install, killed anywhere, is completed by install', async () => {
    await killAtEach(
      layout,
      () => {},
      'install',
      async (root, before, what) => {
        expect([what, await obs(root, 'install')]).toEqual([what, expect.objectContaining({ code: 0, stderr: '' })]);
        await expectTakenBack(root, before, what);
      },
    );
  }, 240_000);

  test('uninstall, killed anywhere, is completed by uninstall', async () => {
    const prepare = (root) => obs(root, 'install');
    const calls = await killAtEach(layout, prepare, 'uninstall', expectTakenBack);
    expect(calls).toBeGreaterThan(3);
  }, 240_000);
});
