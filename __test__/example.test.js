// The example workspace, run as a user would run it: real processes, and records that the package answers from.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const tools = path.resolve(__dirname, '..', 'examples', 'workspace', '.claude', 'tools');

let root;

beforeAll(() => (root = fs.mkdtempSync(path.join(os.tmpdir(), 'obs-example-'))));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

function runCuj(...args) {
  const env = { ...process.env, OBS_PROJECT_ROOT: root };
  for (const name of ['OBS_DISABLED', 'OBS_DURABILITY']) delete env[name];
  return spawnSync(process.execPath, [path.join(tools, 'run-cuj.mjs'), ...args], { encoding: 'utf8', env });
}

function records(...parts) {
  const file = path.join(root, '.claude', 'context', ...parts);
  return fs
    .readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const skillRecords = () => {
  const files = fs.readdirSync(path.join(root, '.claude', 'context', 'logs'));
  return files.filter((name) => name.startsWith('skill-')).flatMap((name) => records('logs', name));
};

test('a workflow leaves its progress, skills, provider calls and execution', () => {
  const { status, stdout, stderr } = runCuj('CUJ-001', '--run-id', 'first', '--seed', 'quay');
  expect([stderr, status]).toEqual(['', 0]);
  expect(JSON.parse(stdout)).toMatchObject({ run_id: 'first', success: true, agents: ['technical-writer', 'qa'] });

  const progress = records('logs', 'progress.jsonl');
  expect(progress[0]).toMatchObject({ run_id: 'first', step: 0, status: 'pending' });
  expect(progress.at(-1)).toMatchObject({ step: 6, status: 'completed', percentage: 100 });
  const steps = progress.filter((event) => event.status === 'completed').map((event) => event.step);
  expect(steps).toEqual([0, 1, 2, 3, 4, 5, 6]);

  expect(skillRecords().map((record) => record.cache_hit)).toEqual([false, false, false]);
  expect(skillRecords()[0].metadata.resources).toMatchObject({ step: 'skill:markdown-summary' });
  expect(records('analytics', 'provider-health.jsonl').at(-1)).toMatchObject({ success: true });
  const [execution] = records('analytics', 'cuj-metrics.jsonl');
  expect(execution).toMatchObject({ cuj_id: 'CUJ-001', success: true, error: null });
  expect(execution.metadata.warnings).toHaveLength(2);
  expect(fs.readFileSync(path.join(root, 'reports', 'first.md'), 'utf8')).toMatch(/8 links checked, 2 broken/);
});

test('a second run of the same CUJ takes its skills from the cache', () => {
  runCuj('CUJ-001', '--run-id', 'second', '--seed', 'quay');
  const second = skillRecords().filter((record) => record.run_id === 'second');
  expect(second.map((record) => record.cache_hit)).toEqual([true, true, true]);
});

test('a failing skill is logged and ends the run at its step', () => {
  const { status, stdout } = runCuj('CUJ-003', '--run-id', 'audit', '--seed', 'quay', '--attempt', '2');
  expect(status).toBe(1);
  const { success, error } = JSON.parse(stdout);
  expect([success, error]).toEqual([false, expect.stringMatching(/^harbours\.json does not match its schema/)]);
  expect(skillRecords().at(-1)).toMatchObject({ skill: 'json-validator', result: 'failure', run_id: 'audit', error });
  expect(records('logs', 'progress.jsonl').at(-1)).toMatchObject({ run_id: 'audit', step: 3, status: 'failed' });
});

test('a failing preflight is step 0, and no workflow is started', () => {
  expect(runCuj('CUJ-005', '--run-id', 'early').status).toBe(1);
  const last = records('logs', 'progress.jsonl').at(-1);
  expect(last).toMatchObject({ run_id: 'early', step: 0, status: 'failed' });
  expect(last.metadata).toEqual({ error: 'Preflight: missing priority-rules.md' });
});

test('an unknown CUJ is one line and an exit code of its own', () => {
  const { status, stdout, stderr } = runCuj('CUJ-999');
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toBe('No CUJ "CUJ-999" in .claude/cuj-registry.json\n');
});
