// The signals, each with what it takes from the records and how far it is; `turn()` sends all that is there.
'use strict';

const fs = require('node:fs');

const { clock } = require('../../lib/clock.js');
const { placesOf, readJson } = require('../../alerts/places.js');
const { Stopped } = require('./deliver.js');
const { replaceText } = require('../../lib/small-files.js');
const { logOf, spanOf } = require('./items.js');
const { meaningOf } = require('./meaning.js');
const { metricsOf } = require('./metrics.js');
const { Source } = require('./source.js');

const STREAMS = {
  logs: ['skills', 'executions', 'providers', 'progress'],
  traces: ['executions', 'skills', 'providers'],
};

const MAKERS = {
  logs: (meaning) => logOf(meaning, clock()),
  traces: spanOf,
};

/** Between two looks whether data files are still being pruned or compacted. */
const WAIT_MS = 100;

/** Logs or spans: a place for each data file, acknowledged batch by batch. */
class Records {
  #signal;
  #delivery;
  #instance;
  #source;
  #want;
  #fromNow;

  #isStopping;
  #wait;

  constructor({ core, signal, delivery, instance, want, fromNow, isStopping, wait }) {
    this.#signal = signal;
    this.#delivery = delivery;
    this.#instance = instance;
    this.#source = new Source(core, signal, STREAMS[signal]);
    this.#want = want;
    this.#fromNow = fromNow;
    this.#isStopping = isStopping;
    this.#wait = wait;
  }

  /** What is `due` waits until those are done who replace data files; otherwise the next turn sends it. */
  async turn({ due = false } = {}) {
    await this.#send(due);
    while (due && this.#source.waits) {
      await this.#wait(WAIT_MS);
      await this.#send(due);
    }
  }

  async #send(all) {
    this.#source.look({ fromNow: this.#fromNow, all });
    for (let given = this.#source.next(this.#want); given !== null; given = this.#source.next(this.#want)) {
      const items = this.#itemsOf(given);
      if (items.length > 0) await this.#delivery.deliver(items);
      given.acknowledge();
      if (this.#isStopping()) throw new Stopped();
    }
  }

  #itemsOf({ stream, records }) {
    const make = MAKERS[this.#signal];
    const meanings = records.map(({ where, record }) => meaningOf(stream, record, { instance: this.#instance, where }));
    return meanings.map(make).filter((item) => item !== null);
  }

  close() {
    this.#source.close();
  }
}

/** Metrics: how much there is at a moment, at most every `interval` ms. */
class Metrics {
  #core;
  #delivery;
  #file;
  #interval;
  #sent = -Infinity;

  constructor({ core, delivery, interval }) {
    this.#core = core;
    this.#delivery = delivery;
    this.#interval = interval;
    this.#file = placesOf(core).file('otlp-metrics.json');
  }

  async turn({ due = false } = {}) {
    const now = clock();
    if (!due && Math.abs(now - this.#sent) < this.#interval) return;
    const { metrics, points, kept } = metricsOf(this.#core, readJson(this.#file) ?? { start: this.#began(now) }, now);
    if (points > 0) await this.#delivery.deliver(metrics, points);
    replaceText(this.#file, JSON.stringify(kept), { flush: true });
    this.#sent = now;
  }

  /** Counts go over all that is on record: they began with the folder. */
  #began(now) {
    const { birthtimeMs } = fs.statSync(this.#core.dataFolder.folder, { throwIfNoEntry: false }) ?? {};
    return birthtimeMs > 0 ? Math.min(birthtimeMs, now) : now;
  }

  close() {}
}

module.exports = { Metrics, Records };
