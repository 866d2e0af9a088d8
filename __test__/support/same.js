// Compares answers as the recordings ask for it: keys in order, numbers to 12 significant digits.
'use strict';

const DIGITS = 12;

/** A form in which two values that count as the same are deeply equal: keys in order, numbers rounded. */
function comparable(value) {
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : String(value);
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined); // JSON knows no undefined
  return { '{}': entries.map(([key, each]) => [key, comparable(each)]) };
}

/** Jest's `expect` with the comparison above. */
function expectSame(actual, expected) {
  expect(comparable(actual)).toEqual(comparable(expected));
}

module.exports = { comparable, expectSame };
