// The table of CUJs with their objectives.
'use strict';

const { strip } = require('../terminal/bars.js');
const { tell } = require('../../lib/faults.js');
const { show, tableLines, tables } = require('./ask.js');
const { withObjectives } = require('./objectives-of.js');
const { OUTCOMES } = require('./outcome-columns.js');
const { CHANGE_NOTE, count, percent, safe, timeText } = require('./words.js');

const MISSED = 3;
const OBJECTIVE_COLOURS = { firing: 'red', pending: 'yellow', quiet: 'green', resolved: 'green' };

const streakText = ({ streak }) => {
  if (streak === 0) return '';
  return `${Math.abs(streak)}${streak > 0 ? ' ok' : ' failed'}`;
};

const COLUMNS = [
  () => ({ title: 'CUJ', text: ({ cuj_id: id }) => safe(id), least: 10 }),
  () => ({ title: 'runs', text: ({ total }) => count(total), right: true }),
  ...OUTCOMES,
  () => ({ title: 'last 20', text: (row) => strip(row.strip), rank: 4 }),
  () => ({ title: 'streak', text: streakText, colour: ({ streak }) => (streak < 0 ? 'red' : null), rank: 1 }),
  () => ({ title: 'objective', text: objectiveText, colour: objectiveColour, rank: 1 }),
  (zone) => ({
    title: 'last failure',
    text: ({ last_failure: last }) => (last ? timeText(last.at, zone) : ''),
    rank: 7,
  }),
];

function objectiveText({ objective }) {
  return objective === null
    ? ''
    : `${objective.state}, ${objective.left < 0 ? 'missed' : `${count(objective.left)} left`}`;
}

function objectiveColour({ objective }) {
  return objective === null ? null : (OBJECTIVE_COLOURS[objective.state] ?? null);
}

async function cujs(asked) {
  const { options, values } = asked;
  const { ask, period } = tables(options);
  const cujId = values[0];
  const answer = withObjectives(ask.getCujTable({ ...period, cujId }), options);
  if (cujId !== undefined) {
    await require('./one-cuj.js').oneCuj(asked, { cujId, table: tableOf(answer), answer, ask, period });
  } else {
    const text = (terminal) => tableLines(terminal, { ...tableOf(answer), again: 'cujs' });
    await show(asked, answer, { text, rows: () => answer.rows });
  }
  return options['fail-under'] === undefined ? 0 : judge(answer.rows, options['fail-under']);
}

function tableOf(answer) {
  const empty = 'No CUJ ran in this period. Ask for another one (--since 30d, --since all), or see obs doctor.';
  return { columns: COLUMNS, rows: answer.rows, empty, answer, notes: [CHANGE_NOTE] };
}

/** Exit code 3 when a rate is below the one that was asked for; nothing on record proves nothing. */
function judge(rows, least) {
  const ran = rows.filter(({ total }) => total > 0);
  const missed = ran.filter((row) => row.rate < least);
  for (const { cuj_id: id, successful, total } of missed) {
    tell(`obs: ${safe(id)} succeeded in ${successful} of ${total}, under ${percent(least)}\n`);
  }
  if (ran.length === 0) tell('obs: no CUJ ran in this period, so no rate is known\n');
  return { exit: missed.length > 0 || ran.length === 0 ? MISSED : 0 };
}

module.exports = { cujs };
