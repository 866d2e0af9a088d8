// The runs in progress and those that just ended, kept up to date by asking only when something was recorded.
'use strict';

const { clock } = require('../../lib/clock.js');
const { createNews, hasEnded, keyOf } = require('./news.js');
const { createSense } = require('./sense.js');

const MINUTE = 60_000;
const DAY = 86_400_000;
const LIMIT = 100;
const MOST = 100_000;
// A question takes longer the more runs a day has; asking must stay a small part of the time even while much is recorded.
const REST = 4;
const RETRY = 1000;

/** Keeps an answer of `getRuns` true while time passes, and asks again when that is not enough. */
class Board {
  /** What could not be read at the last question, in words; `null` when all could. */
  fault = null;
  #ask;
  #rest;
  #sense;
  #wanted;
  #news = createNews();
  #rows = new Map(); // key → { row, at }, those in progress
  #due = -Infinity; // when a row changes although nothing is recorded
  #rested = -Infinity; // of the steady clock
  #whole = -Infinity; // when all of the last day was asked for
  #asked = 0;
  #happened = 'nothing';

  /**
   * @param {{ getRuns: Function, folder: string, runId?: string | null, rest?: number }} source `folder` is the data folder,
   * `runId` narrows the board to one run, `rest` times as long as a question took no other is asked
   */
  constructor({ getRuns, folder, runId = null, rest = REST }) {
    this.#rest = rest;
    this.#ask = getRuns;
    this.#sense = createSense(folder);
    this.#wanted = (row) => runId === null || String(row.run_id) === runId;
  }

  /** The runs in progress as they are now, `RunRow`s: those that go on, oldest first, then those that are stalled. */
  runs(now = clock()) {
    const rows = [...this.#rows.values()].map(({ row, at }) => aged(row, Math.max(0, now - at)));
    const rank = (row) => `${row.state === 'stalled' ? 1 : 0}${row.started_at}${keyOf(row)}`;
    return rows.map((row) => [rank(row), row]).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row); // prettier-ignore
  }

  /**
   * Looks whether something was recorded, and asks only then, or when time changed a row. `null` when nothing changed, else
   * `{ changed, ended }`: the rows in progress that are not as they were, and those that ended, oldest first.
   */
  look(now = clock()) {
    const felt = this.#sense(now);
    if (felt === 'anew' || this.#happened === 'nothing') this.#happened = felt;
    if ((this.#happened === 'nothing' && now < this.#due) || performance.now() < this.#rested) return null;
    const started = performance.now();
    const found = this.#question(now);
    this.#rested = performance.now() + this.#rest * (performance.now() - started);
    return found;
  }

  #question(now) {
    const whole = this.#happened === 'anew' || now >= this.#due || Math.abs(now - this.#whole) >= MINUTE;
    const had = this.fault;
    this.#happened = 'nothing';
    try {
      const rows = this.#answer(whole ? now - DAY : this.#span(now));
      this.fault = null;
      return this.#take(rows, now, whole) ?? (had === null ? null : { changed: [], ended: [] });
    } catch (error) {
      // What cannot be read now may be readable soon.
      [this.#due, this.fault] = [now + RETRY, error.message];
      return had === error.message ? null : { changed: [], ended: [] };
    }
  }

  /**
   * What is stalled changes with an event that is new, or with time: between questions for all of the last day it is enough
   * to ask for what was heard of since the runs that are not stalled were. A minute more, for clocks that differ.
   */
  #span(now) {
    const going = [...this.#rows.values()].filter(({ row }) => row.state !== 'stalled');
    const heard = going.map(({ row }) => Date.parse(row.updated_at));
    return Math.max(now - DAY, least(heard, this.#asked - MINUTE));
  }

  #answer(from) {
    for (let limit = LIMIT; ; limit *= 8) {
      const { runs, total } = this.#ask({ from, limit });
      if (runs.length >= total || limit > MOST || !this.#news.isNew(runs)) return runs;
    }
  }

  #take(rows, now, whole) {
    const before = this.#rows;
    const kept = new Map(whole ? [] : before);
    const ended = this.#news.take(rows).filter(this.#wanted);
    for (const row of rows.filter(hasEnded)) kept.delete(keyOf(row));
    const going = rows.filter((row) => !hasEnded(row) && this.#wanted(row));
    this.#rows = new Map([...kept, ...going.map((row) => [keyOf(row), { row, at: now }])]);
    this.#asked = now;
    if (whole) this.#whole = now;
    this.#due = least([...this.#rows.values()].map(dueAt), Infinity);
    const changed = going.filter((row) => !isSame(before.get(keyOf(row))?.row, row));
    const gone = [...before.keys()].some((key) => !this.#rows.has(key));
    return changed.length > 0 || ended.length > 0 || gone ? { changed, ended } : null;
  }
}

/** The least of values of any number, which no call takes as arguments. */
function least(values, start) {
  return values.reduce((a, b) => Math.min(a, b), start);
}

/** Whether two rows say the same, but for the time that passed. */
function isSame(a, b) {
  const timeless = (row) => JSON.stringify({ ...row, elapsed_ms: 0, silent_ms: 0, left_ms: 0 });
  return a !== undefined && timeless(a) === timeless(b);
}

/** The row as it is `by` milliseconds after it was answered, when nothing was recorded since. */
function aged(row, by) {
  const silent_ms = row.silent_ms === null ? null : row.silent_ms + by;
  const left_ms = row.left_ms?.map((value) => Math.max(0, value - by)) ?? null;
  return { ...row, elapsed_ms: row.elapsed_ms + by, silent_ms, left_ms };
}

/** When the row changes although nothing is recorded: it is stalled, or so long silent that it is no longer asked for. */
function dueAt({ row, at }) {
  return at + (row.state === 'stalled' ? DAY : row.stalled_after_ms) - (row.silent_ms ?? 0) + 1;
}

module.exports = { Board };
