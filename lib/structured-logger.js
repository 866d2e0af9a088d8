// Skill invocations: recording them, reading them back, statistics over them.
'use strict';

const path = require('node:path');
const { readDate, readLimit } = require('./arguments.js');
const { invalidType } = require('./errors.js');
const { HUGE_UNITS, checkEvent, errorField, numberField, readRest } = require('./fields.js');
const { UNREAD, salvageFields, salvageText } = require('./salvage.js');

const DEFAULT_FOLDER = '.claude/context/logs';
const NAMES = ['skill', 'params', 'result', 'duration', 'cacheHit', 'agent', 'runId', 'cujId', 'error', 'metadata'];
const FILTERS = ['skill', 'agent', 'result', 'runId', 'cujId'];
const KEYS = [
  'skill',
  'params',
  'result',
  'duration_ms',
  'cache_hit',
  'agent',
  'run_id',
  'cuj_id',
  'error',
  'metadata',
];
const NONE = Object.freeze({});

/** The defaults of the documentation, for the slow way. */
function completed([skill, params, result, duration, cacheHit, agent, runId, cujId, error, metadata]) {
  return [
    skill || 'unknown',
    params || NONE,
    result || 'unknown',
    numberField(duration || 0),
    cacheHit === UNREAD ? false : cacheHit || false, // a marker would count as a hit
    agent || 'unknown',
    runId || null,
    cujId || null,
    errorField(error) || null,
    metadata || NONE,
  ];
}

function isText(value) {
  return typeof value === 'string';
}

/** Whether `JSON.stringify` of the fields gives what is documented; odd values go through the walk. */
function isUsual(skill, result, duration, cacheHit, agent, error, metadata) {
  return (
    isText(skill) &&
    isText(result) &&
    typeof duration === 'number' &&
    typeof cacheHit === 'boolean' &&
    isText(agent) &&
    (error === null || isText(error)) &&
    typeof metadata === 'object'
  );
}

/** JSON text of the fields, or `''` where only the walk can write them. */
function usualText(skill, params, result, duration, cacheHit, agent, runId, cujId, error, metadata) {
  if (!isUsual(skill, result, duration, cacheHit, agent, error, metadata)) return '';
  if ((runId !== null && !isText(runId)) || (cujId !== null && !isText(cujId))) return '';
  const text = JSON.stringify({
    skill,
    params,
    result,
    duration_ms: duration,
    cache_hit: cacheHit,
    agent,
    run_id: runId,
    cuj_id: cujId,
    error,
    metadata,
  });
  return text.length <= HUGE_UNITS ? text : '';
}

/** JSON text of the fields of `event`. Each property is read once, even when one throws. */
function skillFields(event) {
  let skill = UNREAD;
  let params = UNREAD;
  let result = UNREAD;
  let duration = UNREAD;
  let cacheHit = UNREAD;
  let agent = UNREAD;
  let runId = UNREAD;
  let cujId = UNREAD;
  let error = UNREAD;
  let metadata = UNREAD;
  try {
    skill = event.skill || 'unknown';
    params = event.params || NONE;
    result = event.result || 'unknown';
    duration = event.duration || 0;
    cacheHit = event.cacheHit || false;
    agent = event.agent || 'unknown';
    runId = event.runId || null;
    cujId = event.cujId || null;
    error = errorField(event.error) || null;
    metadata = event.metadata || NONE;
    const text = usualText(skill, params, result, duration, cacheHit, agent, runId, cujId, error, metadata);
    if (text !== '') return text;
  } catch {
    // A getter threw, or JSON.stringify met what it cannot write: the walk makes what can be made.
  }
  const values = [skill, params, result, duration, cacheHit, agent, runId, cujId, error, metadata];
  return salvageFields(KEYS, completed(readRest(event, NAMES, values)), 'params');
}

function readFilters(filters) {
  if (filters === null) return '{}';
  if (typeof filters !== 'object') throw invalidType('filters', 'an object', filters);
  const parts = [];
  for (const name of FILTERS) {
    const value = filters[name];
    if (value) parts.push(`"${name}":${salvageText(value) ?? 'null'}`);
  }
  const numbers = {
    limit: readLimit(filters.limit),
    start: readDate('startDate', filters.startDate, false),
    end: readDate('endDate', filters.endDate, true),
  };
  for (const [name, value] of Object.entries(numbers)) if (value !== null) parts.push(`"${name}":${value}`);
  return `{${parts.join(',')}}`;
}

function checkFolder(logDir) {
  if (typeof logDir !== 'string' || logDir === '' || logDir.includes('\0')) {
    throw invalidType('logDir', 'the path of a folder', logDir);
  }
}

/** The documented class, but for the core of its face. */
class FolderLogger {
  #core;
  #isDefault;

  constructor(core, logDir) {
    checkFolder(logDir);
    this.#core = core;
    this.#isDefault = path.normalize(logDir) === path.normalize(DEFAULT_FOLDER);
    this.logDir = logDir;
  }

  /** The folder as the addon wants it: `null` for the default one. The project root may not be known before first use. */
  get #folder() {
    return this.#isDefault ? null : this.#core.resolve(this.logDir);
  }

  logSkillInvocation(event) {
    checkEvent(event);
    const core = this.#core;
    try {
      const native = core.native ?? core.open();
      core.settle(native.recordSkill(this.#folder, skillFields(event), Date.now()));
    } catch (error) {
      core.broken(error);
    }
  }

  queryLogs(filters = {}) {
    return this.#core.askMany('queryLogs', this.#folder, readFilters(filters), Date.now());
  }

  getStatistics(filters = {}) {
    return this.#core.ask('statistics', this.#folder, readFilters(filters), Date.now());
  }
}

/** The documented names of this module, over `core`. */
function createStructuredLogger(core) {
  class StructuredLogger extends FolderLogger {
    constructor(logDir = DEFAULT_FOLDER) {
      super(core, logDir);
    }
  }
  const shared = new StructuredLogger();

  return {
    StructuredLogger,
    getLogger() {
      return shared;
    },
    logSkillInvocation(event) {
      shared.logSkillInvocation(event);
    },

    getSkillPerformance(filters = {}) {
      return core.ask('skillPerformance', null, readFilters(filters), Date.now());
    },
  };
}

module.exports = { createStructuredLogger };
