// Dashboards on a schedule: saved once for each moment that is due, by one of however many processes have the same schedule.
'use strict';

const { createHash } = require('node:crypto');

const { FARTHEST, readMembers } = require('../lib/arguments.js');
const { clock } = require('../lib/clock.js');
const { invalidRange, invalidType, withCode } = require('../lib/errors.js');
const { createMetricsDashboard } = require('../lib/metrics-dashboard.js');
const { makeCacheFolder, placesOf, readJson, replaceJson } = require('./places.js');
const { spanMs } = require('./span.js');

const SECOND = 1000;
const LONGEST_TIMER = 2 ** 31 - 1;

/** Moments at a fixed distance, counted from 1970, so that all processes have the same ones. */
function everySlots(every) {
  const ms = typeof every === 'number' ? every : spanMs(every);
  // The next moment of a longer one would be none that a calendar knows.
  if (!(ms >= SECOND && ms <= FARTHEST)) {
    throw invalidRange('every', 'a span such as "1h" of a second to 100,000,000 days, or its milliseconds', every);
  }
  const due = (now) => Math.floor(now / ms) * ms;
  return { key: `every ${ms}`, due, next: (now) => due(now) + ms };
}

/** The package that knows cron and the zones; it is asked for only here. */
function loadCron() {
  try {
    return require('croner').Cron;
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    throw withCode(new Error('schedules by cron need the package croner: npm install croner'), 'OBS_NO_CRON');
  }
}

function isZone(name) {
  try {
    return typeof name === 'string' && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** Moments of a cron expression in a time zone, that of the machine where none is named. */
function cronSlots(expression, timezone) {
  const Cron = loadCron();
  if (timezone !== undefined && !isZone(timezone)) {
    throw invalidRange('timezone', 'the name of a time zone, such as Europe/Berlin', timezone);
  }
  let cron;
  try {
    cron = new Cron(expression, { timezone, paused: true });
  } catch {
    throw invalidRange('cron', 'a cron expression, such as "0 6 * * 1-5"', expression);
  }
  const time = (date) => date?.getTime() ?? null;
  return {
    key: `cron ${expression} ${timezone ?? ''}`,
    due: (now) => time(cron.previousRuns(1, new Date(now + 1))[0]),
    next: (now) => time(cron.nextRun(new Date(now))),
  };
}

/** `{ key, due(now), next(now) }` of a schedule: the last moment up to now and the first one after it, epoch ms or `null`. */
function slotsOf({ every, cron, timezone }) {
  const one = (every === undefined) !== (cron === undefined);
  if (!one) throw invalidType('options', 'an object with either every or cron', {});
  if (timezone !== undefined && cron === undefined) throw invalidType('timezone', 'left out without cron', timezone);
  return every === undefined ? cronSlots(cron, timezone) : everySlots(every);
}

/**
 * Saves a dashboard for a moment that is due, unless somebody did, or is at it: `{ dashboard, file }` or `null`. Whoever does
 * keeps the lock until `then` is through with it.
 */
async function runSlot(core, { key, slot }, then = () => {}) {
  const places = placesOf(core);
  const name = `schedule-${createHash('sha1').update(key).digest('hex').slice(0, 8)}`;
  makeCacheFolder(places.folder);
  const lock = core.call('tryLock', places.file(`${name}.lock`));
  if (lock === null) return null;
  try {
    const done = readJson(places.file(`${name}.json`))?.slot;
    // What lies in the future was written while the clock was wrong.
    if (slot === null || (done >= slot && done <= clock())) return null;
    const { generateMetricsDashboard, saveDashboard } = createMetricsDashboard(core);
    const dashboard = generateMetricsDashboard();
    const file = saveDashboard(dashboard);
    replaceJson(places.file(`${name}.json`), { slot });
    await then(dashboard, { file, scheduled_for: new Date(slot).toISOString() });
    return { dashboard, file };
  } finally {
    lock.release();
  }
}

class Schedule {
  #core;
  #slots;
  #then;
  #timer = null;
  #running = false;
  #stopped = false;

  constructor(core, slots, then) {
    this.#core = core;
    this.#slots = slots;
    this.#then = then;
    this.#arm();
  }

  /** When it is due next, ISO text; `null` when never, or it was stopped. */
  next() {
    const at = this.#stopped ? null : this.#slots.next(clock());
    return at === null ? null : new Date(at).toISOString();
  }

  /** No further dashboards; one that is being made is finished. */
  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** A long wait is taken in pieces; after a sleep of the machine the last moment that was missed is made up for. */
  #arm() {
    const now = clock();
    const at = this.#slots.next(now);
    if (at === null || this.#stopped) return;
    const wait = Math.min(at - now, LONGEST_TIMER);
    this.#timer = setTimeout(() => this.#turn(at), wait).unref();
  }

  async #turn(at) {
    this.#arm();
    const now = clock();
    if (now < at || this.#running) return;
    this.#running = true;
    try {
      await runSlot(this.#core, { key: this.#slots.key, slot: this.#slots.due(now) }, this.#then);
    } catch (error) {
      this.#core.listenerFailed(error);
    } finally {
      this.#running = false;
    }
  }
}

/** The documented function, over `core`. */
function startDashboardSchedule(core, options) {
  const asked = readMembers('options', options, ['every', 'cron', 'timezone', 'onDashboard']);
  const { onDashboard = () => {} } = asked;
  if (typeof onDashboard !== 'function') throw invalidType('onDashboard', 'a function', onDashboard);
  const schedule = new Schedule(core, slotsOf(asked), onDashboard);
  return { next: () => schedule.next(), stop: () => schedule.stop() };
}

module.exports = { loadCron, runSlot, slotsOf, startDashboardSchedule };
