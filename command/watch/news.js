// Tells of each run once that it ended, from answers that name those in progress first and then those that ended, the latest first.
'use strict';

const REMEMBERED = 10_000;

const keyOf = (row) => JSON.stringify(row.run_id);
const hasEnded = ({ state }) => state === 'completed' || state === 'failed';

/**
 * `isNew(rows)` tells whether all of `rows` may be news, so that more may be behind them. `take(rows)` gives those that ended
 * since the call before, oldest first: none at the first call, which only notes what is there.
 */
function createNews() {
  const known = new Map();
  let first = true;

  const note = (row) => {
    known.delete(keyOf(row));
    known.set(keyOf(row), { events: row.events, state: row.state });
    if (known.size > REMEMBERED) known.delete(known.keys().next().value);
  };
  const isKnown = (row) => {
    const found = known.get(keyOf(row));
    return found?.events === row.events && found.state === row.state;
  };

  return {
    isNew: (rows) => !rows.some((row) => hasEnded(row) && (first || isKnown(row))),
    take(rows) {
      const ended = rows.filter(hasEnded);
      const old = first ? 0 : ended.findIndex(isKnown);
      // A last event that comes twice is no second end.
      const fresh = ended
        .slice(0, old < 0 ? ended.length : old)
        .filter((row) => known.get(keyOf(row))?.state !== row.state);
      [...rows].reverse().forEach(note);
      first = false;
      return fresh.reverse();
    },
  };
}

module.exports = { createNews, hasEnded, keyOf };
