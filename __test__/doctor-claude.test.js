// `obs doctor` about Claude Code: what could be imported, what was not understood, hooks that are not there, are off, or call nothing.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { hookState, settingsFiles } = require('../claude/hook-state.js');
const { EVENTS, withHooks } = require('../claude/hook-settings.js');
const { PACKAGE, makeFolder, removeFolder, run, writeFiles } = require('./support/command-line.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { makeSession, writeSessions } = require('./support/transcripts.js');

const OBS = path.join(PACKAGE, 'bin', 'obs.js');

let root;
let home;
beforeEach(() => {
  root = makeFolder();
  home = makeFolder();
  fs.mkdirSync(path.join(root, '.claude'));
});
afterEach(() => [root, home].forEach(removeFolder));

const obs = (...args) => run([OBS, ...args], { cwd: root, env: { CLAUDE_CONFIG_DIR: home } });
async function found() {
  const { stdout } = await obs('doctor', '--json');
  const own = JSON.parse(stdout).findings.filter(({ section }) => section === 'Claude Code');
  return Object.fromEntries(own.map((each) => [each.name, each]));
}

function putSessions(count) {
  const random = createRandom(seedOfTest());
  const slug = root.replace(/[^a-zA-Z0-9]/g, '-');
  for (let number = 0; number < count; number += 1) {
    writeSessions(path.join(home, 'projects', slug), makeSession(random, number));
  }
  return path.join(home, 'projects', slug);
}

test('transcripts: how many there are, of how many days, and how many have something to import', async () => {
  expect((await found()).transcripts).toMatchObject({ level: 'ok', value: 'none of this workspace', advice: null });
  const folder = putSessions(3);
  const old = new Date(Date.now() - 9.5 * 86_400_000);
  const [first, ...others] = fs.readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  fs.utimesSync(path.join(folder, first), old, old);
  for (const name of others) fs.utimesSync(path.join(folder, name), new Date(), new Date());
  const before = (await found()).transcripts;
  expect(before.data).toEqual({ sessions: 3, new: 3, days: 10 });
  expect([before.level, before.advice]).toEqual(['ok', expect.stringContaining('import claude')]);
  expect((await obs('import', 'claude')).code).toBe(0);
  const after = (await found()).transcripts;
  // What may go on has something to import again in an hour.
  expect([after.data.sessions, after.data.new, after.advice]).toEqual([3, 0, null]);
});

test('lines that the last imports did not understand are counted by their types, over all sessions', async () => {
  const folder = putSessions(0);
  const prompt = (session) => `${JSON.stringify({ type: 'user', uuid: session, sessionId: session, timestamp: '2026-07-12T11:00:00.000Z', message: { content: 'x' } })}\n`; // prettier-ignore
  writeFiles(folder, { 'a.jsonl': prompt('a'), 'b.jsonl': prompt('b') });
  await obs('import', 'claude');
  const clean = (await found())['imported lines'];
  expect([clean.level, clean.data]).toEqual(['ok', { damaged: 0, unknown_types: {}, unknown_fields: {} }]);
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  for (const name of files) fs.appendFileSync(path.join(folder, name), '{"type":"brand-new"}\nno json\n');
  fs.appendFileSync(path.join(folder, files[0]), '{"type":"brand-new"}\n{"type":"__proto__"}\n');
  await obs('import', 'claude');
  const odd = (await found())['imported lines'];
  expect(odd.level).toBe('warn');
  expect(odd.value).toBe('2 lines could not be read; of unknown types: brand-new 3, __proto__ 1');
  // One that is imported again is not counted twice.
  fs.appendFileSync(path.join(folder, files[0]), '{"type":"brand-new"}\n');
  await obs('import', 'claude');
  expect((await found())['imported lines'].value).toContain('brand-new 4');
});

test('members of lines that are not known are told, and are no reason to worry', async () => {
  const folder = putSessions(0);
  const line = (session, more) => `${JSON.stringify({ type: 'system', uuid: session, sessionId: session, timestamp: '2026-07-12T11:00:00.000Z', ...more })}\n`; // prettier-ignore
  writeFiles(folder, { 'a.jsonl': line('a', { newThing: 1 }) + line('a', { newThing: {}, other: 1 }), 'b.jsonl': line('b', { newThing: 1 }) }); // prettier-ignore
  await obs('import', 'claude');
  const lines = (await found())['imported lines'];
  expect([lines.level, lines.advice]).toEqual(['ok', null]);
  expect(lines.value).toBe('all understood, of 2 sessions; with unknown members: system.newThing 3, system.other 1');
  expect(lines.data.unknown_fields).toEqual({ 'system.newThing': 3, 'system.other': 1 });
});

describe('hooks', () => {
  const local = () => path.join(root, '.claude', 'settings.local.json');

  test('are told of as they stand: none, installed, some missing, those of the plugin', async () => {
    expect((await found()).hooks).toMatchObject({ level: 'ok', value: 'not installed' });
    expect((await obs('install', '--claude-code')).code).toBe(0);
    expect((await found()).hooks).toMatchObject({ level: 'ok', value: `installed in ${local()}` });
    const settings = JSON.parse(fs.readFileSync(local(), 'utf8'));
    delete settings.hooks.Stop;
    fs.writeFileSync(local(), JSON.stringify(settings));
    expect((await found()).hooks).toMatchObject({ level: 'warn', value: `${local()} has none for Stop` });
    fs.rmSync(local());
    writeFiles(home, { 'settings.json': JSON.stringify({ enabledPlugins: { 'obs@obs-native': true } }) });
    expect((await found()).hooks).toMatchObject({ level: 'ok', value: expect.stringContaining('those of the plugin') });
  });

  test('that call a program that is gone are a problem', async () => {
    const gone = path.join(root, 'gone', 'bin', 'obs-hook.js');
    fs.writeFileSync(local(), withHooks('{}', { command: 'node', args: [gone] }));
    const { code, stdout } = await obs('doctor');
    expect([code, stdout]).toEqual([1, expect.stringContaining(`${gone} is not there`)]);
    const shared = '${CLAUDE_PROJECT_DIR}/node_modules/@obs/native/bin/obs-hook.js';
    fs.writeFileSync(local(), withHooks('{}', { command: 'node', args: [shared] }));
    expect((await found())['hook program'].data).toEqual({ file: local(), program: shared });
    writeFiles(root, { 'node_modules/@obs/native/bin/obs-hook.js': '' });
    expect(await found()).not.toHaveProperty('hook program');
  });

  test('that are switched off are told of, with who does it', async () => {
    writeFiles(home, { 'settings.json': '{"disableAllHooks":true}' });
    expect((await found()).disableAllHooks).toMatchObject({ level: 'ok' });
    await obs('install', '--claude-code');
    const { disableAllHooks: off } = await found();
    expect([off.level, off.data.file]).toEqual(['warn', path.join(home, 'settings.json')]);
    writeFiles(home, { 'settings.json': '{ // no json' });
    expect((await found()).settings).toMatchObject({ level: 'warn', value: expect.stringContaining('it is no JSON') });
  });

  test('and settings of an administrator: what they switch off, and that only they can allow only theirs', () => {
    const managed = path.join(home, 'managed');
    const options = { env: {}, home, managed };
    const off = (files) => {
      fs.rmSync(managed, { recursive: true, force: true });
      writeFiles(managed, Object.fromEntries(Object.entries(files).map(([name, value]) => [name, JSON.stringify(value)]))); // prettier-ignore
      return hookState(root, options).off.map(({ file, setting }) => [path.relative(managed, file), setting]);
    };
    expect(off({})).toEqual([]);
    expect(off({ 'managed-settings.json': { allowManagedHooksOnly: true } })).toEqual([['managed-settings.json', 'allowManagedHooksOnly']]); // prettier-ignore
    expect(off({ 'managed-settings.d/50.json': { disableAllHooks: true }, 'managed-settings.d/x': 1 })).toEqual([[path.join('managed-settings.d', '50.json'), 'disableAllHooks']]); // prettier-ignore
    writeFiles(root, { '.claude/settings.json': '{"allowManagedHooksOnly":true}' });
    expect(off({})).toEqual([]);
    const files = settingsFiles(root, { env: {}, home: os.homedir() }).map(({ kind }) => kind);
    expect(files).toEqual(expect.arrayContaining(['managed', 'user', 'shared', 'local']));
  });

  test.each([
    [{ command: 'node', args: ['/a/bin/obs-hook.js'] }, '/a/bin/obs-hook.js'],
    [{ command: 'node "/a b/bin/obs-hook.js"' }, '/a b/bin/obs-hook.js'],
    [{ command: '/opt/obs-hook' }, '/opt/obs-hook'],
    [{ command: 'C:\\x y\\obs-hook.exe' }, 'C:\\x y\\obs-hook.exe'],
    [{ command: 'obs-hook' }, 'obs-hook'],
    [{ command: 'my-obs-hooks.js' }, null],
    [{ command: 'echo obs-hook done' }, null],
    [{ args: [7, null] }, null],
    [null, null],
  ])('the program of the handler %j is %j', (handler, program) => {
    writeFiles(root, { '.claude/settings.json': JSON.stringify({ hooks: { Stop: [{ hooks: [handler] }] } }) });
    const { installed, gone } = hookState(root, { env: {}, home, managed: home });
    expect(installed.length).toBe(program === null ? 0 : 1);
    if (program !== null) expect(installed[0].missing).toEqual(EVENTS.filter((event) => event !== 'Stop'));
    // What the system looks for by its own rules is taken for there.
    expect(gone.map((one) => one.program)).toEqual(program !== null && path.isAbsolute(program) ? [program] : []);
  });
});
