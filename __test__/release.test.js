// What a release publishes: versions that agree, every platform before the package that names them, the workflow's targets.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { PACKAGE, runNode } = require('./support/child.js');
const manifest = require('../package.json');

const RELEASE = path.join(PACKAGE, 'scripts', 'release.mjs');
const PLATFORMS = fs.readdirSync(path.join(PACKAGE, 'npm')).sort();

/** A checkout with what a release looks at, changed by `change`; gives what the release says. */
function releaseOf(change, ...args) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'obs-release-'));
  try {
    for (const name of ['scripts', 'npm', 'lib', 'package.json', 'Cargo.toml']) {
      fs.cpSync(path.join(PACKAGE, name), path.join(root, name), { recursive: true });
    }
    change(root);
    return runNode([path.join(root, 'scripts', 'release.mjs'), ...args], { cwd: root });
  } finally {
    fs.rmSync(root, { recursive: true });
  }
}

const rewrite = (root, name, from, to) => {
  const file = path.join(root, name);
  const text = fs.readFileSync(file, 'utf8');
  expect(text).toContain(from);
  fs.writeFileSync(file, text.replace(from, to));
};

test('the dry run names every package, the main one last, each with provenance', () => {
  const { status, stdout } = runNode([RELEASE, '--dry-run']);
  expect(status).toBe(0);
  const named = [...stdout.matchAll(/npm publish (\S+)@\S+ --provenance --access public/g)].map(([, name]) => name);
  expect(named).toEqual([...PLATFORMS.map((platform) => `${manifest.name}-${platform}`), manifest.name]);
});

const version = `"${manifest.version}"`;

test.each([
  ['Cargo.toml', `version = ${version}`, 'version = "9.9.9"', /Cargo\.toml has the version 9\.9\.9/],
  ['npm/linux-x64-gnu/package.json', version, '"9.9.9"', /npm\/linux-x64-gnu has the version 9\.9\.9/],
  ['package.json', '"x86_64-apple-darwin",', '', /package\.json builds .*, npm\/ has .*darwin-x64/],
])('what disagrees in %s stops it, also a dry run', (name, from, to, words) => {
  const { status, stderr } = releaseOf((root) => rewrite(root, name, from, to), '--dry-run');
  expect([status, stderr]).toEqual([1, expect.stringMatching(words)]);
});

test('so do a tag of another version and, in a real one, a platform without its addon', () => {
  const other = releaseOf(() => {}, '--dry-run', '--tag', 'v0.0.0');
  expect([other.status, other.stderr]).toEqual([1, expect.stringContaining('the tag is v0.0.0')]);
  const bare = releaseOf(() => {}, '--binaries', 'nowhere');
  expect(bare.status).toBe(1);
  for (const platform of PLATFORMS) expect(bare.stderr).toContain(`obs-native.${platform}.node`);
  expect(bare.stdout).toBe('');
});

test('the workflow builds every target and runs only scripts that are there', () => {
  const text = fs.readFileSync(path.join(PACKAGE, '.github', 'workflows', 'release.yml'), 'utf8');
  const targets = [...text.matchAll(/target: ([\w-]+)/g)].map(([, target]) => target);
  expect(targets.sort()).toEqual([...manifest.napi.targets].sort());
  const scripts = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name);
  expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
  const files = [...text.matchAll(/node (\S+\.mjs)/g)].map(([, file]) => file);
  expect(files.filter((file) => !fs.existsSync(path.join(PACKAGE, file)))).toEqual([]);
});
