// The package as it is imported: names, subpaths, the testing helper, and what is said when the native part is missing.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const obs = require('@obs/native');
const manifest = require('../package.json');
const { loadError } = require('../lib/load-failure.js');
const { PACKAGE, runNode } = require('./support/child.js');
const { CUJS } = require('./support/files.js');
const { createTestWorkspace } = require('@obs/native/testing');

const MODULES = {
  'structured-logger': ['StructuredLogger', 'getLogger', 'logSkillInvocation'],
  'metrics-tracker': [
    'recordCujExecution',
    'getCujSuccessRate',
    'getAllCujMetrics',
    'getCujTrending',
    'getFailureAnalysis',
    'getPerformancePercentiles',
  ],
  'progress-emitter': [
    'progressEmitter',
    'emitProgress',
    'subscribeToProgress',
    'subscribeToRun',
    'getProgressHistory',
    'getCurrentProgress',
    'ProgressTracker',
    'createProgressTracker',
  ],
  'provider-health': ['ProviderHealthMonitor', 'getGlobalHealthMonitor', 'recordProviderCall', 'getProviderHealth'],
  'metrics-dashboard': [
    'generateMetricsDashboard',
    'saveDashboard',
    'loadDashboard',
    'formatDashboard',
    'trackResourceUsage',
  ],
};
const QUESTIONS = ['getSkillPerformance', 'getCujStability', 'getCujPerformanceTrend', 'getResourceTrend'];
const TABLES = [
  'getSkillTable',
  'getAgentTable',
  'getCujTable',
  'getProviderTable',
  'getFailures',
  'getSlowestCalls',
  'getRuns',
  'getRun',
  'getLatestLogs',
  'getTimeline',
];
const ALERTS = ['checkAlerts', 'getObjectives', 'onAlert', 'startDashboardSchedule'];
const EXPORT = ['startOtlpExport'];
const STORE = ['configure', 'flush', 'close', 'getStoreHealth', 'importLegacyPerformance', 'importClaudeTranscripts'];

test('the main entry has exactly the documented names', () => {
  expect(Object.keys(obs).sort()).toEqual(
    [...Object.values(MODULES).flat(), ...QUESTIONS, ...TABLES, ...ALERTS, ...EXPORT, ...STORE].sort(),
  );
});

test.each(Object.entries(MODULES))('the subpath %s has exactly its names, the same things', (name, names) => {
  const subpath = require(`@obs/native/${name}`);
  expect(Object.keys(subpath).sort()).toEqual([...names].sort());
  for (const each of names) expect(subpath[each]).toBe(obs[each]);
});

test('ES modules import the names from the main entry', () => {
  const names = Object.keys(obs);
  const code = `import { ${names.join(', ')} } from '@obs/native';
    import * as all from '@obs/native';
    const missing = [${names.join(', ')}].filter((each) => each === undefined);
    console.log(missing.length, Object.keys(all).filter((name) => name !== 'default' && name !== 'module.exports').length);`;
  expect(runNode(['--input-type=module', '-e', code])).toEqual({
    status: 0,
    stdout: `0 ${names.length}\n`,
    stderr: '',
  });
});

test('every exported file of this part of the package is there and is published', () => {
  const targets = JSON.stringify(manifest.exports).match(/\.\/[^"]+/g);
  const files = targets.filter(
    (target) => /^\.\/(index|types\/|lib\/(modules|testing))/.test(target) && target.includes('.'),
  );
  for (const file of files.filter((target) => !manifest.exports[target])) {
    expect(fs.existsSync(path.join(PACKAGE, file))).toBe(true);
    expect(manifest.files.some((entry) => file === `./${entry}` || file.startsWith(`./${entry}/`))).toBe(true);
  }
});

describe('a native part that cannot be loaded', () => {
  test('is told in one message: what was tried, what the loader said, how to mend it', () => {
    const dlopen = new Error('/lib/libc.so.6: version `GLIBC_2.99` not found\nRequire stack:\n- /x.js');
    const thrown = loadError(new Error('Cannot find native binding. npm has a bug …', { cause: dlopen }));
    expect(thrown).toBeInstanceOf(Error);
    expect(thrown.code).toBe('OBS_NATIVE_LOAD');
    expect(thrown.cause).toBeInstanceOf(Error);
    expect(thrown.message).toContain(`${process.platform}-${process.arch}`);
    expect(thrown.message).toContain(`Node ${process.version}`);
    expect(thrown.message).toContain('version `GLIBC_2.99` not found');
    expect(thrown.message).toContain('npm run build');
    expect(thrown.message).not.toContain('Require stack');
  });

  test('under --permission without --allow-addons it names that option (D11)', () => {
    const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
    const args = [flag, '--allow-fs-read=*', '-e', 'require("./index.js").getStoreHealth()'];
    const { status, stderr } = runNode(args, { cwd: PACKAGE });
    expect(status).toBe(1);
    expect(stderr).toContain('add  --allow-addons');
    expect(stderr).not.toContain('npm run build');
  });

  test('in an installed package it names the package to install', () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'obs-installed-'));
    try {
      fs.cpSync(path.join(PACKAGE, 'lib'), path.join(dir, 'lib'), { recursive: true });
      fs.copyFileSync(path.join(PACKAGE, 'index.js'), path.join(dir, 'index.js'));
      fs.copyFileSync(path.join(PACKAGE, 'binding.js'), path.join(dir, 'binding.js'));
      fs.copyFileSync(path.join(PACKAGE, 'package.json'), path.join(dir, 'package.json'));
      const { status, stderr } = runNode(['-e', 'require("./index.js")'], { cwd: dir });
      expect(status).toBe(1);
      expect(stderr).toMatch(/npm install @obs\/native-\S+@\d/);
      expect(stderr.split('[cause]')[0]).toContain('Cannot find module');
      expect(stderr.split('[cause]')[0]).not.toMatch(/npm has a bug|wasi/);
    } finally {
      fs.rmSync(dir, { recursive: true });
    }
  });
});

describe('createTestWorkspace', () => {
  test('has every documented function and helpers, isolated from the environment, and cleans up', () => {
    process.env.OBS_DISABLED = '1';
    const workspace = createTestWorkspace();
    try {
      expect(Object.keys(workspace)).toEqual(expect.arrayContaining(Object.keys(obs)));
      workspace.recordCujExecution('A', true, 12);
      expect(workspace.lines(CUJS)).toEqual([expect.objectContaining({ cuj_id: 'A', duration_ms: 12 })]);
      expect(workspace.read(CUJS)).toMatch(/^\{.*\}\n$/);
      expect(workspace.read('no/such/file')).toBe('');
      expect(workspace.path('a', 'b')).toBe(path.join(workspace.root, 'a', 'b'));
      fs.writeFileSync(workspace.path('bad.jsonl'), '{"a":1}\n{"b":');
      expect(() => workspace.lines('bad.jsonl')).toThrow(SyntaxError);
    } finally {
      delete process.env.OBS_DISABLED;
      workspace.cleanup();
    }
    expect(fs.existsSync(workspace.root)).toBe(false);
  });

  test('two of them are apart', () => {
    const [one, two] = [createTestWorkspace(), createTestWorkspace()];
    one.recordCujExecution('A', true, 1);
    expect(two.getCujSuccessRate('A').total).toBe(0);
    one.cleanup();
    two.cleanup();
  });
});

test('the subpaths have types for a compiler that reads no exports (A13)', () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'obs-node10-'));
  try {
    fs.mkdirSync(path.join(dir, 'node_modules', '@obs'), { recursive: true });
    fs.symlinkSync(PACKAGE, path.join(dir, 'node_modules', '@obs', 'native'), 'junction');
    const subpaths = Object.keys(manifest.exports).filter((name) => /^\.\/(?!package\.json)/.test(name));
    const lines = subpaths.map(
      (name, index) => `import * as m${index} from '@obs/native/${name.slice(2)}'; void m${index};`,
    );
    fs.writeFileSync(path.join(dir, 'all.ts'), `${lines.join('\n')}\n`);
    const tsc = path.join(PACKAGE, 'node_modules', 'typescript', 'bin', 'tsc');
    const roots = path.join(PACKAGE, 'node_modules', '@types');
    const flags = ['--noEmit', '--strict', '--module', 'commonjs', '--moduleResolution', 'node10'];
    const found = runNode([tsc, ...flags, '--types', 'node', '--typeRoots', roots, 'all.ts'], { cwd: dir });
    expect(found).toMatchObject({ status: 0, stdout: '' });
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
});

test('a process that gives up its rights after loading the package loads nothing later (A15)', () => {
  if (process.platform === 'win32' || process.getuid() !== 0) return; // only root may become another user
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'obs-rights-'));
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'obs-rights-root-'));
  try {
    fs.chmodSync(root, 0o777);
    for (const name of fs
      .readdirSync(PACKAGE)
      .filter((each) => /\.node$|^(index|binding)\.js$|^(lib|package\.json)$/.test(each))) {
      fs.cpSync(path.join(PACKAGE, name), path.join(dir, name), { recursive: true });
    }
    fs.chmodSync(dir, 0o700);
    const code = `const obs = require('./index.js');
      process.setegid(65534); process.seteuid(65534);
      const errors = [];
      obs.configure({ projectRoot: ${JSON.stringify(root)}, onError: (error) => errors.push(error.message) });
      const circular = {}; circular.self = circular;
      obs.logSkillInvocation({ skill: 'a', params: circular, result: 'success' });
      obs.recordCujExecution('A', true, 5, null, { n: 10n });
      obs.recordProviderCall('p', true, 1);
      obs.subscribeToProgress(() => { throw new Error('listener'); });
      obs.emitProgress({ runId: 'r' });
      obs.trackResourceUsage('step').end();
      obs.formatDashboard(obs.generateMetricsDashboard());
      try { obs.getCujSuccessRate('A', NaN); } catch (error) { errors.push(error.code); }
      const { accepted, dropped } = obs.flush();
      console.log(JSON.stringify([accepted, dropped.total, obs.getCujSuccessRate('A').total, errors]));`;
    const { status, stdout, stderr } = runNode(['-e', code], { cwd: dir });
    expect([status, stderr, stdout]).toEqual([0, '', '[4,0,1,["listener","OBS_INVALID_ARGUMENT"]]\n']);
  } finally {
    fs.rmSync(dir, { recursive: true });
    fs.rmSync(root, { recursive: true });
  }
});

test('loading, recording and asking leave no handle open (A14)', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'obs-handles-'));
  try {
    // What `jest --detectOpenHandles` looks at.
    const code = `const types = [];
      require('node:async_hooks').createHook({ init: (_id, type) => types.push(type) }).enable();
      const obs = require('./index.js');
      obs.recordCujExecution('A', true, 1);
      obs.logSkillInvocation({ skill: 'a', result: 'success' });
      obs.getCujSuccessRate('A');
      obs.generateMetricsDashboard();
      require('node:fs').writeSync(1, JSON.stringify(types));`;
    const { status, stdout } = runNode(['-e', code], { env: { OBS_PROJECT_ROOT: root } });
    expect([status, stdout]).toEqual([0, '[]']);
  } finally {
    fs.rmSync(root, { recursive: true });
  }
});
