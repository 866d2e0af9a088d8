// The period that a question is about, as typed (`--since`, `--from`, `--to`, `--tz`), in epoch milliseconds.
'use strict';

const { WrongUsage } = require('../terminal/output.js');
const { readSpan, readTime } = require('../options.js');
const { offsetAt } = require('./offset.js');

const DAY = 86_400_000;
const LOCAL = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?$/;

/** `7d`, `-3h`, `today`, `yesterday` or `all`; a span is given in milliseconds. */
function readSince(name, text) {
  if (['today', 'yesterday', 'all'].includes(text)) return text;
  return readSpan(name, text.replace(/^-/, ''));
}

/** A time zone that the system knows. */
function readZone(name, text) {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new WrongUsage(`${name} must be a time zone such as UTC or Europe/Berlin`);
  }
}

/** The moment at which the clocks of a zone show this; of two the first, and where none does, as before the change. */
function fromLocal(local, zone) {
  const offsets = [offsetAt(local - DAY, zone), offsetAt(local + DAY, zone)];
  const fitting = offsets.map((offset) => local - offset).find((time) => offsetAt(time, zone) === local - time);
  return fitting ?? local - offsets[0];
}

/** The first moment of the day that is `days` later than that of `time`. */
function startOfDay(time, zone, days = 0) {
  const local = time + offsetAt(time, zone);
  return fromLocal(Math.floor(local / DAY) * DAY + days * DAY, zone);
}

/** A time as typed: with an offset or as epoch ms it stands, without one it is of the zone; a date is its first or last moment. */
function moment(value, zone, last) {
  const match = typeof value === 'string' ? LOCAL.exec(value) : null;
  if (match === null) return typeof value === 'number' ? value : Date.parse(value);
  const [, year, month, day, hour, minute, second = 0, fraction = '0'] = match;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (hour === undefined) return last ? fromLocal(midnight + DAY, zone) - 1 : fromLocal(midnight, zone);
  const local = midnight + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  return fromLocal(local, zone) + Number(fraction.padEnd(3, '0'));
}

function sinceTimes(since, zone, now) {
  if (since === 'all') return { from: null };
  if (since === 'today') return { from: startOfDay(now, zone) };
  if (since === 'yesterday') return { from: startOfDay(now, zone, -1), to: startOfDay(now, zone) - 1 };
  return { from: now - since };
}

/**
 * `{ from, to }` as the questions of the package take them; what was not typed is left out.
 *
 * @example readPeriod({ since: 'today', tz: 'Europe/Berlin' }) // { from: 1795561200000 }
 */
function readPeriod({ since, from, to, tz: zone = 'UTC' }, now = Date.now()) {
  if (since !== undefined && from !== undefined) throw new WrongUsage('--since and --from exclude each other');
  const end = to === undefined ? {} : { to: moment(to, zone, true) };
  if (from !== undefined) return { from: moment(from, zone, false), ...end };
  if (since === undefined) return end;
  const times = sinceTimes(since, zone, end.to ?? now);
  if (since === 'yesterday' && to !== undefined) {
    throw new WrongUsage('--since yesterday has its own end: leave out --to');
  }
  return { ...times, ...end };
}

const options = {
  since: { value: 'WHEN', read: readSince, about: 'how far back: 7d, -3h, today, yesterday, all (default 7d)' },
  from: { value: 'TIME', read: readTime, about: 'from this date (2026-05-05) or time (2026-05-05T12:00:00Z) on' },
  to: { value: 'TIME', read: readTime, about: 'up to this time; a date means that whole day' },
  tz: {
    value: 'ZONE',
    read: readZone,
    about: 'the zone of dates and of shown times, such as Europe/Berlin (default UTC)',
  },
};

module.exports = { options, readPeriod, readSince };
