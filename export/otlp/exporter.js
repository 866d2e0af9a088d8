// One exporter for a workspace, whichever process it is in: sends what is there, once or again and again, and stops at any moment.
'use strict';

// Jest replaces the global timers, not these.
const { clearInterval, setInterval } = require('node:timers');

const { withCode } = require('../../lib/errors.js');
const { makeCacheFolder, placesOf } = require('../../alerts/places.js');
const { Clockwork } = require('./clockwork.js');
const { readConfig } = require('./config.js');
const { Delivery, PAUSES, Stopped } = require('./deliver.js');
const { instanceOf, resourceOf } = require('./request.js');
const { Metrics, Records } = require('./signals.js');

const POLL_MS = 1000;
/** How often one that waits looks whether the other exporter has ended. */
const STANDBY_MS = 2000;
/** So long a collector is waited for in all, when everything is sent once. */
const PATIENCE_MS = 20_000;
const STOP_MS = 5000;
/** Bytes of lines in a batch: less beside a program that has other things to do. */
const WANT = { once: 256 * 1024, beside: 64 * 1024 };

/** Keeps the process until `work` is over. */
async function held(work) {
  const hold = setInterval(() => {}, 60_000);
  try {
    return await work();
  } finally {
    clearInterval(hold);
  }
}

class Exporter {
  #core;
  #config;
  #settings;
  #clockwork = new Clockwork();
  #lock = null;
  /** `{ signal, delivery, work, waiting }` of each that is on. */
  #parts = [];
  #state = 'off';
  #running = null;
  #told = new Map();

  /** `settings`: `tell(words)` hears of what goes wrong, and `env`, `pauses`, `patience`, `want`, `poll` stand in for their defaults. */
  constructor(core, options, settings) {
    this.#core = core;
    this.#settings = {
      env: process.env,
      pauses: PAUSES,
      patience: Infinity,
      want: WANT.beside,
      poll: POLL_MS,
      ...settings,
    };
    this.#config = readConfig(options, this.#settings.env);
  }

  /** Whether any signal is to be sent. */
  get isOn() {
    return Object.keys(this.#config.targets).length > 0;
  }

  /** `{ state, signals }`: what this exporter did of each signal. */
  report() {
    const signals = this.#parts.map(({ signal, delivery }) => [
      signal,
      { address: delivery.address, ...delivery.report },
    ]);
    return { schema: 1, state: this.#state, signals: Object.fromEntries(signals) };
  }

  #tryLock() {
    const places = placesOf(this.#core);
    makeCacheFolder(places.folder);
    this.#lock = this.#core.call('tryLock', places.file('otlp.lock'));
    return this.#lock !== null;
  }

  #open() {
    const { root } = this.#core.where;
    const { targets, attributes, metricInterval: interval, fromNow } = this.#config;
    const { tell, pauses, patience, want } = this.#settings;
    const resource = resourceOf(root, attributes);
    const isStopping = () => this.#clockwork.stopping;
    const wait = (ms) => this.#clockwork.wait(ms);
    const options = { tell, pauses, patience, isStopping, abort: this.#clockwork.abort, wait };
    this.#parts = Object.entries(targets).map(([signal, target]) => {
      const delivery = new Delivery(signal, target, resource, options);
      const given = {
        core: this.#core,
        signal,
        delivery,
        instance: instanceOf(root),
        want,
        fromNow,
        isStopping,
        wait,
        interval,
      };
      const work = signal === 'metrics' ? new Metrics(given) : new Records(given);
      return { signal, delivery, work, waiting: [] };
    });
    this.#state = 'exporting';
  }

  #close() {
    for (const { work, delivery } of this.#parts) {
      work.close();
      delivery.close();
    }
    this.#lock?.release();
    this.#lock = null;
    this.#state = 'stopped';
  }

  /**
   * Sends all that is there; gives the report.
   *
   * @throws {Error} `OBS_BUSY` when another exporter works for this workspace, `OBS_OTLP` when a collector takes nothing; what it took
   *   before is not sent again
   */
  once() {
    if (!this.#tryLock()) {
      throw withCode(new Error('another process exports from this workspace already'), 'OBS_BUSY');
    }
    return held(async () => {
      try {
        this.#open();
        const ends = await Promise.allSettled(this.#parts.map(({ work }) => work.turn({ due: true })));
        const failed = ends.find(({ status }) => status === 'rejected');
        if (failed !== undefined && !(failed.reason instanceof Stopped)) throw failed.reason;
      } finally {
        this.#close();
      }
      return this.report();
    });
  }

  /** Sends what is there and what comes, until `stop()`. */
  start() {
    this.#state = 'standby';
    this.#running = this.#run().catch((error) => {
      if (!(error instanceof Stopped)) this.#settings.tell(error.message);
    });
    return this;
  }

  async #run() {
    try {
      while (!this.#begin()) await this.#clockwork.wait(STANDBY_MS);
      await Promise.all(this.#parts.map((part) => this.#loop(part)));
    } finally {
      this.#close();
      for (const { waiting } of this.#parts) waiting.splice(0).forEach(({ resolve }) => resolve());
    }
  }

  /** Whether it is this one that exports; a folder that cannot be written is told once, and tried again. */
  #begin() {
    try {
      if (!this.#tryLock()) return false;
      this.#open();
      return true;
    } catch (error) {
      this.#lock?.release();
      this.#tell('export', error.message);
      return false;
    }
  }

  /** The same words of a part once. */
  #tell(part, words) {
    if (this.#told.get(part) !== words) this.#settings.tell(`${part}: ${words}`);
    this.#told.set(part, words);
  }

  async #loop(part) {
    while (!this.#clockwork.stopping) {
      const asked = part.waiting.splice(0);
      let pause = this.#settings.poll;
      try {
        await part.work.turn({ due: asked.length > 0 });
        asked.forEach(({ resolve }) => resolve());
      } catch (error) {
        if (error instanceof Stopped) break;
        // A disk that is full, say.
        this.#tell(part.signal, error.message);
        part.waiting.unshift(...asked);
        pause = this.#settings.pauses.most;
      }
      await this.#clockwork.wait(pause, true).catch(() => {});
    }
  }

  /** Resolves to the report when all that was recorded before is sent, or after `timeout` ms, or when it is not this one that exports. */
  flush({ timeout = 10_000 } = {}) {
    if (this.#state !== 'exporting') return Promise.resolve(this.report());
    // In batch mode some records may not be in their files yet.
    this.#core.call('flush');
    const ends = this.#parts.map((part) => new Promise((resolve) => part.waiting.push({ resolve })));
    this.#clockwork.wake();
    const late = this.#clockwork.wait(timeout).catch(() => {});
    return held(async () => {
      await Promise.race([Promise.all(ends), late]);
      return this.report();
    });
  }

  /** Ends it; a batch that is under way has some seconds to be acknowledged. Resolves to the report. */
  stop() {
    this.#clockwork.stop(STOP_MS);
    return held(async () => {
      await this.#running;
      return this.report();
    });
  }
}

module.exports = { Exporter, PATIENCE_MS, WANT };
