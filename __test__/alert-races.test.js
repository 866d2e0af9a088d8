// Alerts under many checkers at once, and under kills between any two steps: recorded once, told at least once.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { createTestWorkspace } = require('../lib/testing.js');
const { cleanEnvironment } = require('./support/child.js');

const LOG = '.claude/context/analytics/alerts.jsonl';
const CHECK = path.join(__dirname, 'support', 'check-alerts.cjs');
const KILL = path.join(__dirname, 'support', 'kill-at.cjs');
const START = Date.UTC(2026, 10, 2);
const MINUTE = 60_000;
const SUBJECTS = ['CUJ-1', 'CUJ-2', 'CUJ-3'];

let workspaces = [];
afterEach(() => {
  workspaces.forEach((workspace) => workspace.cleanup());
  workspaces = [];
});

/** A workspace whose CUJs have just begun to fail, and which nobody has checked yet: the first check has two changes for each. */
function failing(subjects) {
  const workspace = createTestWorkspace();
  workspaces.push(workspace);
  const file = workspace.path('.claude/context/config/objectives.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const notify = [{ command: ['sh', '-c', 'cat >> told-1'] }, { command: ['sh', '-c', 'cat >> told-2'] }];
  fs.writeFileSync(file, JSON.stringify({ objectives: [{ cuj: '*', success: 0.95 }], rules: [], notify }));
  let now = START;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  for (const success of [true, true, true, true, false, false, false, false, false]) {
    now += MINUTE;
    for (const subject of subjects) workspace.recordCujExecution(subject, success, 10);
  }
  jest.restoreAllMocks();
  return { workspace, now };
}

function check({ workspace, now }, { preload = [], env = {} } = {}) {
  const child = spawn(process.execPath, [...preload.flatMap((file) => ['-r', file]), CHECK], {
    cwd: workspace.root,
    env: cleanEnvironment({ OBS_PROJECT_ROOT: workspace.root, OBS_TEST_NOW: String(now), ...env }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (piece) => (stdout += piece));
  child.stderr.on('data', (piece) => (stderr += piece));
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })));
}

/** The lines of a file that are JSON: a line may have been torn by a kill. */
function whole(workspace, file) {
  return workspace
    .read(file)
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
}

const names = (lines) => lines.filter(({ state }) => state === 'firing').map(({ alert }) => alert).sort(); // prettier-ignore
const expectedOf = (subjects) =>
  subjects.flatMap((subject) => ['fast', 'slow'].map((tier) => `cuj/${subject}/success/${tier}`));

test('ten processes that check at once record each change once, and tell each notifier of it once', async () => {
  const EXPECTED = expectedOf(SUBJECTS);
  const failed = failing(SUBJECTS);
  const results = await Promise.all(Array.from({ length: 10 }, () => check(failed)));
  expect(results.map(({ code, stderr }) => [code, stderr])).toEqual(Array(10).fill([0, '']));
  const { workspace } = failed;
  expect(results.map(({ stdout }) => Number(stdout)).sort().at(-1)).toBe(6);
  expect(names(workspace.lines(LOG))).toEqual(EXPECTED);
  expect([names(workspace.lines('told-1')), names(workspace.lines('told-2'))]).toEqual([EXPECTED, EXPECTED]);
}, 60_000); // prettier-ignore

test('a checker that is killed between any two steps leaves each change to be recorded once and told at least once', async () => {
  const calls = 'openSync writeSync';
  const subjects = SUBJECTS.slice(0, 1);
  const EXPECTED = expectedOf(subjects);
  let killed = 0;
  for (let at = 1; ; at += 1) {
    let reached = false;
    for (const when of ['before', 'after']) {
      const failed = failing(subjects);
      const env = { OBS_TEST_KILL_AT: `${at} ${when}`, OBS_TEST_KILL_CALLS: calls };
      const first = await check(failed, { preload: [KILL], env });
      reached ||= first.signal === 'SIGKILL';
      expect(await check(failed)).toMatchObject({ code: 0, stderr: '' });
      const { workspace } = failed;
      expect([at, when, names(whole(workspace, LOG))]).toEqual([at, when, EXPECTED]);
      for (const file of ['told-1', 'told-2']) {
        expect([at, when, file, [...new Set(names(whole(workspace, file)))]]).toEqual([at, when, file, EXPECTED]);
      }
      killed += first.signal === 'SIGKILL' ? 1 : 0;
    }
    if (!reached) break;
  }
  expect(killed).toBeGreaterThan(20);
}, 300_000);
