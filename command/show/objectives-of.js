// Adds to each row of the table of CUJs the objective for its success.
'use strict';

const { tell } = require('../../lib/faults.js');
const { visible } = require('../../lib/visible.js');
const { part } = require('./ask.js');

/** A file of objectives that cannot be used is told of, and hides no record. */
function objectivesOf(options) {
  try {
    return part(options, 'alerts').getObjectives();
  } catch (error) {
    tell(`obs: ${visible(error.message)}; the table is without objectives\n`);
    return [];
  }
}

/** Each row with the objective for its success, if it has one. */
function withObjectives(answer, options) {
  const found = objectivesOf(options);
  const of = new Map(
    found.filter(({ kind, goal }) => kind === 'cuj' && goal === 'success').map((one) => [one.subject, one]),
  );
  const brief = ({ share, over, runs, left, state }) => ({ share, over, runs, left, state });
  const rows = answer.rows.map((row) => ({ ...row, objective: of.has(row.cuj_id) ? brief(of.get(row.cuj_id)) : null }));
  return { ...answer, rows };
}

module.exports = { withObjectives };
