// No secret in any byte that is written or said, whatever its kind and wherever it stood; and nothing else is lost.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { PACKAGE, runNode } = require('./support/child.js');
const { CUJS, PROGRESS, PROVIDERS, skills } = require('./support/files.js');
const { WRAPS, needlesOf } = require('./support/secret-places.js');
const { makeSecrets } = require('./support/secrets.js');
const { useWorkspace } = require('./support/use-workspace.js');

const SEED = Number(process.env.OBS_TEST_SEED ?? 7);
const secrets = makeSecrets(SEED);
const workspace = useWorkspace();
const seeded = (title) => `${title} (seed ${SEED})`;

/** Every file below a folder, with its bytes. */
function filesBelow(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .map((file) => ({ name: path.relative(folder, file), text: fs.readFileSync(file, 'latin1') }));
}

/** Where a needle stands, with a little of what is around it. */
function foundIn(places, needle) {
  return places
    .filter(({ text }) => text.includes(needle))
    .map(({ name, text }) => `${name}: ${text.slice(Math.max(0, text.indexOf(needle) - 150)).slice(0, 300)}`);
}

describe('through every function, in a process of its own', () => {
  let root;
  let places;

  beforeAll(() => {
    root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'obs-secrets-')));
    const inside = path.join(root, 'workspace');
    const list = path.join(root, 'secrets.json');
    fs.mkdirSync(path.join(inside, '.claude'), { recursive: true });
    fs.writeFileSync(list, JSON.stringify(secrets));
    const script = path.join(__dirname, 'support', 'record-secrets.cjs');
    const { status, stdout, stderr } = runNode([script, inside, list]);
    places = [{ name: 'stdout', text: stdout }, { name: 'stderr', text: stderr }, ...filesBelow(inside)];
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  });

  afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

  test('there are files of all four streams, a cache, a dashboard, and something on stdout and stderr', () => {
    const names = places.filter(({ text }) => text !== '').map(({ name }) => name.replaceAll(path.sep, '/'));
    const dashboard = '.claude/context/analytics/metrics-dashboard.json';
    expect(names).toEqual(expect.arrayContaining(['stdout', 'stderr', CUJS, PROGRESS, PROVIDERS, dashboard]));
    expect(names.some((name) => name.startsWith('.claude/context/logs/skill-invocations-'))).toBe(true);
    expect(names.some((name) => name.startsWith('.claude/context/.obs/'))).toBe(true);
    for (const { name, text } of places) {
      const redactedSomewhere = text.includes('[REDACTED]') || name.includes(`${path.sep}.obs${path.sep}`);
      expect(`${name} ${redactedSomewhere}`).toBe(`${name} true`);
    }
  });

  test.each(secrets.map((secret) => [secret.kind, secret]))(seeded('S1 %s'), (_kind, secret) => {
    expect(secret.needles.flatMap((needle) => foundIn(places, needle))).toEqual([]);
  });

  test.each(Object.keys(WRAPS))(seeded('S2 S3 %s'), (wrap) => {
    const needles = secrets.flatMap((secret) => needlesOf(secret, wrap)).filter((needle) => needle.length >= 4);
    expect(needles.length).toBeGreaterThanOrEqual(secrets.length);
    expect(needles.flatMap((needle) => foundIn(places, needle))).toEqual([]);
  });

  test('S2 what stands around a secret stays', () => {
    const { text } = places.find(({ name }) => name.replaceAll(path.sep, '/') === PROGRESS);
    expect(text).toContain('"message":"tried [REDACTED] and failed"');
    expect(text).toContain('"message":"a=1 note=[REDACTED] b=2"');
    for (const line of text.trim().split('\n')) JSON.parse(line);
  });
});

test(seeded('S2 no command line says a secret that was typed'), () => {
  const typed = secrets.filter(({ kind }) => !kind.includes('KEY'));
  const { text, needles } = typed[SEED % typed.length];
  const tool = (name) => path.join(PACKAGE, 'tools', `${name}.mjs`);
  const obs = path.join(PACKAGE, 'bin', 'obs.js');
  const calls = [
    ...[text, `--${text}`, `x ${text}`].flatMap((word) => [
      [obs, word],
      [tool('metrics-tracker'), 'rate', 'CUJ-1', word],
    ]),
    [tool('provider-health'), 'record', text, 'true', '5', text],
    [obs, 'redact', 'scan', text],
  ];
  const env = { OBS_PROJECT_ROOT: workspace().root };
  const places = calls.map((args) => ({ name: args.join(' '), text: Object.values(runNode(args, { env })).join(' ') }));
  expect(needles.flatMap((needle) => foundIn(places, needle))).toEqual([]);
});

describe('S5 a secret across the place where a text is cut', () => {
  const { text, needles } = secrets.find(({ kind }) => kind === 'Anthropic API key');

  test('errors', () => {
    for (let before = 0; before < 520; before += 7) {
      const error = `${'x'.repeat(before)} ${text}`;
      workspace().recordCujExecution('A', false, 1, error);
      workspace().recordProviderCall('p', false, 1, error);
    }
    const written = workspace().read(CUJS) + workspace().read(PROVIDERS);
    for (const part of [needles[0], text.slice(7, 20), text.slice(-12)]) expect(written).not.toContain(part);
  });

  test('long records', () => {
    workspace().configure({ maxRecordBytes: 1000 });
    for (let before = 0; before < 1200; before += 13) {
      workspace().emitProgress({ message: `${'x'.repeat(before)} ${text} ${'y'.repeat(3000)}`, metadata: { text } });
    }
    const written = workspace().read(PROGRESS);
    expect(written).toContain('[Truncated');
    for (const part of [needles[0], text.slice(7, 20), text.slice(-12)]) expect(written).not.toContain(part);
  });
});

describe('S6 a value under the name of a secret goes, whatever its type', () => {
  const NAMES = [
    'password',
    'passwd',
    'secret',
    'api_key',
    'apiKey',
    'x-api-key',
    'authorization',
    'Cookie',
    'set-cookie',
    'client_secret',
    'private_key',
    'refresh_token',
    'sessionToken',
    'connectionString',
    'CREDENTIALS',
  ];
  const VALUES = ['plain', 12345.5, true, null, ['deep', { a: 'deep' }], { a: { b: 'deep' } }];

  test.each(NAMES)('%s', (name) => {
    for (const value of VALUES) {
      const held = { keep: 'kept', [name]: value };
      workspace().logSkillInvocation({ skill: 's', params: { held }, metadata: { list: [held] } });
    }
    for (const { params, metadata } of workspace().lines(skills())) {
      const clean = { keep: 'kept', [name]: '[REDACTED]' };
      expect({ params: JSON.parse(params), metadata }).toEqual({
        params: { held: clean },
        metadata: { list: [clean] },
      });
    }
  });
});

test('S7 what only looks like a secret is untouched', () => {
  const metadata = {
    max_tokens: 500,
    input_tokens: 12,
    total_tokens: 512,
    tokenCount: 3,
    cache_read_input_tokens: 0,
    usage: { tokens: true },
    tokenizer: 'cl100k_base',
    author: 'me',
    authenticated: true,
    passwordless: 'yes',
    secretary: 'Ms. Key',
    monkey: 'business',
    keyboard: 'qwerty',
    sha: 'de2c8161d1a3e5b7c9f0a2b4c6d8e0f1a3b5c7d9',
    uuid: '3f2b8c1e-7a4d-4e9b-9c0f-1d2e3f4a5b6c',
    image: `data:image/png;base64,${Buffer.from('not a picture but as good as one').toString('base64')}`,
    prose: 'API token parameter is required; task-list-for-the-risk-assessment, see docs/password-policy.md',
  };
  workspace().emitProgress({ runId: 'r', metadata, message: metadata.prose });
  workspace().recordCujExecution('A', false, 1, metadata.prose.replace(', see docs/password-policy.md', ''), metadata);
  const [event] = workspace().lines(PROGRESS);
  expect(event).toMatchObject({ message: metadata.prose, metadata });
  const [execution] = workspace().lines(CUJS);
  expect(execution.metadata).toEqual(metadata);
  expect(execution.error).not.toContain('REDACTED');
});

describe('S9 when the redactor cannot be asked, nothing is let through', () => {
  const { text, needles } = secrets[0];

  afterEach(() => {
    jest.dontMock('../lib/addon.js');
    jest.resetModules();
  });

  /** A face whose native part throws whatever it is asked; `more` is what the addon has besides. */
  function brokenFace(more) {
    class NativeMonitor {
      open() {}
      takeFaults() {
        return '[]';
      }
      recorders() {
        return {};
      }
      recordProgress() {
        throw new Error(`OBS_IO: could not write ${text}`);
      }
      redact() {
        throw new Error('broken');
      }
    }
    jest.resetModules();
    const addon = jest.requireActual('../lib/addon.js');
    const loadAddon = () => ({ ...addon.loadAddon(), NativeMonitor, ...more });
    jest.doMock('../lib/addon.js', () => ({ ...addon, loadAddon }));
    return require('../lib/face.js').createFace({ env: { OBS_PROJECT_ROOT: workspace().root } });
  }

  test.each([
    ['only the monitor is broken', {}],
    ['the addon has no redactor', { NativeRedactor: undefined }],
  ])('%s', (_title, more) => {
    const face = brokenFace(more);
    const said = [];
    const write = jest.spyOn(process.stderr, 'write').mockImplementation((line) => said.push(line));
    face.subscribeToProgress((event) => said.push(JSON.stringify(event)));
    face.emitProgress({ runId: 'r', message: text });
    try {
      face.emitProgress(text);
    } catch (error) {
      said.push(error.message);
    }
    write.mockRestore();
    expect(said.length).toBeGreaterThanOrEqual(2);
    expect(said.join('\n')).not.toContain(needles[0]);
  });
});

test('every published kind of key has its row, another rule, or a reason', () => {
  const script = path.join(PACKAGE, 'scripts/key-formats.mjs');
  const said = execFileSync(process.execPath, [script], { encoding: 'utf8' });
  expect(said).toMatch(/^github.com\/gitleaks\/gitleaks.*: 222 kinds$/m);
  expect(said).not.toContain('MISSING');
});
