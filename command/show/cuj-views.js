// The table of CUJs with their objectives, and one CUJ with its failures and runs.
'use strict';

const { WrongUsage } = require('../terminal/output.js');
const { strip } = require('../terminal/bars.js');
const { layOut } = require('../terminal/table.js');
const { tell } = require('../../lib/faults.js');
const { part, show, tableLines, tables } = require('./ask.js');
const { failureColumns } = require('./failure-views.js');
const { runColumns } = require('./run-views.js');
const { CHANGE_NOTE, change, changeColour, count, duration, percent, rate, safe, timeText } = require('./words.js');

const MISSED = 3;
const OBJECTIVE_COLOURS = { firing: 'red', pending: 'yellow', quiet: 'green', resolved: 'green' };

const interval = ({ low, high, total }) => (total === 0 ? '' : `${Math.floor(low * 100)}–${Math.ceil(high * 100)} %`);

const streakText = ({ streak }) => {
  if (streak === 0) return '';
  return `${Math.abs(streak)}${streak > 0 ? ' ok' : ' failed'}`;
};

/** Executions and calls have these columns alike. */
const OUTCOMES = [
  () => ({ title: 'success', text: ({ successful, total }) => rate(successful, total), right: true }),
  () => ({ title: '95 % between', text: interval, right: true, rank: 6 }),
  () => ({ title: 'change', text: change, colour: changeColour, rank: 3 }),
  () => ({ title: 'p50', text: ({ p50_ms: ms }) => duration(ms), right: true, rank: 5 }),
  () => ({ title: 'p95', text: ({ p95_ms: ms }) => duration(ms), right: true, rank: 2 }),
];

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

/** Each row with the objective for its success, if it has one. */
function withObjectives(answer, options) {
  const found = part(options, 'alerts').getObjectives();
  const of = new Map(
    found.filter(({ kind, goal }) => kind === 'cuj' && goal === 'success').map((one) => [one.subject, one]),
  );
  const brief = ({ share, over, runs, left, state }) => ({ share, over, runs, left, state });
  const rows = answer.rows.map((row) => ({ ...row, objective: of.has(row.cuj_id) ? brief(of.get(row.cuj_id)) : null }));
  return { ...answer, rows };
}

async function cujs(asked) {
  const { options, values } = asked;
  const { ask, period } = tables(options);
  const cujId = values[0];
  const answer = withObjectives(ask.getCujTable({ ...period, cujId }), options);
  if (cujId !== undefined) await oneCuj(asked, cujId, answer, ask, period);
  else {
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

async function oneCuj(asked, cujId, answer, ask, period) {
  if (answer.rows.length === 0) refuseUnknown(ask, cujId);
  const { rows, ...head } = answer;
  const { total, group_count, groups } = ask.getFailures({ ...period, cujId, limit: 10 });
  const runs = ask.getRuns({ ...period, from: period.from ?? answer.from, limit: 0 }).runs;
  const own = runs.filter(({ cuj_id: id }) => id === cujId).slice(0, 20);
  const value = { ...head, cuj: rows[0] ?? null, failures: { total, group_count, groups }, runs: own };
  return show(asked, value, { text: (terminal) => cujLines(value, answer, cujId, terminal), rows: () => rows });
}

function refuseUnknown(ask, cujId) {
  const known = ask.getCujTable({ from: null }).rows.map(({ cuj_id: id }) => id);
  if (known.includes(cujId)) return;
  const { didYouMean } = require('../nearest.js');
  throw new WrongUsage(`no CUJ '${safe(cujId)}' is on record${didYouMean(cujId, known)}`);
}

function cujLines(value, answer, cujId, terminal) {
  const { zone, style } = terminal;
  const section = (title, made, list) =>
    list.length === 0 ? [] : ['', style.bold(title), ...layOut(made.map((make) => make(zone)), list, terminal)]; // prettier-ignore
  return [
    ...tableLines(terminal, { ...tableOf(answer), again: `cujs ${safe(cujId)}` }),
    ...section(`Failures (${count(value.failures.total)})`, failureColumns(false), value.failures.groups),
    ...section('Runs', runColumns(false), value.runs),
  ];
}

module.exports = { OUTCOMES, cujs };
