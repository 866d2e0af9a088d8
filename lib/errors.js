// Builds the errors of the face: what was wrong, what was wanted and what came instead, without secrets, in the caller's realm.
'use strict';

const INVALID = 'OBS_INVALID_ARGUMENT';
const SHOWN_UNITS = 60;

let redactor;

/** Redacts by a program's own rules, too: those that were configured last, in whichever face. */
let ownRedact = (text) => text;

/** From now on texts of errors go through `redact`, too. */
function redactAlso(redact) {
  ownRedact = redact;
}

function standardRedactor() {
  if (redactor === undefined) {
    try {
      redactor = new (require('./addon.js').loadAddon().NativeRedactor)();
    } catch {
      redactor = null; // the face tells of an addon that does not load, where it needs one
    }
  }
  return redactor;
}

/**
 * `text` without its secrets; `null` when there is no addon that could tell.
 *
 * @example redacted('password=hunter2') // 'password=[REDACTED]'
 */
function redacted(text) {
  const safe = standardRedactor()?.text(text) ?? null;
  try {
    return safe === null ? null : ownRedact(safe);
  } catch {
    return null;
  }
}

/** JSON text without its secrets; throws when there is no addon that could tell, or it is not JSON. */
function redactedJson(text) {
  return String(standardRedactor().document(Buffer.from(text)).text ?? text);
}

/** Puts `code` on an error without making it part of what `console.log` or a snapshot shows. */
function withCode(error, code) {
  Object.defineProperty(error, 'code', { value: code, configurable: true, writable: true });
  return error;
}

/** Without an addon nobody can tell whether a text is a secret, so none is shown. */
function describeText(text) {
  const safe = redacted(text);
  if (safe === null) return `a string of ${text.length} units`;
  return JSON.stringify(safe.length > SHOWN_UNITS ? `${safe.slice(0, SHOWN_UNITS)}…` : safe);
}

/** A few words for any value, for the end of an error message. Never runs code of the value. */
function describe(value) {
  switch (typeof value) {
    case 'string':
      return describeText(value);
    case 'number':
      return Object.is(value, -0) ? 'the number -0' : `the number ${value}`;
    case 'bigint':
      return 'a BigInt';
    case 'object':
      return value === null ? 'null' : 'an object';
    case 'undefined':
      return 'undefined';
    case 'boolean':
      return `the boolean ${value}`;
    default:
      return `a ${typeof value}`;
  }
}

/** A value of the wrong kind: `invalidType('event', 'an object', null)` says "event must be an object, got null". */
function invalidType(argument, wanted, value) {
  return withCode(new TypeError(`${argument} must be ${wanted}, got ${describe(value)}`), INVALID);
}

/** A value of the right kind that cannot be used. */
function invalidRange(argument, wanted, value) {
  return withCode(new RangeError(`${argument} must be ${wanted}, got ${describe(value)}`), INVALID);
}

/** Where the addon's last panic was, for whoever reports it. */
function placeOfPanic() {
  try {
    const place = require('./addon.js').loadAddon().takePlaceOfPanic();
    return place === null ? '' : ` (${place})`;
  } catch {
    return '';
  }
}

/**
 * The addon's errors begin with their code (`OBS_IO: could not …`) and belong to Node's own realm, which is another one
 * inside Jest; this gives the same error as one of ours, the original as its `cause`.
 */
function fromNative(error) {
  const [, code, message] = /^(OBS_[A-Z_]+): ([^]*)$/.exec(error?.message) ?? [
    null,
    'OBS_INTERNAL',
    String(error?.message),
  ];
  const Kind = code.startsWith('OBS_BAD_') ? TypeError : Error;
  const text = redacted(message) ?? '[REDACTED:error]';
  const safe = code === 'OBS_INTERNAL' ? `${text}${placeOfPanic()}` : text;
  // The cause is shown with the error, so one that holds a secret is left out.
  return withCode(safe === message ? new Kind(safe, { cause: error }) : new Kind(safe), code);
}

module.exports = { describe, fromNative, invalidRange, invalidType, redactAlso, redacted, redactedJson, withCode };
