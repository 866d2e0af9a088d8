// The command line of metrics-tracker: success rates, trends, failures and durations of CUJs.
'use strict';

const { readDuration, readNumber } = require('../options.js');

// Left out, or an empty text: all CUJs.
const CUJ = { name: 'CUJ' };
const WINDOW = { name: 'window', read: readDuration };
const BUCKETS = [
  { name: 'buckets', read: readNumber },
  { name: 'bucket', read: readDuration },
];

const DAY = 86_400_000;

/** The table of `obs` over the same window; 0 is all history. */
const table =
  (view) =>
  ([cujId, window = DAY]) => {
    const period = { since: window === 0 ? 'all' : window };
    if (view === 'failures') return { view, options: { ...period, ...(cujId && { cuj: cujId }) } };
    return { view, values: cujId ? [cujId] : [], options: period };
  };

module.exports = {
  about:
    'Executions of CUJs on record; without a CUJ (or with ""): of all. A window or a bucket is in\n' +
    'milliseconds or a span such as 90m, 24h, 7d; a window is a day when left out, and 0 means all history.\n' +
    'Answers are JSON on standard output; exit code 0 when answered, 1 when not.',
  options: {
    table: { flag: true, about: 'a table instead of JSON, as obs shows it' },
  },
  commands: {
    rate: {
      args: [CUJ, WINDOW],
      about: 'success rate and average duration of one CUJ or all together',
      run: ({ api, values }) => ({ json: api.getCujSuccessRate(...values) }),
      table: table('cujs'),
    },
    all: {
      args: [WINDOW],
      about: 'the same for every CUJ that ran in the window',
      run: ({ api, values }) => ({ json: api.getAllCujMetrics(...values) }),
      table: ([window]) => table('cujs')([undefined, window]),
    },
    trending: {
      args: [CUJ, ...BUCKETS],
      about: 'success rate over time, oldest first (24 buckets of an hour)',
      run: ({ api, values }) => ({ json: api.getCujTrending(...values) }),
    },
    failures: {
      args: [CUJ, WINDOW],
      about: 'the most frequent errors and the latest failures',
      run: ({ api, values }) => ({ json: api.getFailureAnalysis(...values) }),
      table: table('failures'),
    },
    percentiles: {
      args: [CUJ, WINDOW],
      about: 'exact percentiles of the durations, in milliseconds',
      run: ({ api, values }) => ({ json: api.getPerformancePercentiles(...values) }),
      table: table('cujs'),
    },
    stability: {
      args: [CUJ, WINDOW],
      about: 'how often success and failure alternate, and the streaks',
      run: ({ api, values }) => ({ json: api.getCujStability(...values) }),
      table: table('cujs'),
    },
    performance: {
      args: [CUJ, ...BUCKETS],
      about: 'success rate and durations over time, oldest first',
      run: ({ api, values }) => ({ json: api.getCujPerformanceTrend(...values) }),
    },
    resources: {
      args: [CUJ, WINDOW],
      about: 'memory and processor time over the executions that tell them',
      run: ({ api, values: [cujId, window] }) => ({ json: api.getResourceTrend({ cujId }, window) }),
    },
  },
  examples: [
    'rate CUJ-005',
    'all 7d',
    'all 7d --table',
    'trending CUJ-005 7 1d',
    'failures CUJ-005 0',
    'percentiles "" 30d',
  ],
};
