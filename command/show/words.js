// The words of a cell: rates, durations, times, changes. What stands in records is made safe for a terminal here.
'use strict';

const { millis } = require('../../lib/units.js');
const { visible } = require('../../lib/visible.js');
const { offsetAt } = require('./offset.js');

// A rate of so few is told in runs: "19 of 20" says what "95 %" hides.
const FEW = 20;
// As where findings are ranked: what chance does less often is hardly its doing.
const UNLIKELY = 0.05;

/** A recorded value on one line. */
function safe(value) {
  if (value === null || value === undefined) return '-';
  return visible(typeof value === 'string' ? value : JSON.stringify(value));
}

/** @example count(1234567) // '1,234,567' */
function count(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A share as `97.1 %`, of few as `19 of 20`, of none as `-`. */
function rate(good, total) {
  if (total === 0) return '-';
  return total <= FEW ? `${good} of ${total}` : percent(good / total);
}

function percent(share) {
  const text = (share * 100).toFixed(1);
  // Never rounded up to what is not so.
  if (share < 1 && text === '100.0') return '>99.9 %';
  return `${text.replace(/\.0$/, '')} %`;
}

function duration(ms) {
  return ms === null || ms === undefined ? '-' : millis(ms);
}

/** A moment by the minute in a zone: `2026-05-05 14:03`. */
function timeText(iso, zone) {
  if (iso === null || iso === undefined) return '-';
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return safe(iso);
  return new Date(time + offsetAt(time, zone)).toISOString().slice(0, -8).replace('T', ' ');
}

/**
 * What became of a rate against the period before: `better` or `worse`, with a question mark where that could be chance; `same`,
 * `new` without runs before, and nothing where there is no period before.
 */
function change({ rate: now, chance, total, before }) {
  if (before === null || total === 0) return '';
  if (before.total === 0) return 'new';
  if (now === before.rate) return 'same';
  const word = now > before.rate ? 'better' : 'worse';
  return chance !== null && chance < UNLIKELY ? word : `${word}?`;
}

const CHANGE_COLOURS = { better: 'green', worse: 'red' };

/** Only a change that is hardly chance has a colour. */
function changeColour(row) {
  return CHANGE_COLOURS[change(row)] ?? null;
}

const CHANGE_NOTE = 'change of success since the period before; ?: can be chance';

module.exports = { CHANGE_NOTE, change, changeColour, count, duration, percent, rate, safe, timeText };
