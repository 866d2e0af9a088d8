// Reads what callers hand over for one record into plain values that the addon's contract knows.
'use strict';

const { types } = require('node:util');
const { invalidType } = require('./errors.js');

const HUGE_UNITS = 16_777_216; // beyond this the bounded walk cuts before the text crosses to the addon

/** Stands for a property that could not be read. */
const UNREAD = Symbol('unread');

/** No members at all: what missing params and metadata become. */
const NONE = Object.freeze({});

const LONG_UNITS = 65_536;

/** JSON text of one value; `undefined` for what has none. Only odd ones need the walk, which is loaded for the first of them. */
function salvageText(value) {
  if (typeof value === 'string' && value.length < LONG_UNITS) return JSON.stringify(value);
  return require('./salvage.js').salvageText(value);
}

/** Throws unless `event` is an object; the one misuse of a recording call with an event. */
function checkEvent(event) {
  if (typeof event !== 'object' || event === null) throw invalidType('event', 'an object', event);
}

/**
 * The slow way to read an event, after one of its getters threw: `values` holds what was read so far, in the order of
 * `names`, and `UNREAD` from the property that threw on. No property is read twice.
 */
function readRest(event, names, values) {
  const failed = values.indexOf(UNREAD);
  if (failed === -1) return values;
  for (let index = failed + 1; index < values.length; index += 1) {
    try {
      values[index] = event[names[index]];
    } catch {
      values[index] = UNREAD;
    }
  }
  return values;
}

function isError(value) {
  return (
    types.isNativeError(value) || value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
  );
}

/** An `Error` of any realm as its message; everything else as it is. */
function errorField(error) {
  if (typeof error !== 'object' || error === null) return error;
  try {
    return isError(error) ? String(error.message) : error;
  } catch {
    return UNREAD;
  }
}

function objectText(error) {
  const { message } = error;
  if (typeof message === 'string') return message;
  return message === undefined || message === null ? salvageText(error) : String(message);
}

/** The text of an `Error`, of any object with a `message`, or of a string; `null` when there is none or it is empty. */
function errorText(error) {
  if (typeof error === 'string') return error || null;
  if (!error) return null;
  try {
    return (typeof error === 'object' ? objectText(error) : String(error)) || null;
  } catch {
    return '[Unreadable]';
  }
}

/** A duration or latency: any number (JSON has no others than finite ones and makes the rest `null`), else `null`. */
function numberField(value) {
  return typeof value === 'number' ? value : null;
}

/** What `JSON.stringify` would leave out, or what could not be read. */
function hasNoJson(value) {
  return typeof value === 'function' || typeof value === 'symbol' || value === undefined;
}

/**
 * JSON text of the object of a record's fields, `values` under `keys`, for what cannot be packed: one `JSON.stringify`, or else
 * the bounded walk (see `salvageFields`).
 */
function fieldsText(keys, values, optional = '') {
  try {
    const fields = Object.fromEntries(keys.map((key, index) => [key, values[index]]));
    const text = values.some(hasNoJson) ? '' : JSON.stringify(fields);
    if (text !== '' && text.length <= HUGE_UNITS) return text;
  } catch {
    // It holds what JSON.stringify cannot write; the walk makes what can be made.
  }
  return require('./salvage.js').salvageFields(keys, values, optional, UNREAD);
}

module.exports = { NONE, UNREAD, checkEvent, errorField, errorText, fieldsText, numberField, readRest, salvageText };
