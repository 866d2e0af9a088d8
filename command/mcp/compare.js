// What became better or worse in a window against the one before: the rows of a table, those with the surest change first.
'use strict';

const { WrongUsage } = require('../terminal/output.js');
const { change } = require('../show/words.js');
const { compared } = require('../show/compared.js');
const { windowOf } = require('./arguments.js');

const same = (row) => row;
const KINDS = {
  skills: { ask: 'getSkillTable', name: 'skill', of: compared },
  agents: { ask: 'getAgentTable', name: 'agent', of: compared },
  cujs: { ask: 'getCujTable', name: 'cuj_id', of: same },
  providers: { ask: 'getProviderTable', name: 'provider', of: same },
};
const ORDER = ['worse', 'better', 'worse?', 'better?', 'new', 'gone', 'same'];

/** A row of a table as a comparison; the counts are the table's own. */
function compareRow(row, { name, of }) {
  const counts = of(row);
  return {
    [name]: row[name],
    change: counts.total === 0 ? 'gone' : change(counts),
    total: counts.total,
    successful: row.successful,
    p95_ms: row.p95_ms,
    before: row.before,
    chance: row.chance,
  };
}

/** The answer about `what`, a key of `KINDS`. */
function compare(what, { detail: _detail, ...asked }, tables) {
  const kind = KINDS[what];
  const answer = tables[kind.ask](windowOf(asked));
  if (answer.before_from === null) {
    throw new WrongUsage('all history has no window before it: give since a span such as 7d, or give from');
  }
  const rows = answer.rows.map((row) => compareRow(row, kind));
  rows.sort((a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change));
  const { from, to, before_from: before } = answer;
  const about = `Change of ${what}, from ${from} to ${to}, against from ${before} to ${from}.`;
  return { about, value: { ...answer, rows } };
}

module.exports = { compare };
