// Imports transcripts of Claude Code into a workspace: checks what is asked for, and lets the addon go through the sessions.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { types } = require('node:util');

const { readDate, readMembers } = require('../lib/arguments.js');
const { clock } = require('../lib/clock.js');
const { fromNative, invalidType, withCode } = require('../lib/errors.js');
const { projectFolders } = require('./places.js');

const FLAGS = ['allProjects', 'dryRun', 'duplicates'];
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

/** No path and no expression has half a character in it; JSON may, and what reads it there refuses that. */
function wellFormed(_, value) {
  return typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value;
}

/** See `types/claude.d.ts`. */
function importClaudeTranscripts(core, options = {}, env = process.env) {
  const { onProgress, ...asked } = checkOptions(options);
  const { cuj, duplicates = false, dryRun = false, since } = asked;
  const session = asked.session === undefined ? undefined : path.resolve(asked.session);
  const folders = foldersOf(core.where.root, asked, env);
  const text = JSON.stringify({ folders, session, cuj, duplicates, dryRun, since }, wellFormed);
  const running = core.callConnected('importClaude', text, clock());
  try {
    while (advance(core, running)) onProgress?.(JSON.parse(running.progress()));
    return JSON.parse(running.summary());
  } finally {
    running.close();
  }
}

/** Imports one session; what the disk did not take is told and tried again. */
function advance(core, running) {
  let isOne = false;
  try {
    isOne = running.advance();
  } catch (error) {
    throw fromNative(error);
  } finally {
    if (isOne) core.open();
    core.tellFaults();
    core.armIfPending();
  }
  return isOne;
}

module.exports = { importClaudeTranscripts };
