// Follows one run through its steps and emits a progress event for each.
'use strict';

/** How much of `total` is done, in percent, not rounded; `NaN` (recorded as 0) for what is not a number. */
function percentageOf(current, total) {
  try {
    return Number(total) === 0 ? 0 : (Number(current) / Number(total)) * 100;
  } catch {
    return NaN;
  }
}

function messageOf(error) {
  try {
    return error?.message ?? null;
  } catch {
    return '[Unreadable]';
  }
}

/** The class `ProgressTracker` over a face's `emitProgress`. */
function createTrackerClass(emitProgress) {
  return class ProgressTracker {
    constructor(runId, totalSteps) {
      this.runId = runId;
      this.totalSteps = totalSteps;
      this.currentStep = 0;
    }

    start() {
      this.#emit(0, 'pending', 0, 'Starting workflow');
    }

    updateStep(message, metadata = {}) {
      this.#emit(this.currentStep, 'running', Math.round(this.#percentage), message, metadata);
    }

    completeStep(message) {
      this.#advance('completed', message);
    }

    skipStep(message) {
      this.#advance('skipped', message);
    }

    failStep(message, error = null) {
      this.#emit(this.currentStep, 'failed', this.#percentage, message, { error: messageOf(error) });
    }

    complete(message = 'Workflow completed') {
      this.#emit(this.totalSteps, 'completed', 100, message);
    }

    /** Callers round it with `Math.round`, which rounds half up, where the documentation says so. */
    get #percentage() {
      return percentageOf(this.currentStep, this.totalSteps);
    }

    /** The event names the step that ended; the percentage already counts it. */
    #advance(status, message) {
      const step = this.currentStep;
      this.currentStep += 1;
      this.#emit(step, status, Math.round(this.#percentage), message);
    }

    #emit(step, status, percentage, message, metadata) {
      emitProgress({ runId: this.runId, step, status, percentage, message, metadata });
    }
  };
}

module.exports = { createTrackerClass };
