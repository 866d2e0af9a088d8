// One CUJ: its row, its failures by their text, its runs.
'use strict';

const { WrongUsage } = require('../terminal/output.js');
const { layOut } = require('../terminal/table.js');
const { show, tableLines } = require('./ask.js');
const { failureColumns } = require('./failure-views.js');
const { runColumns } = require('./run-views.js');
const { count, safe } = require('./words.js');

/** @param {{ cujId: string, table: object, answer: object, ask: object, period: object }} found the table's answer about it */
async function oneCuj(asked, { cujId, table, answer, ask, period }) {
  if (answer.rows.length === 0) refuseUnknown(ask, cujId);
  const { rows, ...head } = answer;
  const { total, group_count, groups } = ask.getFailures({ ...period, cujId, limit: 10 });
  const runs = ask.getRuns({ ...period, from: period.from ?? answer.from, limit: 0 }).runs;
  const own = runs.filter(({ cuj_id: id }) => id === cujId).slice(0, 20);
  const value = { ...head, cuj: rows[0] ?? null, failures: { total, group_count, groups }, runs: own };
  return show(asked, value, {
    text: (terminal) => cujLines(value, { ...table, answer, again: `cujs ${safe(cujId)}` }, terminal),
    rows: () => rows,
  });
}

function refuseUnknown(ask, cujId) {
  const known = ask.getCujTable({ from: null }).rows.map(({ cuj_id: id }) => id);
  if (known.includes(cujId)) return;
  const { didYouMean } = require('../nearest.js');
  throw new WrongUsage(`no CUJ '${safe(cujId)}' is on record${didYouMean(cujId, known)}`);
}

function cujLines(value, table, terminal) {
  const { zone, style } = terminal;
  const section = (title, made, list) =>
    list.length === 0 ? [] : ['', style.bold(title), ...layOut(made.map((make) => make(zone)), list, terminal)]; // prettier-ignore
  return [
    ...tableLines(terminal, table),
    ...section(`Failures (${count(value.failures.total)})`, failureColumns(false), value.failures.groups),
    ...section('Runs', runColumns(false), value.runs),
  ];
}

module.exports = { oneCuj };
