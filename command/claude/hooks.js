// The commands `obs install --claude-code` and `obs uninstall`: what happens to the settings of Claude Code.
'use strict';

const path = require('node:path');

const { visible } = require('../../lib/visible.js');
const { Complaint } = require('../terminal/output.js');
const { requireWorkspace } = require('../workspace/workspace.js');
const { applyPlan, planHooks, planRemoval, switchedOff } = require('../../claude/install.js');

/** The lines in which two texts differ, as far as their beginnings and ends are the same. */
function difference(before, after) {
  const [old, fresh] = [before, after].map((text) => (text === null ? [] : text.split(/\r?\n/)));
  let start = 0;
  while (start < Math.min(old.length, fresh.length) && old[start] === fresh[start]) start += 1;
  let end = 0;
  const most = Math.min(old.length, fresh.length) - start;
  while (end < most && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end += 1;
  const part = (lines, sign) => lines.slice(start, lines.length - end).map((line) => `  ${sign} ${line}`.trimEnd());
  return [...part(old, '-'), ...part(fresh, '+')].join('\n');
}

/** The words of a plan that cannot be made or carried out are the whole complaint. */
function orComplain(work) {
  try {
    return work();
  } catch (error) {
    throw new Complaint(error.message);
  }
}

/** What became of the status line. */
function lineWords({ line, call }) {
  if (line === null) {
    return "The status line is each one's own:  npx @obs/native install --claude-code  without --shared adds it.";
  }
  if (line.left) return 'The status line was left as it is: it is no command that could be shown beside ours.';
  const ours = call.program
    ? 'The status line tells of this workspace'
    : 'The status line tells of this workspace (by Node)';
  return line.kept === null ? `${ours}.` : `${ours}, below what \`${short(visible(line.kept))}\` prints, as before.`;
}

const short = (text) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

async function installHooks({ options, output }) {
  const { root } = requireWorkspace(options.root);
  const plan = orComplain(() => planHooks(root, { shared: Boolean(options.shared) }));
  const name = path.relative(root, plan.file);
  if (plan.before === plan.after) {
    await output.text(`All of it stands in ${name} already: nothing was changed.`);
    return 0;
  }
  if (options['dry-run']) {
    await output.text(`In ${name}:\n${difference(plan.before, plan.after)}\n\nDry run: nothing was changed.`);
    return 0;
  }
  orComplain(() => applyPlan(plan, { keep: true }));
  const off = switchedOff(root).map((file) => `${file} says disableAllHooks, so none of them runs.`);
  const done = `Installed: from its next start Claude Code calls obs-hook, as ${name} says now.`;
  const next = 'To take it back:  npx @obs/native uninstall --claude-code';
  const more = [lineWords(plan), ...off, 'What happened before:  npx @obs/native import claude', next];
  await output.text([done, ...more].join('\n'));
  return 0;
}

/** Takes the hooks out; tells how many problems it met. */
async function uninstallHooks({ options, output }) {
  const { root } = requireWorkspace(options.root);
  const plans = orComplain(() => planRemoval(root));
  if (plans.length === 0) {
    if (options['claude-code']) await output.text('Nothing to take back: no settings of Claude Code call obs-hook.');
    return 0;
  }
  for (const plan of plans) {
    const name = path.relative(root, plan.file);
    if (options['dry-run']) await output.text(`In ${name}:\n${difference(plan.before, plan.after)}`);
    else {
      orComplain(() => applyPlan(plan));
      await output.text(`Took the hooks out of ${name}.`);
    }
  }
  if (options['dry-run']) await output.text('\nDry run: nothing was changed.');
  return 0;
}

module.exports = { difference, installHooks, uninstallHooks };
