// The words of the `obs` commands: what will be done, what was done, what to try. Each returns how many problems it met.
'use strict';

const path = require('node:path');

const { Complaint } = require('../terminal/output.js');
const { createStyle } = require('../terminal/style.js');
const { visible } = require('../../lib/visible.js');
const { tell } = require('../../lib/faults.js');
const { TOOLS } = require('./files.js');
const { readManifest, sweep } = require('./manifest.js');
const { applyInstall, planInstall } = require('./install.js');
const { whyNotRunning } = require('./probe.js');
const { applyUninstall, isRefused, planUninstall } = require('./uninstall.js');
const { requireWorkspace } = require('./workspace.js');

const SHOWN = TOOLS.replaceAll(path.sep, '/');

const INSTALL_WORDS = {
  add: ({ name }) => `  add      ${name}`,
  replace: ({ name }) => `  replace  ${name} (what stands there is kept as ${name}.orig)`,
  done: ({ name }) => `  done     ${name} is installed already`,
  blocked: ({ reason }) => `  blocked  ${reason}`,
};

const UNINSTALL_WORDS = {
  restore: ({ name }) => `  restore  ${name} from ${name}.orig`,
  remove: ({ name }) => `  remove   ${name}`,
  restored: ({ name }) => `  done     ${name} stands as it was; its copy ${name}.orig goes`,
  lost: ({ name }) =>
    `  keep     ${name}: what it replaced was kept as ${name}.orig, which is gone; bring that back (git checkout ` +
    `.claude/tools/${name}), or remove the file yourself`,
  changed: ({ name, kept }) =>
    `  keep     ${name}: it was changed since install${kept ? ` (${name}.orig stays too)` : ''}; remove it yourself if you like`,
};

async function install({ options, output }) {
  const { root, why } = requireWorkspace(options.root);
  const steps = planInstall(root);
  await output.text(describe(root, why, steps, INSTALL_WORDS));
  if (!options.force) requireRunning(root);
  if (options['dry-run']) {
    await output.text('\nDry run: nothing was changed.');
    return steps.filter(({ kind }) => kind === 'blocked').length;
  }
  applyInstall(root, steps);
  await output.text(`\n${installed(root, steps)}`);
  return 0;
}

/** Tools that do not run are worse than the ones that stand there, so nothing is touched. */
function requireRunning(root) {
  const why = whyNotRunning(root);
  if (why === null) return;
  throw new Complaint(
    `a tool that was tried in ${path.join(root, TOOLS)} does not run: ${why}; nothing was changed. ` +
      'Run  npm install @obs/native  in the workspace, or use --force to install all the same',
  );
}

function installed(root, steps) {
  const nothing = steps.every(({ kind }) => kind === 'done');
  return [
    nothing ? 'Already installed: nothing was changed.' : 'Installed.',
    `\nTry, in ${visible(root)}:`,
    `  node ${SHOWN}/structured-logger.mjs stats --since 7d`,
    `  node ${SHOWN}/metrics-tracker.mjs all 604800000`,
    `  node ${SHOWN}/progress-emitter.mjs watch`,
    '  npx @obs/native doctor',
    '\nTo take it back:  npx @obs/native uninstall',
  ].join('\n');
}

async function uninstall({ options, output }) {
  const { root, why } = requireWorkspace(options.root);
  const steps = planUninstall(root).filter(({ kind }) => kind !== 'none');
  const refused = steps.filter(isRefused);
  const { made, files } = readManifest(root);
  if (steps.length === 0 && made.length === 0 && files === null) {
    if (!options['dry-run']) sweep(root);
    await output.text(`Nothing to take back: the tools are not installed in ${visible(root)} (${why}).`);
    return 0;
  }
  await output.text(describe(root, why, steps, UNINSTALL_WORDS));
  if (options['dry-run']) {
    await output.text('\nDry run: nothing was changed.');
    return refused.length;
  }
  const removed = applyUninstall(root, steps).map((folder) => `  removed  ${folder}/ (install had made it)\n`);
  for (const { name, kind } of refused) {
    const reason = kind === 'lost' ? 'replaced a file whose copy is gone' : 'was changed since install';
    warn(`${SHOWN}/${name} ${reason} and was left alone`);
  }
  await output.text(`${removed.join('')}\nDone.`);
  return refused.length;
}

function describe(root, why, steps, words) {
  return [
    `Workspace: ${visible(root)} (${why})`,
    `In ${SHOWN}/:`,
    ...steps.map((step) => visible(words[step.kind](step))),
  ].join('\n');
}

function warn(text) {
  tell(`${createStyle(process.stderr).yellow('obs:')} ${visible(text)}\n`);
}

async function doctor({ options, output }) {
  const { examine } = require('../doctor/examine.js');
  const { reportText } = require('../doctor/report.js');
  const findings = examine(options.root);
  const problems = findings.filter(({ level }) => level === 'fail').length;
  if (options.json) await output.json({ ok: problems === 0, problems, findings });
  // The report escapes what it shows and may colour its own words, which `output.text` would take for foreign ones.
  else await output.write(reportText(findings, createStyle(output.terminal)));
  return problems;
}

module.exports = { install, uninstall, doctor };
