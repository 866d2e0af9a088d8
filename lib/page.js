// Packs the values of one record into memory that the addon reads, which costs less than half of making JSON text of them.
'use strict';

// The page begins with room for numbers; bytes follow. What does not fit goes the slow way, as JSON text.
const NUMBERS = 64;
const BYTES = 256 * 1024;

// What a value begins with (`src/event/packed.rs` reads them).
const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const NUMBER = 3; // the next of the numbers
const TEXT = 4; // a byte of length, then ASCII
const WIDE = 5; // four bytes of length in UTF-16 units, then those
const OBJECT = 6; // key, value, … END
const ARRAY = 7; // value, … END
const END = 8;

const SHORT = 96; // texts up to here are copied letter by letter, which is faster than one call of `write`
const MOST_DEEP = 8;
const MOST_ELEMENTS = 256;

const page = Buffer.from(new ArrayBuffer(BYTES));
const numbers = new Float64Array(page.buffer, 0, NUMBERS);

let at = 0;
let count = 0;
let busy = false;

function packWide(text) {
  const { length } = text;
  if (at + 5 + 2 * length > BYTES) return false;
  page[at] = WIDE;
  page.writeUInt32LE(length, at + 1);
  at += 5 + page.write(text, at + 5, 'utf16le');
  return true;
}

function packText(text) {
  const { length } = text;
  if (length > SHORT || at + 2 + length > BYTES) return packWide(text);
  const from = at + 2;
  let all = 0;
  for (let index = 0; index < length; index += 1) {
    const unit = text.charCodeAt(index);
    all |= unit;
    page[from + index] = unit;
  }
  if (all > 0x7f) return packWide(text);
  page[at] = TEXT;
  page[at + 1] = length;
  at = from + length;
  return true;
}

function packNumber(number) {
  if (count === NUMBERS) return false;
  page[at] = NUMBER;
  numbers[count] = number;
  at += 1;
  count += 1;
  return true;
}

function packArray(array, depth) {
  if (array.length > MOST_ELEMENTS) return false;
  page[at] = ARRAY;
  at += 1;
  for (let index = 0; index < array.length; index += 1) if (!packValue(array[index], depth)) return false;
  page[at] = END;
  at += 1;
  return true;
}

function packMembers(object, depth) {
  page[at] = OBJECT;
  at += 1;
  for (const key in object) {
    const value = object[key];
    if (value !== undefined && !(packText(key) && packValue(value, depth))) return false;
  }
  page[at] = END;
  at += 1;
  return true;
}

/** Objects whose members are their own: `for…in` meets no others, and `JSON.stringify` would write the same. */
function isPlain(object) {
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in Object.prototype) return key === undefined; // somebody has extended all objects
  return true;
}

function packObject(object, depth) {
  if (depth === MOST_DEEP || object.toJSON !== undefined) return false;
  if (Array.isArray(object)) return packArray(object, depth + 1);
  return isPlain(object) && packMembers(object, depth + 1);
}

function packValue(value, depth) {
  switch (typeof value) {
    case 'string':
      return packText(value);
    case 'number':
      return packNumber(value);
    case 'boolean':
      page[at] = value ? TRUE : FALSE;
      at += 1;
      return true;
    case 'object':
      if (value !== null) return packObject(value, depth);
      page[at] = NULL;
      at += 1;
      return true;
    default:
      return false;
  }
}

/**
 * Packs the values of a record in the order of its keys. Gives where they end in the page, or 0 when they have to go the slow
 * way: odd objects, what has no JSON, too much of anything, or a getter that throws or records something itself.
 *
 * @example native.recordExecution(pack(['CUJ-005', true, 12.5, null, {}]), Date.now())
 */
function pack(values) {
  if (busy) return 0;
  busy = true;
  at = NUMBERS * 8;
  count = 0;
  try {
    for (let index = 0; index < values.length; index += 1) if (!packValue(values[index], 0)) return 0;
    return at <= BYTES ? at : 0;
  } catch {
    return 0;
  } finally {
    busy = false;
  }
}

module.exports = { pack, page };
