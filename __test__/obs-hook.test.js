// The program without Node: for the same input it leaves the same files as the way through Node, whatever comes and however
// many run at once.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { surroundings } = require('../claude/input.js');
const { loadAddon } = require('../lib/addon.js');
const { createFace } = require('../lib/face.js');
const { findProjectRoot } = require('../lib/root.js');
const { PACKAGE, cleanEnvironment, makeFolder, removeFolder, writeFiles } = require('./support/command-line.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { makeSession, writeSessions } = require('./support/transcripts.js');

const SEED = seedOfTest();
const PROGRAM = path.join(PACKAGE, process.platform === 'win32' ? 'obs-hook.exe' : 'obs-hook');
const SCRIPT = path.join(PACKAGE, 'bin', 'obs-hook.js');
const SILENT = { status: 0, stdout: '', stderr: '' };
const T0 = Date.UTC(2026, 0, 1);

let root;
beforeEach(() => {
  root = makeFolder();
  fs.mkdirSync(path.join(root, '.claude'));
});
afterEach(() => removeFolder(root));

const environment = (place, more = {}) => cleanEnvironment({ CLAUDE_PROJECT_DIR: place, ...more });

function fire(input, { place = root, env = {}, command = PROGRAM, args = [] } = {}) {
  const given = { input, cwd: place, env: environment(place, env), encoding: 'utf8' };
  const { status, stdout, stderr } = spawnSync(command, args, given);
  return { status, stdout, stderr };
}

/** The way through Node without the time that Node takes to start. */
function fireHere(input, place) {
  try {
    loadAddon().NativeClaude.runHook(Buffer.from(input), surroundings({ CLAUDE_PROJECT_DIR: place }), Date.now());
  } catch {
    // As the hook's program, it says nothing.
  }
}

const EVENTS = ['SessionStart', 'Stop', 'StopFailure', 'SubagentStop', 'TaskCreated', 'TaskCompleted', 'SessionEnd'];
const OTHERS = ['PreToolUse', 'PostToolUse', 'PostToolUseFailure', 'PostToolBatch', 'Notification', 'UserPromptSubmit', 'UserPromptExpansion', 'SubagentStart', 'PreCompact', 'PermissionDenied', 'MessageDisplay', 'Novel', '', 5, null]; // prettier-ignore
const ODD = ['', '../..', 'ünï "q"\\', '\u0000', '\ud800', '\u202e', 'x'.repeat(3000), 5, 1e21, null, true, [1], { a: '"' }, 'sk-ant-api03-' + 'k'.repeat(90)]; // prettier-ignore

/** One event, mostly of a kind that does something, of one of the sessions that lie in the workspace. */
function someEvent(random, place, sessions) {
  const event = {
    session_id: random.chance(0.8) ? `s${random.below(3)}` : random.pick(ODD),
    transcript_path: random.chance(0.8) ? path.join(place, 't', random.pick(sessions)) : random.pick(ODD),
    cwd: random.chance(0.8) ? place : random.pick(ODD),
    hook_event_name: random.chance(0.8) ? random.pick(EVENTS) : random.pick(OTHERS),
    task_id: random.chance(0.7) ? String(random.below(4)) : random.pick(ODD),
    task_subject: random.chance(0.6) ? 'do it' : random.pick(ODD),
    permission_mode: 'default',
    tool_input: { command: 'echo "{"', nested: [{ session_id: 'no' }] },
  };
  for (const name of Object.keys(event)) if (random.chance(0.05)) delete event[name];
  return JSON.stringify(event);
}

/** Bytes as they come: whole, cut, damaged, twice, with what JSON allows around and within. */
function bytesOf(random, text) {
  const whole = Buffer.from(text);
  switch (random.below(12)) {
    case 0:
      return whole.subarray(0, random.below(whole.length));
    case 1: {
      const hurt = Buffer.from(whole);
      hurt[random.below(hurt.length)] = random.below(256);
      return hurt;
    }
    case 2:
      return Buffer.concat([whole, whole]);
    case 3:
      return Buffer.from(`\n\t ${text} \r\n`);
    case 4:
      return Buffer.from(text.replace('"cwd"', '"session_id":"s9","cwd"').replace('session', '\\u0073ession'));
    case 5:
      return Buffer.from(`${text.slice(0, -1)},"big":"${'é'.repeat(random.below(200_000))}"}`);
    default:
      return whole;
  }
}

/** Every file below the workspace's `.claude`, with what differs by nature made alike: the place, and the clock of steps. */
function filesOf(place) {
  const below = path.join(place, '.claude');
  const names = fs.readdirSync(below, { recursive: true }).map(String).sort();
  return names.map((name) => {
    const file = path.join(below, name);
    if (fs.statSync(file).isDirectory()) return [name];
    const text = fs.readFileSync(file, 'utf8').replaceAll(JSON.stringify(place).slice(1, -1), 'ROOT');
    const same = text.replace(/"files":"[0-9a-f]{32}"/g, '"files":"…"');
    return [name, name.endsWith('progress.jsonl') ? same.replace(/^\{"timestamp":.*?"run_id"/gm, '{"run_id"') : same];
  });
}

/** Two workspaces with the same sessions of Claude Code in them. */
function twins(random) {
  const sessions = [];
  const places = ['a', 'b'].map((name) => path.join(root, name));
  for (let number = 0; number < 3; number += 1) {
    const files = makeSession(random, number, T0 + number * 7_777_777);
    sessions.push(files[0].name);
    for (const place of places) writeSessions(path.join(place, 't'), files);
  }
  for (const place of places) fs.mkdirSync(path.join(place, '.claude'), { recursive: true });
  return { sessions, places };
}

test(`both ways leave the same files, whatever comes (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  let recorded = 0;
  for (let tries = 0; tries < 25; tries += 1) {
    const { sessions, places } = twins(random);
    for (let events = 0; events < 8; events += 1) {
      const seed = random.below(1e9);
      const [mine, theirs] = places.map((place) => {
        const own = createRandom(seed);
        return bytesOf(own, someEvent(own, place, sessions));
      });
      expect(fire(mine, { place: places[0] })).toEqual(SILENT);
      fireHere(theirs, places[1]);
    }
    const [mine, theirs] = places.map(filesOf);
    expect(mine).toEqual(theirs);
    recorded += mine.filter(([name]) => name.endsWith('.jsonl')).length;
    for (const place of places) removeFolder(place);
  }
  expect(recorded).toBeGreaterThan(25);
});

test(`and so does the program of Node itself (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  const { sessions, places } = twins(random);
  for (let events = 0; events < 6; events += 1) {
    const seed = random.below(1e9);
    for (const [at, place] of places.entries()) {
      const own = createRandom(seed);
      const input = bytesOf(own, someEvent(own, place, sessions));
      expect(fire(input, { place, ...(at === 0 ? {} : { command: process.execPath, args: [SCRIPT] }) })).toEqual(
        SILENT,
      );
    }
  }
  const [mine, theirs] = places.map(filesOf);
  expect(mine).toEqual(theirs);
});

test.each([
  ['nothing', ''],
  ['null', 'null'],
  ['more than it reads', Buffer.alloc(17 * 1024 * 1024, ' ')],
  ['deep nesting', `{"hook_event_name":"Stop","x":${'['.repeat(1_000_000)}`],
  ['a path that leads nowhere', '{"hook_event_name":"Stop","transcript_path":"/nowhere/x.jsonl"}'],
])('nothing is recorded of %s, and nothing said', (_, input) => {
  expect(fire(input)).toEqual(SILENT);
  expect(fs.readdirSync(path.join(root, '.claude'), { recursive: true }).filter((name) => name.endsWith('.jsonl'))).toEqual([]); // prettier-ignore
});

test('what goes wrong is said when somebody looks for it, and the exit code stays 0', () => {
  writeFiles(root, { '.claude/context': 'in the way' });
  const step = '{"hook_event_name":"TaskCreated","session_id":"s","task_id":"1"}';
  expect(fire(step)).toEqual(SILENT);
  const told = fire(step, { env: { OBS_DEBUG: '1' } });
  expect([told.status, told.stdout]).toEqual([0, '']);
  expect(told.stderr).toMatch(/^obs-hook: .+\n$/);
  expect(fire('', { args: ['--what'], env: { OBS_DEBUG: '1' } }).stderr).toMatch(/^obs-hook: it knows no words but/);
  expect(fire('', { args: ['--version'] }).stdout).toBe(`obs-hook ${require('../package.json').version}\n`);
});

test('while another import is at work an event does nothing and does not wait', () => {
  const files = makeSession(createRandom(7), 1, T0);
  writeSessions(path.join(root, 't'), files);
  const core = createFace({ projectRoot: root, env: {} }).core();
  const folder = path.join(root, '.claude/context/.obs');
  fs.mkdirSync(folder, { recursive: true });
  const held = core.call('tryLock', path.join(folder, 'import-claude.lock'));
  const stop = JSON.stringify({ hook_event_name: 'Stop', transcript_path: path.join(root, 't', files[0].name) });
  expect(fire(stop)).toEqual(SILENT);
  const data = () => fs.readdirSync(path.join(root, '.claude/context'), { recursive: true }).filter((name) => name.endsWith('.jsonl')); // prettier-ignore
  expect(data()).toEqual([]);
  held.release();
  expect(fire(stop)).toEqual(SILENT);
  expect(data()).not.toEqual([]);
});

/** Lines of all data files, sorted. */
function recordsOf(place) {
  const context = path.join(place, '.claude/context');
  const files = fs.readdirSync(context, { recursive: true }).filter((name) => name.endsWith('.jsonl'));
  return files
    .flatMap((name) => fs.readFileSync(path.join(context, name), 'utf8').split('\n'))
    .filter(Boolean)
    .sort();
}

const ends = (child) => new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));

function start(input, place = root) {
  const child = spawn(PROGRAM, [], { cwd: place, env: environment(place), stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = ends(child);
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return { child, ended };
}

test(`killed at any moment, what it left is finished by the next one, each record once (seed ${SEED})`, async () => {
  const random = createRandom(SEED);
  const files = makeSession(random, 1, T0);
  const [own] = files;
  // Long enough to be killed in.
  const copies = Array.from({ length: 40 }, (_, at) =>
    own.lines.map((line) => JSON.parse(JSON.stringify(line).replaceAll('00000001.', `c${at}.`))),
  );
  own.lines = copies.flat();
  for (const name of ['whole', 'killed']) {
    writeSessions(path.join(root, name, 't'), files);
    fs.mkdirSync(path.join(root, name, '.claude'), { recursive: true });
  }
  const stop = (place) => JSON.stringify({ hook_event_name: 'Stop', transcript_path: path.join(place, 't', own.name) });
  const [whole, killed] = ['whole', 'killed'].map((name) => path.join(root, name));
  expect(fire(stop(whole), { place: whole })).toEqual(SILENT);
  for (let tries = 0; tries < 20; tries += 1) {
    const { child, ended } = start(stop(killed), killed);
    const delay = random.below(12);
    setTimeout(() => child.kill('SIGKILL'), delay);
    await ended;
  }
  expect(fire(stop(killed), { place: killed })).toEqual(SILENT);
  const idsOf = (place) => recordsOf(place).flatMap((line) => /"id":"[^"]*"/.exec(line) ?? []).sort(); // prettier-ignore
  expect(idsOf(killed)).toEqual(idsOf(whole));
  expect(idsOf(whole).length).toBeGreaterThan(0);
});

test('fifty at once, of one session: each task counts, and the last word is right', async () => {
  const event = (name, task) => JSON.stringify({ hook_event_name: name, session_id: 's', task_id: `${task}`, task_subject: `t${task}` }); // prettier-ignore
  const all = (name) => Promise.all(Array.from({ length: 50 }, (_, task) => start(event(name, task)).ended));
  const ended = [...(await all('TaskCreated')), ...(await all('TaskCompleted'))];
  expect(new Set(ended.map(({ code }) => code))).toEqual(new Set([0]));
  const face = createFace({ projectRoot: root, env: {} });
  const history = face.getProgressHistory('s');
  expect(history.at(-1)).toMatchObject({ step: 50, percentage: 100, status: 'running', metadata: { steps: 50 } });
  expect(new Set(history.map(({ metadata }) => `${metadata.task_id}:${metadata.done}`)).size).toBe(100);
  fire(JSON.stringify({ hook_event_name: 'SessionEnd', session_id: 's' }));
  expect(face.getCurrentProgress('s')).toMatchObject({ step: 50, status: 'completed' });
});

test('fifty at once, of one transcript: each of its events is on record once', async () => {
  // A session of which there is something to tell.
  let files;
  for (let seed = 1, found = 0; found < 5; seed += 1) {
    files = makeSession(createRandom(seed), 1, T0);
    writeSessions(path.join(root, `t${seed}`), files);
    const session = path.join(root, `t${seed}`, files[0].name);
    found = createFace({ projectRoot: root, env: {} }).importClaudeTranscripts({ session, dryRun: true }).imported;
  }
  writeSessions(path.join(root, 't'), files);
  const stop = JSON.stringify({ hook_event_name: 'Stop', transcript_path: path.join(root, 't', files[0].name) });
  await Promise.all(Array.from({ length: 50 }, () => start(stop).ended));
  fire(stop);
  const ids = recordsOf(root).map((line) => JSON.parse(line)).map(({ metadata }) => metadata.id); // prettier-ignore
  expect(ids.length).toBeGreaterThan(3);
  const report = createFace({ projectRoot: root, env: {} }).importClaudeTranscripts({
    session: path.join(root, 't', files[0].name),
    dryRun: true,
  });
  expect(report).toMatchObject({ imported: 0, already_there: ids.length });
});

test(`it finds the workspace as lib/root.js does where no script was started (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  const folders = ['', 'w', 'w/in', 'w/in/deep', 'home', 'home/p', 'home/p/q'];
  for (let tries = 0; tries < 40; tries += 1) {
    const place = path.join(root, `x${tries}`);
    for (const name of folders) fs.mkdirSync(path.join(place, name), { recursive: true });
    const with_ = folders.filter(() => random.chance(0.35));
    for (const name of with_) fs.mkdirSync(path.join(place, name, '.claude'), { recursive: true });
    const some = () => path.join(place, random.pick(folders));
    const env = {
      HOME: path.join(place, 'home'),
      USERPROFILE: path.join(place, 'home'),
      CLAUDE_PROJECT_DIR: random.chance(0.3) ? random.pick([some(), 'w', '../w', `${some()}/./in/..`]) : '',
      OBS_PROJECT_ROOT: random.chance(0.3) ? random.pick([some(), '~/p', 'w', '/x/$HOME', `${some()}/..`, '%X%']) : '',
    };
    const cwd = some();
    const wanted = findProjectRoot({ env, cwd, script: null, home: env.HOME }).root;
    const step = JSON.stringify({ hook_event_name: 'TaskCreated', session_id: 's', task_id: '1', cwd });
    const { status, stderr } = spawnSync(PROGRAM, [], {
      input: step,
      cwd,
      env: cleanEnvironment(env),
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    const found = folders.filter((name) => fs.existsSync(path.join(place, name, '.claude/context')));
    const isThere = fs.existsSync(path.join(wanted, '.claude')) && wanted.startsWith(place);
    expect(found).toEqual(isThere ? [path.relative(place, wanted).split(path.sep).join('/')] : []);
  }
});

describe('a long transcript', () => {
  const LOG = '.claude/context/logs';
  const records = (place) => {
    const folder = path.join(place, LOG);
    const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.startsWith('skill-')) : [];
    return names.map((name) => fs.readFileSync(path.join(folder, name), 'utf8')).join('');
  };
  const said = (hook_event_name, transcript_path) =>
    JSON.stringify({ hook_event_name, session_id: 's', cwd: root, transcript_path });

  /** A session in a file of more bytes than a hook reads itself, and what an import makes of it. */
  function longSession() {
    const from = path.join(root, 't');
    const files = makeSession(createRandom(SEED), 1, T0);
    writeSessions(from, files);
    const transcript = path.join(from, files[0].name);
    const { atime, mtime } = fs.statSync(transcript);
    fs.appendFileSync(transcript, `{"type":"summary","summary":"${'x'.repeat(1000)}"}\n`.repeat(3000));
    fs.utimesSync(transcript, atime, mtime);
    fs.mkdirSync(path.join(root, 'other', '.claude'), { recursive: true });
    createFace({ projectRoot: path.join(root, 'other'), env: {} }).importClaudeTranscripts({ from });
    const wanted = records(path.join(root, 'other'));
    expect(wanted).not.toBe('');
    return { transcript, wanted };
  }

  async function recorded(wanted) {
    while (records(root) !== wanted) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  test(`is imported behind the hook (seed ${SEED})`, async () => {
    const { transcript, wanted } = longSession();
    expect(fire(said('Stop', transcript))).toEqual(SILENT);
    await recorded(wanted);
  });

  test(`is imported before a session ends, and where another import is at work, after that (seed ${SEED})`, async () => {
    const { transcript, wanted } = longSession();
    expect(fire(said('SessionEnd', transcript))).toEqual(SILENT);
    expect(records(root)).toBe(wanted);

    fs.rmSync(path.join(root, '.claude/context'), { recursive: true });
    const folder = path.join(root, '.claude/context/.obs');
    fs.mkdirSync(folder, { recursive: true });
    const held = createFace({ projectRoot: root, env: {} })
      .core()
      .call('tryLock', path.join(folder, 'import-claude.lock'));
    expect(fire(said('SessionEnd', transcript))).toEqual(SILENT);
    expect(records(root)).toBe('');
    held.release();
    await recorded(wanted);
  });
});
