// Asks the package and shows its answer: as a table with its period, as JSON, or as CSV.
'use strict';

const { WrongUsage } = require('../terminal/output.js');
const { createStyle } = require('../terminal/style.js');
const { columnsOf, layOut } = require('../terminal/table.js');
const { readPeriod } = require('./period.js');
const { safe, timeText } = require('./words.js');

/** A part of the face (see `lib/face.js`) over the workspace that was named or found. */
function part(options, name) {
  const parts = require('../../lib/face.js').shared();
  if (options.root !== undefined) {
    parts.internals.core().configure({ projectRoot: require('node:path').resolve(options.root) });
  }
  return parts[name];
}

/** The answers of tables over the workspace, and the period that was asked for. */
function tables(options) {
  return { ask: part(options, 'tables'), period: readPeriod(options) };
}

/** What a view needs to know of the terminal and of what was typed. */
function terminalOf(output, options) {
  return { columns: columnsOf(output.terminal), style: createStyle(output.terminal), zone: options.tz ?? 'UTC' };
}

/**
 * Writes an answer.
 *
 * @param {{ output: object, options: object }} asked
 * @param {object} value the answer as documented, which `--json` prints
 * @param {{ text: (terminal: object) => string[], rows?: () => object[] }} view its lines, and its rows for `--csv`
 */
async function show({ output, options }, value, { text, rows }) {
  if (options.json && options.csv) throw new WrongUsage('--json and --csv exclude each other');
  if (options.json) return output.json(value);
  if (options.csv) return output.text(require('./csv.js').csv(rows()));
  return output.write(`${text(terminalOf(output, options)).join('\n')}\n`);
}

/**
 * The lines of a table under which its period stands, and how to ask for it again: with its times, or, where `untilNow`, without;
 * `empty` stands where there are no rows.
 */
function tableLines(terminal, { columns, rows, empty, answer, again, untilNow = false, notes = [] }) {
  const { style, zone } = terminal;
  const body = rows.length > 0 ? layOut(columns.map((make) => make(zone)), rows, terminal) : [empty]; // prettier-ignore
  const from = answer.from === null ? 'all history' : `from ${timeText(answer.from, zone)}`;
  const to = `to ${timeText(answer.to, zone)}`;
  const period = answer.from === null ? `${from}, ${to}` : `${from} ${to}`;
  const ends = `--from ${answer.from ?? '0000-01-01'} --to ${answer.to}`;
  return [
    ...body,
    '',
    ...[`${period} ${zone}`, ...notes, `again: obs ${again}${untilNow ? '' : ` ${ends}`}`].map((line) =>
      style.dim(line),
    ),
  ];
}

/** A title and a table under it, or nothing where there are no rows. */
function section(terminal, title, columns, rows) {
  if (rows.length === 0) return [];
  return ['', terminal.style.bold(title), ...layOut(columns.map((make) => make(terminal.zone)), rows, terminal)]; // prettier-ignore
}

/** Refuses a name that no record has, with the nearest one that some have; one that is only outside of the period is none. */
function refuseUnknown(what, name, known) {
  if (known.includes(name)) return;
  const { didYouMean } = require('../nearest.js');
  throw new WrongUsage(`${what(safe(name))}${didYouMean(name, known)}`);
}

/** A word as a shell reads it again, in a command that is shown. */
function quoted(word) {
  const shown = safe(word);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}

module.exports = { part, quoted, refuseUnknown, section, show, tableLines, tables, terminalOf };
