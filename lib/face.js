// Puts every documented function on one native handle, so that each user of a face is alone with its settings and counters.
'use strict';

const { clock } = require('./clock.js');
const { Core } = require('./core.js');

/** What the command lines need beside the documented functions; not part of the package's interface. */
function createInternals(core) {
  return {
    /** `{ root, reason }` of the project root, see `root.js`. */
    projectRoot() {
      return core.where;
    },

    /** The package was imported through the tool file of this workspace. */
    importedBy(workspace) {
      core.importedBy(workspace);
    },

    /** The core itself, for the commands about alerts. */
    core: () => core,

    /** When each of these skills was used last: ISO texts, `null` for those that never were. */
    lastUsed(skills) {
      const names = skills.map((skill) => JSON.stringify(skill));
      return core.ask('lastUsed', names, core.now());
    },

    /** How many progress events are on record. */
    countProgress: () => core.ask('progressCount'),

    /**
     * Follows `executions`, `progress`, `providers` or `skills` from the present end:
     * `{ read() → records since the last call, close() }`.
     */
    follow(stream) {
      core.open();
      const follower = core.call('follow', stream, clock());
      return { read: () => JSON.parse(follower.read(clock())), close: () => follower.close() };
    },
  };
}

const PARTS = {
  'structured-logger': (core) => require('./structured-logger.js').createStructuredLogger(core),
  'metrics-tracker': (core) => require('./metrics-tracker.js').createMetricsTracker(core),
  'progress-emitter': (core) => require('./progress-emitter.js').createProgressEmitter(core),
  'provider-health': (core) => require('./provider-health.js').createProviderHealth(core),
  'metrics-dashboard': (core) => require('./metrics-dashboard.js').createMetricsDashboard(core),
  tables: (core) => require('./tables.js').createTables(core),
  alerts: (core) => require('./alerts.js').createAlerts(core),
  claude: (core) => require('./claude.js').createClaude(core),
  otlp: (core) => require('./otlp.js').createOtlp(core),
  store: (core) => require('./store.js').createStore(core),
  internals: createInternals,
};

/**
 * The functions of one face by module: `parts['metrics-tracker'].getCujSuccessRate`. Each part is loaded when it is first
 * asked for, because a command line needs only one or two of them, and all of them use the same native handle.
 */
function createParts(env) {
  const core = new Core(env);
  const parts = {};
  for (const [name, create] of Object.entries(PARTS)) {
    const made = (value) => Object.defineProperty(parts, name, { value, enumerable: true })[name];
    Object.defineProperty(parts, name, { get: () => made(create(core)), enumerable: true, configurable: true });
  }
  return parts;
}

/** Every function of `parts` in one object. */
function join(parts) {
  return Object.assign({}, ...Object.values(parts));
}

/**
 * Every documented function, bound to a native handle of its own. `env` stands in for `process.env`, and `now` for the clock of
 * questions.
 *
 * @example
 * const { logSkillInvocation, getStoreHealth } = createFace({ projectRoot: '/tmp/workspace', env: {} });
 */
function createFace({ projectRoot, env, now } = {}) {
  const face = join(createParts(env));
  if (now !== undefined) face.core().now = now;
  if (projectRoot !== undefined) face.configure({ projectRoot });
  return face;
}

let parts = null;

/** The parts that everything in one module registry shares: the main entry, the subpaths and the command lines. */
function shared() {
  parts ??= createParts();
  return parts;
}

module.exports = { createFace, join, shared };
