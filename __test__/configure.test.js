// Settings: where records go and why, how sure they are, what is switched off, and that the numbers add up.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { createFace } = require('../lib/face.js');
const { findProjectRoot } = require('../lib/root.js');
const { PACKAGE, runCode, runNode } = require('./support/child.js');
const { CUJS, PROGRESS } = require('./support/files.js');
const { useWorkspace } = require('./support/use-workspace.js');

const workspace = useWorkspace();

/** Makes folders under the workspace and gives their absolute paths by name. */
function folders(...names) {
  for (const name of names) fs.mkdirSync(workspace().path(name), { recursive: true });
  return (name) => workspace().path(name);
}

function expectSum(health) {
  expect(health.attempted).toBe(health.accepted + health.pending + health.dropped.total);
  const reasons = Object.values(health.dropped.by_reason);
  expect(reasons.reduce((sum, count) => sum + count, 0)).toBe(health.dropped.total);
}

describe('the project root', () => {
  const find = (given) => findProjectRoot({ env: {}, script: null, home: '/nowhere', ...given });

  test('OBS_PROJECT_ROOT, then CLAUDE_PROJECT_DIR, then the main script, then the working directory', () => {
    const at = folders('env', 'claude', 'app/.claude/tools', 'here/.claude', 'here/deep');
    const script = path.join(at('app'), '.claude', 'tools', 'run.mjs');
    const cwd = at('here/deep');
    const env = { OBS_PROJECT_ROOT: at('env'), CLAUDE_PROJECT_DIR: at('claude') };
    expect(find({ env, script, cwd })).toEqual({ root: at('env'), reason: 'OBS_PROJECT_ROOT' });
    env.OBS_PROJECT_ROOT = '';
    expect(find({ env, script, cwd })).toEqual({ root: at('claude'), reason: 'CLAUDE_PROJECT_DIR' });
    delete env.CLAUDE_PROJECT_DIR;
    expect(find({ env, script, cwd })).toEqual({ root: at('app'), reason: 'main-script' });
    expect(find({ env, script: at('run.mjs'), cwd: at('here/deep') })).toEqual({
      root: workspace().root, // the workspace itself holds a .claude folder
      reason: 'main-script',
    });
    expect(find({ cwd })).toEqual({ root: at('here'), reason: 'working-directory' });
  });

  test('~/ in the environment is the home folder (A11)', () => {
    expect(find({ env: { OBS_PROJECT_ROOT: '~/proj' }, home: '/home/me' }).root).toBe(path.resolve('/home/me/proj'));
  });

  test.each(['sub', '$HOME/proj', '/x/${PROJECT}', '%USERPROFILE%/proj', ' /x', '~', '/a/%NAME%'])(
    'OBS_PROJECT_ROOT=%j is an error in words, and the order goes on (A11)',
    (given) => {
      const found = find({ env: { OBS_PROJECT_ROOT: given, CLAUDE_PROJECT_DIR: '/a/b' } });
      expect(found).toMatchObject({ root: path.resolve('/a/b'), reason: 'CLAUDE_PROJECT_DIR' });
      expect(found.fault).toMatch(/^OBS_PROJECT_ROOT must be an absolute path, .*ignored$/);
    },
  );

  test('the workspace of the importing tool file comes before CLAUDE_PROJECT_DIR (A3)', () => {
    const env = { CLAUDE_PROJECT_DIR: '/a/b' };
    expect(find({ env, tool: '/ws' })).toEqual({ root: '/ws', reason: 'tool-file' });
    const named = { ...env, OBS_PROJECT_ROOT: path.resolve('/named') };
    expect(find({ env: named, tool: '/ws' }).reason).toBe('OBS_PROJECT_ROOT');
  });

  test('a main script below node_modules says nothing about the root (A4)', () => {
    const at = folders('.claude', 'inner/.claude');
    const runner = at('node_modules/vitest/cli.mjs');
    expect(find({ script: runner, cwd: at('inner') })).toEqual({ root: at('inner'), reason: 'working-directory' });
  });

  test('without any .claude folder it is the working directory', () => {
    const bare = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'obs-bare-')));
    try {
      expect(find({ cwd: bare })).toEqual({ root: bare, reason: 'fallback' });
    } finally {
      fs.rmSync(bare, { recursive: true });
    }
  });

  test('the home folder is taken only when the walk starts there', () => {
    const at = folders('home/.claude', 'home/project/src');
    const outer = workspace().root;
    expect(find({ cwd: at('home/project/src'), home: at('home') }).root).toBe(outer);
    expect(find({ cwd: at('home'), home: at('home') }).root).toBe(at('home'));
    expect(find({ cwd: at('home'), script: path.join(at('home'), 'run.js'), home: at('home') })).toEqual({
      root: at('home'),
      reason: 'main-script',
    });
  });

  test('a file named .claude is no folder', () => {
    const at = folders('app/src');
    fs.writeFileSync(path.join(at('app'), '.claude'), '');
    expect(find({ cwd: at('app/src') }).root).toBe(workspace().root);
  });

  test('a main script inside this package does not count', () => {
    const cwd = folders('here/.claude')('here');
    const script = path.join(PACKAGE, 'examples', 'workspace', '.claude', 'tools', 'run.mjs');
    expect(find({ script, cwd }).reason).toBe('working-directory');
  });

  test('a link to a script of this package counts where it stands in a .claude folder', () => {
    const at = folders('app/.claude/tools', 'app/bin', 'here/.claude');
    const target = path.join(PACKAGE, 'index.js');
    const inside = path.join(at('app/.claude/tools'), 'run.js');
    const outside = path.join(at('app/bin'), 'obs');
    fs.symlinkSync(target, inside);
    fs.symlinkSync(target, outside);
    expect(find({ script: inside, cwd: at('here') })).toEqual({ root: at('app'), reason: 'main-script' });
    expect(find({ script: outside, cwd: at('here') })).toEqual({ root: at('here'), reason: 'working-directory' });
  });

  test('a real script finds its workspace, an evaluated one the working directory', () => {
    const at = folders('app/.claude/tools', 'other/.claude');
    const script = path.join(at('app/.claude/tools'), 'run.cjs');
    fs.writeFileSync(script, `console.log(require(${JSON.stringify(PACKAGE)}).getStoreHealth().project_root)`);
    expect(runNode([script], { cwd: at('other') }).stdout.trim()).toBe(at('app'));
    const evaluated = runCode('console.log(obs.getStoreHealth().project_root)', { cwd: at('other') });
    expect(evaluated.stdout.trim()).toBe(at('other'));
  });

  test('it is found at first use, not at import', () => {
    const at = folders('late/.claude');
    const code = `process.env.OBS_PROJECT_ROOT = ${JSON.stringify(at('late'))};
      console.log(obs.getStoreHealth().project_root)`;
    expect(runCode(code).stdout.trim()).toBe(at('late'));
  });

  test('configure wins over the environment, also later', () => {
    const at = folders('one', 'two');
    const face = createFace({ env: { OBS_PROJECT_ROOT: at('one') } });
    face.recordCujExecution('A', true, 1);
    expect(face.getStoreHealth().project_root).toBe(at('one'));
    face.configure({ projectRoot: at('two') });
    expect(face.getCujSuccessRate('A').total).toBe(0);
    face.recordCujExecution('A', true, 1);
    expect(face.getStoreHealth()).toMatchObject({ project_root: at('two'), accepted: 2 });
    face.close();
    for (const name of ['one', 'two']) expect(fs.readFileSync(path.join(at(name), CUJS), 'utf8')).toMatch(/^\{.*\}\n$/);
  });

  test('a root taken for want of a better one is told once, at the first record', () => {
    const bare = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'obs-bare-')));
    try {
      const code =
        'obs.getCujSuccessRate("A"); obs.recordCujExecution("A", true, 1); obs.recordCujExecution("A", true, 1)';
      const { status, stderr } = runCode(code, { cwd: bare, env: { HOME: bare } });
      expect(status).toBe(0);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toContain(path.join(bare, '.claude', 'context'));
      expect(runCode('obs.getCujSuccessRate("A")', { cwd: bare, env: { HOME: bare } }).stderr).toBe('');
    } finally {
      fs.rmSync(bare, { recursive: true });
    }
  });
});

describe('durability', () => {
  test('write is the default: the line is there when the function returns', () => {
    workspace().recordCujExecution('A', true, 1);
    expect(workspace().lines(CUJS)).toHaveLength(1);
    expect(workspace().getStoreHealth()).toMatchObject({ durability: 'write', accepted: 1, pending: 0 });
  });

  test('sync writes at once too', () => {
    workspace().configure({ durability: 'sync' });
    workspace().recordCujExecution('A', true, 1);
    expect(workspace().lines(CUJS)).toHaveLength(1);
    expect(workspace().getStoreHealth().durability).toBe('sync');
  });

  test('batch holds records; queries see them; flush writes them', () => {
    workspace().configure({ durability: 'batch' });
    workspace().recordCujExecution('A', true, 1);
    expect(workspace().lines(CUJS)).toHaveLength(0);
    expect(workspace().getStoreHealth()).toMatchObject({ attempted: 1, accepted: 0, pending: 1 });
    expect(workspace().getCujSuccessRate('A').total).toBe(1);
    expect(workspace().flush()).toMatchObject({ attempted: 1, accepted: 1, pending: 0 });
    expect(workspace().lines(CUJS)).toHaveLength(1);
  });

  test('batch writes by itself soon', async () => {
    workspace().configure({ durability: 'batch' });
    workspace().emitProgress({ step: 1 });
    const { setTimeout: wait } = require('node:timers/promises');
    for (let times = 0; times < 200 && workspace().lines(PROGRESS).length === 0; times += 1) await wait(20);
    expect(workspace().lines(PROGRESS)).toHaveLength(1);
  });

  test('batch writes what is left at exit', () => {
    const env = { OBS_PROJECT_ROOT: workspace().root, OBS_DURABILITY: 'batch' };
    const code = 'for (let i = 0; i < 3; i++) obs.recordCujExecution("A", true, i);';
    expect(runCode(code, { env })).toMatchObject({ status: 0, stderr: '' });
    expect(runCode(`${code} process.exit(3);`, { env }).status).toBe(3);
    expect(runCode(`${code} throw new Error('boom');`, { env }).status).toBe(1);
    expect(workspace().lines(CUJS)).toHaveLength(9);
  });

  test('the environment chooses, configure wins, what is none is told and left out', () => {
    const mode = (env, code = '') =>
      runCode(`${code}; console.log(obs.getStoreHealth().durability)`, {
        env: { OBS_PROJECT_ROOT: workspace().root, ...env },
      });
    expect(mode({ OBS_DURABILITY: 'sync' }).stdout).toBe('sync\n');
    expect(mode({ OBS_DURABILITY: 'sync' }, "obs.configure({ durability: 'batch' })").stdout).toBe('batch\n');
    const odd = mode({ OBS_DURABILITY: 'maybe' });
    expect(odd.stdout).toBe('write\n');
    expect(odd.stderr).toMatch(
      /^@obs\/native: OBS_DURABILITY must be one of write, batch, sync, got "maybe"; ignored\n$/,
    );
  });
});

describe('OBS_DISABLED', () => {
  test.each([
    ['TRUE', 1],
    ['yes', 1],
    ['On', 1],
    ['0', 0],
    ['False', 0],
    ['off', 0],
  ])('%s is a word it knows (A12)', (word, dropped) => {
    const face = createFace({ projectRoot: workspace().root, env: { OBS_DISABLED: word } });
    face.recordCujExecution('A', true, 1);
    expect(face.getStoreHealth().dropped.total).toBe(dropped);
  });

  test('any other word is told once, and records go on (A12)', () => {
    const said = [];
    const write = jest.spyOn(process.stderr, 'write').mockImplementation((line) => said.push(line));
    const face = createFace({ projectRoot: workspace().root, env: { OBS_DISABLED: 'maybe' } });
    for (let times = 0; times < 3; times += 1) face.recordCujExecution('A', true, 1);
    write.mockRestore();
    expect(said).toEqual([
      expect.stringMatching(/OBS_DISABLED must be one of 1, true, yes, on, .* got "maybe"; ignored/),
    ]);
    expect(face.getStoreHealth().accepted).toBe(3);
  });

  test('nothing is written, queries work, listeners hear, drops are counted', () => {
    workspace().recordCujExecution('A', true, 1);
    const face = createFace({ projectRoot: workspace().root, env: { OBS_DISABLED: '1' } });
    const heard = [];
    face.subscribeToProgress((event) => heard.push(event.step));
    face.recordCujExecution('A', true, 1);
    face.emitProgress({ step: 7 });
    face.logSkillInvocation({});
    face.recordProviderCall('p', true, 1);
    expect(heard).toEqual([7]);
    expect(face.getCujSuccessRate('A').total).toBe(1);
    const health = face.getStoreHealth();
    expect(health).toMatchObject({ attempted: 4, accepted: 0, dropped: { total: 4, by_reason: { disabled: 4 } } });
    expectSum(health);
    expect(() => face.saveDashboard()).toThrow(expect.objectContaining({ code: 'OBS_DISABLED' }));
    face.close();
    expect(fs.existsSync(workspace().path(PROGRESS))).toBe(false);
    expect(workspace().lines(CUJS)).toHaveLength(1);
  });

  test('what is heard is redacted all the same', () => {
    const face = createFace({ projectRoot: workspace().root, env: { OBS_DISABLED: '1' } });
    const heard = [];
    face.subscribeToProgress((event) => heard.push(event.metadata));
    face.emitProgress({ metadata: { password: 'hunter2' } });
    expect(heard).toEqual([{ password: '[REDACTED]' }]);
    face.close();
  });
});

describe('getStoreHealth, flush and close', () => {
  test('before anything happened', () => {
    expect(workspace().getStoreHealth()).toStrictEqual({
      attempted: 0,
      accepted: 0,
      pending: 0,
      dropped: { total: 0, by_reason: {} },
      skipped_lines: 0,
      durability: 'write',
      project_root: workspace().root,
    });
  });

  test('the numbers add up through modes, flushes and closing', () => {
    for (const durability of ['write', 'batch', 'sync', 'batch']) {
      workspace().configure({ durability });
      for (let index = 0; index < 20; index += 1) {
        workspace().logSkillInvocation({ skill: 's', params: { index } });
        workspace().emitProgress({ step: index });
        expectSum(workspace().getStoreHealth());
      }
    }
    expect(workspace().flush()).toMatchObject({ attempted: 160, accepted: 160, pending: 0 });
    workspace().recordCujExecution('A', true, 1);
    workspace().close();
    expect(workspace().lines(CUJS)).toHaveLength(1);
    workspace().recordCujExecution('A', true, 1);
    expect(workspace().flush()).toMatchObject({ attempted: 162, accepted: 162 });
    expect(workspace().getCujSuccessRate('A').total).toBe(2);
  });

  test('closing twice, or before any use, is fine', () => {
    const face = createFace({ projectRoot: workspace().root, env: {} });
    face.close();
    face.close();
    expect(fs.readdirSync(workspace().path('.claude'))).toEqual([]);
  });
});

describe('faults of the disk', () => {
  /** Where the analytics folder should be there is a file: no record of a CUJ can be written. */
  function blockAnalytics() {
    fs.mkdirSync(workspace().path('.claude/context'), { recursive: true });
    fs.writeFileSync(workspace().path('.claude/context/analytics'), 'in the way');
  }

  test('are counted, given to onError and told once; the caller goes on', () => {
    blockAnalytics();
    const errors = [];
    workspace().configure({ onError: (error) => errors.push(error) });
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    for (let index = 0; index < 3; index += 1) workspace().recordCujExecution('A', true, index);
    const told = write.mock.calls.length;
    write.mockRestore();
    expect(told).toBe(1);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors[0]).toBeInstanceOf(Error);
    expect(errors[0].code).toMatch(/^OBS_/);
    expect(errors[0].reason).toEqual(expect.any(String));
    const health = workspace().getStoreHealth();
    expect(health).toMatchObject({ attempted: 3, accepted: 0 });
    expectSum(health);
  });

  test('an onError that records or throws does no harm', () => {
    blockAnalytics();
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    workspace().configure({
      onError() {
        workspace().recordCujExecution('A', true, 1);
        throw new Error('worse');
      },
    });
    expect(() => workspace().recordCujExecution('A', true, 1)).not.toThrow();
    write.mockRestore();
    expectSum(workspace().getStoreHealth());
  });
});

describe('configure refuses', () => {
  test.each([
    [undefined, TypeError, 'options must be an object, got undefined'],
    [null, TypeError, 'options must be an object, got null'],
    [{ durabilty: 'sync' }, TypeError, 'an option of configure must be one of'],
    [{ durability: 'never' }, RangeError, "durability must be 'write', 'batch', 'sync', got \"never\""],
    [{ projectRoot: '' }, TypeError, 'projectRoot must be the path of a folder, got ""'],
    [{ projectRoot: 5 }, TypeError, 'projectRoot must be the path of a folder, got the number 5'],
    [{ onError: 'x' }, TypeError, 'onError must be a function or null'],
    [{ maxRecordBytes: 0 }, RangeError, 'maxRecordBytes must be a positive whole number'],
    [{ maxRecordBytes: '5' }, RangeError, 'maxRecordBytes must be'],
    [{ redact: [] }, TypeError, 'redact must be an object'],
    [{ redact: { key: [] } }, TypeError, 'an option of redact must be one of'],
    [{ redact: { keys: 'x' } }, TypeError, 'redact.keys must be an array'],
    [{ redact: { keys: [''] } }, TypeError, 'redact.keys[0] must be a non-empty string'],
    [{ redact: { patterns: ['x'] } }, TypeError, 'redact.patterns[0] must be a RegExp'],
    [{ redact: { allow: [5] } }, TypeError, 'redact.allow[0] must be a RegExp or a non-empty string'],
  ])('%p', (options, kind, message) => {
    let thrown;
    try {
      workspace().configure(options);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(kind);
    expect(thrown.code).toBe('OBS_INVALID_ARGUMENT');
    expect(thrown.message).toContain(message);
  });

  test('and then changes nothing', () => {
    const before = workspace().getStoreHealth();
    expect(() =>
      workspace().configure({ durability: 'sync', projectRoot: '/elsewhere', maxRecordBytes: -1 }),
    ).toThrow();
    expect(workspace().getStoreHealth()).toEqual(before);
  });
});

test('more keys can be redacted, and more patterns', () => {
  workspace().configure({ redact: { keys: ['ssn'], patterns: [/CASE-\d+/], replacement: '[GONE]' } });
  workspace().emitProgress({ message: 'about CASE-77', metadata: { SSN: '123' } });
  expect(workspace().lines(PROGRESS)[0]).toMatchObject({ message: 'about [GONE]', metadata: { SSN: '[GONE]' } });
});

describe('rules for redaction', () => {
  const configure = (redact) => workspace().configure({ redact });
  const heard = (message, metadata = {}) => {
    workspace().emitProgress({ message, metadata });
    return workspace().lines(PROGRESS).at(-1);
  };

  test('hold for every stream, for what listeners hear, for a saved dashboard and for stderr', () => {
    configure({ patterns: [/CASE-\d+/gi], keys: ['patient id'] });
    const events = [];
    workspace().subscribeToProgress((event) => {
      events.push(event);
      throw new Error(`no place for ${event.run_id} or case-78`);
    });
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const metadata = { patientId: 5, note: ['case-77'] };
    workspace().logSkillInvocation({ skill: 'case-77', params: metadata, error: 'case-77' });
    workspace().recordCujExecution('CASE-77', false, 1, new Error('at case-77'), metadata);
    workspace().recordProviderCall('case-77', false, 1, 'case-77');
    workspace().emitProgress({ runId: 'case-77', message: 'case-77', metadata });
    workspace().saveDashboard({ note: 'case-77' });
    const said = write.mock.calls.join('\n');
    write.mockRestore();
    const written = ['logs', 'analytics']
      .map((folder) => workspace().path('.claude/context', folder))
      .flatMap((folder) => fs.readdirSync(folder).map((name) => fs.readFileSync(path.join(folder, name), 'utf8')));
    expect(written).toHaveLength(5);
    for (const text of [...written, JSON.stringify(events), said]) {
      expect(text).toContain('[REDACTED]');
      expect(text).not.toMatch(/case-7|patientId\\*":5/i);
    }
  });

  test('those left out stay as they are, until an empty list takes them away', () => {
    configure({ keys: ['ssn'], replacement: '[GONE]' });
    configure({ patterns: [/CASE-\d+/] });
    workspace().configure({ durability: 'sync' });
    expect(heard('CASE-1', { ssn: 1 })).toMatchObject({ message: '[GONE]', metadata: { ssn: '[GONE]' } });
    configure({ keys: [] });
    expect(heard('CASE-1', { ssn: 1 })).toMatchObject({ message: '[GONE]', metadata: { ssn: 1 } });
  });

  test('allow lets be what a rule takes for a secret, by its text or by the name of its key', () => {
    configure({ allow: ['public_token', /^demo-/], patterns: [/\w+-\d+/] });
    expect(heard('demo-1 real-1', { public_token: 'x', token: 'x' })).toMatchObject({
      message: 'demo-1 [REDACTED]',
      metadata: { public_token: 'x', token: '[REDACTED]' },
    });
  });

  test.each([
    [
      'look-behind',
      { patterns: [/(?<=a)b/] },
      /^redact\.patterns\[0\] \/\(\?<=a\)b\/: it cannot be matched in linear time/,
    ],
    ['a back-reference', { patterns: [/x/, /(a)\1/] }, /^redact\.patterns\[1\] .*linear time/],
    ['the empty text', { patterns: [/a*/] }, /matches the empty text/],
    ['a flag', { patterns: [/a/y] }, /the flag 'y' is not supported/],
    ['a large repetition', { patterns: [/(\w{1000}){1000}/] }, /too large once compiled/],
    ['a long source', { allow: [new RegExp('a'.repeat(5000))] }, /^redact\.allow\[0\] .*at most 4096/],
    ['too many', { patterns: Array.from({ length: 101 }, (_, n) => new RegExp(`a${n}`)) }, /should be at most 100/],
    ['a key without letters', { keys: ['--'] }, /^redact\.keys\[0\] is "--"/],
    [
      'a replacement that is a secret',
      { replacement: `password=${'hunter2'}` },
      /^redact\.replacement .* looks like a secret/,
    ],
  ])('%s is refused in words, with a code, and the rules stay as they were', (_title, wrong, message) => {
    configure({ patterns: [/CASE-\d+/] });
    let thrown;
    try {
      configure(wrong);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TypeError);
    expect(thrown.code).toBe('OBS_BAD_PATTERN');
    expect(thrown.message).toMatch(message);
    expect(heard('CASE-1').message).toBe('[REDACTED]');
  });
});

test('a record longer than maxRecordBytes is cut with a marker', () => {
  workspace().configure({ maxRecordBytes: 2000 });
  workspace().emitProgress({ step: 1, metadata: { text: 'x'.repeat(100_000) } });
  const [line] = workspace().read(PROGRESS).split('\n');
  expect(line.length).toBeLessThanOrEqual(2000);
  expect(line).toMatch(/\[Truncated \d+ units\]/);
  expect(JSON.parse(line).step).toBe(1);
});

describe('the data folder', () => {
  const RUNTIME = '.claude/context/runtime';
  const line = (id) =>
    `${JSON.stringify({ timestamp: new Date().toISOString(), cuj_id: id, success: true, duration_ms: 1 })}\n`;
  const put = (folder, id) => {
    fs.mkdirSync(workspace().path(folder, 'analytics'), { recursive: true });
    fs.writeFileSync(workspace().path(folder, 'analytics', 'cuj-metrics.jsonl'), line(id));
  };
  const face = (env = {}) => createFace({ projectRoot: workspace().root, env });
  const ids = (made) => Object.keys(made.getAllCujMetrics(null));

  test('is runtime/ where only that holds data, and records, days and dashboard go there too (A6)', () => {
    put(RUNTIME, 'NEW');
    const made = face();
    expect(ids(made)).toEqual(['NEW']);
    made.recordCujExecution('MORE', true, 1);
    made.logSkillInvocation({ skill: 'a', result: 'success' });
    made.emitProgress({ runId: 'r' });
    expect(made.saveDashboard()).toBe(workspace().path(RUNTIME, 'analytics', 'metrics-dashboard.json'));
    expect(ids(made)).toEqual(['NEW', 'MORE']);
    expect(made.getLogger().queryLogs()).toHaveLength(1);
    expect(fs.readdirSync(workspace().path(RUNTIME, 'logs')).sort()).toEqual([
      'progress.jsonl',
      expect.stringMatching(/^skill-invocations-/),
    ]);
    expect(fs.existsSync(workspace().path('.claude/context/logs'))).toBe(false);
  });

  test('is .claude/context where both hold data, or neither (A6)', () => {
    put(RUNTIME, 'NEW');
    put('.claude/context', 'OLD');
    expect(ids(face())).toEqual(['OLD']);
  });

  test('is what OBS_DATA_DIR says, and before that what configure says', () => {
    put('.claude/context', 'OLD');
    put('data', 'ENV');
    put('other', 'GIVEN');
    const made = face({ OBS_DATA_DIR: 'data' });
    expect(ids(made)).toEqual(['ENV']);
    made.configure({ dataDir: workspace().path('other') });
    expect(ids(made)).toEqual(['GIVEN']);
    expect(() => made.configure({ dataDir: 5 })).toThrow(/^dataDir must be the path of a folder/);
  });
});
