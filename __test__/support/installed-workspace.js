// A workspace of the old layout into which the packed package is installed, as a user would do it but without a registry.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { PACKAGE, cleanEnvironment, makeFolder } = require('./command-line.js');

/** `{ workshop, workspace }`: a folder to remove in the end, and in it the workspace with the package installed. */
function installedWorkspace() {
  const workshop = makeFolder();
  const workspace = path.join(workshop, 'my workspace');
  makeOldLayout(workspace);
  const tarballs = pack(workshop);
  npm(['install', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', ...tarballs], workspace);
  return { workshop, workspace };
}

/** npm is a script of its own on Windows, and only its JavaScript can be run without a shell. */
function npm(args, cwd) {
  const windows = process.platform === 'win32';
  // The tests may themselves run under npm, whose settings would lead this one to another folder.
  const env = Object.fromEntries(Object.entries(cleanEnvironment()).filter(([name]) => !/^npm_/i.test(name)));
  const options = { cwd, env, encoding: 'utf8', shell: windows, stdio: ['ignore', 'pipe', 'pipe'] };
  return execFileSync(windows ? 'npm.cmd' : 'npm', windows ? args.map((arg) => `"${arg}"`) : args, options);
}

/** What `npm run pack` leaves in `folder`: the tarballs of the package and of this machine's platform package. */
function pack(folder) {
  execFileSync(process.execPath, [path.join(PACKAGE, 'scripts', 'pack.mjs'), '--out', folder], { stdio: 'pipe' });
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => path.join(folder, name));
}

function makeOldLayout(root) {
  const tools = path.join(root, '.claude', 'tools');
  fs.mkdirSync(tools, { recursive: true });
  fs.mkdirSync(path.join(root, '.claude', 'context', 'logs'), { recursive: true });
  fs.writeFileSync(path.join(root, 'package.json'), '{ "name": "workspace", "private": true }\n');
  fs.writeFileSync(path.join(tools, 'structured-logger.mjs'), 'export const old = 1;\r\n// no newline at the end');
  fs.writeFileSync(path.join(tools, 'metrics-tracker.mjs'), Buffer.from([0xef, 0xbb, 0xbf, 0x0a, 0xff]));
  fs.writeFileSync(path.join(tools, 'workflow_runner.js'), '// of the workspace itself\n');
  fs.chmodSync(path.join(tools, 'structured-logger.mjs'), 0o640);
  fs.symlinkSync('metrics-tracker.mjs', path.join(tools, 'progress-emitter.mjs'));
}

/** Everything below `folder`: kind, mode and content of each entry. */
function snapshot(folder) {
  const entries = fs.readdirSync(folder, { recursive: true }).sort();
  return Object.fromEntries(entries.map((name) => [name, describeEntry(path.join(folder, name))]));
}

function describeEntry(file) {
  const stat = fs.lstatSync(file);
  if (stat.isSymbolicLink()) return `link to ${fs.readlinkSync(file)}`;
  if (stat.isDirectory()) return 'folder';
  return `${stat.mode.toString(8)} ${stat.mtimeMs} ${fs.readFileSync(file, 'hex')}`;
}

module.exports = { installedWorkspace, makeOldLayout, snapshot };
