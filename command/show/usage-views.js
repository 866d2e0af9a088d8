// The tables of skills and agents, and one skill with its failures and slowest calls.
'use strict';

const { WrongUsage } = require('../terminal/output.js');
const { sparkline } = require('../terminal/bars.js');
const { layOut } = require('../terminal/table.js');
const { show, tableLines, tables } = require('./ask.js');
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

/** What `change` compares. */
const compared = (row) => ({
  rate: row.success_rate,
  total: row.calls,
  chance: row.chance,
  before: row.before === null ? null : { total: row.before.calls, rate: row.before.success_rate },
});

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
  if (values[0] !== undefined) return oneSkill(asked, values[0]);
  const { ask, period } = tables(options);
  const answer = ask.getSkillTable({ ...period, by: options.by });
  const rows = sorted(answer.rows, options.sort, 'skill');
  const columns = [
    nameColumn('skill', 'skill'),
    ...(options.by ? [nameColumn(options.by, BY[options.by])] : []),
    ...USAGE,
  ];
  const again = `skills${options.by ? ` --by ${options.by}` : ''}${options.sort ? ` --sort ${options.sort}` : ''}`;
  return usageTable(asked, { ...answer, rows }, columns, again);
}

async function agents(asked) {
  const { ask, period } = tables(asked.options);
  const answer = ask.getAgentTable(period);
  const [name] = asked.values;
  const chosen = name === undefined ? answer.rows : answer.rows.filter(({ agent }) => agent === name);
  if (chosen.length === 0 && name !== undefined) refuseUnknownAgent(ask, name);
  const rows = sorted(chosen, asked.options.sort, 'agent');
  const used = () => ({ title: 'skills', text: ({ skills: different }) => count(different), right: true, rank: 9 });
  return usageTable(
    asked,
    { ...answer, rows },
    [nameColumn('agent', 'agent'), ...USAGE, used],
    `agents${name === undefined ? '' : ` ${safe(name)}`}`,
  );
}

function refuseUnknownAgent(ask, name) {
  const known = ask.getAgentTable({ from: null }).rows.map(({ agent }) => String(agent));
  if (known.includes(name)) return;
  const { didYouMean } = require('../nearest.js');
  throw new WrongUsage(`no agent '${safe(name)}' is on record${didYouMean(name, known)}`);
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
  if (rows.length === 0) refuseUnknown(ask, name);
  const row = rows[0] ?? null;
  const { groups, total, group_count } = ask.getFailures({ ...period, skill: name, limit: 10 });
  const { calls } = ask.getSlowestCalls({ ...period, skill: name });
  const value = { ...answer, skill: row, failures: { total, group_count, groups }, slowest: calls };
  return show(asked, value, { text: (terminal) => skillLines(value, name, terminal), rows: () => rows });
}

function refuseUnknown(ask, name) {
  const known = ask.getSkillTable({ from: null }).rows.map(({ skill }) => skill);
  if (known.includes(name)) return;
  const { didYouMean } = require('../nearest.js');
  throw new WrongUsage(`no skill '${safe(name)}' is on record${didYouMean(name, known)}`);
}

const SLOWEST = [
  (zone) => ({ title: 'at', text: ({ at }) => timeText(at, zone) }),
  () => ({ title: 'took', text: ({ duration_ms: ms }) => duration(ms), right: true }),
  () => ({ title: 'result', text: ({ result }) => safe(result), least: 7 }),
  () => ({ title: 'agent', text: ({ agent }) => safe(agent), least: 8, rank: 1 }),
  () => ({ title: 'run', text: ({ run_id: id }) => safe(id), least: 12, rank: 2 }),
];

function skillLines(value, name, terminal) {
  const { zone, style } = terminal;
  const rows = value.skill === null ? [] : [value.skill];
  const columns = [nameColumn('skill', 'skill'), ...USAGE];
  const empty = `No calls of ${safe(name)} in this period.`;
  const head = tableLines(terminal, {
    columns,
    rows,
    empty,
    answer: value,
    again: `skills ${safe(name)}`,
    notes: [CHANGE_NOTE],
  });
  const part = (title, made, list) =>
    list.length === 0 ? [] : ['', style.bold(title), ...layOut(made.map((make) => make(zone)), list, terminal)]; // prettier-ignore
  const { groups, total } = value.failures;
  return [
    ...head,
    ...part(`Failures (${count(total)})`, failureColumns(false), groups),
    ...part('Slowest calls', SLOWEST, value.slowest),
  ];
}

module.exports = { SORTS: [...Object.keys(SORTS), 'name'], agents, skills };
