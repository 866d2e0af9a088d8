// Progress of runs: one event for each step, written first, then heard by the subscribers of this process.
'use strict';

const { FARTHEST, readLimit } = require('./arguments.js');
const { clock } = require('./clock.js');
const { CHANGED } = require('./core.js');
const { invalidType, redactedJson } = require('./errors.js');
const { UNREAD, checkEvent, fieldsText, readRest, salvageText } = require('./fields.js');
const { GuardedEmitter, PROGRESS } = require('./guarded-emitter.js');
const { createTrackerClass } = require('./progress-tracker.js');
const { pack, takeTexts } = require('./page.js');

// Beside the addon's bits: it failed before it could redact anything; the values may not be what their JSON says.
const BROKEN = 256;
const ODD = 512;
const NAMES = ['runId', 'step', 'status', 'percentage', 'message', 'metadata'];
const KEYS = ['run_id', 'step', 'status', 'percentage', 'message', 'metadata'];
const REPEATING = 0b100; // status

/** From 0 to 100; what is not a number is 0, and so is -0. */
function clamp(percentage) {
  if (typeof percentage !== 'number' || !(percentage > 0)) return 0;
  return Math.min(percentage, 100);
}

/** A step of 0 is a step: the documented preflight. */
function stepOf(step) {
  return step === 0 ? 0 : step || null;
}

/** The six values of an event, read once each, with the documented defaults. */
function readEvent(event) {
  const values = [UNREAD, UNREAD, UNREAD, UNREAD, UNREAD, UNREAD];
  try {
    for (let index = 0; index < values.length; index += 1) values[index] = event[NAMES[index]];
  } catch {
    readRest(event, NAMES, values);
  }
  const [runId, step, status, percentage, message, metadata] = values;
  return [runId || null, stepOf(step), status || 'running', clamp(percentage), message || '', metadata || {}];
}

/** ISO text, `null` for a time that no calendar knows (a clock that was replaced by something odd). */
function isoText(now) {
  return Math.abs(now) <= FARTHEST ? new Date(now).toISOString() : null;
}

/** The event as it was recorded, keys in the order of the line. */
function recordOf(values, now) {
  return {
    timestamp: now,
    iso_timestamp: isoText(now),
    run_id: values[0],
    step: values[1],
    status: values[2],
    percentage: values[3],
    message: values[4],
    metadata: values[5],
  };
}

function checkListener(listener) {
  if (typeof listener !== 'function') throw invalidType('callback', 'a function', listener);
}

/** A function that acts only the first time: unsubscribing twice must not take away a second subscription. */
function once(action) {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}

/** Writes events and tells the subscribers of one face. */
class Progress {
  emitter;
  #core;

  constructor(core) {
    this.#core = core;
    this.emitter = new GuardedEmitter((error) => core.listenerFailed(error));
  }

  /** The line first, then the listeners. */
  emit(event) {
    checkEvent(event);
    const values = readEvent(event);
    const record = this.#write(values, clock());
    if (record !== null) this.#tell(record);
  }

  subscribe(callback) {
    checkListener(callback);
    this.emitter.on(PROGRESS, callback);
    return once(() => this.emitter.off(PROGRESS, callback));
  }

  subscribeToRun(runId, callback) {
    checkListener(callback);
    return this.subscribe((event) => (event.run_id === runId ? callback(event) : undefined));
  }

  history(runId, limit) {
    const most = readLimit(limit);
    return this.#core.askMany('progressHistory', runId ? (salvageText(runId) ?? 'null') : null, most);
  }

  current(runId) {
    return this.#core.ask('currentProgress', salvageText(runId) ?? 'null');
  }

  /** Gives the record as it was stored, or would have been; `null` when nobody listens. */
  #write(values, now) {
    const core = this.#core;
    try {
      const native = core.native ?? core.open();
      const end = pack(values, REPEATING);
      const bits =
        end > 0
          ? native.recordProgress(end, takeTexts(), now)
          : native.recordProgressFields(fieldsText(KEYS, values), now) | ODD;
      // Read before faults are told: whoever is told of them may record something himself.
      const record = this.#heard(bits, values, now);
      core.settle(bits);
      return record;
    } catch (error) {
      core.broken(error);
      return this.#heard(BROKEN, values, now);
    }
  }

  #heard(bits, values, now) {
    if (this.emitter.listenerCount(PROGRESS) === 0) return null;
    try {
      return this.#storedRecord(bits, values, now);
    } catch (error) {
      this.#core.listenerFailed(error);
      return null;
    }
  }

  #tell(record) {
    try {
      this.emitter.emit(PROGRESS, record);
    } catch (error) {
      this.#core.listenerFailed(error); // somebody replaced `emit`
    }
  }

  #storedRecord(bits, values, now) {
    if (bits & CHANGED) return JSON.parse(this.#core.native.lastRecord());
    const parsed = (text) => recordOf(Object.values(JSON.parse(text)), now);
    if (bits & BROKEN) return parsed(redactedJson(fieldsText(KEYS, values)));
    return bits & ODD ? parsed(fieldsText(KEYS, values)) : recordOf(values, now);
  }
}

/** The documented names of this module, over `core`. */
function createProgressEmitter(core) {
  const progress = new Progress(core);
  const emitProgress = (event) => progress.emit(event);
  const ProgressTracker = createTrackerClass(emitProgress);

  return {
    progressEmitter: progress.emitter,
    emitProgress,
    subscribeToProgress: (callback) => progress.subscribe(callback),
    subscribeToRun: (runId, callback) => progress.subscribeToRun(runId, callback),
    getProgressHistory: (runId = null, limit = null) => progress.history(runId, limit),
    getCurrentProgress: (runId) => progress.current(runId),
    ProgressTracker,
    createProgressTracker: (runId, totalSteps) => new ProgressTracker(runId, totalSteps),
  };
}

module.exports = { createProgressEmitter };
