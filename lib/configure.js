// Checks the options of `configure` and puts them into the words of the addon.
'use strict';

const path = require('node:path');
const { types } = require('node:util');
const { DURABILITIES } = require('./core.js');
const { readMembers } = require('./arguments.js');
const { invalidRange, invalidType } = require('./errors.js');

const OPTIONS = ['projectRoot', 'dataDir', 'durability', 'onError', 'redact', 'maxRecordBytes'];
const MOST_RULES = 10_000;
const REDACT_OPTIONS = ['keys', 'patterns', 'allow', 'replacement'];

/** What `read` makes of a value, or the error that says that nothing can be made of it. */
function reading(argument, wanted, value, read) {
  try {
    return read(value);
  } catch {
    throw invalidType(argument, wanted, value);
  }
}

/** The options of one object. A misspelt one would silently do nothing, so it is refused. */
function readObject(argument, caller, value, known) {
  const isList = reading(argument, 'an object whose members can be read', value, Array.isArray);
  const options = readMembers(argument, isList ? null : value, known);
  for (const name of reading(argument, 'an object whose members can be read', value, Object.keys)) {
    if (!known.includes(name)) throw invalidType(`an option of ${caller}`, `one of ${known.join(', ')}`, name);
  }
  return options;
}

function readRoot(root) {
  if (typeof root !== 'string' || root === '' || root.includes('\0')) {
    throw invalidType('projectRoot', 'the path of a folder', root);
  }
  return path.resolve(root);
}

function readDataDir(folder) {
  if (typeof folder !== 'string' || folder === '' || folder.includes('\0')) {
    throw invalidType('dataDir', 'the path of a folder, absolute or relative to the project root', folder);
  }
  return folder;
}

function readDurability(durability) {
  if (!DURABILITIES.includes(durability)) {
    throw invalidRange('durability', DURABILITIES.map((name) => `'${name}'`).join(', '), durability);
  }
  return durability;
}

function readOnError(onError) {
  if (onError !== null && typeof onError !== 'function') throw invalidType('onError', 'a function or null', onError);
  return onError;
}

function readMaxRecordBytes(bytes) {
  if (!Number.isSafeInteger(bytes) || bytes < 1) throw invalidRange('maxRecordBytes', 'a positive whole number', bytes);
  return bytes;
}

/** A copy of a list, `null` for what is none, or too long to be one of rules. */
function copyOf(list) {
  return Array.isArray(list) && list.length <= MOST_RULES ? Array.from(list) : null;
}

function readList(argument, list) {
  const copy = reading(argument, 'an array whose members can be read', list, copyOf);
  if (copy === null) throw invalidType(argument, `an array of at most ${MOST_RULES}`, list);
  return copy;
}

function checkText(argument, text) {
  if (typeof text !== 'string' || text === '') throw invalidType(argument, 'a non-empty string', text);
  // It would never be found: what is written has U+FFFD, or an escape, in its place.
  if (!text.isWellFormed()) throw invalidType(argument, 'a text without half of a surrogate pair', text);
}

function readTexts(argument, list) {
  const texts = readList(argument, list);
  texts.forEach((text, index) => checkText(`${argument}[${index}]`, text));
  return texts;
}

/** An expression that matches exactly this text. */
function literally(text) {
  return { source: `^${text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}$`, flags: '' };
}

function expressionOf({ source, flags }) {
  return { source: String(source).toWellFormed(), flags: String(flags) };
}

/** Expressions cross as `{ source, flags }`; a string stands for exactly itself where `texts` are allowed. */
function readPatterns(argument, list, texts) {
  return readList(argument, list).map((pattern, index) => {
    const place = `${argument}[${index}]`;
    if (types.isRegExp(pattern)) return reading(place, 'a RegExp that can be read', pattern, expressionOf);
    if (!texts || typeof pattern !== 'string' || pattern === '') {
      throw invalidType(place, texts ? 'a RegExp or a non-empty string' : 'a RegExp', pattern);
    }
    checkText(place, pattern);
    return literally(pattern);
  });
}

function readRedact(redact) {
  const { keys, patterns, allow, replacement } = readObject('redact', 'redact', redact, REDACT_OPTIONS);
  const settings = {};
  if (keys !== undefined) settings.keys = readTexts('redact.keys', keys);
  if (patterns !== undefined) settings.patterns = readPatterns('redact.patterns', patterns, false);
  if (allow !== undefined) settings.allow = readPatterns('redact.allow', allow, true);
  if (replacement !== undefined) [settings.replacement] = readTexts('redact.replacement', [replacement]);
  return settings;
}

const READERS = {
  projectRoot: readRoot,
  dataDir: readDataDir,
  durability: readDurability,
  onError: readOnError,
  redact: readRedact,
  maxRecordBytes: readMaxRecordBytes,
};

/**
 * Every option that was given, checked and in the words of the addon: `{ projectRoot (absolute), durability, onError,
 * redact (expressions as { source, flags }), maxRecordBytes }`.
 *
 * @throws {TypeError | RangeError} for the first one that cannot be used, before anything is applied
 */
function readOptions(options) {
  const given = readObject('options', 'configure', options, OPTIONS);
  const settings = {};
  for (const name of OPTIONS) {
    if (given[name] !== undefined) settings[name] = READERS[name](given[name]);
  }
  return settings;
}

module.exports = { readOptions };
