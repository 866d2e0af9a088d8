// Turns the words of a command line into numbers, times and truth values, or complains about the word.
'use strict';

const { Complaint } = require('./complaint.js');
const { visible } = require('./visible.js');

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const SPAN = /^(\d+(\.\d+)?(ms|s|m|h|d|w))+$/i;
const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A number such as `3600000`, `2.5` or `1e6`; `parseInt` would have taken `12abc` for 12. */
function readNumber(name, text) {
  const value = NUMBER.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) throw wrong(name, 'a number', text);
  return value;
}

/** A whole number from 0 on. */
function readCount(name, text) {
  const value = readNumber(name, text);
  if (!Number.isSafeInteger(value) || value < 0) throw wrong(name, 'a whole number, 0 or more', text);
  return value;
}

/** A span such as `7d`, `12h` or `1h30m`, in milliseconds. */
function readSpan(name, text) {
  if (!SPAN.test(text)) throw wrong(name, 'a time span such as 30m, 12h, 7d or 2w', text);
  let total = 0;
  for (const [, amount, , unit] of text.matchAll(/(\d+(\.\d+)?)(ms|s|m|h|d|w)/gi)) {
    total += Number(amount) * UNIT_MS[unit.toLowerCase()];
  }
  return total;
}

/** ISO text as it stands (the functions read it), or epoch milliseconds, which are recognised by their length. */
function readTime(name, text) {
  if (/^-?\d{9,}$/.test(text)) return Number(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(Date.parse(text))) {
    throw wrong(name, 'a date (2026-05-05), a time (2026-05-05T12:00:00Z) or epoch milliseconds', text);
  }
  return text;
}

function readTruth(name, text) {
  if (text !== 'true' && text !== 'false') throw wrong(name, 'true or false', text);
  return text === 'true';
}

function wrong(name, wanted, text) {
  return new Complaint(`${name} must be ${wanted}, not '${visible(text)}'`);
}

module.exports = { readNumber, readCount, readSpan, readTime, readTruth };
