// Tables over a period: skills, agents, CUJs, providers, failures, runs; and the latest log entries. All are counted by the addon.
'use strict';

const { DAY, readDate, readLimit, readMembers } = require('./arguments.js');
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
function readPeriod(core, { from, to }, span) {
  const now = core.now();
  const start = from === undefined ? now - span : readDate('from', from, false);
  const end = readDate('to', to, true);
  if (from === undefined && end !== null) return [end - span, end, now];
  if (start !== null && start > (end ?? now)) {
    throw invalidRange('from', `no later than ${end === null ? 'now' : 'to'}`, from);
  }
  return [start, end, now];
}

/** The same, with how much earlier the period begins that it is compared with, as `[[from, to, back], now]`. */
function readCompared(core, { backMs, ...period }, span) {
  const [from, to, now] = readPeriod(core, period, span);
  return [[from, to, readBack(backMs)], now];
}

function readBack(backMs) {
  if (backMs === undefined || backMs === null) return null;
  if (!Number.isSafeInteger(backMs) || backMs < 0) {
    throw invalidRange('backMs', 'a whole number of milliseconds', backMs);
  }
  return backMs;
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
const MOST_WHOLE = 1000;

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

/** `value`, or what is usual; a whole number from `least` to 1000. */
function readWhole(name, value, usual, least) {
  if (value === undefined) return usual;
  if (!Number.isInteger(value) || value < least || value > MOST_WHOLE) {
    throw invalidRange(name, `a whole number from ${least} to ${MOST_WHOLE}`, value);
  }
  return value;
}

function readMs(name, value) {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || Number.isNaN(value)) throw invalidRange(name, 'a number of milliseconds', value);
  return value;
}

function timelines(core) {
  return {
    getTimeline(options = {}) {
      const names = [...Object.keys(KINDS), 'kind', 'parts', 'limit', 'minMs', 'maxMs', 'runIds'];
      const { parts, limit, minMs, maxMs, runIds, ...asked } = readOptions(options, ...names);
      const slice = [readWhole('parts', parts, 60, 1), readMost(limit, 50), Boolean(runIds)];
      const durations = [readMs('minMs', minMs), readMs('maxMs', maxMs)];
      return core.ask('timeline', readSubject(asked), slice, durations, ...readPeriod(core, asked, WEEK));
    },
  };
}

function usageTables(core) {
  return {
    getSkillTable(options = {}) {
      const { by = null, skill, ...period } = readOptions(options, 'by', 'skill', 'backMs');
      if (by !== null && !(typeof by === 'string' && Object.hasOwn(GROUPS, by))) {
        throw invalidRange('by', `one of ${Object.keys(GROUPS).join(', ')}`, by);
      }
      return core.ask('usageTable', GROUPS[by] ?? 'skill', nameText(skill), ...readCompared(core, period, WEEK));
    },

    getAgentTable(options = {}) {
      return core.ask('usageTable', 'agent', null, ...readCompared(core, readOptions(options, 'backMs'), WEEK));
    },
  };
}

function outcomeTables(core) {
  return {
    getCujTable(options = {}) {
      const { cujId, strip, ...period } = readOptions(options, 'cujId', 'strip', 'backMs');
      return core.ask(
        'cujTable',
        nameText(cujId),
        readWhole('strip', strip, 20, 0),
        ...readCompared(core, period, WEEK),
      );
    },

    getProviderTable(options = {}) {
      return core.ask('providerTable', ...readCompared(core, readOptions(options, 'backMs'), WEEK));
    },

    getFailures(options = {}) {
      const { limit, ...asked } = readOptions(options, ...Object.keys(SOURCES), 'source', 'limit');
      const [source, name] = readSource(asked);
      checkSource(source);
      return core.ask('failureGroups', source, name, readMost(limit, 50), ...readPeriod(core, asked, WEEK));
    },

    getSlowestCalls(options = {}) {
      const { skill, limit, ...period } = readOptions(options, 'skill', 'limit');
      return core.ask('slowestCalls', nameText(skill), readMost(limit, 10), ...readPeriod(core, period, WEEK));
    },
  };
}

function runTables(core) {
  return {
    getRuns(options = {}) {
      const { limit, ...period } = readOptions(options, 'limit');
      return core.ask('runs', readMost(limit, 50), ...readPeriod(core, period, DAY));
    },

    getRun(runId) {
      const name = nameText(runId);
      if (name === null) throw invalidType('runId', 'the id of a run', runId);
      return core.ask('run', name, core.now());
    },

    getLatestLogs(filters = {}) {
      const { grep, limit, ...rest } =
        filters === undefined || filters === null ? {} : readMembers('filters', filters, [...MEMBERS, 'grep']);
      if (grep !== undefined && grep !== null && typeof grep !== 'string') {
        throw invalidType('grep', 'the text of a regular expression', grep);
      }
      const text = readFilters({ ...rest, limit: readMost(limit, 20) });
      return core.askMany('latestLogs', text, grep || null, core.now());
    },
  };
}

/** The documented names of these questions, over `core`. */
function createTables(core) {
  return { ...usageTables(core), ...outcomeTables(core), ...runTables(core), ...timelines(core) };
}

module.exports = { createTables };
