// How often alerts are wrong, and how soon they are right: the tables of docs/alerts.md, made anew.
'use strict';

const path = require('node:path');

const { PACKAGE, runNode } = require('./support/child.js');
const { linesOf } = require('./support/readme.js');

const SCRIPT = path.join(PACKAGE, 'scripts', 'simulate-alerts.mjs');
const cellsOf = (row) => row.split('|').slice(1, -1).map((cell) => cell.trim()); // prettier-ignore

/** The cells of the table that stands behind a line with these words. */
function tableAfter(words) {
  const lines = linesOf('docs/alerts.md');
  const start = lines.findIndex(
    (line, at) => at > lines.findIndex((each) => each.includes(words)) && line.startsWith('| ---'),
  );
  const rows = lines.slice(
    start + 1,
    lines.findIndex((line, at) => at > start && !line.startsWith('|')),
  );
  return rows.map(cellsOf);
}

test.each([
  [20, '200 simulated CUJs at 20 runs a day'],
  [5, 'At 5 runs a day'],
])('%i runs a day: docs/alerts.md has the table that the simulation gives', (perDay, words) => {
  const { stdout } = runNode([SCRIPT, '200', String(perDay)]);
  const rows = stdout.split('\n').filter((line) => line.startsWith('|')).slice(2).map(cellsOf);
  expect(tableAfter(words)).toEqual(rows);
  // What is promised, whatever the table says.
  expect(Number(rows.find(([way]) => way === 'objective, either tier')[1])).toBeLessThan(1);
}, 60_000); // prettier-ignore
