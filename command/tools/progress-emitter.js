// The command line of progress-emitter: what runs are doing now and what they did.
'use strict';

const { readCount } = require('../options.js');

const ANY_RUN = { name: 'runId' };

module.exports = {
  about:
    'Progress of runs. history and current answer as JSON on standard output; watch prints one line per event until Ctrl-C.\n' +
    'Exit code 0 when answered, 1 when not.',
  options: {
    table: { flag: true, about: 'history, current: a table instead of JSON, as obs shows it' },
  },
  commands: {
    watch: {
      args: [ANY_RUN],
      about: 'every event that any process records from now on',
      run: ({ values: [runId], output }) => require('../watch/events.js').watch({ runId: runId || null, output }),
    },
    history: {
      args: [ANY_RUN, { name: 'limit', read: readCount }],
      about: 'the events on record, oldest first ("" for every run)',
      run: ({ api, values: [runId, limit] }) => ({ json: api.getProgressHistory(runId || null, limit ?? null) }),
      table: ([runId]) => (runId ? { view: 'runs', values: [runId] } : { view: 'runs', options: { since: 'all' } }),
    },
    current: {
      args: [{ name: 'RUN', required: true }],
      about: 'the latest event of one run (null when there is none)',
      run: ({ api, values: [runId] }) => ({ json: api.getCurrentProgress(runId) }),
      table: ([runId]) => ({ view: 'runs', values: [runId] }),
    },
  },
  examples: ['watch', 'watch run-001', 'history run-001 20', 'history "" 20', 'history "" --table', 'current run-001'],
};
