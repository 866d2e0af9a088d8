// `npm run release`: what must agree before anything is published, the order of publication, and how it is finished later.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { PACKAGE, runNode } = require('./support/child.js');
const main = require('../package.json');

// Stands in for npm: notes what it was asked to publish; knows as published what `published.txt` lists.
const FAKE_NPM = `
const fs = require('node:fs');
const path = require('node:path');
const [command, ...args] = process.argv.slice(2);
const published = fs.existsSync('published.txt') ? fs.readFileSync('published.txt', 'utf8').split('\\n') : [];
if (command === 'view') process.exit(published.includes(args[0]) ? console.log(args[0].split('@').at(-1)) : 1);
if (command === 'pack') {
  const folder = args.at(-1);
  const { name, version, repository } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = name.replace('@', '').replace('/', '-') + '-' + version + '.tgz';
  fs.writeFileSync(path.join(args[args.indexOf('--pack-destination') + 1], file), JSON.stringify(repository));
}
if (command === 'publish') {
  if (args[0].includes(process.env.FAKE_NPM_REFUSES)) process.exit(1);
  const line = [path.basename(args[0]), fs.readFileSync(args[0], 'utf8'), ...args.slice(1)].join(' ');
  fs.appendFileSync('asked.txt', line + '\\n');
}
`;

const PLATFORMS = fs.readdirSync(path.join(PACKAGE, 'npm')).sort();
const HOST = { GITHUB_SERVER_URL: 'https://code.example', GITHUB_REPOSITORY: 'somebody/obs' };
let clone;

beforeEach(() => {
  clone = fs.mkdtempSync(path.join(os.tmpdir(), 'obs-release-test-'));
  const manifests = ['package.json', 'package-lock.json', 'Cargo.toml', 'Cargo.lock'];
  // The last ones hold what the published command is joined of.
  for (const name of ['scripts', 'npm', ...manifests, 'LICENSE', 'alerts', 'bin', 'command', 'lib']) {
    fs.cpSync(path.join(PACKAGE, name), path.join(clone, name), { recursive: true });
  }
  for (const name of [...main.files.filter((each) => !each.includes('*')), 'README.md']) {
    fs.mkdirSync(path.dirname(path.join(clone, name)), { recursive: true });
    if (!fs.existsSync(path.join(clone, name))) fs.writeFileSync(path.join(clone, name), '');
  }
  fs.writeFileSync(path.join(clone, 'CHANGELOG.md'), `# Changelog\n\n## [${main.version}] - 2026-12-01\n`);
  fs.writeFileSync(path.join(clone, 'npm-cli.js'), FAKE_NPM);
  // In place of readelf, which is asked for the C library.
  fs.writeFileSync(path.join(clone, 'readelf'), "#!/bin/sh\necho 'Name: GLIBC_2.28'\n", { mode: 0o755 });
});

afterEach(() => fs.rmSync(clone, { recursive: true, force: true }));

function release(args = [], env = {}) {
  const clean = { ...process.env, GITHUB_REF_TYPE: '', GITHUB_SERVER_URL: '', GITHUB_REPOSITORY: '' };
  const program = [path.join(clone, 'scripts', 'release.mjs'), ...args];
  const search = `${clone}${path.delimiter}${process.env.PATH}`;
  return runNode(program, { env: { ...clean, npm_execpath: path.join(clone, 'npm-cli.js'), ...env, PATH: search } });
}

function change(name, edit) {
  const file = path.join(clone, name);
  const text = fs.readFileSync(file, 'utf8');
  const changed = edit(text);
  expect(changed).not.toBe(text);
  fs.writeFileSync(file, changed);
}

function makeBinaries() {
  for (const name of PLATFORMS) {
    fs.writeFileSync(path.join(clone, `obs-native.${name}.node`), 'binary');
    fs.writeFileSync(path.join(clone, `obs-hook.${name}${name.startsWith('win32') ? '.exe' : ''}`), 'program');
  }
}

const asked = () => {
  const file = path.join(clone, 'asked.txt');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : [];
};
const tarballs = () => asked().map((line) => line.split(' ')[0]);
const ofPlatform = (name) => `obs-native-${name}-${main.version}.tgz`;
const ALL = [...PLATFORMS.map(ofPlatform), `obs-native-${main.version}.tgz`];

test('release --dry-run: lists the platform packages, then the main one, each with its command; publishes nothing', () => {
  const { status, stdout } = release(['--dry-run']);
  expect(status).toBe(0);
  const commands = stdout.match(/npm publish .*/g);
  expect(commands).toEqual(ALL.map((file) => `npm publish ${file} --provenance --access public`));
  for (const name of PLATFORMS) expect(stdout).toContain(`Not yet ready: ${main.name}-${name} has no binary`);
  expect(asked()).toEqual([]);
});

test('release: the dry run of this checkout finds versions and targets in agreement', () => {
  const { status, stderr } = runNode([path.join(PACKAGE, 'scripts', 'release.mjs'), '--dry-run']);
  expect([status, stderr]).toEqual([0, '']);
});

const newer = (text) => text.replace(`"${main.version}"`, '"9.9.9"');
test.each([
  ['Cargo.toml', newer],
  [
    'Cargo.lock',
    (text) => text.replace(`"obs-native"\nversion = "${main.version}"`, '"obs-native"\nversion = "9.9.9"'),
  ],
  ['package-lock.json', newer],
  [`npm/linux-x64-gnu/package.json`, newer],
])('release: a version of its own in %s is refused, with both versions', (name, edit) => {
  change(name, edit);
  const { status, stderr } = release(['--dry-run']);
  expect(status).toBe(1);
  expect(stderr).toContain(`${name} says version 9.9.9, package.json says ${main.version}.`);
});

test('release: a tag of another version is refused', () => {
  const { status, stderr } = release(['--dry-run'], { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v9.9.9' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/tag is v9\.9\.9.*v0/);
  const same = { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: `v${main.version}` };
  expect(release(['--dry-run'], same).status).toBe(0);
});

test('release: a target without a folder, and a folder without a target, are refused', () => {
  fs.renameSync(path.join(clone, 'npm', 'darwin-x64'), path.join(clone, 'npm', 'sunos-x64'));
  const { status, stderr } = release(['--dry-run']);
  expect(status).toBe(1);
  expect(stderr).toContain('names x86_64-apple-darwin, but there is no npm/darwin-x64');
  expect(stderr).toContain('There is npm/sunos-x64, but package.json#napi.targets names no target for it');
});

test.each([
  ['binary', 'obs-native.win32-x64-msvc.node'],
  ['program', 'obs-hook.win32-x64-msvc.exe'],
])('release: without a %s of one target nothing is published at all', (what, name) => {
  makeBinaries();
  fs.rmSync(path.join(clone, name));
  const { status, stderr } = release([], HOST);
  expect(status).toBe(1);
  expect(stderr).toContain(`@obs/native-win32-x64-msvc has no ${what}`);
  expect(asked()).toEqual([]);
});

test('release: without a repository for the provenance, or a date in the changelog, nothing is published', () => {
  makeBinaries();
  change('CHANGELOG.md', (text) => text.replace('2026-12-01', 'Unreleased'));
  const { status, stderr } = release();
  expect(status).toBe(1);
  expect(stderr).toContain('Provenance needs a repository');
  expect(stderr).toContain(`CHANGELOG.md has no "## [${main.version}] - DATE"`);
  expect(asked()).toEqual([]);
});

const onUnix = process.platform === 'win32' ? test.skip : test;

onUnix('release: a binary for glibc that needs a newer one than the oldest served is not published', () => {
  makeBinaries();
  fs.writeFileSync(path.join(clone, 'readelf'), "#!/bin/sh\necho 'Name: GLIBC_2.39'\n", { mode: 0o755 });
  const { status, stderr } = release([], HOST);
  expect(status).toBe(1);
  expect(stderr).toMatch(/linux-arm64-gnu\.node needs glibc 2\.39[^]*linux-x64-gnu\.node needs glibc 2\.39/);
  expect(asked()).toEqual([]);
});

onUnix('release: all nine are published, the main package last, with the repository that they come from', () => {
  makeBinaries();
  const { status, stderr } = release([], HOST);
  expect([status, stderr]).toEqual([0, '']);
  expect(tarballs()).toEqual(ALL);
  for (const line of asked()) {
    expect(line).toContain('"git+https://code.example/somebody/obs.git"');
    expect(line).toMatch(/ --provenance --access public$/);
  }
});

onUnix('release: one that broke off says where, and is finished by running it again', () => {
  makeBinaries();
  const broken = release([], { ...HOST, FAKE_NPM_REFUSES: 'linux-x64-musl' });
  expect(broken.status).toBe(1);
  expect(broken.stderr).toContain(`"npm publish" of ${main.name}-linux-x64-musl@${main.version} failed`);
  const before = tarballs();
  expect(before).toEqual(ALL.slice(0, ALL.indexOf(ofPlatform('linux-x64-musl'))));

  const known = PLATFORMS.slice(0, before.length).map((name) => `${main.name}-${name}@${main.version}`);
  fs.writeFileSync(path.join(clone, 'published.txt'), known.join('\n'));
  expect(release([], HOST).status).toBe(0);
  expect(tarballs()).toEqual(ALL);
});

describe('release: the workflow', () => {
  const text = fs.readFileSync(path.join(PACKAGE, '.github', 'workflows', 'release.yml'), 'utf8');

  test('builds exactly the targets of package.json', () => {
    const targets = [...text.matchAll(/- \{ target: ([\w-]+), runner/g)].map(([, target]) => target);
    expect(targets.sort()).toEqual([...main.napi.targets].sort());
  });

  test('does everything by scripts that are there, and asks for the right to sign only where it publishes', () => {
    const commands = [...text.matchAll(/^ +- run: (.*)$/gm)].map(([, command]) => command);
    expect(commands.length).toBeGreaterThan(4);
    for (const command of commands) {
      const [, script] = /^(?:node|bash) (scripts\/[\w.-]+)( [^;&|]*)?$/.exec(command) ?? [];
      expect(fs.existsSync(path.join(PACKAGE, script ?? command))).toBe(true);
    }
    expect(text).not.toMatch(/run: \|/);
    expect(text.split('id-token: write')).toHaveLength(2);
    expect(text.indexOf('id-token: write')).toBeGreaterThan(text.indexOf('\n  publish:'));
  });

  test.each(['release-build.mjs', 'release-test.mjs'])('%s without a target names the targets', (script) => {
    const { status, stderr } = runNode([path.join(PACKAGE, 'scripts', script), 'x86_64-unknown-beos']);
    expect(status).toBe(1);
    for (const target of main.napi.targets) expect(stderr).toContain(target);
  });
});
