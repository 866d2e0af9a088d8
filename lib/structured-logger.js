// Skill invocations: recording them, reading them back, statistics over them.
'use strict';

const path = require('node:path');
const { clock } = require('./clock.js');
const { invalidType } = require('./errors.js');
const { readFilters } = require('./filters.js');
const { NONE, UNREAD, checkEvent, errorField, fieldsText, numberField, readRest } = require('./fields.js');
const { pack, takeTexts } = require('./page.js');

const DEFAULT_FOLDER = '.claude/context/logs';
const NAMES = ['skill', 'params', 'result', 'duration', 'cacheHit', 'agent', 'runId', 'cujId', 'error', 'metadata'];
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

/** Puts the documented defaults in place of what is missing; a property that could not be read is `UNREAD`. */
function complete(values) {
  values[0] ||= 'unknown';
  values[1] ||= NONE;
  values[2] ||= 'unknown';
  values[3] = numberField(values[3] || 0);
  values[4] = values[4] === UNREAD ? false : values[4] || false; // a marker would count as a hit
  values[5] ||= 'unknown';
  values[6] ||= null;
  values[7] ||= null;
  values[8] = errorField(values[8]) || null;
  values[9] ||= NONE;
  return values;
}

/** The values of an event in the order of `KEYS`, each read once, even when one throws. */
function readEvent(event) {
  const values = [UNREAD, UNREAD, UNREAD, UNREAD, UNREAD, UNREAD, UNREAD, UNREAD, UNREAD, UNREAD];
  try {
    values[0] = event.skill;
    values[1] = event.params;
    values[2] = event.result;
    values[3] = event.duration;
    values[4] = event.cacheHit;
    values[5] = event.agent;
    values[6] = event.runId;
    values[7] = event.cujId;
    values[8] = event.error;
    values[9] = event.metadata;
  } catch {
    readRest(event, NAMES, values);
  }
  return complete(values);
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
      const now = clock();
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
    return this.#core.askMany('queryLogs', this.#folder, readFilters(filters), clock());
  }

  getStatistics(filters = {}) {
    return this.#core.ask('statistics', this.#folder, readFilters(filters), clock());
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
      return core.ask('skillPerformance', null, readFilters(filters), clock());
    },
  };
}

module.exports = { createStructuredLogger };
