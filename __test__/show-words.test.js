// The words of cells at their borders, and what `logs -f` tells of a record that is both the latest and new.
'use strict';

const { runColumns } = require('../command/show/run-views.js');
const { change, count, percent, rate, safe, timeText } = require('../command/show/words.js');
const { streams } = require('../command/watch/streams.js');

test.each([
  [rate(0, 0), '-'],
  [rate(19, 20), '19 of 20'],
  [rate(20, 20), '20 of 20'],
  [rate(20, 21), '95.2 %'],
  [rate(21, 21), '100 %'],
  [percent(0.99999), '>99.9 %'],
  [percent(0.9994), '99.9 %'],
  [percent(0.95), '95 %'],
  [percent(0), '0 %'],
  [count(999), '999'],
  [count(1_234_567), '1,234,567'],
  [safe(null), '-'],
  [safe({ a: 'b\u001b' }), '{"a":"b\\u001b"}'],
  [safe('\u202e\n'), '\\u202e\\n'],
  [timeText('2026-05-05T23:30:00.000Z', 'Europe/Berlin'), '2026-05-06 01:30'],
  [timeText(null, 'UTC'), '-'],
])('%s is %s', (found, wanted) => {
  expect(found).toBe(wanted);
});

test.each([
  [{ rate: 0.5, total: 10, chance: 0.04, before: { total: 10, rate: 0.9 } }, 'worse'],
  [{ rate: 0.9, total: 10, chance: 0.04, before: { total: 10, rate: 0.5 } }, 'better'],
  [{ rate: 0.9, total: 10, chance: 0.05, before: { total: 10, rate: 0.5 } }, 'better?'],
  [{ rate: 0.5, total: 10, chance: 1, before: { total: 10, rate: 0.5 } }, 'same'],
  [{ rate: 0.5, total: 10, chance: null, before: { total: 0, rate: 0 } }, 'new'],
  [{ rate: 0, total: 0, chance: null, before: { total: 3, rate: 1 } }, ''],
  [{ rate: 1, total: 1, chance: null, before: null }, ''],
])('a change: %j is %j', (row, wanted) => {
  expect(change(row)).toBe(wanted);
});

test.each([
  [{ state: 'running', left_ms: [60_000, 90_000], expected: {} }, '1m 0s–1m 30s'],
  [{ state: 'running', left_ms: [60_000, 60_000], expected: {} }, '1m 0s'],
  [{ state: 'running', left_ms: [0, 90_000], expected: {} }, 'up to 1m 30s'],
  [{ state: 'stalled', left_ms: [0, 0], expected: {} }, 'longer than usual'],
  [{ state: 'running', left_ms: null, expected: null }, 'no past runs'],
  [{ state: 'completed', left_ms: null, expected: {} }, ''],
])('the time left: %j is %j', (row, wanted) => {
  const left = runColumns().map((make) => make('UTC')).find(({ title }) => title === 'left'); // prettier-ignore
  expect(left.text(row)).toBe(wanted);
});

test('a record that comes while the latest are asked for is told once, and all are in the order of their times', async () => {
  const both = { timestamp: '2026-05-05T12:00:02.000Z', skill: 'both' };
  const later = { timestamp: '2026-05-05T12:00:04.000Z', skill: 'later' };
  const event = { timestamp: Date.UTC(2026, 4, 5, 12, 0, 3), run_id: 'r' };
  const reads = { skills: [[both, later]], progress: [[event]], executions: [], providers: [] };
  const closed = [];
  const internals = {
    follow: (stream) => ({ read: () => reads[stream].shift() ?? [], close: () => closed.push(stream) }),
  };
  const told = [];
  const tell = async (found) => {
    told.push(...found.map(({ record }) => record));
    if (told.length === 3) process.emit('SIGTERM');
  };
  await streams(internals, tell, () => [{ stream: 'skills', record: both }]);
  expect(told).toEqual([both, event, later]);
  expect(closed.sort()).toEqual(['executions', 'progress', 'providers', 'skills']);
});
