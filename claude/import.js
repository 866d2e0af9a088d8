// Imports transcripts of Claude Code into a workspace: finds the sessions, passes over what is known, adds up what was done.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { types } = require('node:util');

const { readDate, readMembers } = require('../lib/arguments.js');
const { clock } = require('../lib/clock.js');
const { fromNative, invalidType, withCode } = require('../lib/errors.js');
const { projectFolders } = require('./places.js');
const { findSessions, typeOfAgent } = require('./sessions.js');
const { ImportState } = require('./state.js');

const COUNTS = ['lines', 'bytes', 'skills', 'episodes', 'subagents', 'cujs', 'provider_calls', 'imported'];
const REST = ['already_there', 'damaged'];
const FLAGS = ['allProjects', 'dryRun', 'duplicates'];
// What is remembered is written at least so often, in milliseconds.
const SAVE_EVERY = 2000;

const PLACES = ['from', 'session'];

/** The text of an expression; `undefined` when none is given. */
function readExpression(cuj) {
  if (cuj === undefined || typeof cuj === 'string') return cuj;
  if (!types.isRegExp(cuj)) throw invalidType('cuj', 'a regular expression or its text', cuj);
  return String(cuj.source);
}

function isPath(place) {
  return typeof place === 'string' && place !== '' && !place.includes('\0');
}

function checkOptions(given) {
  const options = readMembers('options', given, [...PLACES, ...FLAGS, 'since', 'cuj', 'onProgress']);
  const { onProgress } = options;
  for (const name of PLACES) {
    if (options[name] !== undefined && !isPath(options[name])) throw invalidType(name, 'a path', options[name]);
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw invalidType('onProgress', 'a function', onProgress);
  }
  for (const name of FLAGS) {
    if (options[name] !== undefined && typeof options[name] !== 'boolean') {
      throw invalidType(name, 'true or false', options[name]);
    }
  }
  return { ...options, cuj: readExpression(options.cuj), since: readDate('since', options.since, false) };
}

function isFolder(folder) {
  try {
    return fs.statSync(folder).isDirectory();
  } catch {
    return false; // nothing, or nothing that may be looked at
  }
}

/** The folders to look in. One that was named has to be there. */
function foldersOf(root, { from, session, allProjects = false }, env) {
  if (session !== undefined) return [path.dirname(path.resolve(session))];
  if (from === undefined) return projectFolders(root, { all: allProjects, env });
  const folder = path.resolve(from);
  if (!isFolder(folder)) throw withCode(new Error(`could not read ${folder}: it is no folder`), 'OBS_IO');
  return [folder];
}

/** See `types/claude.d.ts`. */
function importClaudeTranscripts(core, options = {}, env = process.env) {
  const asked = checkOptions(options);
  const folders = foldersOf(core.where.root, asked, env);
  const isAsked = ({ name }) => asked.session === undefined || name === path.resolve(asked.session);
  const sessions = findSessions(folders).filter(isAsked);
  const { cuj, duplicates = false, dryRun = false, since } = asked;
  const state = new ImportState(core, JSON.stringify([cuj ?? null, duplicates]));
  const now = clock();
  const report = emptyReport(folders, sessions, dryRun);
  const isNew = (session) => dryRun || !state.isKnown(session, since, now);
  if (!sessions.some(isNew)) return finished(report, sessions.length);
  core.open();
  if (!dryRun && !core.disabled) state.lock(core);
  try {
    const importer = core.call('importer', JSON.stringify({ since, dryRun, cuj, duplicates }));
    const open = sessions.filter(isNew);
    importAll(open, { core, importer, state, report, asked, now });
    return finished(report, sessions.length - open.length);
  } finally {
    state.release();
  }
}

function importAll(sessions, { core, importer, state, report, asked, now }) {
  const { since, dryRun = false, onProgress = () => {} } = asked;
  const total = sessions.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  let saved = Date.now();
  try {
    for (const [at, session] of sessions.entries()) {
      const found = importOne(core, importer, session, now);
      add(report, found);
      state.note(session, since, found.waits_until, { damaged: found.damaged, unknown_types: found.unknown_types });
      done += session.size;
      onProgress({ sessions: at + 1, of_sessions: sessions.length, bytes: done, of_bytes: total });
      if (!dryRun && Date.now() - saved > SAVE_EVERY) {
        state.save();
        saved = Date.now();
      }
    }
  } finally {
    if (!dryRun) state.save();
  }
}

function importOne(core, importer, { files }, now) {
  const asked = files.map(({ path: file, agent }) => ({
    path: file,
    agent,
    kind: agent === null ? null : typeOfAgent(file),
  }));
  try {
    return JSON.parse(importer.import(JSON.stringify(asked), now));
  } catch (error) {
    throw fromNative(error);
  } finally {
    core.tellFaults();
    core.armIfPending();
  }
}

const zerosOf = (names) => Object.fromEntries(names.map((name) => [name, 0]));

function emptyReport(folders, sessions, dryRun) {
  const files = sessions.reduce((sum, session) => sum + session.files.length, 0);
  return {
    schema: 1,
    dry_run: dryRun,
    folders,
    sessions: sessions.length,
    unchanged: 0,
    files,
    ...zerosOf(COUNTS.slice(0, 1)),
    unknown_types: {},
    ...zerosOf([...COUNTS.slice(1), ...REST]),
    usage: {},
    prices: null,
    waiting: 0,
    first: null,
    last: null,
  };
}

function add(report, found) {
  for (const name of [...COUNTS, ...REST]) report[name] += found[name];
  for (const [name, count] of Object.entries(found.unknown_types)) {
    report.unknown_types[name] = (Object.hasOwn(report.unknown_types, name) ? report.unknown_types[name] : 0) + count;
  }
  for (const [model, usage] of Object.entries(found.usage)) addUsage(report, model, usage);
  if (Object.keys(found.usage).length > 0) report.prices = found.prices;
  report.waiting += Number(found.waits_until !== null);
  if (found.first !== null) report.first = Math.min(report.first ?? Infinity, found.first);
  if (found.last !== null) report.last = Math.max(report.last ?? -Infinity, found.last);
}

const TOKENS = ['input_tokens', 'output_tokens', 'cache_write_tokens', 'cache_read_tokens'];

/** Costs are added in nanodollars, of which sums stay exact. */
function addUsage({ usage }, model, { responses, tokens, nanodollars, unpriced }) {
  const known = Object.hasOwn(usage, model)
    ? usage[model]
    : { responses: 0, ...zerosOf(TOKENS), cost_usd: 0, unpriced: 0 };
  known.responses += responses;
  TOKENS.forEach((name, i) => (known[name] += tokens[i]));
  known.cost_usd += nanodollars;
  known.unpriced += unpriced;
  Object.defineProperty(usage, model, { value: known, enumerable: true, configurable: true });
}

function inDollars(usage) {
  const told = (sum) => ({ ...sum, cost_usd: sum.unpriced === sum.responses ? null : sum.cost_usd / 1e9 });
  return Object.fromEntries(Object.entries(usage).map(([model, sum]) => [model, told(sum)]));
}

function finished(report, unchanged) {
  const iso = (time) => (time === null ? null : new Date(time).toISOString());
  return { ...report, usage: inDollars(report.usage), unchanged, first: iso(report.first), last: iso(report.last) };
}

module.exports = { importClaudeTranscripts };
