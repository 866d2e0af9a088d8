// Runs scripts in Node processes of their own.
'use strict';

const { spawnSync } = require('node:child_process');
const path = require('node:path');

const PACKAGE = path.join(__dirname, '..', '..');

/** The environment without anything that would choose a root or a mode for the child. */
function cleanEnvironment(extra = {}) {
  const env = { ...process.env };
  for (const name of ['OBS_PROJECT_ROOT', 'CLAUDE_PROJECT_DIR', 'OBS_DURABILITY', 'OBS_DISABLED', 'NODE_OPTIONS']) {
    delete env[name];
  }
  return { ...env, ...extra };
}

/** Runs Node with `args`; gives `{ status, stdout, stderr }`. */
function runNode(args, { env = {}, cwd = PACKAGE } = {}) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd,
    env: cleanEnvironment(env),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** Runs CommonJS code in which `obs` is the package; gives what it printed, parsed when it is JSON. */
function runCode(code, options) {
  const entry = JSON.stringify(path.join(PACKAGE, 'index.js'));
  return runNode(['-e', `const obs = require(${entry});\n${code}`], options);
}

module.exports = { PACKAGE, cleanEnvironment, runCode, runNode };
