// `obs doctor` tells what is wrong with recording here, and what to do about it, without leaving a trace.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const {
  MODULES,
  PACKAGE,
  fourLines,
  linkPackage,
  makeFolder,
  removeFolder,
  run,
} = require('./support/command-line.js');
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

test('objectives: how many there are, or where the file is wrong', async () => {
  const file = path.join(claude(), 'context', 'config', 'objectives.json');
  const found = async () => byName((await ask()).report.findings)['objectives.json'];
  expect(await found()).toMatchObject({ level: 'ok', data: { exists: false, objectives: 0, notifiers: 0 } });
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, '{"objectives":[{"cuj":"CUJ-005","success":0.95,"over":"7d"}],"rules":[]}');
  expect(await found()).toMatchObject({ level: 'ok', value: '1 objective, 0 rules, 0 notifiers' });
  fs.writeFileSync(file, '{"objectives":[{"cuj":"CUJ-005","success":95,"over":"7d"}]}');
  const { code, report } = await ask();
  expect({ code, ok: report.ok }).toEqual({ code: 1, ok: false });
  expect(await found()).toMatchObject({ level: 'fail', value: expect.stringContaining('objectives[0]') });
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

describe('the verdict on each stream is what really becomes of a record (D9)', () => {
  const DAY = new Date().toISOString().slice(0, 10);
  const context = (...parts) => path.join(claude(), 'context', ...parts);
  const STREAMS = {
    'skill-invocations': ['logs', `skill-invocations-${DAY}.jsonl`, "logSkillInvocation({ skill: 'a' })"],
    'progress.jsonl': ['logs', 'progress.jsonl', "emitProgress({ runId: 'r' })"],
    'cuj-metrics.jsonl': ['analytics', 'cuj-metrics.jsonl', "recordCujExecution('A', true, 1)"],
    'provider-health.jsonl': ['analytics', 'provider-health.jsonl', "recordProviderCall('p', true, 1)"],
  };
  const outside = () => path.join(elsewhere, 'outside');
  const ODD = {
    nothing: () => {},
    'an empty file': (file) => fs.writeFileSync(file, ''),
    'a symbolic link': (file) => {
      fs.writeFileSync(outside(), '');
      fs.symlinkSync(outside(), file);
    },
    'a link that leads nowhere': (file) => fs.symlinkSync(path.join(elsewhere, 'not there'), file),
    'a folder': (file) => fs.mkdirSync(file),
    'a pipe': (file) => expect(spawnSync('mkfifo', [file]).status).toBe(0),
    'a hard link': (file) => {
      fs.writeFileSync(outside(), '');
      fs.linkSync(outside(), file);
    },
  };
  const cases = Object.keys(STREAMS).flatMap((stream) => Object.keys(ODD).map((odd) => [stream, odd]));
  const onUnix = process.platform === 'win32' ? test.skip : test;

  onUnix.each(cases)('%s: %s', async (stream, odd) => {
    const [folder, name, call] = STREAMS[stream];
    fs.mkdirSync(context(folder), { recursive: true });
    const file = context(folder, name);
    ODD[odd](file);
    const before = fs.readdirSync(context(folder));
    const { report } = await ask();
    expect(fs.readdirSync(context(folder))).toEqual(before);
    const failed = Object.keys(STREAMS).filter((each) => byName(report.findings)[each].level === 'fail');
    const code = `const obs = require('@obs/native'); obs.${call}; console.log(obs.getStoreHealth().dropped.total)`;
    const { stdout } = await run(['-e', code], { cwd: workspace });
    expect(failed).toEqual(stdout === '0\n' ? [] : [stream]);
    expect(report.ok).toBe(stdout === '0\n');
  });

  onUnix('a folder that is a link to nowhere stops both of its streams', async () => {
    fs.rmSync(context('logs'), { recursive: true });
    fs.symlinkSync(path.join(elsewhere, 'not there'), context('logs'));
    const { report } = await ask();
    expect(byName(report.findings)['writing to logs']).toMatchObject({ level: 'fail' });
  });
});

test.each([
  ['a root with a variable in it', { OBS_PROJECT_ROOT: '$HOME/x' }, 'OBS_PROJECT_ROOT', 'fail', /whole path/],
  ['a word that is neither yes nor no', { OBS_DISABLED: 'maybe' }, 'OBS_DISABLED', 'fail', /unset/],
  ['another spelling of yes', { OBS_DISABLED: 'YES' }, 'OBS_DISABLED', 'fail', /unset/],
  ['a slip of a name', { OBS_DURABILTY: 'sync' }, 'OBS_DURABILTY', 'warn', /OBS_DURABILITY/],
])('the environment: %s', async (_, env, name, level, advice) => {
  const { report } = await ask({ env });
  expect(byName(report.findings)[name]).toMatchObject({ level, advice: expect.stringMatching(advice) });
});

test('the environment: variables of other programs are none of its business', async () => {
  const { report } = await ask({ env: { OBS_STUDIO_SCENE: 'x', OBS_DISABLED: 'off' } });
  expect(report.findings.filter(({ name }) => name.startsWith('OBS_'))).toEqual([]);
});

describe('tools that are installed', () => {
  const tools = () => path.join(claude(), 'tools');
  beforeEach(() => {
    fs.mkdirSync(tools());
    for (const module of MODULES) fs.writeFileSync(path.join(tools(), `${module}.mjs`), fourLines(module));
  });

  test('one is really run', async () => {
    const { report } = await ask();
    expect(byName(report.findings).tools).toMatchObject({ level: 'ok', value: expect.stringContaining('was run') });
  });

  test('one that dies is a problem, with what it said (D4)', async () => {
    fs.rmSync(path.join(workspace, 'node_modules'), { recursive: true });
    const { code, report } = await ask();
    expect(code).toBe(1);
    expect(byName(report.findings).tools).toMatchObject({
      level: 'fail',
      value: expect.stringMatching(/Cannot find package '@obs\/native'/),
    });
  });

  test('a kept copy that no install knows of is told', async () => {
    fs.writeFileSync(path.join(tools(), '.obs-install.json'), '{"made":[],"files":{}}');
    fs.writeFileSync(path.join(tools(), 'metrics-tracker.mjs.orig'), 'mine');
    const { report } = await ask();
    expect(byName(report.findings)['metrics-tracker.mjs.orig'].level).toBe('warn');
  });
});
