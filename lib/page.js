// Packs the values of one record for the addon, which costs less than half of making JSON text of them.
'use strict';

// What a value begins with; the rest of it follows (`src/event/packed.rs` reads them).
const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const NUMBER = 3; // the next of the numbers
const TEXT = 4; // two bytes of length; the next so many UTF-16 units of the texts
const KNOWN = 5; // two bytes of the number under which the addon knows a text
const OBJECT = 6; // key, value, … END
const ARRAY = 7; // value, … END
const END = 8;

// What does not fit goes the slow way, as JSON text.
const NUMBERS = 64; // the page begins with room for so many
const BYTES = 16 * 1024;
const LONGEST = 0xffff;
const MOST_DEEP = 8;
const MOST_KNOWN = 1000;
const LONGEST_KNOWN = 64;

const page = new Uint8Array(BYTES);
const numbers = new Float64Array(page.buffer, 0, NUMBERS);

/** The addon's end of the page, made when the first handle is opened. */
let addonsPage = null;

/** The numbers of the texts that the addon knows. */
const known = new Map();

let at = 0;
let count = 0;
let texts = '';
let busy = false;

function put(tag) {
  page[at] = tag;
  at += 1;
  return true;
}

function putTwo(tag, number) {
  page[at] = tag;
  page[at + 1] = number & 0xff;
  page[at + 2] = number >> 8;
  at += 3;
  return true;
}

function packText(text) {
  if (text.length > LONGEST) return false;
  texts += text;
  return putTwo(TEXT, text.length);
}

/** Makes a text known, while there is room; gives its number. */
function define(text) {
  if (addonsPage === null || known.size === MOST_KNOWN || text.length > LONGEST_KNOWN) return undefined;
  const number = addonsPage.define(JSON.stringify(text));
  known.set(text, number);
  return number;
}

/** For texts that come again and again, such as keys: a number in their place. */
function packKnown(text) {
  const number = known.get(text) ?? define(text);
  return number === undefined ? packText(text) : putTwo(KNOWN, number);
}

function packNumber(number) {
  if (count === NUMBERS) return false;
  numbers[count] = number;
  count += 1;
  return put(NUMBER);
}

function packArray(array, depth) {
  put(ARRAY);
  // As it is now: a getter among the values may make it another one, and `JSON.stringify` would not look again.
  const { length } = array;
  for (let index = 0; index < length && at < BYTES; index += 1) {
    const value = array[index];
    if (!(value === undefined ? put(NULL) : PACKERS[typeof value](value, depth))) return false;
  }
  return put(END);
}

function packMembers(object, depth) {
  put(OBJECT);
  for (const key in object) {
    const value = object[key];
    if (at > BYTES) return false;
    if (value !== undefined && !(packKnown(key) && PACKERS[typeof value](value, depth))) return false;
  }
  return put(END);
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

function packNothing() {
  return false;
}

/** By `typeof`. A table, because V8 would compile every caller with all of these in it, over and over. */
const PACKERS = {
  string: packText,
  number: packNumber,
  boolean: (value) => put(value ? TRUE : FALSE),
  object: (value, depth) => (value === null ? put(NULL) : packObject(value, depth)),
  undefined: packNothing,
  function: packNothing,
  symbol: packNothing,
  bigint: packNothing,
};

function packAll(values, repeating) {
  at = NUMBERS * 8;
  count = 0;
  texts = '';
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    const repeats = repeating & (1 << index) && typeof value === 'string';
    if (!(repeats ? packKnown(value) : PACKERS[typeof value](value, 0))) return 0;
  }
  return at <= BYTES ? at : 0;
}

/**
 * Packs the values of a record in the order of its keys; in `repeating`, the bit of each value that is mostly one of a few
 * texts is set. Gives where the values end in the page, or 0 when they have to go the slow way: odd objects, what has no JSON,
 * too much of anything, or a getter that throws or records something itself. The texts wait for `takeTexts()`.
 *
 * @example native.recordExecution(pack(['CUJ-005', true, 12.5, null, {}], 0b1), takeTexts(), Date.now())
 */
function pack(values, repeating) {
  if (busy) return 0;
  busy = true;
  try {
    return packAll(values, repeating);
  } catch {
    return 0;
  } finally {
    busy = false;
  }
}

/** The texts of the record that was packed last, one after the other. */
function takeTexts() {
  const taken = texts;
  texts = '';
  return taken;
}

/** The page as the addon's functions want it; `NativePage` is the addon's class. */
function attach(NativePage) {
  addonsPage ??= new NativePage(page);
  return addonsPage;
}

module.exports = { attach, pack, takeTexts };
