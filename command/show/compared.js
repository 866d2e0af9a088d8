// What a row of usage says to who compares rates: its calls as the runs of a CUJ are told.
'use strict';

const compared = (row) => ({
  rate: row.success_rate,
  total: row.calls,
  chance: row.chance,
  before: row.before === null ? null : { total: row.before.calls, rate: row.before.success_rate },
});

module.exports = { compared };
