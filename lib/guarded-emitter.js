// An EventEmitter whose `'progress'` listeners cannot hurt each other or whoever emits.
'use strict';

const { EventEmitter } = require('node:events');

const PROGRESS = 'progress';
const MOST_LISTENERS = 100;

class GuardedEmitter extends EventEmitter {
  #onFailure;

  /** `onFailure(error)` gets what a listener threw, or what the promise it returned was rejected with. */
  constructor(onFailure) {
    super();
    this.#onFailure = onFailure;
    this.setMaxListeners(MOST_LISTENERS);
  }

  emit(name, ...args) {
    if (name !== PROGRESS) return super.emit(name, ...args);
    const listeners = this.rawListeners(PROGRESS); // a copy, and `once` listeners still in their wrappers
    for (const listener of listeners) this.#call(listener, args);
    return listeners.length > 0;
  }

  #call(listener, args) {
    try {
      const result = Reflect.apply(listener, this, args);
      if (typeof result?.then === 'function') result.then(undefined, this.#onFailure);
    } catch (error) {
      this.#onFailure(error);
    }
  }
}

module.exports = { GuardedEmitter, PROGRESS };
