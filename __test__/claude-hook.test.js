// What Claude Code runs for its hooks: it records, and whatever happens it is silent and its exit code is 0.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { createFace } = require('../lib/face.js');
const { PACKAGE, cleanEnvironment, makeFolder, removeFolder, writeFiles } = require('./support/command-line.js');
const { createRandom } = require('./support/random.js');
const { makeSession, writeSessions } = require('./support/transcripts.js');

const HOOK = path.join(PACKAGE, 'bin', 'obs-hook.js');

let root;
beforeEach(() => {
  root = makeFolder();
  fs.mkdirSync(path.join(root, '.claude'));
});
afterEach(() => removeFolder(root));

function fire(event, { env = {}, text = JSON.stringify(event) } = {}) {
  const given = {
    input: text,
    cwd: root,
    env: cleanEnvironment({ CLAUDE_PROJECT_DIR: root, ...env }),
    encoding: 'utf8',
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, [HOOK], given);
  return { status, stdout, stderr };
}

const SILENT = { status: 0, stdout: '', stderr: '' };
const face = () => createFace({ projectRoot: root, env: {} });
const event = (name, more = {}) => ({ session_id: 's1', cwd: root, hook_event_name: name, ...more });

/** A session that is over, and the path of its transcript. */
function putSession(number = 1) {
  const files = makeSession(createRandom(7), number, Date.UTC(2026, 0, 1));
  writeSessions(path.join(root, 'transcripts'), files);
  return path.join(root, 'transcripts', files[0].name);
}

test('at the end of a turn the session of the event is imported, and no other', () => {
  const transcript_path = putSession(1);
  putSession(2);
  expect(fire(event('Stop', { transcript_path }))).toEqual(SILENT);
  const all = { from: path.join(root, 'transcripts') };
  const found = face().importClaudeTranscripts({ session: transcript_path, dryRun: true });
  expect(found).toMatchObject({ sessions: 1, imported: 0 });
  expect(found.already_there).toBeGreaterThan(0);
  expect(face().importClaudeTranscripts(all)).toMatchObject({ sessions: 2, unchanged: 1 });
});

test('tasks are steps of a run that the end of the session ends', () => {
  for (const [name, task_id] of [
    ['TaskCreated', '1'],
    ['TaskCreated', '2'],
    ['TaskCompleted', '1'],
  ]) {
    // prettier-ignore
    expect(fire(event(name, { task_id, task_subject: `subject ${task_id}` }))).toEqual(SILENT);
  }
  const shown = () => face().getProgressHistory('s1').map(({ step, status, percentage, message }) => [step, status, percentage, message]); // prettier-ignore
  const steps = [[0, 'running', 0, 'Task: subject 1'], [0, 'running', 0, 'Task: subject 2'], [1, 'running', 50, 'Done: subject 1']]; // prettier-ignore
  expect(shown()).toEqual(steps);
  fire(event('SessionEnd', { transcript_path: '/nowhere.jsonl' }));
  fire(event('SessionEnd'));
  expect(shown()).toEqual([...steps, [1, 'completed', 100, 'Session ended']]);
});

test('a session without tasks leaves no run behind', () => {
  fire(event('SessionEnd', { transcript_path: putSession() }));
  expect(face().getProgressHistory()).toEqual([]);
});

test.each([
  ['no JSON', ''],
  ['half of it', '{"hook_event_name":"St'],
  ['null', 'null'],
  ['an event that is not known', '{"hook_event_name":"Novel"}'],
  ['a path that is none', '{"hook_event_name":"Stop","transcript_path":5}'],
  ['a path that leads nowhere', '{"hook_event_name":"Stop","transcript_path":"/nowhere/x.jsonl"}'],
  ['a step of nothing', '{"hook_event_name":"TaskCreated"}'],
  ['more than it reads', ' '.repeat(17 * 1024 * 1024)],
])('whatever comes, nothing is printed and nothing recorded: %s', (_, text) => {
  expect(fire(null, { text })).toEqual(SILENT);
  const context = path.join(root, '.claude/context');
  const names = fs.existsSync(context) ? fs.readdirSync(context, { recursive: true }) : [];
  expect(names.filter((name) => name.endsWith('.jsonl'))).toEqual([]);
});

test('a disk that takes nothing is no fault of the session', () => {
  writeFiles(root, { '.claude/context': 'in the way' });
  const stop = event('Stop', { transcript_path: putSession() });
  expect(fire(stop)).toEqual(SILENT);
  expect(fire(stop, { env: { OBS_DISABLED: '1' } })).toEqual(SILENT);
  const told = fire(stop, { env: { OBS_DEBUG: '1' } });
  expect([told.status, told.stdout]).toEqual([0, '']);
  expect(told.stderr).toMatch(/^obs-hook: .+\n$/);
});

test('what the disk does not take is told nowhere', () => {
  writeFiles(root, { '.claude/context/logs': 'in the way' });
  expect(fire(event('Stop', { transcript_path: putSession() }))).toEqual(SILENT);
  expect(fire(event('TaskCreated', { task_id: '1' }))).toEqual(SILENT);
});

test('where a project has no .claude nothing is made', () => {
  fs.rmdirSync(path.join(root, '.claude'));
  expect(fire(event('Stop', { transcript_path: putSession() }))).toEqual(SILENT);
  expect(fs.readdirSync(root)).toEqual(['transcripts']);
});

test('the program loads nothing of the command line', () => {
  const list = "process.on('exit',()=>console.log(JSON.stringify(Object.keys(require.cache))))";
  const { stdout } = spawnSync(process.execPath, ['-e', `${list};require(${JSON.stringify(HOOK)})`], {
    input: JSON.stringify(event('SessionEnd', { transcript_path: putSession() })),
    cwd: root,
    env: cleanEnvironment({ CLAUDE_PROJECT_DIR: root }),
    encoding: 'utf8',
  });
  const loaded = JSON.parse(stdout).map((file) => path.relative(PACKAGE, file).split(path.sep)[0]);
  expect(loaded).toContain('claude');
  expect(loaded.filter((room) => ['command', 'alerts', 'index.js'].includes(room))).toEqual([]);
});
