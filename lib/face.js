// Puts every documented function on one native handle, so that each user of a face is alone with its settings and counters.
'use strict';

const { Core } = require('./core.js');
const { createMetricsDashboard } = require('./metrics-dashboard.js');
const { createMetricsTracker } = require('./metrics-tracker.js');
const { createProgressEmitter } = require('./progress-emitter.js');
const { createProviderHealth } = require('./provider-health.js');
const { createStore } = require('./store.js');
const { createStructuredLogger } = require('./structured-logger.js');

/** What the command lines need beside the documented functions; not part of the package's interface. */
function createInternals(core) {
  return {
    /** `{ root, reason }` of the project root, see `root.js`. */
    projectRoot() {
      return core.where;
    },

    /** Follows `progress.jsonl` from its present end: `{ read() → records since the last call, close() }`. */
    followProgress() {
      core.open();
      const follower = core.call('follow');
      return { read: () => JSON.parse(follower.read()), close: () => follower.close() };
    },
  };
}

/**
 * Every documented function, bound to a native handle of its own. `env` stands in for `process.env`.
 *
 * @example
 * const { logSkillInvocation, getStoreHealth } = createFace({ projectRoot: '/tmp/workspace', env: {} });
 */
function createFace({ projectRoot, env } = {}) {
  const core = new Core(env);
  const face = {
    ...createStructuredLogger(core),
    ...createMetricsTracker(core),
    ...createProgressEmitter(core),
    ...createProviderHealth(core),
    ...createMetricsDashboard(core),
    ...createStore(core),
    ...createInternals(core),
  };
  if (projectRoot !== undefined) face.configure({ projectRoot });
  return face;
}

module.exports = { createFace };
