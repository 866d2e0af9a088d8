// Lays rows out in columns: as wide as they need to be in a pipe, as wide as the window on a terminal.
'use strict';

const { cut, fill, widthOf } = require('./width.js');

const GAP = '  ';
const LEAST = 60;

/** The columns of the terminal behind a stream; `Infinity` where a program reads. */
function columnsOf(stream) {
  return stream.isTTY ? Math.max(stream.columns || 80, 1) : Infinity;
}

/**
 * A column: its `title`, the `text` of a row's cell, perhaps its `colour`. `right` aligns numbers; `least` allows it to be cut to
 * so many columns; of several `rank`s the highest is left out first where all do not fit.
 *
 * @typedef {{ title: string, text: (row: object) => string, colour?: (row: object) => string | null, right?: boolean,
 *   least?: number, rank?: number }} Column
 */

/**
 * The lines of a table, the first its titles.
 *
 * @param {Column[]} columns
 * @param {object[]} rows
 * @param {{ columns: number, style: object }} terminal
 * @example
 * layOut([{ title: 'skill', text: ({ skill }) => skill }], [{ skill: 'deploy' }], { columns: 80, style }) // ['skill', 'deploy']
 */
function layOut(columns, rows, terminal) {
  const all = columns.map((column) => {
    const cells = rows.map((row) => column.text(row));
    return { ...column, cells, wide: Math.max(widthOf(column.title), ...cells.map(widthOf)) };
  });
  const filled = all.filter(({ cells, rank }) => rank === undefined || cells.some(Boolean));
  const shown = fitted(filled, Math.max(terminal.columns, LEAST));
  const line = (cell) => shown.map(cell).join(GAP).trimEnd();
  const titles = line(({ title, wide, right }) => terminal.style.dim(fill(title, wide, right)));
  return [
    titles,
    ...rows.map((row, number) => line((column) => cellText(column, row, column.cells[number], terminal.style))),
  ];
}

function cellText({ wide, right, colour }, row, text, style) {
  const shown = fill(cut(text, wide), wide, right);
  const paint = colour?.(row);
  return paint ? style[paint](shown) : shown;
}

/** First what may be cut is cut, then whole columns go, the highest rank first. */
function fitted(columns, room) {
  const left = room - total(columns);
  if (left >= 0) return columns;
  const give = columns.reduce((sum, column) => sum + spare(column), 0);
  const least = columns.reduce((most, { rank = 0 }) => Math.max(most, rank), 0);
  // Half of what could be cut is cut before a column goes: a name that cannot be read tells less than one column fewer.
  if (least > 0 && -left > give / 2) return fitted(without(columns, least), room);
  return shrunk(columns, -left);
}

function without(columns, rank) {
  const last = columns.findLastIndex((column) => column.rank === rank);
  return columns.filter((_, place) => place !== last);
}

function shrunk(columns, excess) {
  let left = excess;
  const result = columns.map((column) => ({ ...column }));
  while (left > 0) {
    const widest = result.reduce((best, column) => (spare(column) > spare(best) ? column : best));
    if (spare(widest) === 0) break;
    widest.wide -= 1;
    left -= 1;
  }
  return result;
}

const spare = ({ wide, least }) => (least === undefined ? 0 : Math.max(0, wide - least));

function total(columns) {
  return columns.reduce((sum, { wide }) => sum + wide, GAP.length * Math.max(0, columns.length - 1));
}

module.exports = { columnsOf, layOut };
