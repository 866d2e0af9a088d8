// Checks the options of `configure` and puts them into the words of the addon.
'use strict';

const path = require('node:path');
const { types } = require('node:util');
const { DURABILITIES } = require('./core.js');
const { invalidRange, invalidType } = require('./errors.js');

const OPTIONS = ['projectRoot', 'dataDir', 'durability', 'onError', 'redact', 'maxRecordBytes'];
const REDACT_OPTIONS = ['keys', 'patterns', 'allow', 'replacement'];

function checkObject(argument, value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidType(argument, 'an object', value);
  }
}

/** A misspelt option would silently do nothing. */
function checkNames(argument, value, known) {
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) throw invalidType(`an option of ${argument}`, `one of ${known.join(', ')}`, name);
  }
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

function checkList(argument, list) {
  if (!Array.isArray(list)) throw invalidType(argument, 'an array', list);
}

function readTexts(argument, list) {
  checkList(argument, list);
  list.forEach((text, index) => {
    if (typeof text !== 'string' || text === '') throw invalidType(`${argument}[${index}]`, 'a non-empty string', text);
  });
  return list;
}

/** An expression that matches exactly this text. */
function literally(text) {
  return { source: `^${text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}$`, flags: '' };
}

/** Expressions cross as `{ source, flags }`; a string stands for exactly itself where `texts` are allowed. */
function readPatterns(argument, list, texts) {
  checkList(argument, list);
  return list.map((pattern, index) => {
    if (types.isRegExp(pattern)) return { source: pattern.source, flags: pattern.flags };
    if (texts && typeof pattern === 'string' && pattern !== '') return literally(pattern);
    throw invalidType(`${argument}[${index}]`, texts ? 'a RegExp or a non-empty string' : 'a RegExp', pattern);
  });
}

function readRedact(redact) {
  checkObject('redact', redact);
  checkNames('redact', redact, REDACT_OPTIONS);
  const { keys, patterns, allow, replacement } = redact;
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
  checkObject('options', options);
  checkNames('configure', options, OPTIONS);
  const settings = {};
  for (const name of OPTIONS) {
    if (options[name] !== undefined) settings[name] = READERS[name](options[name]);
  }
  return settings;
}

module.exports = { readOptions };
