// Values as OTLP has them: attributes, times, ids.
'use strict';

const { createHash } = require('node:crypto');

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/;
const LATEST = 8.64e15;

/** Text that every reader of UTF-8 takes: half a surrogate pair becomes U+FFFD. */
const textOf = (value) => (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed();

/** A JSON value as an `AnyValue`. */
function anyValue(value) {
  switch (typeof value) {
    case 'string':
      return { stringValue: value.toWellFormed() };
    case 'boolean':
      return { boolValue: value };
    case 'number':
      if (Number.isSafeInteger(value)) return { intValue: String(value) };
      // JSON has no word for infinity, which is what 1e999 is read as.
      return Number.isFinite(value) ? { doubleValue: value } : { stringValue: String(value) };
    default:
      return { stringValue: textOf(value) };
  }
}

/** Attributes of objects, one after the other; what is `undefined` or `null` is left out. */
function attributesOf(...objects) {
  const attributes = [];
  for (const object of objects) {
    for (const key in object) {
      const value = object[key];
      if (value !== undefined && value !== null) attributes.push({ key: key.toWellFormed(), value: anyValue(value) });
    }
  }
  return attributes;
}

/** Epoch ms as nanoseconds, in decimal; a time before 1970 is that of its beginning, because OTLP knows none before. */
function nanosOf(ms) {
  if (ms <= 0) return '0';
  const whole = Math.floor(ms);
  const rest = Math.floor((ms - whole) * 1e6);
  return whole === 0 ? String(rest) : `${whole}${String(rest).padStart(6, '0')}`;
}

/** Epoch ms of a record's time, `null` when it cannot be read; a time without a zone is UTC. */
function timeOf(value) {
  const ms = typeof value === 'string' ? Date.parse(LOCAL.test(value) ? `${value}Z` : value) : value;
  return typeof ms === 'number' && Math.abs(ms) <= LATEST ? ms : null;
}

/** Hexadecimal digits that are the same for the same texts. */
function digest(texts, digits) {
  return createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, digits);
}

module.exports = { attributesOf, digest, nanosOf, textOf, timeOf };
