// Pauses that end early when it is time to stop, and of which none keeps a process from its end.
'use strict';

// Jest replaces the global timers, not these.
const { clearTimeout, setTimeout } = require('node:timers');

const { Stopped } = require('./deliver.js');

class Clockwork {
  #abort = new AbortController();
  #wakers = new Set();
  stopping = false;

  /** Aborted when what is under way must not go on either. */
  get abort() {
    return this.#abort.signal;
  }

  /** No more pauses; what is under way has `grace` ms. */
  stop(grace) {
    this.stopping = true;
    this.wake();
    setTimeout(() => this.#abort.abort(), grace).unref();
  }

  wake() {
    for (const wake of [...this.#wakers]) wake();
  }

  /** Resolves after `ms`, or at `wake()` when `wakes`; rejects with `Stopped` when it is time to stop. */
  wait(ms, wakes = false) {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#wakers.delete(wake);
        if (this.stopping) reject(new Stopped());
        else resolve();
      };
      const wake = () => (wakes || this.stopping) && end();
      const timer = setTimeout(end, ms);
      timer.unref();
      this.#wakers.add(wake);
      if (this.stopping) end();
    });
  }
}

module.exports = { Clockwork };
