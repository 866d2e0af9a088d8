// The hooks and the status line in the settings of Claude Code: they get in beside what stands there, and out again to the byte.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { EVENTS, withHooks, withoutHooks } = require('../claude/hook-settings.js');
const { switchedOff } = require('../claude/install.js');
const { withStatusLine, withoutStatusLine } = require('../claude/status-settings.js');
const { PACKAGE, linkPackage, makeFolder, removeFolder, run, writeFiles } = require('./support/command-line.js');
const { createRandom, seedOfTest } = require('./support/random.js');

const SEED = seedOfTest();
const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const PROGRAM = path.join(PACKAGE, process.platform === 'win32' ? 'obs-hook.exe' : 'obs-hook');
const LOCAL = '.claude/settings.local.json';
const NODE = { command: 'node', args: ['/p/bin/obs-hook.js'] };
const DIRECT = { command: '/p q/obs-hook', args: [] };

let root;
beforeEach(() => {
  root = makeFolder();
  fs.mkdirSync(path.join(root, '.claude'));
});
afterEach(() => removeFolder(root));

const obs = (...args) => run([OBS, ...args, '--claude-code'], { cwd: root, env: { CLAUDE_CONFIG_DIR: root } });
const read = (name = LOCAL) => fs.readFileSync(path.join(root, name), 'utf8');
const names = () => fs.readdirSync(path.join(root, '.claude')).sort();

const FOREIGN = { matcher: 'Bash', hooks: [{ type: 'command', command: 'echo "hi" # { [ , ' }] };

const COMMANDS = ['mine', "it's \"x\" $HOME \\\\ | jq -r '.a'", 'npx ünï --wrap', 'a\nb', ' statusline --wrap x'];

/** Settings of 50 shapes and more: what people have in them, laid out in every way. */
function settings(random) {
  const value = {};
  const members = {
    permissions: { allow: ['Bash(npm run test:*)', 'Read(**)'], deny: [] },
    env: { A: '1', 'odd "key" \\ü': 'x' },
    hooks: random.pick([
      {},
      { Stop: [FOREIGN] },
      { Stop: [], PreToolUse: [FOREIGN] },
      { SessionEnd: [FOREIGN, FOREIGN] },
    ]),
    statusLine: { type: 'command', command: random.pick(COMMANDS), padding: 0 },
    model: 'opus',
    n: 1.5e3,
  };
  for (const name of Object.keys(members).sort(() => random.next() - 0.5)) {
    if (random.chance(0.6)) value[name] = members[name];
  }
  const layout = random.pick([undefined, 2, 4, '\t', ' ']);
  let text = JSON.stringify(value, null, layout) + random.pick(['', '\n', '\n\n']);
  if (random.chance(0.2)) text = text.replaceAll('\n', '\r\n');
  if (random.chance(0.2)) text = text.replaceAll('[]', '[ ]').replaceAll('{}', '{\n}');
  return { value, text };
}

/** The value without our entries, and without the lists that only they were in. */
function others(text) {
  const value = JSON.parse(text);
  for (const [event, groups] of Object.entries(value.hooks ?? {})) {
    value.hooks[event] = groups.filter((group) => !JSON.stringify(group).includes('obs-hook'));
    if (value.hooks[event].length === 0) delete value.hooks[event];
  }
  if (Object.keys(value.hooks ?? {}).length === 0) delete value.hooks;
  return value;
}

test(`settings of any shape keep all that is others', and give it back (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  for (let tries = 0; tries < 500; tries += 1) {
    const { text } = settings(random);
    const call = random.pick([NODE, DIRECT]);
    const after = withHooks(text, call);
    const hooks = JSON.parse(after).hooks;
    const called = EVENTS.map((event) => hooks[event].at(-1).hooks[0]).map(({ command, args }) => ({ command, args }));
    expect(called).toEqual(EVENTS.map(() => (call === NODE ? NODE : { ...DIRECT, args: ['hook'] })));
    expect(others(after)).toEqual(others(text));
    expect(withHooks(after, call)).toBe(after);
    // Each line that stood there still does, but for commas and the brackets of what was empty.
    const bare = (line) => line.replaceAll(/[\s,]/g, '').replace(/[[{][\]}]?$/, '');
    const own = new Set(after.split('\n').map(bare));
    expect(text.trim().includes('\n') ? text.split('\n').map(bare).filter((line) => !own.has(line) && !/^[\]}]*$/.test(line)) : []).toEqual([]); // prettier-ignore
    expect(others(withoutHooks(after))).toEqual(others(text));
    const moved = withHooks(after, { command: '/elsewhere/obs-hook', args: [] });
    expect([moved.includes('/p'), others(moved)]).toEqual([false, others(text)]);
  }
});

/** The words that a shell makes of a command line, by the shell itself. */
const wordsOf = (command) => JSON.parse(spawnSync('sh', ['-c', `"$0" -e 'console.log(JSON.stringify(process.argv.slice(1)))' -- ${command}`, process.execPath], { encoding: 'utf8' }).stdout); // prettier-ignore

test(`a status line of any shape is kept within ours, and stands there again (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  for (let tries = 0; tries < 300; tries += 1) {
    const { value, text } = settings(random);
    const call = random.pick([NODE, DIRECT]);
    const inherited = random.chance(0.5) ? { type: 'command', command: random.pick(COMMANDS), padding: 2 } : undefined;
    const { text: after, kept } = withStatusLine(text, call, inherited);
    const theirs = (value.statusLine ?? inherited)?.command ?? null;
    expect(kept).toBe(theirs);
    const { statusLine, ...rest } = JSON.parse(after);
    const { command, ...how } = statusLine;
    expect({ ...rest, ...(value.statusLine && { statusLine: value.statusLine }) }).toEqual(value);
    expect(how).toEqual(theirs === null ? { type: 'command', refreshInterval: 5 } : { type: 'command', padding: (value.statusLine ?? inherited).padding }); // prettier-ignore
    if (tries < 10 && process.platform !== 'win32') {
      const wrap = theirs === null ? [] : ['--wrap', theirs];
      expect(wordsOf(command)).toEqual([call.command, ...call.args, 'statusline', ...wrap]);
    }
    // Again, and from another place, it wraps theirs and not itself.
    expect(withStatusLine(after, call, inherited).text).toBe(after);
    const moved = withStatusLine(after, { command: '/elsewhere/obs-hook', args: [] }, inherited);
    expect([moved.kept, moved.text.includes('/p')]).toEqual([theirs, false]);
    const back = withoutStatusLine(moved.text, { hadNone: value.statusLine === undefined, inherited });
    expect(value.statusLine ? back : JSON.parse(back)).toEqual(value.statusLine ? text : value);
  }
});

test.each([[{ type: 'other', command: 'x' }], ['text'], [null], [{ type: 'command' }]])(
  'a status line that is no command is left as it is: %j',
  (statusLine) => {
    const text = JSON.stringify({ statusLine });
    expect(withStatusLine(text, DIRECT, undefined)).toEqual({ text, left: true });
    expect(withStatusLine('{}', DIRECT, statusLine)).toEqual({ text: '{}', left: true });
  },
);

test(`install and uninstall leave every byte as it was (seed ${SEED})`, async () => {
  const random = createRandom(SEED);
  for (let tries = 0; tries < 8; tries += 1) {
    const { text } = settings(random);
    writeFiles(root, { [LOCAL]: (tries === 0 ? '\ufeff' : '') + text });
    fs.chmodSync(path.join(root, LOCAL), 0o640);
    const before = read();
    expect(await obs('install')).toMatchObject({ code: 0, stderr: '' });
    expect(names()).toEqual(['settings.local.json', 'settings.local.json.before-obs']);
    const after = read();
    expect(await obs('install')).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing was changed') });
    expect(read()).toBe(after);
    expect(await obs('uninstall')).toMatchObject({ code: 0, stderr: '' });
    expect([read(), names()]).toEqual([before, ['settings.local.json']]);
    if (process.platform !== 'win32') expect(fs.statSync(path.join(root, LOCAL)).mode & 0o777).toBe(0o640);
  }
});

test('a file that install made goes again, and a dry run shows the lines and changes nothing', async () => {
  const dry = await obs('install', '--dry-run');
  expect(dry.stdout).toMatch(/^In \.claude.settings\.local\.json:\n {2}\+ \{\n {2}\+ {3}"hooks": \{/);
  expect(names()).toEqual([]);
  await obs('install');
  const { hooks, statusLine } = JSON.parse(read());
  expect(Object.keys(hooks).sort()).toEqual([...EVENTS].sort());
  expect(hooks.Stop).toEqual([{ hooks: [{ type: 'command', command: PROGRAM, args: ['hook'], timeout: 10, async: true }] }]); // prettier-ignore
  expect(statusLine).toMatchObject({ type: 'command', command: expect.stringMatching(/obs-hook(\.exe)?'? statusline$/) }); // prettier-ignore
  expect((await obs('uninstall', '--dry-run')).stdout).toContain('Dry run: nothing was changed.');
  expect(names()).toEqual(['settings.local.json']);
  await obs('uninstall');
  expect(names()).toEqual([]);
  expect(await obs('uninstall')).toMatchObject({ code: 0, stdout: 'Nothing to take back: no settings of Claude Code call obs-hook.\n' }); // prettier-ignore
});

test('what was changed since install stays changed, without the hooks', async () => {
  writeFiles(root, { [LOCAL]: '{\n  "model": "opus"\n}\n' });
  await obs('install');
  const mine = JSON.parse(read());
  mine.model = 'haiku';
  mine.hooks.Stop.push(FOREIGN);
  mine.hooks.Stop[0].hooks.push({ type: 'command', command: 'mine' });
  writeFiles(root, { [LOCAL]: JSON.stringify(mine, null, 2) });
  await obs('uninstall');
  expect(JSON.parse(read())).toEqual({ model: 'haiku', hooks: { Stop: [{ hooks: [{ type: 'command', command: 'mine' }] }, FOREIGN] } }); // prettier-ignore
  expect(names()).toEqual(['settings.local.json']);
});

test('--shared is for everybody: settings.json, and a path that holds on each machine', async () => {
  linkPackage(root);
  expect(await obs('install', '--shared')).toMatchObject({ code: 0 });
  const { hooks, statusLine } = JSON.parse(read('.claude/settings.json'));
  expect(statusLine).toBeUndefined();
  expect(hooks.SessionEnd[0].hooks[0]).toEqual({ type: 'command', command: 'node', args: ['${CLAUDE_PROJECT_DIR}/node_modules/@obs/native/bin/obs-hook.js'], timeout: 10 }); // prettier-ignore
  expect(await run([OBS, 'install', '--shared'], { cwd: root })).toMatchObject({ code: 2, stderr: 'obs: --shared is for install --claude-code\n' }); // prettier-ignore
});

describe('a workspace that has the packages names the program by a path that an update does not change', () => {
  const { platformName } = require('../lib/addon.js');
  const own = `native-${platformName()}/${path.basename(PROGRAM)}`;

  /** The two packages side by side below a folder, as far as they are looked at. */
  function putPackages(folder) {
    writeFiles(root, { [`${folder}/native/bin/obs-hook.js`]: '', [`${folder}/native-${platformName()}/package.json`]: '{}' }); // prettier-ignore
    fs.copyFileSync(PROGRAM, path.join(root, folder, own));
  }

  async function installed() {
    expect(await obs('install')).toMatchObject({ code: 0, stderr: '' });
    const { hooks, statusLine } = JSON.parse(read());
    return [hooks.Stop[0].hooks[0], statusLine.command];
  }

  test('as npm lays them; and one that does not run here is of no use', async () => {
    putPackages('node_modules/@obs');
    const [hook, line] = await installed();
    expect(hook.command).toBe(`\${CLAUDE_PROJECT_DIR}/node_modules/@obs/${own}`);
    expect(line).toBe(`'${root}/node_modules/@obs/${own}' statusline`);
    fs.writeFileSync(path.join(root, 'node_modules/@obs', own), '#!/bin/sh\nexit 1\n');
    const [again, other] = await installed();
    const script = 'node_modules/@obs/native/bin/obs-hook.js';
    expect(again).toMatchObject({ command: 'node', args: [`\${CLAUDE_PROJECT_DIR}/${script}`] });
    expect(other).toBe(`node '${root}/${script}' statusline`);
  });

  test('as pnpm lays them, behind a link', async () => {
    putPackages('store/native@1/@obs');
    fs.mkdirSync(path.join(root, 'node_modules/@obs'), { recursive: true });
    fs.symlinkSync(path.join(root, 'store/native@1/@obs/native'), path.join(root, 'node_modules/@obs/native'), 'junction'); // prettier-ignore
    const [hook] = await installed();
    expect(hook.command).toBe(`\${CLAUDE_PROJECT_DIR}/node_modules/@obs/native/../${own}`);
  });
});

test("the user's own status line is shown within ours, and holds again afterwards", async () => {
  writeFiles(root, { 'settings.json': '{"statusLine":{"type":"command","command":"theirs --x","padding":1}}' });
  writeFiles(root, { [LOCAL]: '{"model":"opus"}' });
  const { stdout } = await obs('install');
  expect(stdout).toContain('below what `theirs --x` prints, as before');
  expect(JSON.parse(read()).statusLine).toMatchObject({ padding: 1, command: expect.stringMatching(/--wrap 'theirs --x'$/) }); // prettier-ignore
  const mine = { ...JSON.parse(read()), model: 'haiku' };
  writeFiles(root, { [LOCAL]: JSON.stringify(mine) });
  await obs('uninstall');
  expect(JSON.parse(read())).toEqual({ model: 'haiku' });
});

test.each(['{ // comment\n}', '[]', '{"hooks":[]}', '{"hooks":{"Stop":{}}}', 'no'])(
  '%j is left as it is, with the reason',
  async (text) => {
    // prettier-ignore
    writeFiles(root, { [LOCAL]: text });
    const { code, stdout, stderr } = await obs('install');
    expect([code, stdout, read(), names()]).toEqual([1, '', text, ['settings.local.json']]);
    expect(stderr).toMatch(/^obs: .*settings\.local\.json was left as it is: .+\n$/);
  },
);

test('a link stays a link', async () => {
  if (process.platform === 'win32') return;
  writeFiles(root, { 'dotfiles/settings.json': '{}\n' });
  fs.symlinkSync(path.join(root, 'dotfiles/settings.json'), path.join(root, LOCAL));
  await obs('install');
  expect([fs.lstatSync(path.join(root, LOCAL)).isSymbolicLink(), read('dotfiles/settings.json')]).toEqual([
    true,
    read(),
  ]);
  await obs('uninstall');
  expect([fs.lstatSync(path.join(root, LOCAL)).isSymbolicLink(), read()]).toEqual([true, '{}\n']);
});

test('settings that switch hooks off are told', async () => {
  writeFiles(root, { 'settings.json': '{"disableAllHooks":true}' });
  expect((await obs('install')).stdout).toContain('settings.json says disableAllHooks, so none of them runs.');
  expect(switchedOff(root, root, {})).toEqual([]);
});

test('uninstall of the tools takes the hooks along', async () => {
  await obs('install');
  const { code, stdout } = await run([OBS, 'uninstall'], { cwd: root });
  expect([code, names()]).toEqual([0, []]);
  expect(stdout).toMatch(/Took the hooks out of \.claude.settings\.local\.json\.\n$/);
});
