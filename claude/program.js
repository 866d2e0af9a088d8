// Finds `obs-hook`, the program without Node, and how a settings file of a workspace names it.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { platformName } = require('../lib/addon.js');

const NAME = process.platform === 'win32' ? 'obs-hook.exe' : 'obs-hook';
const SCRIPT = 'obs-hook.js';
const PACKAGE = 'node_modules/@obs/native';
const PROJECT = '${CLAUDE_PROJECT_DIR}';
// A program of another system, or one that may not be run, says so at once.
const PATIENCE_MS = 10_000;

/** Whether a file is a program of this version that runs here. */
function runs(file) {
  if (!fs.existsSync(file)) return false;
  const { stdout, status } = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: PATIENCE_MS });
  return status === 0 && stdout.trim() === `obs-hook ${require('../package.json').version}`;
}

/** The program beside this package's addon: in a checkout, or in the platform's package; `null` when none runs here. */
function findProgram() {
  const beside = path.join(__dirname, '..', NAME);
  if (runs(beside)) return beside;
  try {
    const file = path.join(path.dirname(require.resolve(`@obs/native-${platformName()}/package.json`)), NAME);
    return runs(file) ? file : null;
  } catch {
    return null;
  }
}

/**
 * Where the workspace at `root` has the program, by a path that holds after an update too: beside the main package, or, where
 * a package manager keeps packages elsewhere, beside the place that the main one's link leads to.
 */
function installedProgram(root) {
  const own = `native-${platformName()}/${NAME}`;
  return [`node_modules/@obs/${own}`, `${PACKAGE}/../${own}`].find((place) => runs(`${root}/${place}`)) ?? null;
}

/**
 * What a settings file has to call, `{ command, args, program }`, `args` before any words; `program` tells whether it is the
 * one without Node. A `shared` file is for machines of every kind, and only Node is the same on all of them.
 */
function callFor(root, shared = false) {
  const script = fs.existsSync(path.join(root, PACKAGE, 'bin', SCRIPT));
  if (!shared) {
    const installed = script ? installedProgram(root) : null;
    const found = installed === null && !script ? findProgram() : null;
    if (installed !== null) return { command: `${PROJECT}/${installed}`, args: [], program: true };
    if (found !== null) return { command: found, args: [], program: true };
  }
  // Claude Code puts the folder of the workspace in place of its variable.
  const file = shared || script ? `${PROJECT}/${PACKAGE}/bin/${SCRIPT}` : path.join(__dirname, '..', 'bin', SCRIPT);
  return { command: 'node', args: [file], program: false };
}

module.exports = { PROJECT, callFor, findProgram };
