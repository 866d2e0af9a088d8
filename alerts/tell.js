// Tells each notifier of each change that is worth it: once, in order, and again only when the process was ended meanwhile.
'use strict';

const { createHash } = require('node:crypto');
const fs = require('node:fs');

const { redactedJson } = require('../lib/errors.js');
const { readLines } = require('./log.js');
const { alertmanagerBody } = require('./notifiers/alertmanager.js');
const { pause, readJson, replaceJson, takeLock } = require('./places.js');

const TRIES = 3;
const TIMEOUT = 10_000;
const FIRST_PAUSE = 1000;
// Longer than the slowest notifier takes for one change.
const PATIENCE = 60_000;

/** Fires, and their ends; what was silenced is not told. */
function isTold({ state, was, silenced_until: silenced }) {
  return silenced === undefined && (state === 'firing' || was === 'firing');
}

/** What is remembered about a notifier: other words or another variable make another one. */
function keyOf(notifier) {
  const hash = createHash('sha1').update(JSON.stringify(notifier)).digest('hex').slice(0, 12);
  return `${notifier.type}-${hash}`;
}

/** A name for people: the program, or the variable. */
function nameOf(notifier) {
  return notifier.type === 'command' ? notifier.argv[0] : notifier.variable;
}

async function deliver(core, notifier, change, { env, timeout }) {
  if (notifier.type === 'command') {
    const { tellCommand } = require('./notifiers/command.js');
    return tellCommand({ ...notifier, cwd: core.where.root }, redactedJson(JSON.stringify(change)), { timeout });
  }
  const isManager = notifier.type === 'alertmanager';
  return post(core, notifier, isManager ? alertmanagerBody([change], Date.now()) : change, { env, timeout });
}

function post(core, notifier, value, options) {
  const { tellAddress } = require('./notifiers/http.js');
  const tail = notifier.type === 'alertmanager' ? '/api/v2/alerts' : '';
  return tellAddress({ ...notifier, tail }, redactedJson(JSON.stringify(value)), options);
}

/** `null` when it was told, else why not. */
async function tryThrice(core, notifier, change, options) {
  for (let attempt = 1, wait = options.firstPause; ; attempt += 1, wait *= 4) {
    try {
      await deliver(core, notifier, change, options);
      return null;
    } catch (error) {
      if (attempt === TRIES || error.hopeless) return error.message;
    }
    await pause(wait);
  }
}

const fileOf = (places, notifier) => places.file(`alerts-told-${keyOf(notifier)}.json`);

/**
 * Remembers where the log ended when a notifier was first seen: it hears what changes from then on. This comes before the first
 * change is recorded, so that who is ended between recording and telling leaves it to be told.
 */
function enlist(places, notifiers, position) {
  for (const notifier of notifiers) {
    try {
      fs.writeFileSync(fileOf(places, notifier), JSON.stringify(position), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

/** Up to where in the log a notifier was told; another log is told from its start. */
function toldUpTo(places, notifier, ino) {
  const kept = readJson(fileOf(places, notifier));
  return kept?.ino === ino ? kept.end : 0;
}

async function tellOne(core, notifier, places, options) {
  const { ino } = readLines(places.log, null);
  const { lines } = readLines(places.log, { ino, end: toldUpTo(places, notifier, ino) });
  const outcomes = [];
  for (const { value, end } of lines) {
    if (value !== null && typeof value.state === 'string' && isTold(value)) {
      const error = await tryThrice(core, notifier, value, options);
      outcomes.push({ notifier: nameOf(notifier), alert: value.alert, state: value.state, error });
    }
    replaceJson(fileOf(places, notifier), { ino, end });
  }
  return outcomes;
}

/** Alertmanager forgets what nobody repeats, so each check says what fires. */
async function repeat(core, notifier, firing, options) {
  if (notifier.type !== 'alertmanager' || firing.length === 0) return [];
  try {
    const changes = firing.map(({ since, ...alert }) => ({ ...alert, timestamp: since }));
    await post(core, notifier, alertmanagerBody(changes, Date.now()), options);
    return [];
  } catch (error) {
    return [{ notifier: nameOf(notifier), alert: '*', state: 'firing', error: error.message }];
  }
}

/** Repeats to those who forget; gives what failed. */
async function repeatFiring(core, { config, alerts }, options = {}) {
  const { env = process.env, timeout = TIMEOUT } = options;
  const firing = alerts.filter(({ state, silenced_until }) => state === 'firing' && silenced_until === null);
  return (await Promise.all(config.notify.map((each) => repeat(core, each, firing, { env, timeout })))).flat();
}

/**
 * Tells all notifiers of a root at the same time, so that one that fails delays none of the others; gives what became of each
 * change: `{ notifier, alert, state, error }`. `position` is where the log ended after the check.
 */
async function tell(core, { config, places, position }, options = {}) {
  const { env = process.env, timeout = TIMEOUT, firstPause = FIRST_PAUSE } = options;
  const notifiers = config.notify;
  const { ino, end } = position;
  const isDone = () => notifiers.every((each) => toldUpTo(places, each, ino) >= end);
  if (ino === null || isDone()) return [];
  const lock = await takeLock(core, places.file('alerts-told.lock'), PATIENCE, isDone);
  if (lock === null) return [];
  try {
    const telling = notifiers.map((each) => tellOne(core, each, places, { env, timeout, firstPause }));
    return (await Promise.all(telling)).flat();
  } finally {
    lock.release();
  }
}

module.exports = { enlist, repeatFiring, tell };
