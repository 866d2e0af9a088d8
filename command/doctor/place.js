// Where records go from here and why, what the environment asks for, and which tools the workspace has.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { survey } = require('../workspace/files.js');
const { resolvesFrom } = require('../workspace/install.js');
const { isFolder } = require('../workspace/workspace.js');
const { DURABILITIES, YES } = require('../../lib/core.js');
const { finding } = require('./finding.js');

const SECTION = 'Workspace';

function place(workspace, env = process.env) {
  return [root(workspace), ...environment(env), tools(workspace.root)];
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

function environment(env) {
  const found = [];
  const durability = env.OBS_DURABILITY;
  if (durability) {
    const known = DURABILITIES.includes(durability);
    const advice = known ? undefined : `set it to one of ${DURABILITIES.join(', ')}, or unset it`;
    found.push(finding(SECTION, 'OBS_DURABILITY', known ? 'ok' : 'fail', durability, { advice }));
  }
  if (YES.includes(String(env.OBS_DISABLED ?? '').toLowerCase())) {
    const advice = 'unset OBS_DISABLED to record again';
    found.push(finding(SECTION, 'OBS_DISABLED', 'fail', `${env.OBS_DISABLED}: nothing is recorded`, { advice }));
  }
  return found;
}

function tools(folder) {
  const places = survey(folder);
  const count = (wanted) => places.filter(({ state }) => state === wanted).length;
  const [ours, edited] = [count('ours'), count('edited')];
  const data = { installed: ours, files: Object.fromEntries(places.map(({ name, state }) => [name, state])) };
  const found = (level, value, advice) => finding(SECTION, 'tools', level, value, { advice, data });
  if (ours + edited === 0) {
    return found('ok', 'not installed in .claude/tools/', 'npx @obs/native install  puts them there, if you want them');
  }
  if (!resolvesFrom(folder)) {
    const advice = 'run  npm install @obs/native  in the workspace';
    return found('fail', 'they import @obs/native, which is not found from here', advice);
  }
  if (ours === places.length) return found('ok', 'all five installed in .claude/tools/');
  const changed = edited > 0 ? `, ${edited} changed by hand` : '';
  return found(
    'warn',
    `${ours} of ${places.length} installed${changed}`,
    'npx @obs/native install  puts in what is missing',
  );
}

module.exports = { place };
