// One check: everything is judged, and what changed is recorded once, however many processes check at the same time.
'use strict';

const { clock } = require('../lib/clock.js');
const { withCode } = require('../lib/errors.js');
const { evaluate } = require('./evaluate.js');
const { loadObjectives } = require('./file.js');
const { keepFiring, quietFiring } = require('./firing.js');
const { AlertLog } = require('./log.js');
const { makeCacheFolder, placesOf, takeLock } = require('./places.js');
const { enlist } = require('./tell.js');

const PATIENCE = 30_000;
const OPEN = new Set(['firing', 'pending']);

/** A line of the log. */
function changeOf({ alert, kind, subject, message, details }, was, state, now, silencedUntil) {
  const timestamp = new Date(now).toISOString();
  const silenced = silencedUntil === null ? {} : { silenced_until: silencedUntil };
  return { timestamp, alert, state, was, kind, subject, message, ...silenced, details };
}

/** An alert that is on record as burning, and that nobody asks about any more: its runs are too old, or its rule is gone. */
function gone(alert) {
  const message = `${alert}: no runs any more, or no longer asked for`;
  return { alert, kind: null, subject: null, message, verdict: 'no_data', objective: false, details: {} };
}

/** The state that each finding leads to, and the changes. A fire that was silenced is told again when the silence is over. */
function compare(findings, states, now) {
  const found = new Set(findings.map(({ alert }) => alert));
  const vanished = [...states.alerts].filter(([alert, { state }]) => OPEN.has(state) && !found.has(alert));
  const all = [
    ...findings,
    ...vanished.map(([alert]) => ({ ...gone(alert), next: { firing: 'unknown', pending: 'quiet' } })),
  ];
  const changes = [];
  const alerts = all.map((finding) => {
    const before = states.of(finding.alert);
    const state = finding.next[before.state];
    const silenced_until = states.silenced(finding.alert, now);
    const loud = state === 'firing' && before.silenced_until !== null && silenced_until === null;
    const changed = state !== before.state || loud;
    if (changed) changes.push(changeOf(finding, before.state, state, now, silenced_until));
    const since = changed ? new Date(now).toISOString() : before.since;
    return { ...shown(finding), state, since, silenced_until };
  });
  return { alerts, changes };
}

function shown({ alert, kind, subject, verdict, message, objective, details }) {
  return { alert, state: null, since: null, kind, subject, objective, verdict, message, silenced_until: null, details };
}

/** The state of all alerts together: `firing`, else `unknown` when an objective cannot be judged, else `quiet`. */
function overall(alerts) {
  if (alerts.some(({ state, silenced_until }) => state === 'firing' && silenced_until === null)) return 'firing';
  return alerts.some(({ state, objective }) => objective && state === 'unknown') ? 'unknown' : 'quiet';
}

/** Judges everything; with `record`, changes are appended to the log under its lock. `{ report, config }`. */
async function check(core, { record = true } = {}) {
  const config = loadObjectives(core.where.root);
  const places = placesOf(core);
  const log = new AlertLog(places);
  const recording = record && !core.disabled;
  const lock = recording ? await lockLog(core, places) : null;
  try {
    const now = core.now();
    const read = log.read();
    const { alerts, changes } = compare(evaluate(core, config, now, read.states), read.states, now);
    if (recording) {
      enlist(places, config.notify, read.position);
      log.append(read, changes);
      if (changes.length > 0 || read.fresh) log.keep(read);
      keepFiring(places, alerts, now);
    }
    const firing = alerts.filter(({ state }) => state === 'firing').length;
    const report = {
      schema: 1,
      checked_at: new Date(now).toISOString(),
      state: overall(alerts),
      firing,
      alerts,
      changes,
    };
    return { report, config, places, position: read.position };
  } finally {
    lock?.release();
  }
}

async function lockLog(core, places) {
  makeCacheFolder(places.folder);
  const lock = await takeLock(core, places.file('alerts.lock'), PATIENCE);
  if (lock !== null) return lock;
  throw withCode(
    new Error(`another process has held ${places.file('alerts.lock')} for ${PATIENCE / 1000} s; try again`),
    'OBS_BUSY',
  );
}

/** Silences an alert, or those that fit a pattern, for some milliseconds; 0 ends the silence. Gives the line of the log. */
async function silence(core, alert, span, why = null) {
  const places = placesOf(core);
  const lock = await lockLog(core, places);
  try {
    const log = new AlertLog(places);
    const now = clock();
    const [timestamp, silenced_until] = [now, now + span].map((at) => new Date(at).toISOString());
    const line = { timestamp, alert, silenced_until, why };
    log.keep(log.append(log.read(), [line]));
    if (span > 0) quietFiring(places, alert);
    return line;
  } finally {
    lock.release();
  }
}

module.exports = { check, silence };
