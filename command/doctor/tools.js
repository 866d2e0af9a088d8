// Which tools the workspace has, whether one of them really runs, and what an install left behind.
'use strict';

const { survey } = require('../workspace/files.js');
const { readManifest } = require('../workspace/manifest.js');
const { whyNotAnswering } = require('../workspace/probe.js');
const { finding } = require('./finding.js');

const SECTION = 'Workspace';

/** One finding about the five files, and one for each kept copy that no install knows of. */
function tools(root) {
  const places = survey(root);
  return [installed(root, places), ...strangers(root, places)];
}

function installed(root, places) {
  const count = (wanted) => places.filter(({ state }) => state === wanted).length;
  const [ours, edited] = [count('ours'), count('edited')];
  const data = { installed: ours, files: Object.fromEntries(places.map(({ name, state }) => [name, state])) };
  const found = (level, value, advice) => finding(SECTION, 'tools', level, value, { advice, data });
  if (ours + edited === 0) {
    return found('ok', 'not installed in .claude/tools/', 'npx @obs/native install  puts them there, if you want them');
  }
  const tried = places.find(({ state }) => state === 'ours');
  const why = tried === undefined ? null : whyNotAnswering(tried.file, root);
  if (why !== null) {
    const advice =
      'run  npm install @obs/native  in the workspace, or  npx @obs/native uninstall  to have the old ones';
    return found('fail', `${tried.name} was run and failed: ${why}`, advice);
  }
  if (ours === places.length) {
    return found('ok', `all five installed in .claude/tools/; ${tried.name} was run and answered`);
  }
  const changed = edited > 0 ? `, ${edited} changed by hand` : '';
  const advice = 'npx @obs/native install  puts in what is missing';
  return found('warn', `${ours} of ${places.length} installed${changed}`, advice);
}

/** An installation of the time before there were manifests kept what it replaced without noting it. */
function strangers(root, places) {
  const { files } = readManifest(root);
  return places
    .filter(({ kept, state, name }) => kept && (files === null ? state !== 'ours' : !files[name]))
    .map(({ name }) =>
      finding(SECTION, `${name}.orig`, 'warn', 'was not left by an install', {
        advice: 'uninstall leaves it alone: remove it if you do not need it',
      }),
    );
}

module.exports = { tools };
