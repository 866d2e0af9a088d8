// The platform packages under npm/ must stay in step with package.json, or an install finds no binary.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const main = require('../package.json');

const NPM = path.join(__dirname, '..', 'npm');
const EXPECTED = {
  'darwin-arm64': { os: ['darwin'], cpu: ['arm64'] },
  'darwin-x64': { os: ['darwin'], cpu: ['x64'] },
  'linux-arm64-gnu': { os: ['linux'], cpu: ['arm64'], libc: ['glibc'] },
  'linux-arm64-musl': { os: ['linux'], cpu: ['arm64'], libc: ['musl'] },
  'linux-x64-gnu': { os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
  'linux-x64-musl': { os: ['linux'], cpu: ['x64'], libc: ['musl'] },
  'win32-arm64-msvc': { os: ['win32'], cpu: ['arm64'] },
  'win32-x64-msvc': { os: ['win32'], cpu: ['x64'] },
};

test('there is one platform package per target and no other', () => {
  expect(fs.readdirSync(NPM).sort()).toEqual(Object.keys(EXPECTED));
  expect(main.napi.targets).toHaveLength(Object.keys(EXPECTED).length);
});

test('the manifest in git names no platform packages, so that npm ci works before they are published', () => {
  const named = { ...main.dependencies, ...main.optionalDependencies, ...main.peerDependencies };
  // What knows cron is a peer that nobody has to have.
  expect([Object.keys(named), main.peerDependenciesMeta]).toEqual([['croner'], { croner: { optional: true } }]);
});

describe.each(Object.keys(EXPECTED))('npm/%s', (platform) => {
  const manifest = JSON.parse(fs.readFileSync(path.join(NPM, platform, 'package.json'), 'utf8'));
  const binary = `${main.napi.binaryName}.${platform}.node`;

  test('has the name, version, licence and engines of the main package', () => {
    expect(manifest.name).toBe(`${main.name}-${platform}`);
    expect(manifest.version).toBe(main.version);
    expect(manifest.license).toBe(main.license);
    expect(manifest.engines).toEqual(main.engines);
  });

  test('ships exactly its binary and its program, and runs no script', () => {
    expect(manifest.main).toBe(binary);
    expect(manifest.files).toEqual([binary, platform.startsWith('win32') ? 'obs-hook.exe' : 'obs-hook']);
    expect(manifest).not.toHaveProperty('scripts');
  });

  test('is installed only where the binary runs', () => {
    const { os, cpu, libc } = manifest;
    expect(JSON.parse(JSON.stringify({ os, cpu, libc }))).toEqual(EXPECTED[platform]);
  });
});

test('no text of ours says the two words that would fetch the package of a stranger (D3)', () => {
  const words = ['npx', 'obs '].join(' ');
  const folders = [
    'README.md',
    'SECURITY.md',
    'CHANGELOG.md',
    'docs',
    'bin',
    'command',
    'lib',
    'tools',
    'examples',
    'types',
  ];
  const files = folders.flatMap((name) => {
    const place = path.join(__dirname, '..', name);
    if (!fs.statSync(place).isDirectory()) return [place];
    return fs.readdirSync(place, { recursive: true }).map((each) => path.join(place, each));
  });
  const texts = files.filter((file) => /\.(md|js|mjs|ts)$/.test(file));
  expect(texts.length).toBeGreaterThan(50);
  expect(texts.filter((file) => fs.readFileSync(file, 'utf8').includes(words))).toEqual([]);
});
