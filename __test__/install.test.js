// The packed package in a workspace of the old layout: npm install without scripts, imports, and `obs` from end to end.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { MODULES, fourLines, removeFolder, run } = require('./support/command-line.js');
const { installedWorkspace, makeOldLayout, snapshot } = require('./support/installed-workspace.js');

const NAMES = {
  'structured-logger': ['StructuredLogger', 'getLogger', 'logSkillInvocation'],
  'metrics-tracker': [
    'getAllCujMetrics',
    'getCujSuccessRate',
    'getCujTrending',
    'getFailureAnalysis',
    'getPerformancePercentiles',
    'recordCujExecution',
  ],
  'progress-emitter': [
    'ProgressTracker',
    'createProgressTracker',
    'emitProgress',
    'getCurrentProgress',
    'getProgressHistory',
    'progressEmitter',
    'subscribeToProgress',
    'subscribeToRun',
  ],
  'metrics-dashboard': [
    'formatDashboard',
    'generateMetricsDashboard',
    'loadDashboard',
    'saveDashboard',
    'trackResourceUsage',
  ],
  'provider-health': ['ProviderHealthMonitor', 'getGlobalHealthMonitor', 'getProviderHealth', 'recordProviderCall'],
};
const MORE = [
  'close',
  'configure',
  'flush',
  'getStoreHealth',
  'importLegacyPerformance',
  'importClaudeTranscripts',
  'getSkillPerformance',
  'getCujStability',
  'getCujPerformanceTrend',
  'getResourceTrend',
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
  'checkAlerts',
  'getObjectives',
  'onAlert',
  'startDashboardSchedule',
  'startOtlpExport',
];

let workshop;
let workspace;
beforeAll(() => {
  ({ workshop, workspace } = installedWorkspace());
}, 180_000);
afterAll(() => removeFolder(workshop));

/** `npx @obs/native …`, by the link that npm made; on Windows that is a batch file, so there by the file behind it. */
function obs(args, { cwd = workspace, env } = {}) {
  const modules = path.join(workspace, 'node_modules');
  const linked = path.join(modules, '.bin', 'obs');
  const script = process.platform === 'win32' ? path.join(modules, '@obs', 'native', 'bin', 'obs.js') : linked;
  return run([script, ...args], { cwd, env });
}

const inWorkspace = (args, env) => run(args, { cwd: workspace, env });
const claude = () => path.join(workspace, '.claude');

describe('the installed package', () => {
  const installed = () => path.join(workspace, 'node_modules', '@obs', 'native');

  test('holds what it needs and nothing else', () => {
    const entries = fs.readdirSync(installed()).sort();
    expect(entries).toEqual(
      expect.arrayContaining([
        'alerts',
        'bin',
        'binding.js',
        'index.d.ts',
        'index.js',
        'lib',
        'package.json',
        'schemas',
        'tools',
      ]),
    );
    expect(entries.filter((name) => /\.node$|^(src|target|__test__|npm|node_modules|Cargo)/.test(name))).toEqual([]);
    const { dependencies = {}, scripts = {} } = JSON.parse(
      fs.readFileSync(path.join(installed(), 'package.json'), 'utf8'),
    );
    expect(dependencies).toEqual({});
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  });

  const list = (program) => run(['--input-type=module', '-e', program], { cwd: workspace });

  test('gives every name to import and to require', async () => {
    const all = [...Object.values(NAMES).flat(), ...MORE].sort();
    const imported = await list("import * as m from '@obs/native'; console.log(JSON.stringify(Object.keys(m)))");
    expect(JSON.parse(imported.stdout)).toEqual(expect.arrayContaining(all));
    const required = await inWorkspace([
      '-e',
      "console.log(JSON.stringify(Object.keys(require('@obs/native')).sort()))",
    ]);
    expect(JSON.parse(required.stdout)).toEqual(all);
  });

  test.each(MODULES)(
    'gives exactly the names of %s, with and without .mjs, to import and to require',
    async (module) => {
      for (const name of [`@obs/native/${module}`, `@obs/native/${module}.mjs`]) {
        const imported = await list(`import * as m from '${name}'; console.log(JSON.stringify(Object.keys(m).sort()))`);
        expect({ name, ...imported, stdout: JSON.parse(imported.stdout) }).toMatchObject({
          code: 0,
          stderr: '',
          stdout: NAMES[module],
        });
        const required = await inWorkspace([
          '-e',
          `console.log(JSON.stringify(Object.keys(require('${name}')).sort()))`,
        ]);
        expect(JSON.parse(required.stdout)).toEqual(NAMES[module]);
      }
    },
  );

  test('import and require share one state', async () => {
    const found = await list(`
      import { createRequire } from 'node:module';
      import { getLogger } from '@obs/native/structured-logger';
      console.log(getLogger() === createRequire(import.meta.url)('@obs/native').getLogger());`);
    expect(found).toMatchObject({ code: 0, stdout: 'true\n' });
  });

  test('has /cli and /package.json', async () => {
    const found = await list(`
      import { runIfMain } from '@obs/native/cli';
      import manifest from '@obs/native/package.json' with { type: 'json' };
      console.log(typeof runIfMain, manifest.name);`);
    expect(found.stdout).toBe('function @obs/native\n');
  });
});

describe('obs', () => {
  test('without a command and with --help: usage with examples, exit code 0', async () => {
    const found = await obs([]);
    expect(found).toMatchObject({ code: 0, stderr: '' });
    expect(found.stdout).toContain('\n  npx @obs/native install --dry-run\n');
    expect(await obs(['--help'])).toEqual(found);
  });

  test.each([
    [['instal'], "obs: unknown command 'instal' (did you mean 'install'?)\n"],
    [['install', '--dryrun'], "obs: unknown option '--dryrun' (did you mean '--dry-run'?)\n"],
    [['doctor', '--dry-run'], "obs: doctor takes no option '--dry-run'\n"],
    [['install', 'here'], "obs: install: unexpected argument 'here'\n"],
  ])('%j is a complaint', async (args, complaint) => {
    expect(await obs(args)).toEqual({ code: 2, signal: null, stdout: '', stderr: complaint });
  });
});

describe('obs install and uninstall', () => {
  let before;
  beforeEach(() => {
    before = snapshot(claude());
  });
  afterEach(() => {
    fs.rmSync(claude(), { recursive: true });
    makeOldLayout(workspace);
  });

  test('--dry-run says what would be done and does nothing', async () => {
    const found = await obs(['install', '--dry-run']);
    expect(found).toMatchObject({ code: 0, stderr: '' });
    expect(found.stdout).toContain(`Workspace: ${workspace} (`);
    expect(found.stdout).toContain(
      'replace  structured-logger.mjs (what stands there is kept as structured-logger.mjs.orig)',
    );
    expect(found.stdout).toContain('add      provider-health.mjs');
    expect(snapshot(claude())).toEqual(before);
  });

  test('puts the five documented files in, keeps what stood there, and the command lines answer', async () => {
    expect(await obs(['install'])).toMatchObject({ code: 0, stderr: '' });
    const tools = path.join(claude(), 'tools');
    for (const module of MODULES) {
      expect(fs.readFileSync(path.join(tools, `${module}.mjs`), 'utf8')).toBe(fourLines(module));
    }
    const kept = fs.readdirSync(tools).filter((name) => name.endsWith('.orig'));
    expect(kept.sort()).toEqual([
      'metrics-tracker.mjs.orig',
      'progress-emitter.mjs.orig',
      'structured-logger.mjs.orig',
    ]);
    const record = ['provider-health.mjs', 'record', 'openai', 'true', '12'];
    const found = await inWorkspace([path.join('.claude', 'tools', record[0]), ...record.slice(1)]);
    expect(found).toMatchObject({
      code: 0,
      stdout: 'Recorded call for openai: success=true, latency=12ms\n',
      stderr: '',
    });
    const from = await run(
      ['-e', `import('./provider-health.mjs').then((m) => console.log(m.getProviderHealth('openai').total_calls))`],
      { cwd: tools },
    );
    expect(from).toMatchObject({ code: 0, stdout: '1\n' });
  });

  test('uninstall takes it back byte for byte, modes, times and links too', async () => {
    await obs(['install']);
    expect(snapshot(claude())).not.toEqual(before);
    expect(await obs(['uninstall', '--dry-run'])).toMatchObject({ code: 0 });
    expect(snapshot(claude())).not.toEqual(before);
    expect(await obs(['uninstall'])).toMatchObject({ code: 0, stderr: '' });
    expect(snapshot(claude())).toEqual(before);
    const again = await obs(['uninstall']);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain('Nothing to take back');
  });

  test('twice is once: the second says so and keeps the first .orig', async () => {
    await obs(['install']);
    const once = snapshot(claude());
    const found = await obs(['install']);
    expect(found).toMatchObject({ code: 0, stderr: '' });
    expect(found.stdout).toContain('Already installed: nothing was changed.');
    expect(snapshot(claude())).toEqual(once);
  });

  test('is found from a folder below, and by --root and the environment from anywhere', async () => {
    const below = path.join(claude(), 'context', 'logs');
    const said = `Workspace: ${workspace} (`;
    expect((await obs(['install', '--dry-run'], { cwd: below })).stdout).toContain(said);
    expect((await obs(['install', '--dry-run', '--root', 'my workspace'], { cwd: workshop })).stdout).toContain(said);
    const env = { OBS_PROJECT_ROOT: workspace };
    expect((await obs(['install', '--dry-run'], { cwd: workshop, env })).stdout).toContain(said);
  });

  test('without a workspace nothing is done', async () => {
    const found = await obs(['install'], { cwd: workshop });
    expect(found).toMatchObject({ code: 1, stdout: '' });
    expect(found.stderr).toMatch(/^obs: no folder at or above .* holds \.claude: .*--root DIR\n$/);
    expect(fs.existsSync(path.join(workshop, '.claude'))).toBe(false);
  });

  test('a file that the user changed since is left alone, and said; the others are taken back', async () => {
    await obs(['install']);
    const changed = path.join(claude(), 'tools', 'structured-logger.mjs');
    fs.appendFileSync(changed, '// mine\n');
    const found = await obs(['uninstall']);
    expect(found.code).toBe(1);
    expect(found.stderr).toBe(
      'obs: .claude/tools/structured-logger.mjs was changed since install and was left alone\n',
    );
    expect(fs.readFileSync(changed, 'utf8')).toBe(`${fourLines('structured-logger')}// mine\n`);
    expect(fs.existsSync(`${changed}.orig`)).toBe(true);
    expect(fs.readlinkSync(path.join(claude(), 'tools', 'progress-emitter.mjs'))).toBe('metrics-tracker.mjs');
    expect(fs.existsSync(path.join(claude(), 'tools', 'provider-health.mjs'))).toBe(false);
  });

  test('an .orig that is in the way stops the whole install', async () => {
    const mine = path.join(claude(), 'tools', 'structured-logger.mjs.orig');
    fs.writeFileSync(mine, 'mine');
    before = snapshot(claude());
    const found = await obs(['install']);
    expect(found.code).toBe(1);
    expect(found.stderr).toContain('structured-logger.mjs.orig is kept already');
    expect(found.stderr).toContain('nothing was changed');
    expect(snapshot(claude())).toEqual(before);
  });

  test('line ends turned by git are no change of the user', async () => {
    await obs(['install']);
    const file = path.join(claude(), 'tools', 'structured-logger.mjs');
    fs.writeFileSync(file, fourLines('structured-logger').replaceAll('\n', '\r\n'));
    expect(await obs(['uninstall'])).toMatchObject({ code: 0 });
    expect(snapshot(claude())).toEqual(before);
  });
});

test('obs --version is the version of the package, and nothing else', async () => {
  const { version } = require('../package.json');
  expect(await obs(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});

describe('what install replaced, as its manifest says', () => {
  let root;
  const inTools = (name) => path.join(root, '.claude', 'tools', name);
  const replaced = 'structured-logger.mjs';
  beforeEach(async () => {
    root = fs.mkdtempSync(path.join(workspace, 'manifest '));
    makeOldLayout(root);
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));

  test('is not taken for added when its copy is gone: uninstall refuses for it (D6)', async () => {
    await obs(['install', '--root', root]);
    fs.rmSync(inTools(`${replaced}.orig`));
    for (const more of [['--dry-run'], []]) {
      const found = await obs(['uninstall', '--root', root, ...more]);
      expect(found.code).toBe(1);
      expect(found.stdout).toMatch(/keep {5}structured-logger\.mjs: what it replaced was kept as .*, which is gone/);
    }
    expect(fs.readFileSync(inTools(replaced), 'utf8')).toBe(fourLines('structured-logger'));
    expect(fs.existsSync(inTools('provider-health.mjs'))).toBe(false); // which install had added
  });

  test.each([['install'], ['uninstall']])(
    'may have been brought back by git meanwhile: %s goes on (D7)',
    async (next) => {
      const before = snapshot(path.join(root, '.claude'));
      await obs(['install', '--root', root]);
      const content = fs.readFileSync(inTools(`${replaced}.orig`));
      const { mode, atime, mtime } = fs.statSync(inTools(`${replaced}.orig`));
      fs.writeFileSync(inTools(replaced), content, { mode });
      fs.chmodSync(inTools(replaced), mode & 0o777);
      fs.utimesSync(inTools(replaced), atime, mtime);
      if (next === 'install') expect(await obs(['install', '--root', root])).toMatchObject({ code: 0, stderr: '' });
      expect(await obs(['uninstall', '--root', root])).toMatchObject({ code: 0, stderr: '' });
      const after = snapshot(path.join(root, '.claude'));
      expect(Object.keys(after)).toEqual(Object.keys(before));
      expect(after[path.join('tools', 'metrics-tracker.mjs')]).toBe(before[path.join('tools', 'metrics-tracker.mjs')]);
      expect(fs.readFileSync(inTools(replaced))).toEqual(content);
    },
  );

  test('is put back also when the tool went away and was installed again', async () => {
    const before = fs.readFileSync(inTools(replaced));
    await obs(['install', '--root', root]);
    fs.rmSync(inTools(replaced));
    await obs(['install', '--root', root]);
    expect(await obs(['uninstall', '--root', root])).toMatchObject({ code: 0, stderr: '' });
    expect(fs.readFileSync(inTools(replaced))).toEqual(before);
  });

  test('does not count an .orig of the user as its own (D8)', async () => {
    fs.writeFileSync(inTools('provider-health.mjs.orig'), 'mine');
    await obs(['install', '--root', root]);
    expect(await obs(['uninstall', '--root', root])).toMatchObject({ code: 0, stderr: '' });
    expect(fs.existsSync(inTools('provider-health.mjs'))).toBe(false);
    expect(fs.readFileSync(inTools('provider-health.mjs.orig'), 'utf8')).toBe('mine');
  });
});

describe('folders that install made', () => {
  let bare;
  beforeEach(() => {
    bare = path.join(workspace, 'bare');
    fs.mkdirSync(bare);
  });
  afterEach(() => fs.rmSync(bare, { recursive: true }));

  test('go with it', async () => {
    expect(await obs(['install', '--root', bare])).toMatchObject({ code: 0, stderr: '' });
    expect(await obs(['uninstall', '--root', bare])).toMatchObject({ code: 0, stderr: '' });
    expect(fs.readdirSync(bare)).toEqual([]);
  });

  test('stay when something else is in them', async () => {
    await obs(['install', '--root', bare]);
    fs.writeFileSync(path.join(bare, '.claude', 'settings.json'), '{}');
    await obs(['uninstall', '--root', bare]);
    expect(snapshot(bare)).toEqual({ '.claude': 'folder', [path.join('.claude', 'settings.json')]: expect.anything() });
  });

  test('that the user had made stay, even when empty', async () => {
    fs.mkdirSync(path.join(bare, '.claude', 'tools'), { recursive: true });
    const before = snapshot(bare);
    await obs(['install', '--root', bare]);
    await obs(['uninstall', '--root', bare]);
    expect(snapshot(bare)).toEqual(before);
  });
});

describe('obs install refuses where the tools would not run', () => {
  let outside;
  beforeEach(() => {
    outside = fs.mkdtempSync(path.join(workshop, 'outside '));
  });
  afterEach(() => fs.rmSync(outside, { recursive: true }));

  /** Install and its dry run say no, both in one line that tells what to do, and leave everything as it was. */
  async function expectRefused(root, watched) {
    const before = snapshot(watched);
    for (const more of [['--dry-run'], []]) {
      const { code, stderr } = await obs(['install', '--root', root, ...more]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/does not run: .*Cannot find package '@obs\/native'.*nothing was changed.*npm install/);
      expect(snapshot(watched)).toEqual(before);
    }
  }

  test('because the package is not found from there (D5); --force is for those who know', async () => {
    makeOldLayout(outside);
    await expectRefused(outside, outside);
    expect(await obs(['install', '--root', outside, '--force'])).toMatchObject({ code: 0, stderr: '' });
  });

  test('because the package has no addon for this system (D5)', async () => {
    const scope = path.join(workspace, 'node_modules', '@obs');
    const platform = path.join(
      scope,
      fs.readdirSync(scope).find((name) => name.startsWith('native-')),
    );
    const bare = fs.mkdtempSync(path.join(workspace, 'bare '));
    makeOldLayout(bare);
    const before = snapshot(bare);
    fs.renameSync(platform, `${platform}.away`);
    const found = await obs(['install', '--root', bare]);
    fs.renameSync(`${platform}.away`, platform);
    expect(found.code).toBe(1);
    expect(found.stderr).toMatch(/does not run: .*could not load its native part.*nothing was changed/);
    expect(snapshot(bare)).toEqual(before);
    fs.rmSync(bare, { recursive: true });
  });

  (process.platform === 'win32' ? test.skip : test)('because .claude leads out of the workspace (D4)', async () => {
    makeOldLayout(outside);
    const linked = fs.mkdtempSync(path.join(workspace, 'linked '));
    fs.symlinkSync(path.join(outside, '.claude'), path.join(linked, '.claude'));
    await expectRefused(linked, outside);
    fs.rmSync(linked, { recursive: true });
  });
});

describe('obs doctor', () => {
  test('a binary that does not load is a finding like any other', async () => {
    const scope = path.join(workspace, 'node_modules', '@obs');
    const platform = fs.readdirSync(scope).find((name) => name.startsWith('native-'));
    const binary = path.join(
      scope,
      platform,
      fs.readdirSync(path.join(scope, platform)).find((name) => name.endsWith('.node')),
    );
    fs.renameSync(binary, `${binary}.away`);
    const { code, stdout } = await obs(['doctor', '--json']);
    fs.renameSync(`${binary}.away`, binary);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).findings.find(({ name }) => name === 'binding')).toMatchObject({
      level: 'fail',
      advice: expect.stringContaining(`@obs/${platform}`),
    });
  });
});
