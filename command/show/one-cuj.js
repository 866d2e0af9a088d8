// One CUJ: its row, its failures by their text, its runs.
'use strict';

const { quoted, refuseUnknown, section, show, tableLines } = require('./ask.js');
const { failureColumns } = require('./failure-views.js');
const { runColumns } = require('./run-views.js');
const { count } = require('./words.js');

/** @param {{ cujId: string, table: object, answer: object, ask: object, period: object }} found the table's answer about it */
async function oneCuj(asked, { cujId, table, answer, ask, period }) {
  if (answer.rows.length === 0) {
    const known = ask.getCujTable({ from: null }).rows.map(({ cuj_id: id }) => id);
    refuseUnknown((shown) => `no CUJ '${shown}' is on record`, cujId, known);
  }
  const { rows, ...head } = answer;
  const { total, group_count, groups } = ask.getFailures({ ...period, cujId, limit: 10 });
  const runs = ask.getRuns({ ...period, from: period.from ?? answer.from, limit: 0 }).runs;
  const own = runs.filter(({ cuj_id: id }) => id === cujId).slice(0, 20);
  const value = { ...head, cuj: rows[0] ?? null, failures: { total, group_count, groups }, runs: own };
  return show(asked, value, {
    text: (terminal) => cujLines(value, { ...table, answer, again: `cujs ${quoted(cujId)}` }, terminal),
    rows: () => rows,
  });
}

function cujLines(value, table, terminal) {
  return [
    ...tableLines(terminal, table),
    ...section(terminal, `Failures (${count(value.failures.total)})`, failureColumns(false), value.failures.groups),
    ...section(terminal, 'Runs', runColumns(false), value.runs),
  ];
}

module.exports = { oneCuj };
