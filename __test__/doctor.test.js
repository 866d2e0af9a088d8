// `obs doctor` tells what is wrong with recording here, and what to do about it, without leaving a trace.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { PACKAGE, linkPackage, makeFolder, removeFolder, run } = require('./support/command-line.js');
const { snapshot } = require('./support/installed-workspace.js');

let workspace;
let elsewhere;
beforeEach(() => {
  elsewhere = makeFolder();
  workspace = path.join(elsewhere, 'my workspace');
  fs.mkdirSync(path.join(workspace, '.claude', 'context', 'logs'), { recursive: true });
  linkPackage(workspace);
});
afterEach(() => removeFolder(elsewhere));

const claude = () => path.join(workspace, '.claude');
const doctor = (args, { cwd = workspace, env } = {}) =>
  run([path.join(PACKAGE, 'bin', 'obs.js'), 'doctor', ...args], { cwd, env });

const byName = (findings) => Object.fromEntries(findings.map((found) => [found.name, found]));
const ask = async (options) => {
  const found = await doctor(['--json'], options);
  return { ...found, report: JSON.parse(found.stdout) };
};

test('a sound workspace: exit code 0, the root and why, versions, sizes and ages, a write test, counts', async () => {
  const metrics = path.join(claude(), 'context', 'analytics', 'cuj-metrics.jsonl');
  const record = "require('@obs/native').recordCujExecution('CUJ-001', true, 5)";
  expect(await run(['-e', record], { cwd: workspace })).toMatchObject({ code: 0, stderr: '' });
  fs.appendFileSync(metrics, 'not json\n');
  const before = snapshot(path.join(claude(), 'context', 'analytics'));
  const { code, stderr, report } = await ask();
  expect({ code, stderr, ok: report.ok }).toEqual({ code: 0, stderr: '', ok: true });
  const found = byName(report.findings);
  expect(found.root.data).toEqual({ root: workspace, reason: 'working-directory' });
  expect(found.package.data.version).toBe(require('../package.json').version);
  expect(found.node.value).toBe(process.version);
  expect(found.binding.data.version).toBe(found.package.data.version);
  expect(found['cuj-metrics.jsonl'].data.files).toEqual([
    { file: metrics, size: fs.statSync(metrics).size, modified: fs.statSync(metrics).mtime.toISOString() },
  ]);
  expect(found['CUJ executions']).toMatchObject({ level: 'warn', data: { skipped_lines: 1 } });
  expect(found.dropped.data).toMatchObject({ attempted: 0, pending: 0, dropped: { total: 0 } });
  expect(found['writing to logs'].level).toBe('ok');
  expect(snapshot(path.join(claude(), 'context', 'analytics'))).toEqual(before);
});

test('for people it is a table without colours in a pipe', async () => {
  const { code, stdout } = await doctor([]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}ok +root +/m);
  expect(stdout).toMatch(/\nEverything works.*\.\n$/);
  expect(stdout).not.toContain('\u001b');
});

test.each([
  ['OBS_DISABLED', { OBS_DISABLED: '1' }, 'OBS_DISABLED', /unset OBS_DISABLED/],
  ['an unknown durability', { OBS_DURABILITY: 'often' }, 'OBS_DURABILITY', /write, batch, sync/],
  ['a root that does not exist', { OBS_PROJECT_ROOT: '/nowhere at all' }, 'root', /does not exist/],
])('%s is a problem with advice, exit code 1', async (_, env, name, advice) => {
  const { code, report } = await ask({ env });
  expect({ code, ok: report.ok }).toEqual({ code: 1, ok: false });
  expect(byName(report.findings)[name]).toMatchObject({ level: 'fail', advice: expect.stringMatching(advice) });
});

test('a working directory without a workspace is a problem', async () => {
  const { code, report } = await ask({ cwd: elsewhere });
  expect(code).toBe(1);
  expect(byName(report.findings).root).toMatchObject({ level: 'fail', data: { root: elsewhere, reason: 'fallback' } });
  expect(fs.existsSync(path.join(elsewhere, '.claude'))).toBe(false);
});

test('a place where a file cannot be written is a problem', async () => {
  const logs = path.join(claude(), 'context', 'logs');
  fs.rmSync(logs, { recursive: true });
  fs.writeFileSync(logs, 'a file where a folder should be');
  const { code, report } = await ask();
  expect(code).toBe(1);
  expect(byName(report.findings)['writing to logs']).toMatchObject({
    level: 'fail',
    advice: expect.stringContaining('not a folder'),
  });
});
