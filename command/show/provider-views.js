// The table of providers: state, rates, latencies, kinds of failures.
'use strict';

const { show, tableLines, tables } = require('./ask.js');
const { OUTCOMES } = require('./outcome-columns.js');
const { CHANGE_NOTE, count, safe, timeText } = require('./words.js');

const COLOURS = { healthy: 'green', degraded: 'yellow', unhealthy: 'red' };

/** `12 overloaded, 3 timeout`: the kinds of which there are some, the most frequent first. */
function kindsText({ kinds }) {
  return Object.entries(kinds)
    .filter(([, number]) => number > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, number]) => `${count(number)} ${kind.replace('_', ' ')}`)
    .join(', ');
}

const COLUMNS = [
  () => ({ title: 'provider', text: ({ provider }) => safe(provider), least: 10 }),
  () => ({ title: 'state', text: ({ state }) => state, colour: ({ state }) => COLOURS[state] ?? null }),
  () => ({ title: 'calls', text: ({ total }) => count(total), right: true }),
  ...OUTCOMES,
  () => ({ title: 'failures', text: kindsText, rank: 1, least: 12 }),
  (zone) => ({
    title: 'last failure',
    text: ({ last_failure: last }) => (last ? timeText(last.at, zone) : ''),
    rank: 7,
  }),
];

async function providers(asked) {
  const { ask, period } = tables(asked.options);
  const answer = ask.getProviderTable(period);
  const empty = 'No provider calls in this period. Ask for another one (--since 30d, --since all), or see obs doctor.';
  const table = { columns: COLUMNS, rows: answer.rows, empty, answer, again: 'providers', notes: [CHANGE_NOTE] };
  return show(asked, answer, { text: (terminal) => tableLines(terminal, table), rows: () => answer.rows });
}

module.exports = { providers };
