// Provider calls: recording them, and how healthy each provider looks from the calls on record.
'use strict';

const { checkProvider } = require('./arguments.js');
const { clock } = require('./clock.js');
const { NONE, errorText, fieldsText, numberField } = require('./fields.js');
const { pack, takeTexts } = require('./page.js');

const KEYS = ['provider', 'success', 'latency_ms', 'error', 'metadata'];
const REPEATING = 0b1; // provider

/** What one monitor hides: marks in the file's history, which mean nothing under another project root. */
class Resets {
  #core;
  #all = null;
  #by = new Map();
  #rootCount = 0;

  constructor(core) {
    this.#core = core;
  }

  hideAll() {
    this.#forgetOtherRoots();
    this.#all = this.#mark();
    this.#by.clear();
  }

  hide(provider) {
    this.#forgetOtherRoots();
    this.#by.set(provider.toLowerCase(), this.#mark());
  }

  /** JSON for the addon, `null` when nothing is hidden. Marks are JSON of its own making. */
  get text() {
    this.#forgetOtherRoots();
    if (this.#all === null && this.#by.size === 0) return null;
    const by = [...this.#by].map(([provider, mark]) => `${JSON.stringify(provider)}:${mark}`);
    return this.#all === null ? `{"by":{${by.join(',')}}}` : `{"all":${this.#all},"by":{${by.join(',')}}}`;
  }

  #mark() {
    this.#core.open();
    return this.#core.call('providerMark');
  }

  #forgetOtherRoots() {
    if (this.#rootCount === this.#core.rootCount) return;
    this.#rootCount = this.#core.rootCount;
    this.#all = null;
    this.#by.clear();
  }
}

/** The documented class, but for the core of its face. */
class Monitor {
  #core;
  #resets;

  constructor(core) {
    this.#core = core;
    this.#resets = new Resets(core);
  }

  recordProviderCall(provider, success, latencyMs, error = null, metadata = NONE) {
    checkProvider(provider);
    const core = this.#core;
    try {
      const native = core.native ?? core.open();
      const text = error === null ? null : errorText(error);
      const values = [provider.toLowerCase(), Boolean(success), numberField(latencyMs), text, metadata];
      const now = clock();
      const end = pack(values, REPEATING);
      core.settle(
        end > 0
          ? native.recordProviderCall(end, takeTexts(), now)
          : native.recordProviderCallFields(fieldsText(KEYS, values), now),
      );
    } catch (failure) {
      core.broken(failure);
    }
  }

  getProviderHealth(provider) {
    checkProvider(provider);
    return this.#core.ask('providerHealth', JSON.stringify(provider), this.#resets.text);
  }

  getAllProviderHealth() {
    return this.#core.ask('allProviderHealth', this.#resets.text);
  }

  getOverallHealth() {
    return this.#core.ask('overallHealth', this.#resets.text);
  }

  getProviderComparison() {
    return this.#core.ask('providerComparison', this.#resets.text);
  }

  resetProvider(provider) {
    checkProvider(provider);
    this.#resets.hide(provider);
  }

  resetAll() {
    this.#resets.hideAll();
  }
}

/** The documented names of this module, over `core`. */
function createProviderHealth(core) {
  class ProviderHealthMonitor extends Monitor {
    constructor() {
      super(core);
    }
  }
  const shared = new ProviderHealthMonitor();

  return {
    ProviderHealthMonitor,
    getGlobalHealthMonitor() {
      return shared;
    },
    recordProviderCall(provider, success, latencyMs, error) {
      shared.recordProviderCall(provider, success, latencyMs, error);
    },
    getProviderHealth(provider) {
      return shared.getProviderHealth(provider);
    },
  };
}

module.exports = { createProviderHealth };
