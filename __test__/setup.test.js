// What a fresh clone does before `npm start` and `npm test`: installs and builds what is missing, and says why.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const packageRoot = path.resolve(__dirname, '..');
const { glibcVersionRuntime } = process.report.getReport().header;
const LIBC = process.platform === 'linux' ? (glibcVersionRuntime ? '-gnu' : '-musl') : '';
const ADDON = `obs-native.${process.platform}-${process.arch}${LIBC}.node`;
const PROGRAM = process.platform === 'win32' ? 'obs-hook.exe' : 'obs-hook';
const LOCK = { packages: { '': {}, 'node_modules/left': { version: '1.2.3' } } };

// Stands in for npm: notes what it was asked for and leaves what the real one would leave.
const FAKE_NPM = `
const fs = require('node:fs');
fs.appendFileSync('asked.txt', process.argv.slice(2).join(' ') + '\\n');
if (process.env.FAKE_NPM_FAILS) process.exit(1);
if (process.argv[2] === 'ci') {
  fs.mkdirSync('node_modules', { recursive: true });
  fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
} else {
  fs.writeFileSync(${JSON.stringify(ADDON)}, '');
  fs.writeFileSync('binding.js', '');
  fs.writeFileSync(${JSON.stringify(PROGRAM)}, '');
}
`;

let clone;

beforeEach(() => {
  clone = fs.mkdtempSync(path.join(os.tmpdir(), 'obs-setup-'));
  fs.cpSync(path.join(packageRoot, 'scripts'), path.join(clone, 'scripts'), { recursive: true });
  fs.mkdirSync(path.join(clone, 'src'));
  fs.mkdirSync(path.join(clone, 'programs'));
  const files = { 'src/lib.rs': '', 'build.rs': '', 'Cargo.lock': '', 'Cargo.toml': 'rust-version = "1.89"\n' };
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(clone, name), text);
  fs.writeFileSync(path.join(clone, 'package-lock.json'), JSON.stringify(LOCK));
  fs.writeFileSync(path.join(clone, 'programs', 'npm-cli.js'), FAKE_NPM);
  installCargo('1.95.0');
});

afterEach(() => fs.rmSync(clone, { recursive: true, force: true }));

function installCargo(version) {
  const file = path.join(clone, 'programs', 'cargo');
  fs.writeFileSync(file, `#!/bin/sh\necho "cargo ${version} (abcdef 2026-01-01)"\n`, { mode: 0o755 });
}

function setUp(env = {}) {
  const programs = path.join(clone, 'programs');
  const clean = { PATH: programs, HOME: clone, CARGO_HOME: clone, npm_execpath: path.join(programs, 'npm-cli.js') };
  const result = spawnSync(process.execPath, [path.join(clone, 'scripts', 'ensure.mjs')], {
    cwd: os.tmpdir(),
    encoding: 'utf8',
    env: { ...clean, ...env },
  });
  const asked = path.join(clone, 'asked.txt');
  const calls = fs.existsSync(asked) ? fs.readFileSync(asked, 'utf8').trim().split('\n') : [];
  fs.rmSync(asked, { force: true });
  return { ...result, calls };
}

// The stand-in for cargo is a shell script.
const onUnix = process.platform === 'win32' ? describe.skip : describe;

onUnix('a fresh clone', () => {
  test('installs, builds and says why; a second run has nothing to do', () => {
    const first = setUp();
    expect(first.stderr).toBe('');
    expect(first.calls).toEqual(['ci --no-audit --no-fund', 'run build']);
    expect(first.stdout).toMatch(/npm ci", because they are not there yet/);
    expect(first.stdout).toMatch(/npm run build", because it is not there yet/);
    const second = setUp();
    expect(second.calls).toEqual([]);
    expect(second.stdout).toMatch(/^\[setup\] Nothing to do: .*\n$/);
  });

  test('builds again when the addon is older than a source, and only once', () => {
    setUp();
    const earlier = new Date(Date.now() - 3_600_000);
    fs.utimesSync(path.join(clone, ADDON), earlier, earlier);
    const { calls, stdout, status } = setUp();
    expect([status, calls]).toEqual([0, ['run build']]);
    expect(stdout).toMatch(/because src has changed since it was built/);
    expect(setUp().calls).toEqual([]);
  });

  test('builds again when the program without Node is missing', () => {
    setUp();
    fs.rmSync(path.join(clone, PROGRAM));
    expect(setUp().calls).toEqual(['run build']);
    expect(setUp().calls).toEqual([]);
  });

  test('installs again when the lock names another version', () => {
    setUp();
    const text = JSON.stringify(LOCK).replace('1.2.3', '1.2.4');
    fs.writeFileSync(path.join(clone, 'package-lock.json'), text);
    const { calls, stdout } = setUp();
    expect(calls).toEqual(['ci --no-audit --no-fund']);
    expect(stdout).toMatch(/because left is not the version that package-lock.json names/);
  });

  test('says where to get cargo when it is missing, before anything is installed', () => {
    fs.rmSync(path.join(clone, 'programs', 'cargo'));
    fs.mkdirSync(path.join(clone, 'node_modules'));
    fs.copyFileSync(path.join(clone, 'package-lock.json'), path.join(clone, 'node_modules', '.package-lock.json'));
    const { status, stderr, calls } = setUp();
    expect([status, calls]).toEqual([1, []]);
    expect(stderr).toMatch(/cargo, which was not found\. Install Rust from https:\/\/rustup\.rs/);
    expect(stderr).not.toMatch(/ at /); // no stack
  });

  test('says that cargo is too old', () => {
    installCargo('1.9.0');
    const { status, stderr } = setUp();
    expect(status).toBe(1);
    expect(stderr).toMatch(/cargo 1\.9\.0 is too old: Rust 1\.89 or newer/);
  });

  test('stops when npm ci fails', () => {
    const { status, stderr, calls } = setUp({ FAKE_NPM_FAILS: '1' });
    expect([status, calls]).toEqual([1, ['ci --no-audit --no-fund']]);
    expect(stderr).toMatch(/"npm ci" failed/);
  });
});
