// Skill invocations: recording them, reading them back, statistics over them.
'use strict';

const path = require('node:path');
const { readDate, readLimit } = require('./arguments.js');
const { invalidType } = require('./errors.js');
const { checkEvent, errorField, fieldsText, numberField, readRest } = require('./fields.js');
const { pack, takeTexts } = require('./page.js');
const { UNREAD, salvageText } = require('./salvage.js');

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
const REPEATING = 0b10100101; // skill, result, agent, cuj_id
const NONE = Object.freeze({});

/** The values of an event with the documented defaults; a property that could not be read is `UNREAD`. */
function completed(skill, params, result, duration, cacheHit, agent, runId, cujId, error, metadata) {
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

/** The ten values of an event, each read once, even when one throws. */
function readEvent(event) {
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
    skill = event.skill;
    params = event.params;
    result = event.result;
    duration = event.duration;
    cacheHit = event.cacheHit;
    agent = event.agent;
    runId = event.runId;
    cujId = event.cujId;
    error = event.error;
    metadata = event.metadata;
  } catch {
    const values = [skill, params, result, duration, cacheHit, agent, runId, cujId, error, metadata];
    return completed(...readRest(event, NAMES, values));
  }
  return completed(skill, params, result, duration, cacheHit, agent, runId, cujId, error, metadata);
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
      const values = readEvent(event);
      const now = Date.now();
      const end = pack(values, REPEATING);
      core.settle(
        end > 0
          ? native.recordSkill(end, takeTexts(), now, this.#folder)
          : native.recordSkillFields(this.#folder, fieldsText(KEYS, values, 'params'), now),
      );
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
