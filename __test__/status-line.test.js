// The line under Claude Code's prompt: what it tells, that it fits, drives no terminal and waits for nobody.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { silence } = require('../alerts/check.js');
const { createFace } = require('../lib/face.js');
const { PACKAGE, cleanEnvironment, makeFolder, removeFolder, until, writeFiles } = require('./support/command-line.js');
const { createRandom, seedOfTest } = require('./support/random.js');

const SEED = seedOfTest();
const PROGRAM = path.join(PACKAGE, process.platform === 'win32' ? 'obs-hook.exe' : 'obs-hook');
const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const STATE = '.claude/context/.obs/status.json';
const DAY = 86_400_000;

let root;
beforeEach(() => {
  root = makeFolder();
  fs.mkdirSync(path.join(root, '.claude'));
});
afterEach(() => removeFolder(root));

function call(command, args, { said = { cwd: root }, columns = 200, env = {} } = {}) {
  const given = {
    input: typeof said === 'string' ? said : JSON.stringify(said),
    cwd: root,
    env: cleanEnvironment({ CLAUDE_PROJECT_DIR: root, COLUMNS: String(columns), ...env }),
    encoding: 'utf8',
  };
  const { status, stdout, stderr } = spawnSync(command, args, given);
  return { status, stdout, stderr };
}

const shown = (more) => call(PROGRAM, ['statusline'], more);
const line = (more) => shown(more).stdout.trimEnd();
const file = (name) => path.join(root, name);
const refresh = () => call(PROGRAM, ['refresh', root, file('.claude/context')]);
const lines = (records) => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const iso = (at) => new Date(at).toISOString();

/** CUJ runs of the month before and of the last hour: so many of each, and how many of them failed. */
function cujRuns({ before, failedBefore, recent, failed, name = 'CUJ-005', duration_ms = 60_000 }) {
  const now = Date.now();
  const runs = (count, bad, end, step) =>
    Array.from({ length: count }, (_, at) => ({ timestamp: iso(end - at * step), cuj_id: name, success: at >= bad, duration_ms, error: null, metadata: {} })); // prettier-ignore
  const all = [...runs(before, failedBefore, now - 2 * DAY, 60_000), ...runs(recent, failed, now - 60_000, 1000)];
  writeFiles(root, { '.claude/context/analytics/cuj-metrics.jsonl': lines(all) });
}

function progress(events) {
  const now = Date.now();
  const all = events.map(({ ago = 0, ...event }) => ({ timestamp: now - ago, iso_timestamp: iso(now - ago), step: null, status: 'running', percentage: 0, message: '', metadata: {}, ...event })); // prettier-ignore
  writeFiles(root, { '.claude/context/logs/progress.jsonl': lines(all) });
}

test('a workspace without records says so, makes its state behind, and then nothing has to be made', async () => {
  expect(shown()).toEqual({ status: 0, stdout: 'obs: no figures yet\n', stderr: '' });
  await until(() => fs.existsSync(file(STATE)), 'the state', 60_000);
  const before = fs.readFileSync(file(STATE), 'utf8');
  expect(line()).toBe('obs: no figures yet');
  expect(fs.readFileSync(file(STATE), 'utf8')).toBe(before);
  expect(fs.readFileSync(file('.claude/context/.obs/.gitignore'), 'utf8')).toBe('*\n');
});

test('the last day is told beside what is usual, and what is worse by name', () => {
  cujRuns({ before: 100, failedBefore: 4, recent: 12, failed: 9 });
  refresh();
  expect(line()).toBe('obs: 24h: 3 of 12 CUJ runs ok (usually 96%, worse than usual: CUJ-005)');
  cujRuns({ before: 100, failedBefore: 4, recent: 12, failed: 0 });
  refresh();
  expect(line()).toBe('obs: 24h: 12 of 12 CUJ runs ok (usually 96%)');
});

test('where there are no CUJs, skills are counted', () => {
  const face = createFace({ projectRoot: root, env: {} });
  for (let at = 0; at < 4; at += 1) face.logSkillInvocation({ skill: 'x', result: at === 0 ? 'failure' : 'success' });
  refresh();
  expect(line()).toBe('obs: 24h: 3 of 4 skill uses ok');
});

test("the run in progress, with its step and what is left of it; the session's own comes first", () => {
  cujRuns({ before: 30, failedBefore: 0, recent: 0, failed: 0, duration_ms: 600_000 });
  progress([
    { run_id: 'CUJ-005-1', step: 1, percentage: 25, ago: 60_500 },
    { run_id: 'mine', step: 2, percentage: 50, ago: 3000 },
    { run_id: 'CUJ-005-1', step: 3, percentage: 75, ago: 1000 },
    { run_id: 'over', step: 4, percentage: 100, status: 'completed' },
  ]);
  refresh();
  expect(line()).toMatch(/^obs: CUJ-005-1 step 3 of 4 75%, left about [89]m \d\ds · 24h: no CUJ runs$/);
  expect(line({ said: { cwd: root, session_id: 'mine' } })).toMatch(/^obs: mine step 2 of 4 50% · /);
  // What is newer than the state is told all the same.
  progress([{ run_id: 'fresh', step: 1 }]);
  expect(line()).toMatch(/^obs: fresh step 1 0% · /);
  progress([{ run_id: 'long ago', step: 1, ago: 3 * 3_600_000 }]);
  expect(line()).toMatch(/^obs: 24h: /);
});

test('a provider that fails is told, and one that is well is not', () => {
  const face = createFace({ projectRoot: root, env: {} });
  for (let at = 0; at < 4; at += 1) face.recordProviderCall('anthropic', at === 0, 5, at === 0 ? null : 'overloaded');
  for (let at = 0; at < 4; at += 1) face.recordProviderCall('openai', true, 5);
  refresh();
  expect(line()).toBe('obs: anthropic failed 3 of 4 in 1h');
});

test('alerts that fire stand first, until they are silenced', async () => {
  cujRuns({ before: 100, failedBefore: 0, recent: 12, failed: 12 });
  const objectives = [{ cuj: 'CUJ-005', success: 0.95, over: '7d' }];
  writeFiles(root, { '.claude/context/config/objectives.json': JSON.stringify({ objectives }) });
  const face = createFace({ projectRoot: root, env: {} });
  const { alerts } = await face.checkAlerts();
  const firing = alerts.filter(({ state }) => state === 'firing').map(({ alert }) => alert);
  expect(firing.length).toBeGreaterThan(0);
  refresh();
  expect(line()).toContain(`obs: ! ${firing.length} alert${firing.length > 1 ? 's' : ''}: ${firing[0].slice(0, 20)}`);
  const kept = file('.claude/context/.obs/firing.json');
  const old = { ...JSON.parse(fs.readFileSync(kept, 'utf8')), at: Date.now() - 3 * DAY };
  fs.writeFileSync(kept, JSON.stringify(old));
  expect(line()).toContain('(checked 3d 00h ago)');
  for (const alert of firing) await silence(face.core(), alert, 3_600_000);
  expect(line()).not.toContain('alert');
});

test('figures that are old say so, also where there is room for little', () => {
  cujRuns({ before: 100, failedBefore: 4, recent: 12, failed: 0 });
  refresh();
  const state = JSON.parse(fs.readFileSync(file(STATE), 'utf8'));
  fs.writeFileSync(file(STATE), JSON.stringify({ ...state, at: state.at - 600_000 }));
  const env = { OBS_DISABLED: '1' };
  expect(line({ env })).toMatch(/^obs: 10m \d\ds old · 24h: 12 of 12 CUJ runs ok \(usually 96%\)$/);
  for (let columns = 1; columns < 80; columns += 1) {
    const said = line({ env, columns });
    expect(said.includes('24h') && !said.includes('old')).toBe(false);
  }
});

const LOUD = ['\u001b[31m', '\u0007', '\u009b2J', '\r', '\n', '\u202e', '\u2028', '漢字', '🦀', 'é', '"', '\\', '\ud800', 'x'.repeat(90), 'a b', '\t']; // prettier-ignore
const widthOf = (text) => [...text].reduce((sum, letter) => sum + (/[\u1100-\u115f\u2e80-\uffff]|[\u{10000}-\u{10ffff}]/u.test(letter) && letter !== '\ufffd' ? 2 : 1), 0); // prettier-ignore

test(`whatever is on record, it is one line that fits and drives no terminal (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  const word = () => Array.from({ length: 1 + random.below(4) }, () => random.pick(LOUD)).join('');
  for (let tries = 0; tries < 40; tries += 1) {
    const face = createFace({ projectRoot: root, env: {} });
    cujRuns({ before: 40, failedBefore: 0, recent: 9, failed: random.below(9), name: word() });
    progress([
      { run_id: word(), step: random.pick([word(), 3, null]), percentage: random.below(100), message: word() },
    ]);
    for (let at = 0; at < 3; at += 1) face.recordProviderCall(word(), false, 5);
    writeFiles(root, { '.claude/context/.obs/firing.json': JSON.stringify({ data: file('.claude/context'), at: Date.now(), firing: [word(), word()] }) }); // prettier-ignore
    refresh();
    const columns = 1 + random.below(random.pick([10, 200]));
    const { status, stdout, stderr } = shown({ columns });
    expect([status, stderr]).toEqual([0, '']);
    // eslint-disable-next-line no-control-regex -- control characters are what this is about
    expect(stdout).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]+\n$/);
    expect(widthOf(stdout.trimEnd())).toBeLessThanOrEqual(columns);
  }
});

test.each([
  ['nothing', ''],
  ['no JSON', '{"cwd":'],
  ['odd values', '{"cwd":5,"workspace":[1],"session_id":{}}'],
  ['a damaged state', JSON.stringify({ cwd: '' })],
])('%s on standard input breaks nothing', (what, said) => {
  writeFiles(root, { [STATE]: what === 'a damaged state' ? '{"version":1,"at":' : '' });
  writeFiles(root, { '.claude/context/logs/progress.jsonl': 'half a line {"run_id":' });
  expect(shown({ said, env: { OBS_DISABLED: '1' } })).toEqual({
    status: 0,
    stdout: 'obs: no figures yet\n',
    stderr: '',
  });
});

test('where there is no workspace there is no line, and nothing is made', () => {
  fs.rmdirSync(file('.claude'));
  expect(shown()).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(fs.readdirSync(root)).toEqual([]);
});

test('through Node it is the same line', () => {
  cujRuns({ before: 100, failedBefore: 4, recent: 12, failed: 0 });
  refresh();
  expect(call(process.execPath, [OBS, 'statusline'])).toEqual(shown());
  const wrapped = ['statusline', '--wrap', 'echo theirs'];
  expect(call(process.execPath, [OBS, ...wrapped])).toEqual(call(PROGRAM, wrapped));
});

const onUnix = process.platform === 'win32' ? test.skip : test;

onUnix('another status line stands above ours, gets the same input, and cannot break ours', () => {
  cujRuns({ before: 100, failedBefore: 4, recent: 12, failed: 0 });
  refresh();
  const ours = 'obs: 24h: 12 of 12 CUJ runs ok (usually 96%)\n';
  const wrap = (command) => call(PROGRAM, ['statusline', '--wrap', command]);
  expect(wrap('cat')).toEqual({ status: 0, stdout: `${JSON.stringify({ cwd: root })}\n${ours}`, stderr: '' });
  expect(wrap("printf '\\033[1mone\\033[0m\\ntwo'").stdout).toBe(`\u001b[1mone\u001b[0m\ntwo\n${ours}`);
  for (const broken of [
    'exit 7',
    'echo x; exit 1',
    'kill -9 $$',
    'no-such-program-at-all',
    'exec sleep 600',
    '(sleep 600)',
  ]) {
    // prettier-ignore
    expect(wrap(broken)).toEqual({ status: 0, stdout: ours, stderr: '' });
  }
});
