// Leaves the names of the alerts that fire where the status line finds them without reading the log.
'use strict';

const path = require('node:path');

const { fitting } = require('./log.js');
const { readJson, replaceJson } = require('./places.js');

/** One file for all data folders of a root: it says which one it is about, and the last check wins. */
const fileOf = ({ folder }) => path.join(folder, 'firing.json');
const dataOf = ({ log }) => path.dirname(path.dirname(log));

/** Keeps what fires and is not silenced, as a check at `now` found it; the caller holds the lock of the log. */
function keepFiring(places, alerts, now) {
  const loud = alerts.filter(({ state, silenced_until }) => state === 'firing' && silenced_until === null);
  keep(places, { data: dataOf(places), at: now, firing: loud.map(({ alert }) => alert) });
}

/** What a full disk does not take is shown late, and nothing else is harmed. */
function keep(places, value) {
  try {
    replaceJson(fileOf(places), value);
  } catch {
    // The next check tries again.
  }
}

/** Takes out what was just silenced; what is not silenced any more the next check adds. */
function quietFiring(places, pattern) {
  const kept = readJson(fileOf(places));
  if (!Array.isArray(kept?.firing) || kept.data !== dataOf(places)) return;
  const silenced = fitting(pattern);
  keep(places, { ...kept, firing: kept.firing.filter((alert) => !silenced.test(alert)) });
}

module.exports = { keepFiring, quietFiring };
