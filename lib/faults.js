// Tells what went wrong while recording: to `onError` when there is one, and once to stderr. Never throws.
'use strict';

const { redacted, withCode } = require('./errors.js');

function ignore() {}

function quietly(action) {
  try {
    action();
  } catch {
    // There is nobody left to tell.
  }
}

/**
 * Writes `text`, whole lines. A closed pipe would raise an `'error'` event later, which would end the process. What stands
 * in the place of `process.stderr` may have no events.
 */
function tell(text) {
  quietly(() => process.stderr.once('error', ignore));
  quietly(() =>
    process.stderr.write(text, (error) => {
      if (error) process.stderr.once('error', ignore);
    }),
  );
  quietly(() => process.stderr.removeListener('error', ignore));
}

/** Writes `@obs/native: TEXT`. */
function complain(text) {
  tell(`@obs/native: ${text}\n`);
}

/** An error object for a fault that the addon counted: `{ code, reason, message, path, dropped }`. */
function faultError({ code, message, ...details }) {
  return withCode(Object.assign(new Error(message), details), code);
}

/** The words of anything that was thrown. */
function messageOf(thrown) {
  try {
    return String(thrown?.message ?? thrown);
  } catch {
    return 'something that cannot be shown';
  }
}

class FaultReporter {
  /** The function given to `configure({ onError })`, or `null`. */
  onError = null;

  #redact;
  #told = new Set();
  #reporting = false;

  /** `redact` takes the secrets out of what goes to stderr. */
  constructor(redact) {
    this.#redact = redact;
  }

  /** Faults of the disk, counted by the addon: told once a kind on stderr, and each given to `onError`. */
  tell(faults) {
    for (const fault of faults) {
      this.#complainOnce(`${fault.code} ${fault.reason}`, fault.message);
      this.#hand(faultError(fault));
    }
  }

  /** A failure of our own. */
  report(error) {
    this.#complainOnce(`${error.code}`, error.message);
    this.#hand(error);
  }

  /** What a listener of `'progress'` threw goes to `onError`, else once to stderr. */
  listenerFailed(thrown) {
    if (this.#hand(thrown)) return;
    this.#complainOnce('listener', `a listener of 'progress' failed: ${messageOf(thrown)}`);
  }

  #complainOnce(kind, message) {
    if (this.#told.has(kind)) return;
    this.#told.add(kind);
    complain(this.#safe(message));
  }

  #safe(message) {
    try {
      return this.#redact(message);
    } catch {
      return redacted(message) ?? '[REDACTED:error]';
    }
  }

  /** `false` when nobody takes errors. An `onError` that records, and so meets the same fault, is not called within itself. */
  #hand(error) {
    if (this.onError === null) return false;
    if (this.#reporting) return true;
    this.#reporting = true;
    try {
      const result = this.onError(error);
      if (typeof result?.then === 'function') result.then(undefined, (failure) => this.#handlerFailed(failure));
    } catch (failure) {
      this.#handlerFailed(failure);
    } finally {
      this.#reporting = false;
    }
    return true;
  }

  #handlerFailed(failure) {
    this.#complainOnce('onError', `the onError function failed: ${messageOf(failure)}`);
  }
}

module.exports = { FaultReporter, complain, tell };
