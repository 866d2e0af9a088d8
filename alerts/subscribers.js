// Those in this process who want to hear of changes, whichever process records them; while there are any, it checks itself.
'use strict';

const { invalidRange } = require('../lib/errors.js');
const { readLines } = require('./log.js');
const { placesOf } = require('./places.js');
const { spanMs } = require('./span.js');

const MOST = 2 ** 31 - 1;

function readEvery(every) {
  const ms = typeof every === 'number' ? every : spanMs(every);
  if (ms >= 1000 && ms <= MOST) return ms;
  throw invalidRange('every', 'a span of a second to 24 days, such as "1m", or its milliseconds', every);
}

class Subscribers {
  #core;
  #check;
  #all = new Set();
  #timer = null;
  #position = null;
  #checking = false;

  /** `check` is what the timer calls. */
  constructor(core, check) {
    this.#core = core;
    this.#check = check;
  }

  /** Adds a listener; gives the function that takes it away again. */
  add(listener, { every = '1m' } = {}) {
    const one = { listener, every: readEvery(every) };
    this.#position ??= this.#end();
    this.#all.add(one);
    this.#start();
    return () => {
      this.#all.delete(one);
      this.#start();
    };
  }

  /** Hands the changes that are new in the log to every listener. */
  hear() {
    if (this.#all.size === 0) return;
    const { lines, end, ino } = readLines(placesOf(this.#core).log, this.#position);
    this.#position = { ino, end };
    for (const { value } of lines) {
      if (typeof value?.state === 'string') for (const { listener } of this.#all) this.#call(listener, value);
    }
  }

  #call(listener, change) {
    try {
      listener(structuredClone(change));
    } catch (error) {
      this.#core.listenerFailed(error);
    }
  }

  #end() {
    const { end, ino } = readLines(placesOf(this.#core).log, null);
    return { ino, end };
  }

  /** One timer for all listeners, at the pace of the most impatient; it keeps no process alive. */
  #start() {
    clearInterval(this.#timer);
    this.#timer = null;
    if (this.#all.size === 0) return;
    const every = Math.min(...[...this.#all].map((one) => one.every));
    this.#timer = setInterval(() => this.#turn(), every).unref();
  }

  async #turn() {
    if (this.#checking) return;
    this.#checking = true;
    try {
      await this.#check({});
      this.hear();
    } catch (error) {
      this.#core.broken(error);
    } finally {
      this.#checking = false;
    }
  }
}

module.exports = { Subscribers };
