// Tables over a period: skills, agents, CUJs, providers, failures, runs; and the latest log entries. All are counted by the addon.
'use strict';

const { DAY, readDate, readLimit, readMembers } = require('./arguments.js');
const { clock } = require('./clock.js');
const { invalidRange, invalidType } = require('./errors.js');
const { salvageText } = require('./fields.js');
const { MEMBERS, readFilters } = require('./filters.js');

const WEEK = 7 * DAY;
const MOST = 100_000;
const GROUPS = { agent: 'skill_agent', cuj: 'skill_cuj', run: 'skill_run' };
const SOURCES = { cujId: 'cuj', skill: 'skill', provider: 'provider' };

/** The period's members and those `names`; nobody has to give options. */
function readOptions(options, ...names) {
  return options === undefined || options === null ? {} : readMembers('options', options, [...names, 'from', 'to']);
}

/** `[from, to, now]` as the addon wants them: `null` for the beginning of history, and for now and later. */
function readPeriod({ from, to }, span) {
  const now = clock();
  const start = from === undefined ? now - span : readDate('from', from, false);
  const end = readDate('to', to, true);
  if (from === undefined && end !== null) return [end - span, end, now];
  if (start !== null && start > (end ?? now)) {
    throw invalidRange('from', `no later than ${end === null ? 'now' : 'to'}`, from);
  }
  return [start, end, now];
}

function readMost(limit, usual) {
  return limit === undefined ? usual : Math.min(readLimit(limit) ?? MOST, MOST);
}

/** A name as JSON, `null` when there is none to ask for. */
function nameText(name) {
  return name === undefined || name === null || name === '' ? null : (salvageText(name) ?? 'false');
}

/** Which failures: `{ cujId }`, `{ skill }` or `{ provider }`, at most one of them. */
function readSource(options) {
  const given = Object.keys(SOURCES).filter((name) => nameText(options[name]) !== null);
  if (given.length > 1) throw invalidType('options', 'at most one of cujId, skill and provider', given);
  if (given.length === 0) return [options.source ?? null, null];
  const name = options[given[0]];
  const recorded = given[0] === 'provider' && typeof name === 'string' ? name.toLowerCase() : name;
  return [SOURCES[given[0]], nameText(recorded)];
}

function checkSource(source) {
  if (source !== null && !Object.values(SOURCES).includes(source)) {
    throw invalidRange('source', `one of ${Object.values(SOURCES).join(', ')}`, source);
  }
}

const KINDS = { cujId: 'cuj', skill: 'skill', agent: 'agent', provider: 'provider' };
const MOST_PARTS = 1000;

/** What a timeline is of: one of `{ cujId, skill, agent, provider }`, or all of a `kind`. */
function readSubject(options) {
  const given = Object.keys(KINDS).filter((name) => nameText(options[name]) !== null);
  if (given.length > 1) throw invalidType('options', `at most one of ${Object.keys(KINDS).join(', ')}`, given);
  const kind = given.length > 0 ? KINDS[given[0]] : (options.kind ?? 'cuj');
  if (!Object.values(KINDS).includes(kind)) {
    throw invalidRange('kind', `one of ${Object.values(KINDS).join(', ')}`, options.kind);
  }
  const name = given.length > 0 ? options[given[0]] : null;
  // Providers are recorded in small letters.
  return [kind, nameText(kind === 'provider' && typeof name === 'string' ? name.toLowerCase() : name)];
}

function readParts(parts = 60) {
  if (!Number.isInteger(parts) || parts < 1 || parts > MOST_PARTS) {
    throw invalidRange('parts', `a whole number from 1 to ${MOST_PARTS}`, parts);
  }
  return parts;
}

function readMs(name, value) {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || Number.isNaN(value)) throw invalidRange(name, 'a number of milliseconds', value);
  return value;
}

function timelines(core) {
  return {
    getTimeline(options = {}) {
      const names = [...Object.keys(KINDS), 'kind', 'parts', 'limit', 'minMs', 'maxMs'];
      const { parts, limit, minMs, maxMs, ...asked } = readOptions(options, ...names);
      const slice = [readParts(parts), readMost(limit, 50)];
      const durations = [readMs('minMs', minMs), readMs('maxMs', maxMs)];
      return core.ask('timeline', readSubject(asked), slice, durations, ...readPeriod(asked, WEEK));
    },
  };
}

function usageTables(core) {
  return {
    getSkillTable(options = {}) {
      const { by = null, skill, ...period } = readOptions(options, 'by', 'skill');
      if (by !== null && !(typeof by === 'string' && Object.hasOwn(GROUPS, by))) {
        throw invalidRange('by', `one of ${Object.keys(GROUPS).join(', ')}`, by);
      }
      return core.ask('usageTable', GROUPS[by] ?? 'skill', nameText(skill), ...readPeriod(period, WEEK));
    },

    getAgentTable(options = {}) {
      return core.ask('usageTable', 'agent', null, ...readPeriod(readOptions(options), WEEK));
    },
  };
}

function outcomeTables(core) {
  return {
    getCujTable(options = {}) {
      const { cujId, ...period } = readOptions(options, 'cujId');
      return core.ask('cujTable', nameText(cujId), ...readPeriod(period, WEEK));
    },

    getProviderTable(options = {}) {
      return core.ask('providerTable', ...readPeriod(readOptions(options), WEEK));
    },

    getFailures(options = {}) {
      const { limit, ...asked } = readOptions(options, ...Object.keys(SOURCES), 'source', 'limit');
      const [source, name] = readSource(asked);
      checkSource(source);
      return core.ask('failureGroups', source, name, readMost(limit, 50), ...readPeriod(asked, WEEK));
    },

    getSlowestCalls(options = {}) {
      const { skill, limit, ...period } = readOptions(options, 'skill', 'limit');
      return core.ask('slowestCalls', nameText(skill), readMost(limit, 10), ...readPeriod(period, WEEK));
    },
  };
}

function runTables(core) {
  return {
    getRuns(options = {}) {
      const { limit, ...period } = readOptions(options, 'limit');
      return core.ask('runs', readMost(limit, 50), ...readPeriod(period, DAY));
    },

    getRun(runId) {
      const name = nameText(runId);
      if (name === null) throw invalidType('runId', 'the id of a run', runId);
      return core.ask('run', name, clock());
    },

    getLatestLogs(filters = {}) {
      const { grep, limit, ...rest } =
        filters === undefined || filters === null ? {} : readMembers('filters', filters, [...MEMBERS, 'grep']);
      if (grep !== undefined && grep !== null && typeof grep !== 'string') {
        throw invalidType('grep', 'the text of a regular expression', grep);
      }
      const text = readFilters({ ...rest, limit: readMost(limit, 20) });
      return core.askMany('latestLogs', text, grep || null, clock());
    },
  };
}

/** The documented names of these questions, over `core`. */
function createTables(core) {
  return { ...usageTables(core), ...outcomeTables(core), ...runTables(core), ...timelines(core) };
}

module.exports = { createTables };
