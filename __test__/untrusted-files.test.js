// What a checkout may hold in place of our own small files: pipes, links, folders, files without end. Nothing waits, nothing outside is written.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { PACKAGE, cleanEnvironment, makeFolder, removeFolder } = require('./support/command-line.js');

const posix = process.platform === 'win32' ? describe.skip : describe;
const PROGRAM = path.join(PACKAGE, 'obs-hook');
const SCRIPT = path.join(PACKAGE, 'bin', 'obs-hook.js');
const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const NAMES = ['status.json', 'status.json.new', 'firing.json', 'status.lock', 'import-claude.json', 'import-claude.json.new', 'import-claude.lock', 'known-executions.bin', 'known-providers.bin']; // prettier-ignore
const SETTINGS = ['config/objectives.json', 'config/retention.json', '../settings.local.json', '../settings.json'];

const PLANTS = {
  'a pipe': (file) => spawnSync('mkfifo', [file]),
  'a link to a file of somebody else': (file, victim) => fs.symlinkSync(victim, file),
  'a folder': (file) => fs.mkdirSync(file),
  'a file without end': (file) => {
    fs.closeSync(fs.openSync(file, 'w'));
    fs.truncateSync(file, 2 ** 40);
  },
};

posix.each(Object.entries(PLANTS))('%s in place of', (_, plant) => {
  let folder, root, victim;
  beforeEach(() => {
    folder = makeFolder();
    root = path.join(folder, 'root');
    victim = path.join(folder, 'victim');
    fs.mkdirSync(path.join(root, '.claude/context/.obs'), { recursive: true });
    fs.mkdirSync(path.join(root, '.claude/context/config'));
    fs.mkdirSync(path.join(folder, 't'));
    fs.writeFileSync(path.join(folder, 't', 's.jsonl'), '{"type":"user"}\n');
    fs.writeFileSync(victim, 'mine\n');
  });
  afterEach(() => removeFolder(folder));

  function ends(command, args, input = '') {
    const env = cleanEnvironment({ CLAUDE_PROJECT_DIR: root, HOME: folder, CLAUDE_CONFIG_DIR: path.join(folder, 'none') }); // prettier-ignore
    const { status, signal, error } = spawnSync(command, args, { cwd: root, env, input, timeout: 20_000 });
    expect([args.join(' '), signal, error?.code]).toEqual([args.join(' '), null, undefined]);
    expect(fs.readFileSync(victim, 'utf8')).toBe('mine\n');
    return status;
  }

  const events = () => ['Stop', 'SessionEnd'].map((hook_event_name) => JSON.stringify({ hook_event_name, session_id: 's', transcript_path: path.join(folder, 't', 's.jsonl') })); // prettier-ignore

  test.each(NAMES)('%s', (name) => {
    plant(path.join(root, '.claude/context/.obs', name), victim);
    for (const [command, first] of [[PROGRAM, []], [process.execPath, [SCRIPT]]]) {
      for (const event of events()) expect(ends(command, first, event)).toBe(0);
      expect(ends(command, [...first, 'statusline'], '{}')).toBe(0);
      expect(ends(command, [...first, 'refresh', root, path.join(root, '.claude/context')])).toBe(0);
    }
  }); // prettier-ignore

  test.each(SETTINGS)('%s', (name) => {
    plant(path.join(root, '.claude/context', name), victim);
    for (const command of ['cujs', 'doctor', 'retention show']) ends(process.execPath, [OBS, ...command.split(' '), '--root', root]);
    ends(process.execPath, [OBS, 'install', '--claude-code', '--dry-run', '--root', root]);
  }, 60_000); // prettier-ignore
});

posix('a link in place of the folder of caches', () => {
  test('is not followed by hooks and alerts', () => {
    const folder = makeFolder();
    const [root, elsewhere] = ['root', 'elsewhere'].map((name) => path.join(folder, name));
    fs.mkdirSync(path.join(root, '.claude/context'), { recursive: true });
    fs.mkdirSync(elsewhere);
    fs.symlinkSync(elsewhere, path.join(root, '.claude/context/.obs'));
    fs.writeFileSync(path.join(folder, 's.jsonl'), '{"type":"user"}\n');
    const env = cleanEnvironment({ CLAUDE_PROJECT_DIR: root });
    const input = JSON.stringify({ hook_event_name: 'Stop', session_id: 's', transcript_path: path.join(folder, 's.jsonl') }); // prettier-ignore
    spawnSync(PROGRAM, [], { env, input, timeout: 20_000 });
    spawnSync(PROGRAM, ['refresh', root, path.join(root, '.claude/context')], { env, timeout: 20_000 });
    spawnSync(process.execPath, [OBS, 'alerts', 'check', '--root', root], { env, timeout: 20_000 });
    expect(fs.readdirSync(elsewhere)).toEqual([]);
    removeFolder(folder);
  }, 60_000);
});

posix('a link beside a file that is replaced, or in place of one that is appended to', () => {
  let folder, root, victim;
  beforeEach(() => {
    folder = makeFolder();
    root = path.join(folder, 'root');
    victim = path.join(folder, 'victim');
    fs.mkdirSync(path.join(root, '.claude/context/config'), { recursive: true });
    fs.mkdirSync(path.join(root, '.claude/context/analytics'));
    fs.writeFileSync(victim, 'mine\n');
  });
  afterEach(() => removeFolder(folder));

  const obs = (...args) =>
    spawnSync(process.execPath, [OBS, ...args, '--root', root], { env: cleanEnvironment(), timeout: 40_000 });

  test('is not written through', () => {
    const cache = path.join(root, '.claude/context/.obs');
    const commands = [['alerts', 'check'], ['export', 'otlp', '--endpoint', 'http://127.0.0.1:1']];
    const record = { timestamp: new Date().toISOString(), cuj_id: 'A', success: false, duration_ms: 1, error: 'no', metadata: {} };
    fs.writeFileSync(path.join(root, '.claude/context/analytics/cuj-metrics.jsonl'), `${JSON.stringify(record)}\n`.repeat(50));
    commands.forEach((command) => obs(...command));
    const made = fs.readdirSync(cache, { recursive: true }).filter((name) => /\.(json|mark)$/.test(name));
    expect(made.length).toBeGreaterThan(1);
    for (const name of made) {
      fs.rmSync(path.join(cache, name));
      fs.symlinkSync(victim, path.join(cache, `${name}.new`));
    }
    commands.forEach((command) => obs(...command));
    expect(fs.readFileSync(victim, 'utf8')).toBe('mine\n');
  }, 120_000); // prettier-ignore

  test('retention.jsonl is not appended to through a link', () => {
    fs.writeFileSync(path.join(root, '.claude/context/config/retention.json'), '{"older_than":"30d"}');
    fs.symlinkSync(victim, path.join(root, '.claude/context/analytics/retention.jsonl'));
    expect(obs('retention', 'run').status).toBe(1);
    expect(fs.readFileSync(victim, 'utf8')).toBe('mine\n');
  }, 60_000);
});
