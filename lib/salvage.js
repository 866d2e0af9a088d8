// Turns any value into JSON text with bounded work, putting a marker in place of what cannot be written.
'use strict';

const { types } = require('node:util');

const MAX_DEPTH = 100;
const MAX_MEMBERS = 10_000; // of one object or array
const MAX_NODES = 50_000; // of one record
const MAX_UNITS = 4_194_304; // UTF-16 units of text of one record; the addon cuts what is stored to `maxRecordBytes`
const BIGGEST_SHOWN = 10n ** 300n;

const UNREADABLE = '"[Unreadable]"';
const CIRCULAR = '"[Circular]"';

function truncated(count) {
  return `[Truncated ${count} units]`;
}

/** `BigInt` text takes time that grows with the square of its length, so huge ones are named by their size only. */
function bigintText(value) {
  const huge = value > BIGGEST_SHOWN || value < -BIGGEST_SHOWN;
  return huge ? '"[BigInt of more than 300 digits]"' : `"[BigInt ${value}]"`;
}

/**
 * One walk over the values of one record. It follows `JSON.stringify` step by step (`toJSON`, boxed values, own enumerable
 * keys, what has no JSON is left out), so a value that `JSON.stringify` accepts comes out the same; it differs where that
 * would throw or never end.
 */
class Salvage {
  #nodes = MAX_NODES;
  #units = MAX_UNITS;
  #ancestors = [];

  /** JSON text of `value`, or `undefined` for what has none (`undefined`, functions, symbols). Never throws. */
  text(value, key = '') {
    try {
      return this.#value(this.#unwrap(value, key));
    } catch {
      return UNREADABLE;
    }
  }

  /** What `JSON.stringify` would look at in place of the value. */
  #unwrap(value, key) {
    let result = value;
    if (typeof value === 'bigint' || (typeof value === 'object' && value !== null && !this.#isLongBinary(value))) {
      const { toJSON } = Object(value);
      if (typeof toJSON === 'function') result = Reflect.apply(toJSON, value, [key]);
    }
    if (typeof result !== 'object' || result === null || !types.isBoxedPrimitive(result)) return result;
    if (types.isNumberObject(result)) return Number(result);
    if (types.isStringObject(result)) return String(result);
    return types.isSymbolObject(result) ? result : result.valueOf();
  }

  /** A long Buffer would first copy itself into an array ten times its size. */
  #isLongBinary(value) {
    return types.isUint8Array(value) && value.length > MAX_MEMBERS;
  }

  #value(value) {
    switch (typeof value) {
      case 'string':
        return this.#string(value);
      case 'number':
        return Number.isFinite(value) ? JSON.stringify(value) : 'null';
      case 'boolean':
        return String(value);
      case 'bigint':
        return bigintText(value);
      case 'object':
        return value === null ? 'null' : this.#object(value);
      default:
        return undefined;
    }
  }

  #string(text) {
    const room = Math.max(this.#units, 0);
    this.#units -= text.length;
    if (text.length <= room) return JSON.stringify(text);
    const splitsPair = room > 0 && (text.charCodeAt(room - 1) & 0xfc00) === 0xd800;
    const kept = splitsPair ? room - 1 : room;
    return JSON.stringify(text.slice(0, kept) + truncated(text.length - kept));
  }

  #object(object) {
    if (this.#ancestors.includes(object)) return CIRCULAR;
    const isArray = Array.isArray(object); // throws for a revoked Proxy
    const keys = isArray || types.isTypedArray(object) ? null : Object.keys(object);
    const length = keys ? keys.length : Number(object.length) || 0;
    if (length > 0 && this.#ancestors.length >= MAX_DEPTH) return `"${truncated(length)}"`;
    this.#ancestors.push(object);
    try {
      return isArray ? this.#elements(object, length) : this.#members(object, keys, length);
    } finally {
      this.#ancestors.pop();
    }
  }

  #elements(array, length) {
    const parts = [];
    let index = 0;
    for (; index < length && this.#hasRoom(index); index += 1) parts.push(this.#property(array, index) ?? 'null');
    if (index < length) parts.push(`"${truncated(length - index)}"`);
    return `[${parts.join(',')}]`;
  }

  #members(object, keys, length) {
    const parts = [];
    let index = 0;
    for (; index < length && this.#hasRoom(index); index += 1) {
      const key = keys ? keys[index] : String(index);
      const text = this.#property(object, key);
      if (text !== undefined) parts.push(`${this.#string(key)}:${text}`);
    }
    if (index < length) parts.push(`"…":"${truncated(length - index)}"`);
    return `{${parts.join(',')}}`;
  }

  #hasRoom(index) {
    this.#nodes -= 1;
    return index < MAX_MEMBERS && this.#nodes > 0 && this.#units > 0;
  }

  #property(object, key) {
    let value;
    try {
      value = object[key];
    } catch {
      return UNREADABLE;
    }
    return this.text(value, String(key));
  }
}

/**
 * JSON text of an object of a record's fields, `values` under `keys`, one walk with one budget for them all. A field that has
 * no JSON (a function, a symbol) becomes `"[Unreadable]"`, except the one named `optional`, which is left out unless it is
 * `unread`, the mark of a property that could not be read. Never throws.
 */
function salvageFields(keys, values, optional = '', unread = undefined) {
  const walk = new Salvage();
  const parts = [];
  for (let index = 0; index < keys.length; index += 1) {
    const value = values[index];
    const text = walk.text(value, keys[index]);
    const leftOut = keys[index] === optional && value !== unread;
    if (text !== undefined || !leftOut) parts.push(`"${keys[index]}":${text ?? UNREADABLE}`);
  }
  return `{${parts.join(',')}}`;
}

/**
 * JSON text of one value; `undefined` for what has none. Never throws.
 *
 * @example salvageText({ n: 10n, f() {} }) // '{"n":"[BigInt 10]"}'
 */
function salvageText(value) {
  return new Salvage().text(value);
}

module.exports = { salvageFields, salvageText };
