// `npm run pack`: what the tarballs hold, how much it asks of the C library, and how it is told what went wrong.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { PACKAGE, runNode } = require('./support/child.js');
const main = require('../package.json');

const SCRIPT = path.join(PACKAGE, 'scripts', 'pack.mjs');
const glibc = process.report.getReport().header.glibcVersionRuntime;
const onGlibc = glibc ? test : test.skip;

let folder;
beforeAll(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'obs-pack-test-'))));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** What a module of scripts/ gives for an expression, as JSON. */
function evaluate(module, expression) {
  const url = JSON.stringify(path.join(PACKAGE, 'scripts', module));
  const code = `const it = await import(${url}); console.log(JSON.stringify(${expression}));`;
  const { stdout, stderr } = runNode(['--input-type=module', '-e', code]);
  return JSON.parse(stdout || JSON.stringify(stderr));
}

/** Puts a program in place of the system's, which prints `text`. */
function fakeProgram(name, text) {
  const programs = fs.mkdtempSync(path.join(folder, 'programs-'));
  fs.writeFileSync(path.join(programs, name), `#!/bin/sh\necho '${text}'\n`, { mode: 0o755 });
  return { PATH: `${programs}${path.delimiter}${process.env.PATH}` };
}

test('pack: two tarballs; the main one names every platform, and holds neither a binary nor what a checkout needs', () => {
  const out = path.join(folder, 'dist');
  fs.mkdirSync(out);
  fs.writeFileSync(path.join(out, 'obs-native-0.0.1.tgz'), 'an earlier one');
  const { status, stdout } = runNode([SCRIPT, '--out', out]);
  expect(status).toBe(0);
  const files = fs.readdirSync(out);
  expect(files).toHaveLength(2);
  expect(files).toContain(`obs-native-${main.version}.tgz`);
  for (const file of files) expect(stdout).toContain(path.join(out, file));

  const tar = (...args) => spawnSync('tar', args, { cwd: out, encoding: 'utf8' }).stdout;
  const names = tar('-tzf', `obs-native-${main.version}.tgz`).trim().split('\n');
  expect(names.filter((name) => /\.node$|^package\/(scripts|__test__|src|node_modules)\//.test(name))).toEqual([]);
  const manifest = JSON.parse(tar('-xOzf', `obs-native-${main.version}.tgz`, 'package/package.json'));
  expect(manifest).not.toHaveProperty('private');
  expect(Object.keys(manifest.optionalDependencies)).toHaveLength(main.napi.targets.length);
  expect(new Set(Object.values(manifest.optionalDependencies))).toEqual(new Set([main.version]));

  const platform = tar(
    '-tvzf',
    files.find((name) => name !== `obs-native-${main.version}.tgz`),
  );
  if (process.platform !== 'win32') expect(platform).toMatch(/^-rwxr-xr-x .* package\/obs-hook$/m);
});

test('pack: an unknown option ends with 1 and the usage', () => {
  const { status, stderr } = runNode([SCRIPT, '--protable']);
  expect(status).toBe(1);
  expect(stderr).toMatch(/--protable[^]*Usage: npm run pack/);
});

test('pack: versions of the C library are told apart as versions, not as texts', () => {
  const text = JSON.stringify('GLIBC_2.9 (5) GLIBC_2.28 GLIBC_2.2.5 GLIBC_2.28 GLIBC_PRIVATE');
  expect(evaluate('glibc.mjs', `it.versionsIn(${text})`)).toEqual(['2.2.5', '2.9', '2.28']);
});

onGlibc('pack: a plain build that asks for a newer C library than the oldest is told of, and is no failure', () => {
  const { status, stdout } = runNode([SCRIPT, '--out', path.join(folder, 'newer')], {
    env: fakeProgram('readelf', 'Name: GLIBC_2.17 Name: GLIBC_2.39'),
  });
  expect(stdout).toContain('needs glibc 2.39');
  expect(stdout).toMatch(/Newer than 2\.28 is 2\.39: .*--portable/);
  expect(status).toBe(0);
});

onGlibc('pack --portable: without the tools it says which are wanted, and how they come', () => {
  const { status, stderr } = runNode([SCRIPT, '--portable', '--out', path.join(folder, 'portable')], {
    env: { PATH: path.dirname(process.execPath), CARGO_HOME: folder },
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/cargo-zigbuild[^]*pip install cargo-zigbuild ziglang/);
  expect(fs.existsSync(path.join(folder, 'portable'))).toBe(false);
});

test('pack --check: every way has a name of its own, and files of the workspace that are JSON where they should be', () => {
  const packages = JSON.stringify([
    { name: '@obs/native', version: '1.0.0', file: '/a.tgz' },
    { name: '@obs/native-linux-x64-gnu', version: '1.0.0', file: '/b.tgz' },
  ]);
  const ways = evaluate('pack-ways.mjs', `it.waysToInstall(${packages})`);
  const names = ways.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const tool of ['npm', 'pnpm', 'yarn 1', 'yarn 4 with PnP', 'bun']) {
    expect(names.filter((name) => name.startsWith(tool)).length).toBeGreaterThan(0);
  }
  for (const { files } of ways) expect(JSON.parse(files['package.json']).name).toBe('workspace');
});
