// The functions about objectives and alerts, over the core of a face; nothing here is loaded before one of them is called.
'use strict';

const { readMembers } = require('../lib/arguments.js');
const { invalidType } = require('../lib/errors.js');
const { check } = require('./check.js');
const { Subscribers } = require('./subscribers.js');
const { repeatFiring, tell } = require('./tell.js');

/** Checks, records and tells; gives the report with what became of each notification. */
async function checkAndTell(core, { record = true, notify = true } = {}, options = {}) {
  const { report, config, places, position } = await check(core, { record });
  if (!notify || !record || core.disabled) return { ...report, told: [] };
  const told = await tell(core, { config, places, position }, options);
  const failed = await repeatFiring(core, { config, alerts: report.alerts }, options);
  return { ...report, told: [...told, ...failed] };
}

/** The functions, each over `core`. */
function createAlerts(core) {
  const subscribers = new Subscribers(core, (options) => checkAndTell(core, options));

  return {
    async checkAlerts(options = {}) {
      const asked = readMembers('options', options, ['record', 'notify']);
      const report = await checkAndTell(core, asked);
      subscribers.hear();
      return report;
    },

    onAlert(listener, options = {}) {
      if (typeof listener !== 'function') throw invalidType('listener', 'a function', listener);
      return subscribers.add(listener, readMembers('options', options, ['every']));
    },
  };
}

module.exports = { checkAndTell, createAlerts };
