// Reads everything on record through the public functions: how many lines are damaged, and what became of records.
'use strict';

const { shared } = require('../../lib/face.js');
const { finding } = require('./finding.js');

const SECTION = 'Records';

// A question for each stream that makes the whole of its files be read.
const STREAMS = {
  'skill invocations': (api) =>
    `${api.getLogger().getStatistics({ startDate: '1970-01-01' }).total_invocations} on record`,
  'CUJ executions': (api) => {
    const all = Object.values(api.getAllCujMetrics(null));
    return `${all.reduce((sum, { total }) => sum + total, 0)} on record, of ${all.length} CUJs`;
  },
  'provider calls': (api) => {
    const all = Object.values(api.getGlobalHealthMonitor().getAllProviderHealth());
    return `${all.reduce((sum, { total_calls }) => sum + total_calls, 0)} on record, of ${all.length} providers`;
  },
  'progress events': () => `${shared().internals.countProgress()} on record`,
};

function counts(api) {
  if (api.error) return [];
  return [...Object.entries(STREAMS).map(([name, ask]) => stream(api, name, ask)), ...fate(api.flush())];
}

function stream(api, name, ask) {
  const before = api.getStoreHealth().skipped_lines;
  try {
    const value = ask(api);
    const skipped = api.getStoreHealth().skipped_lines - before;
    if (skipped === 0) return finding(SECTION, name, 'ok', value, { data: { skipped_lines: 0 } });
    return finding(SECTION, name, 'warn', `${value}, ${skipped} damaged ${skipped === 1 ? 'line' : 'lines'} skipped`, {
      advice: 'answers leave them out; something else wrote to the file, or a writer died in the middle of a line',
      data: { skipped_lines: skipped },
    });
  } catch (error) {
    return finding(SECTION, name, 'fail', `cannot be read: ${error.message}`, { advice: 'see the files above' });
  }
}

/** Counts live in the process that records; here they are the doctor's own, and zero unless something is badly wrong. */
function fate({ attempted, accepted, pending, dropped, skipped_lines, durability }) {
  const data = { attempted, accepted, pending, dropped, skipped_lines, durability };
  const lost = dropped.total + pending > 0;
  const reasons = Object.entries(dropped.by_reason).map(([reason, count]) => `${reason} ${count}`);
  const value = `${dropped.total} dropped, ${pending} pending in this process; durability ${durability}`;
  const advice = lost ? `not on disk: ${reasons.join(', ') || 'the disk does not take them'}` : undefined;
  return [finding(SECTION, 'dropped', lost ? 'fail' : 'ok', value, { advice, data })];
}

module.exports = { counts };
