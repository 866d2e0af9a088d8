// Which versions run here, and whether the native part loads and belongs to this package.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const manifest = require('../../package.json');
const { finding } = require('./finding.js');

const SECTION = 'Versions';
const OLDEST_NODE = 20;

/** `api` is the public entry, or `{ error }` when it could not be loaded. */
function versions(api) {
  return [
    finding(SECTION, 'package', 'ok', `${manifest.name} ${manifest.version}`, { data: { version: manifest.version } }),
    node(),
    finding(SECTION, 'platform', 'ok', `${process.platform} ${process.arch}${libc()}`),
    binding(api),
  ];
}

function node() {
  const old = Number(process.versions.node.split('.')[0]) < OLDEST_NODE;
  const advice = old ? `install Node ${OLDEST_NODE} or newer` : undefined;
  return finding(SECTION, 'node', old ? 'fail' : 'ok', process.version, { advice });
}

function libc() {
  if (process.platform !== 'linux') return '';
  const version = process.report.getReport().header.glibcVersionRuntime;
  return version ? ` glibc ${version}` : ' musl';
}

function binding(api) {
  if (api.error) {
    const [what, ...rest] = String(api.error.message ?? api.error).split('\n');
    return finding(SECTION, 'binding', 'fail', what, { advice: rest.join('\n') || 'install @obs/native again' });
  }
  // Addons stand in the module cache like any other file; this is the one that really answered.
  const file = Object.keys(require.cache).find(
    (name) => name.endsWith('.node') && path.basename(name).startsWith('obs-native.'),
  );
  if (!file) return finding(SECTION, 'binding', 'ok', 'loaded');
  const own = ownerOf(file);
  if (own.version === manifest.version) {
    return finding(SECTION, 'binding', 'ok', `${own.version}, ${file}`, { data: { file, ...own } });
  }
  return finding(SECTION, 'binding', 'fail', `${own.name} is ${own.version}, the package ${manifest.version}`, {
    advice: `run  npm install ${own.name}@${manifest.version}`,
    data: { file, ...own },
  });
}

/** Name and version of the package that holds the binary: a platform package, or this one in a checkout. */
function ownerOf(file) {
  try {
    const { name, version } = JSON.parse(fs.readFileSync(path.join(path.dirname(file), 'package.json'), 'utf8'));
    return { name, version };
  } catch {
    return { name: manifest.name, version: manifest.version };
  }
}

module.exports = { versions };
