// Runs the package's command lines in real child processes, in workspaces with awkward names.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const PACKAGE = path.join(__dirname, '..', '..');
const MODULES = ['structured-logger', 'metrics-tracker', 'progress-emitter', 'metrics-dashboard', 'provider-health'];

/** A new folder with a space and a letter beyond ASCII in its path, as a real path. */
function makeFolder() {
  return fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'obs tést '));
}

function removeFolder(folder) {
  fs.rmSync(folder, { recursive: true, force: true });
}

/** Puts `files` (path under `root` → text) in place. */
function writeFiles(root, files) {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

/** The exact file that a workspace holds for a module, as documented. */
function fourLines(module) {
  return `#!/usr/bin/env node
export * from '@obs/native/${module}';
import { runIfMain } from '@obs/native/cli';
runIfMain(import.meta.url, '${module}');
`;
}

/** Makes `@obs/native` importable below `root`. */
function linkPackage(root) {
  const scope = path.join(root, 'node_modules', '@obs');
  fs.mkdirSync(scope, { recursive: true });
  fs.symlinkSync(PACKAGE, path.join(scope, 'native'), 'junction');
}

/** The environment without anything that would lead to another root, colour the output or stop recording. */
function cleanEnvironment(more = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(OBS_|CLAUDE_PROJECT_DIR$|NODE_OPTIONS$)/.test(name));
  return { ...Object.fromEntries(kept), ...more };
}

/** Starts `node ARGS`; `done` resolves to `{ code, signal, stdout, stderr }`, the texts can be read while it runs. */
function start(args, { cwd, env = {}, stdout = 'pipe' } = {}) {
  const child = spawn(process.execPath, args, { cwd, env: cleanEnvironment(env), stdio: ['ignore', stdout, 'pipe'] });
  const running = { child, stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text) => (running.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (running.stderr += text));
  running.done = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout: running.stdout, stderr: running.stderr }));
  });
  return running;
}

/** Runs `node ARGS` to its end. */
function run(args, options) {
  return start(args, options).done;
}

/** Resolves when `condition` holds; rejects with `what` after `ms`. */
async function until(condition, what, ms = 10_000) {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms for ${typeof what === 'function' ? what() : what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

module.exports = {
  MODULES,
  PACKAGE,
  cleanEnvironment,
  fourLines,
  linkPackage,
  makeFolder,
  removeFolder,
  run,
  start,
  until,
  writeFiles,
};
