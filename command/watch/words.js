// What a run says of itself in few words: its step, its time left, its silence, its end.
'use strict';

const { visible } = require('../../lib/visible.js');

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// More than any terminal is wide.
const LONGEST = 1000;

const two = (value) => String(value).padStart(2, '0');
const many = (count, word) => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;

/** Whole seconds, and no more than two units: `42s`, `1m 12s`, `2h 05m`, `3d 04h`. */
function span(ms) {
  const whole = (unit) => Math.floor(ms / unit);
  if (ms < MINUTE) return `${whole(SECOND)}s`;
  if (ms < HOUR) return `${whole(MINUTE)}m ${two(whole(SECOND) % 60)}s`;
  if (ms < DAY) return `${whole(HOUR)}h ${two(whole(MINUTE) % 60)}m`;
  return `${whole(DAY)}d ${two(whole(HOUR) % 24)}h`;
}

/** The same for what is over, where short times are worth a closer look: `340ms`, `3.4s`. */
function duration(ms) {
  if (ms < SECOND) return `${Math.round(ms)}ms`;
  return ms < 10 * SECOND ? `${(Math.floor(ms / 100) / 10).toFixed(1)}s` : span(ms);
}

/** Any recorded value on one line, safe to show. */
function textOf(value) {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return visible(text.slice(0, LONGEST)).trim();
}

function stepWords({ step, total_steps: total }) {
  const named = textOf(step).slice(0, 24);
  if (named === '') return '';
  return `step ${named}${total === null ? '' : ` of ${total}`}`;
}

/** What time is left, in longer and in shorter words. */
function leftWords({ expected, left_ms: left }) {
  if (expected === null || left === null) return ['time left: no past runs', 'no past runs'];
  const [soon, late] = left.map(span);
  const runs = many(expected.runs, 'past run');
  const words = [`left ${soon} to ${late}`, `left up to ${late}`, `left about ${soon}`];
  if (left[1] === 0) {
    return [`late: p90 is ${span(expected.p90_ms)} (${runs})`, `late: p90 is ${span(expected.p90_ms)}`];
  }
  const said = words[soon === late ? 2 : Number(left[0] === 0)];
  return [`${said} (${runs})`, said];
}

/** How long a run has been silent, and what that is measured by, in longer and in shorter words. */
function silentWords({ silent_ms: silent, stalled_after_ms: most, stalled_from_runs: runs }) {
  const [said, limit] = [`silent ${span(silent)}`, span(most)];
  const learned =
    runs === 0 ? `over ${limit}, with too few runs to learn from` : `${many(runs, 'past run')} never over ${limit}`;
  return [`${said}, ${learned}`, `${said}, over ${limit}`, said];
}

/** Who is at work with what; `''` when nobody was seen. */
function workWords({ agents, skills, skill_calls: calls }) {
  const list = (word, names) =>
    names.length === 0 ? [] : [`${word}${names.length === 1 ? '' : 's'} ${names.map(textOf).join(', ')}`];
  if (calls === 0) return '';
  return [...list('agent', agents), ...list('skill', skills), many(calls, 'call')].join('; ');
}

/** How a run ended, without its name. */
function endWords(row) {
  const steps = stepWords(row);
  const calls = row.skill_calls > 0 ? `, ${many(row.skill_calls, 'skill call')}` : '';
  if (row.state === 'completed') return `completed in ${duration(row.elapsed_ms)}${calls}`;
  const message = textOf(row.message);
  return `failed after ${duration(row.elapsed_ms)}${steps && ` at ${steps}`}${message && `: ${message}`}`;
}

/** The CUJ, where the run's id does not say it. */
function cujWords({ run_id: id, cuj_id: cuj }) {
  const name = textOf(cuj);
  return name === '' || textOf(id).startsWith(name) ? '' : name;
}

/** Local time of the day. */
function clockWords(timestamp) {
  const time = new Date(timestamp);
  if (timestamp === null || Number.isNaN(time.getTime())) return '--:--:--';
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
}

module.exports = {
  clockWords,
  cujWords,
  duration,
  endWords,
  leftWords,
  many,
  silentWords,
  span,
  stepWords,
  textOf,
  workWords,
};
