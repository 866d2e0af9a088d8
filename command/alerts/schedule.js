// The commands `obs schedule run` and `obs schedule print`: one run that is due, and what calls it again and again.
'use strict';

const path = require('node:path');

const { WrongUsage } = require('../terminal/output.js');
const { requireWorkspace } = require('../workspace/workspace.js');

const HOUR = 3_600_000;
const MINUTE = 60_000;
const OBS = path.join(__dirname, '..', '..', 'bin', 'obs.js');

/** The schedule that the options say; without one the moment is always due. */
function slotsFor({ every, when, timezone }) {
  const { slotsOf } = require('../../alerts/schedule.js');
  if (every === undefined && when === undefined) {
    if (timezone !== undefined) throw new WrongUsage('--timezone goes with --when');
    return { key: 'now', due: (now) => now };
  }
  return slotsOf({ every, cron: when, timezone });
}

/** Saves a dashboard if one is due and nobody did; safe to call at any time, from hooks as well. */
async function run({ options, output }) {
  const { runSlot } = require('../../alerts/schedule.js');
  const { createFace } = require('../../lib/face.js');
  const core = createFace({ projectRoot: requireWorkspace(options.root).root }).core();
  const slots = slotsFor(options);
  const slot = slots.due(Date.now());
  const made = await runSlot(core, { key: slots.key, slot });
  const answer = {
    schema: 1,
    ran: made !== null,
    scheduled_for: slot && new Date(slot).toISOString(),
    file: made?.file ?? null,
  };
  if (options.json) await output.json(answer);
  else await output.text(made === null ? 'Nothing is due.' : `Dashboard saved to: ${made.file}`);
  return 0;
}

/** The words of the commands that a timer calls. */
function commandsFor(root, { every, when, timezone }) {
  const obs = [process.execPath, OBS];
  const schedule = when === undefined ? ['--every', `${every / 1000}s`] : ['--when', when];
  const zone = timezone === undefined ? [] : ['--timezone', timezone];
  return [
    [...obs, 'schedule', 'run', ...schedule, ...zone, '--root', root],
    [...obs, 'alerts', 'check', '--root', root],
    // Where nothing is configured it does nothing.
    [...obs, 'retention', 'run', '--root', root],
  ];
}

async function print({ options, output }) {
  const { crontabLines, systemdUnits } = require('../../alerts/units.js');
  const { root } = requireWorkspace(options.root);
  const one = Boolean(options.systemd) !== Boolean(options.cron);
  if (!one) throw new WrongUsage('schedule print needs --systemd or --cron');
  slotsFor(options);
  // An expression is looked at each minute: what is not due costs a start of Node.
  const every = options.when === undefined ? (options.every ?? HOUR) : MINUTE;
  const about = `Dashboards and alerts of ${root}`.replace(/[\r\n]/g, ' ');
  const asked = { name: 'obs-schedule', about, every, commands: commandsFor(root, { ...options, every }) };
  if (options.cron) {
    await output.write(crontabLines(asked));
    return 0;
  }
  const units = Object.entries(systemdUnits(asked));
  await output.write(units.map(([name, text]) => `# ~/.config/systemd/user/${name}\n${text}`).join('\n'));
  return 0;
}

module.exports = { print, run };
