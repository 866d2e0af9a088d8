// Checks and reads the arguments of questions: windows, limits, dates, buckets.
'use strict';

const { types } = require('node:util');
const { invalidRange, invalidType } = require('./errors.js');

const DAY = 86_400_000;
const YEAR_ZERO = -62_167_219_200_000; // 0000-01-01T00:00:00Z
const FARTHEST = 8.64e15; // the last instant a Date can hold
const MOST_BUCKETS = 100_000;
const DATE_TEXT = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?)?$/;

/**
 * A time window in milliseconds, `null` for all history (asked for as `null` or `0`). Text that JavaScript reads as a finite
 * number counts as that number, as in the original modules.
 *
 * @throws {RangeError} for anything else that is not a positive finite number, or that starts before the year 0000
 */
function readWindow(timeWindow, now) {
  const asked = typeof timeWindow === 'string' && timeWindow.trim() !== '' ? Number(timeWindow) : timeWindow;
  if (asked === null || asked === 0) return null;
  const wanted = 'a positive number of milliseconds that starts after the year 0000, or null or 0 for all history';
  if (typeof asked !== 'number') throw invalidRange('timeWindow', wanted, timeWindow);
  if (!(asked > 0) || !(now - asked >= YEAR_ZERO)) throw invalidRange('timeWindow', wanted, timeWindow);
  return asked;
}

/**
 * Checks the two numbers of `getCujTrending`: how many buckets, and the size of one in milliseconds.
 *
 * @throws {RangeError} for the first one that cannot be used
 */
function checkBuckets(buckets, bucketSize, now) {
  if (!Number.isInteger(buckets) || buckets < 1 || buckets > MOST_BUCKETS) {
    throw invalidRange('buckets', `a whole number from 1 to ${MOST_BUCKETS}`, buckets);
  }
  const wanted = 'a positive number of milliseconds with which no bucket starts before the year 0000';
  if (typeof bucketSize !== 'number' || !(bucketSize > 0) || !(now - buckets * bucketSize >= YEAR_ZERO)) {
    throw invalidRange('bucketSize', wanted, bucketSize);
  }
}

/** A limit: `null` for all (asked for as `0`, `null` or not at all), otherwise a positive whole number, also as text. */
function readLimit(limit) {
  if (limit === undefined || limit === null) return null;
  const number = typeof limit === 'string' && /^\d+$/.test(limit) ? Number(limit) : limit;
  if (!Number.isInteger(number) || number < 0) {
    throw invalidRange('limit', 'a positive whole number, or 0 or null for all', limit);
  }
  return number === 0 ? null : Math.min(number, Number.MAX_SAFE_INTEGER);
}

function zoneOffset(zone) {
  if (!zone || /^z$/i.test(zone)) return 0;
  const [hours, minutes] = [zone.slice(1, 3), zone.slice(-2)].map(Number);
  if (hours > 23 || minutes > 59) return NaN;
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Epoch ms of RFC 3339 text (no zone means UTC), `NaN` when it is none or names a day that does not exist. */
function parseText(text, wholeDay) {
  const match = DATE_TEXT.exec(text);
  if (!match) return NaN;
  const [year, month, day, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((part) => part && Number(part));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!real || hour > 23 || minute > 59 || second > 59) return NaN;
  if (match[4] === undefined) return date.getTime() + (wholeDay ? DAY - 1 : 0);
  const millis = Math.floor(Number(match[7] ?? 0) * 1000 + 1e-6);
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + millis - zoneOffset(match[8]);
}

/**
 * A bound of a range as whole epoch ms, `null` when there is none. `end` bounds given as a date without a time mean the whole
 * UTC day, and fractions of a millisecond are rounded so that the bound stays inclusive.
 *
 * @example readDate('endDate', '2026-05-05', true) // 1778025599999
 * @throws {RangeError} for what is no time, or one that no Date can hold
 */
function readDate(argument, value, isEnd) {
  if (value === undefined || value === null || value === '') return null;
  let time = NaN;
  if (typeof value === 'number') time = isEnd ? Math.floor(value) : Math.ceil(value);
  else if (typeof value === 'string') time = parseText(value, isEnd);
  else if (types.isDate(value)) time = value.getTime();
  if (!(Math.abs(time) <= FARTHEST)) throw invalidRange(argument, 'a Date, ISO text or epoch milliseconds', value);
  return time;
}

/**
 * The members `names` of an object that a caller handed over, each read once, so that what is checked is what is used.
 *
 * @example readMembers('options', { from: 5, more: 1 }, ['from', 'to']) // { from: 5, to: undefined }
 * @throws {TypeError} for what is no object, and for a member that cannot be read
 */
function readMembers(argument, value, names) {
  if (typeof value !== 'object' || value === null) throw invalidType(argument, 'an object', value);
  try {
    return Object.fromEntries(names.map((name) => [name, value[name]]));
  } catch {
    throw invalidType(argument, 'an object whose members can be read', value);
  }
}

/** Checks that a provider is named by a string. */
function checkProvider(provider) {
  if (typeof provider !== 'string') throw invalidType('provider', 'a string', provider);
}

module.exports = { DAY, FARTHEST, checkBuckets, checkProvider, readDate, readLimit, readMembers, readWindow };
