// The commands about objectives and alerts: each asks the room `alerts` and shows what it says, as text or as JSON.
'use strict';

const { Complaint, WrongUsage } = require('../terminal/output.js');
const { findWorkspace } = require('../workspace/workspace.js');
const { createStyle } = require('../terminal/style.js');
const { tell } = require('../../lib/faults.js');
const { visible } = require('../../lib/visible.js');
const { readPeriod } = require('../show/period.js');
const view = require('./view.js');

const DAY = 86_400_000;
const CODES = { quiet: 0, firing: 1, unknown: 2 };

/** The face of the workspace that was named or found. */
function faceOf(options) {
  const { createFace } = require('../../lib/face.js');
  return createFace({ projectRoot: findWorkspace(options.root).root });
}

async function answer(output, options, value, text) {
  if (options.json) await output.json(value);
  else await output.write(`${text(value, createStyle(output.terminal))}\n`);
}

/** Exit code 2 also when the check itself failed: a monitor that cannot look is not quiet. */
async function check({ options, output }) {
  let report;
  try {
    report = await faceOf(options).checkAlerts({ notify: !options['no-notify'], record: !options['dry-run'] });
  } catch (error) {
    tell(`obs: ${visible(error.message)}\n`);
    return { exit: 2 };
  }
  for (const { notifier, alert, error } of report.told.filter((one) => one.error !== null)) {
    tell(`obs: ${visible(notifier)} was not told of ${visible(alert)}: ${visible(error)}\n`);
  }
  await answer(output, options, report, view.report);
  return { exit: CODES[report.state] };
}

/** Judged anew, as every alert has words for now; nothing is recorded. */
async function judged(options) {
  return faceOf(options).checkAlerts({ record: false, notify: false });
}

async function list({ options, output }) {
  const { schema, checked_at, alerts } = await judged(options);
  await answer(output, options, { schema, checked_at, alerts }, view.list);
  return 0;
}

async function show({ values: [name], options, output }) {
  const { alerts } = await judged(options);
  const { changesOf } = require('../../alerts/history.js');
  const changes = changesOf(faceOf(options).core(), name);
  const alert = alerts.find((each) => each.alert === name) ?? null;
  if (alert === null && changes.length === 0) throw unknown(name, alerts);
  await answer(output, options, { schema: 1, alert, changes }, view.one);
  return 0;
}

function unknown(name, alerts) {
  const { didYouMean } = require('../nearest.js');
  const guess = didYouMean(name, alerts.map(({ alert }) => alert)); // prettier-ignore
  return new WrongUsage(`there is no alert '${visible(name)}'${guess} (obs alerts list names them all)`);
}

async function silence({ values: [name, span], options, output }) {
  const { silence: silenced } = require('../../alerts/check.js');
  const { alerts } = await judged(options);
  const { fitting } = require('../../alerts/log.js');
  if (!alerts.some(({ alert }) => fitting(name).test(alert))) throw unknown(name, alerts);
  const line = await silenced(faceOf(options).core(), name, span, options.why);
  await answer(output, options, { schema: 1, ...line }, view.silenced);
  return 0;
}

/** `--since` in milliseconds before now. */
function sinceMs(since = 30 * DAY) {
  const { from } = readPeriod({ since });
  return Date.now() - (from ?? 0);
}

async function test({ options, output }) {
  const { replay } = require('../../alerts/replay.js');
  const result = replay(faceOf(options).core(), sinceMs(options.since));
  await answer(output, options, result, view.replayed);
  return 0;
}

async function objectives({ options, output }) {
  const found = faceOf(options).getObjectives();
  await answer(output, options, { schema: 1, objectives: found }, view.objectives);
  return 0;
}

async function exported({ options, output }) {
  if (!options.prometheus) throw new WrongUsage('alerts export needs to know what to: --prometheus');
  const { prometheusRules } = require('../../alerts/prometheus.js');
  await output.write(prometheusRules(faceOf(options).core()));
  return 0;
}

async function init({ options, output }) {
  const { proposal, writeProposal } = require('../../alerts/init.js');
  const core = faceOf(options).core();
  const { text, objectives: found, warnings } = proposal(core);
  if (options['dry-run']) {
    await output.write(text);
    for (const warning of warnings) tell(`obs: ${visible(warning)}\n`);
    return 0;
  }
  const file = writeProposal(core, text, Boolean(options.force));
  const there = 'there is an objectives.json already; --force replaces it, --dry-run shows what would stand there';
  if (file === null) throw new Complaint(there);
  const wrote = `Wrote ${file}: ${found} ${found === 1 ? 'objective' : 'objectives'}.`;
  await output.text([wrote, ...warnings.map((each) => `  ${each}`), 'Try: obs alerts test --since 30d'].join('\n'));
  return 0;
}

module.exports = { check, exported, init, list, objectives, show, silence, test };
