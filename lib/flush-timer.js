// Sees to it that records held in memory are written soon, without keeping the process alive.
'use strict';

// Jest replaces the global timers, not these.
const { clearTimeout, setTimeout } = require('node:timers');

const BATCH_DELAY = 50;
const FIRST_RETRY = 100;
const LAST_RETRY = 5_000; // half of the ten seconds within which writing resumes

/** Calls `flush` 50 ms after it is armed; while that returns `true` (the disk still refuses) again, ever later. */
class FlushTimer {
  #flush;
  #timer = null;
  #delay = BATCH_DELAY;

  constructor(flush) {
    this.#flush = flush;
  }

  arm() {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => this.#run(), this.#delay);
    this.#timer.unref();
  }

  disarm() {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#delay = BATCH_DELAY;
  }

  #run() {
    this.#timer = null;
    let pending = false;
    try {
      pending = this.#flush();
    } catch {
      // A test environment may be torn down around a timer that is due; the addon flushes at exit by itself.
    }
    this.#delay = pending ? Math.min(Math.max(this.#delay * 2, FIRST_RETRY), LAST_RETRY) : BATCH_DELAY;
    if (pending) this.arm();
  }
}

module.exports = { FlushTimer };
