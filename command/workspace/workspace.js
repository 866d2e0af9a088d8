// Finds the workspace that an `obs` command is about, and says in words why it was that one.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { Complaint } = require('../terminal/output.js');
const { findProjectRoot } = require('../../lib/root.js');

const REASONS = {
  '--root': 'named with --root',
  OBS_PROJECT_ROOT: 'named by the environment variable OBS_PROJECT_ROOT',
  'tool-file': 'the workspace of the tool file that was called',
  CLAUDE_PROJECT_DIR: 'named by the environment variable CLAUDE_PROJECT_DIR',
  'main-script': 'the nearest folder above the main script that holds .claude',
  'working-directory': 'the nearest folder at or above the working directory that holds .claude',
  fallback: 'the working directory, as no folder at or above it holds .claude',
};

/** `{ root, reason, why }`: the folder, a word for programs, and a few words for people. */
function findWorkspace(named) {
  const { root, reason } = named === undefined ? findProjectRoot() : { root: path.resolve(named), reason: '--root' };
  return { root, reason, why: REASONS[reason] ?? reason };
}

/** The same, but a folder that does not exist or is only a last resort is a complaint: nothing may be written there. */
function requireWorkspace(named) {
  const found = findWorkspace(named);
  if (found.reason === 'fallback') {
    throw new Complaint(
      `no folder at or above ${found.root} holds .claude: go to the workspace, or name it with --root DIR`,
    );
  }
  if (!isFolder(found.root)) throw new Complaint(`${found.root} is not a folder (${found.why})`);
  return found;
}

function isFolder(folder) {
  return fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

module.exports = { findWorkspace, requireWorkspace, isFolder };
