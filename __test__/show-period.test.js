// `--since`, `--from`, `--to`, `--tz`: moments against what the clocks of a zone show, over every change of five zones.
'use strict';

const { readPeriod, options } = require('../command/show/period.js');
const { createRandom, seedOfTest } = require('./support/random.js');

const HOUR = 3_600_000;
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
  'UTC',
];

/** What the clocks of a zone show, as `2026-05-05 14:03`. */
const shown = (time, zone) => new Date(time).toLocaleString('sv-SE', { timeZone: zone }).slice(0, 16);

test.each(ZONES)('a date is its first and last moment in %s, on every day of two years', (tz) => {
  for (let day = Date.UTC(2026, 0, 1); day < Date.UTC(2028, 0, 1); day += 24 * HOUR) {
    const date = new Date(day).toISOString().slice(0, 10);
    const { from, to } = readPeriod({ from: date, to: date, tz });
    expect([shown(from, tz).slice(0, 10), shown(from - 1, tz).slice(0, 10) < date]).toEqual([date, true]);
    expect([shown(to, tz).slice(0, 10), shown(to + 1, tz).slice(0, 10) > date]).toEqual([date, true]);
  }
});

test.each(ZONES)('a local time is a moment at which the clocks of %s show it, if they ever do', (tz) => {
  const random = createRandom(seedOfTest());
  for (let round = 0; round < 2000; round += 1) {
    const moment = Date.UTC(2026, 0, 1) + random.below(2 * 365 * 24 * 60) * 60_000;
    const local = shown(moment, tz);
    expect(shown(readPeriod({ from: local, tz }).from, tz)).toBe(local);
  }
});

test('what an hour that is left out means is an hour later, as people who forget the change mean it', () => {
  const { from } = readPeriod({ from: '2026-03-29T02:30', tz: 'Europe/Berlin' });
  expect(new Date(from).toISOString()).toBe('2026-03-29T01:30:00.000Z');
});

test.each([
  [{}, {}],
  [{ since: 'all' }, { from: null }],
  [{ since: 3 * HOUR }, { from: Date.UTC(2026, 4, 5, 9) }],
  [{ since: 'today' }, { from: Date.UTC(2026, 4, 5) }],
  [{ since: 'today', tz: 'Europe/Berlin' }, { from: Date.UTC(2026, 4, 4, 22) }],
  [{ since: 'yesterday' }, { from: Date.UTC(2026, 4, 4), to: Date.UTC(2026, 4, 5) - 1 }],
  [{ from: '2026-05-01T10:00:00+02:00', tz: 'Asia/Tokyo' }, { from: Date.UTC(2026, 4, 1, 8) }],
  [{ from: 1_780_000_000_000 }, { from: 1_780_000_000_000 }],
  [
    { since: HOUR, to: '2026-05-01T10:00' },
    { from: Date.UTC(2026, 4, 1, 9), to: Date.UTC(2026, 4, 1, 10) },
  ],
])('%j', (typed, period) => {
  expect(readPeriod(typed, Date.UTC(2026, 4, 5, 12))).toEqual(period);
});

test('--since takes a minus sign and words', () => {
  const read = (text) => options.since.read('--since', text);
  expect([read('-3h'), read('7d'), read('today')]).toEqual([3 * HOUR, 7 * 24 * HOUR, 'today']);
  expect(() => read('soon')).toThrow('--since must be');
});
