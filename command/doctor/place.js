// Where records go from here and why, what the environment asks for, and which tools the workspace has.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { isFolder } = require('../workspace/workspace.js');
const { environment } = require('./environment.js');
const { finding } = require('./finding.js');
const { tools } = require('./tools.js');

const SECTION = 'Workspace';

function place(workspace, env = process.env) {
  return [root(workspace), ...environment(env), ...tools(workspace.root)];
}

function root({ root: folder, reason, why }) {
  const data = { root: folder, reason };
  const found = (level, advice) => finding(SECTION, 'root', level, `${folder} (${why})`, { advice, data });
  if (!isFolder(folder)) return found('fail', 'this folder does not exist: correct the name, or make the folder');
  if (reason === 'fallback') {
    return found('fail', 'go to the workspace, or set OBS_PROJECT_ROOT; records would make a new .claude here');
  }
  const fresh = !fs.existsSync(path.join(folder, '.claude'));
  return fresh ? found('warn', 'it holds no .claude yet; the first record makes it') : found('ok');
}

module.exports = { place };
