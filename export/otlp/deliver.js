// Sees to it that a batch is taken: tries again when it may be taken later, and finds the items that a collector will never take.
'use strict';

const { withCode } = require('../../lib/errors.js');
const { bodyOf, requestOf } = require('./request.js');
const { Sender } = require('./send.js');

/** Milliseconds: the first pause, how long the longest gets, and how long a refusal that a person has to mend is waited for. */
const PAUSES = { first: 1000, most: 30_000, refused: 60_000 };
const LONGEST_AFTER = 3_600_000;
const JITTER = 0.2;

/** The export was stopped; what is not acknowledged is sent the next time. */
class Stopped extends Error {}

const fault = (words) => withCode(new Error(words), 'OBS_OTLP');

class Delivery {
  #signal;
  #target;
  #resource;
  #sender;
  #options;
  /** The collector took something of this signal, so it is no collector of another kind. */
  #known = false;
  #told = null;
  report = { requests: 0, sent: 0, rejected: 0, refused: 0, retries: 0, fault: null };

  /**
   * `options`: `tell(words, isGood)`; `wait(ms)`, which rejects with `Stopped`; `isStopping()`; `abort`; `patience`, after how many ms without an answer it
   * gives up; `pauses`.
   */
  constructor(signal, target, resource, options) {
    this.#signal = signal;
    this.#target = target;
    this.#resource = resource;
    this.#options = { pauses: PAUSES, patience: Infinity, ...options };
    this.#sender = new Sender(signal, target);
  }

  get address() {
    return this.#sender.address;
  }

  close() {
    this.#sender.close();
  }

  /** Resolves when the collector has all of `items`, or will never take what is left of them; rejects when it gives up. */
  async deliver(items, count = items.length) {
    const { pauses } = this.#options;
    for (let tries = 0; ; tries += 1) {
      const aside = [];
      const taken = await this.#take(items, count, aside);
      // A collector that took nothing ever may be none for this: then nothing is given up.
      if (aside.length === 0 || taken > 0 || this.#known) {
        this.#giveUp(aside);
        return;
      }
      await this.#pause({ words: aside[0], after: pauses.refused }, tries * pauses.refused);
    }
  }

  #giveUp(aside) {
    this.report.refused += aside.length;
    if (aside.length > 0) this.#tell(`${aside.length} not taken, and given up: ${aside[0]}`);
  }

  /** How many were taken; the words about each that never will be go to `aside`. */
  async #take(items, count, aside) {
    const answer = await this.#send(items);
    if (answer.kind === 'taken') {
      this.#note(answer, count);
      return count;
    }
    if (items.length === 1) {
      aside.push(answer.words);
      return 0;
    }
    const half = items.length >> 1;
    const first = await this.#take(items.slice(0, half), half, aside);
    return first + (await this.#take(items.slice(half), items.length - half, aside));
  }

  #note({ rejected, words }, count) {
    this.#known = true;
    this.report.sent += Math.max(0, count - rejected);
    this.report.rejected += rejected;
    if (this.report.fault !== null) {
      this.#options.tell(`${this.#signal}: the collector takes it again`, true);
      [this.#told, this.report.fault] = [null, null];
    }
    if (rejected > 0) this.#tell(`the collector took all but ${rejected}${words === '' ? '' : `: ${words}`}`);
    else if (words !== '') this.#tell(`the collector says: ${words}`);
  }

  /** The answer to a request, once it is taken or is never to be. */
  async #send(items) {
    const { pauses } = this.#options;
    const request = requestOf(this.#signal, this.#resource, items);
    const made = await bodyOf(this.#signal, this.#target, request);
    for (let pause = pauses.first, waited = 0; ; pause = Math.min(pause * 2, pauses.most)) {
      this.report.requests += 1;
      const answer = await this.#sender.send(made, this.#options.abort);
      if (answer.kind === 'taken' || answer.kind === 'data') return answer;
      if (this.#options.isStopping()) throw new Stopped();
      const after =
        answer.after ?? (answer.kind === 'refused' ? pauses.refused : pause * (1 + JITTER * (Math.random() * 2 - 1)));
      waited = await this.#pause({ words: answer.words, after }, waited);
    }
  }

  /** Waits before the next try, or gives up; gives how long was waited in all. */
  async #pause({ words, after }, waited) {
    const pause = Math.min(after, LONGEST_AFTER);
    this.report.fault = words;
    if (waited + pause > this.#options.patience) throw fault(`${this.#signal} to ${this.address}: ${words}`);
    this.report.retries += 1;
    this.#tell(`${words}; trying again`);
    await this.#options.wait(pause);
    return waited + pause;
  }

  /** The same words once, until a fault is over. */
  #tell(words) {
    if (this.#told !== words) this.#options.tell(`${this.#signal} to ${this.address}: ${words}`);
    this.#told = words;
  }
}

module.exports = { Delivery, PAUSES, Stopped, fault };
