// The tables of skills and agents, and one skill with its failures and slowest calls.
'use strict';

const { sparkline } = require('../terminal/bars.js');
const { quoted, refuseUnknown, section, show, tableLines, tables } = require('./ask.js');
const { compared } = require('./compared.js');
const { failureColumns } = require('./failure-views.js');
const { CHANGE_NOTE, change, changeColour, count, duration, rate, safe, timeText } = require('./words.js');

const BY = { agent: 'agent', cuj: 'cuj_id', run: 'run_id' };
const SORTS = {
  calls: ({ calls }) => -calls,
  failed: ({ failed }) => -failed,
  success: ({ success_rate: share }) => share,
  p50: ({ p50_ms: ms }) => -(ms ?? -1),
  p95: ({ p95_ms: ms }) => -(ms ?? -1),
  last: ({ last_used: at }) => -Date.parse(at ?? 0),
};

const nameColumn = (title, name) => () => ({ title, text: (row) => safe(row[name]), least: 12 });

const USAGE = [
  () => ({ title: 'calls', text: ({ calls }) => count(calls), right: true }),
  () => ({ title: 'success', text: ({ successful, calls }) => rate(successful, calls), right: true }),
  () => ({
    title: 'change',
    text: (row) => change(compared(row)),
    colour: (row) => changeColour(compared(row)),
    rank: 2,
  }),
  () => ({ title: 'p50', text: ({ p50_ms: ms }) => duration(ms), right: true, rank: 3 }),
  () => ({ title: 'p95', text: ({ p95_ms: ms }) => duration(ms), right: true, rank: 1 }),
  () => ({ title: 'cached', text: ({ cache_hits: hits }) => (hits > 0 ? count(hits) : ''), right: true, rank: 6 }),
  () => ({ title: 'trend', text: ({ spark }) => sparkline(spark), rank: 5 }),
  (zone) => ({ title: 'last used', text: ({ last_used: at }) => timeText(at, zone), rank: 4 }),
  () => ({ title: 'calls before', text: ({ before }) => (before ? count(before.calls) : ''), right: true, rank: 8 }),
  () => ({ title: 'p95 before', text: ({ before }) => (before ? duration(before.p95_ms) : ''), right: true, rank: 7 }),
];

/** Rows by `--sort`: the highest first, `success` the lowest first, names by their letters. */
function sorted(rows, sort, name) {
  if (sort === undefined) return rows;
  if (sort === 'name') return rows.toSorted((a, b) => (safe(a[name]) < safe(b[name]) ? -1 : 1));
  return rows.toSorted((a, b) => SORTS[sort](a) - SORTS[sort](b));
}

async function skills(asked) {
  const { options, values } = asked;
  if (options.unused !== undefined) return require('./unused.js').unused(asked);
  const [skill] = values;
  if (skill !== undefined && options.by === undefined) return oneSkill(asked, skill);
  const { ask, period } = tables(options);
  const answer = ask.getSkillTable({ ...period, skill, by: options.by });
  if (skill !== undefined && answer.rows.length === 0) refuseUnknownSkill(ask, skill);
  const rows = sorted(answer.rows, options.sort, 'skill');
  const columns = [
    nameColumn('skill', 'skill'),
    ...(options.by ? [nameColumn(options.by, BY[options.by])] : []),
    ...USAGE,
  ];
  return usageTable(asked, { ...answer, rows }, columns, commandOf('skills', asked));
}

async function agents(asked) {
  const { ask, period } = tables(asked.options);
  const answer = ask.getAgentTable(period);
  const [name] = asked.values;
  const chosen = name === undefined ? answer.rows : answer.rows.filter(({ agent }) => agent === name);
  if (chosen.length === 0 && name !== undefined) {
    const known = ask.getAgentTable({ from: null }).rows.map(({ agent }) => String(agent));
    refuseUnknown((shown) => `no agent '${shown}' is on record`, name, known);
  }
  const rows = sorted(chosen, asked.options.sort, 'agent');
  const used = () => ({ title: 'skills', text: ({ skills: different }) => count(different), right: true, rank: 9 });
  const columns = [nameColumn('agent', 'agent'), ...USAGE, used];
  return usageTable(asked, { ...answer, rows }, columns, commandOf('agents', asked));
}

/** What was typed, but for the period. */
function commandOf(view, { values: [name], options: { by, sort } }) {
  const typed = [name === undefined ? '' : quoted(name), by && `--by ${by}`, sort && `--sort ${sort}`];
  return [view, ...typed.filter(Boolean)].join(' ');
}

function usageTable(asked, answer, columns, again) {
  const { rows } = answer;
  const empty =
    'No skill invocations in this period. Ask for another one (--since 30d, --since all), or see obs doctor.';
  const text = (terminal) => tableLines(terminal, { columns, rows, empty, answer, again, notes: [CHANGE_NOTE] });
  return show(asked, answer, { text, rows: () => rows });
}

/** One skill: its row, its failures by their text, its slowest calls. */
async function oneSkill(asked, name) {
  const { ask, period } = tables(asked.options);
  const { rows, ...answer } = ask.getSkillTable({ ...period, skill: name });
  if (rows.length === 0) refuseUnknownSkill(ask, name);
  const row = rows[0] ?? null;
  const { groups, total, group_count } = ask.getFailures({ ...period, skill: name, limit: 10 });
  const { calls } = ask.getSlowestCalls({ ...period, skill: name });
  const value = { ...answer, skill: row, failures: { total, group_count, groups }, slowest: calls };
  return show(asked, value, { text: (terminal) => skillLines(value, name, terminal), rows: () => rows });
}

function refuseUnknownSkill(ask, name) {
  const known = ask.getSkillTable({ from: null }).rows.map(({ skill }) => skill);
  refuseUnknown((shown) => `no skill '${shown}' is on record`, name, known);
}

const SLOWEST = [
  (zone) => ({ title: 'at', text: ({ at }) => timeText(at, zone) }),
  () => ({ title: 'took', text: ({ duration_ms: ms }) => duration(ms), right: true }),
  () => ({ title: 'result', text: ({ result }) => safe(result), least: 7 }),
  () => ({ title: 'agent', text: ({ agent }) => safe(agent), least: 8, rank: 1 }),
  () => ({ title: 'run', text: ({ run_id: id }) => safe(id), least: 12, rank: 2 }),
];

function skillLines(value, name, terminal) {
  const table = {
    columns: [nameColumn('skill', 'skill'), ...USAGE],
    rows: value.skill === null ? [] : [value.skill],
    empty: `No calls of ${safe(name)} in this period.`,
    answer: value,
    again: `skills ${quoted(name)}`,
    notes: [CHANGE_NOTE],
  };
  const { groups, total } = value.failures;
  return [
    ...tableLines(terminal, table),
    ...section(terminal, `Failures (${count(total)})`, failureColumns(false), groups),
    ...section(terminal, 'Slowest calls', SLOWEST, value.slowest),
  ];
}

module.exports = { agents, skills };
