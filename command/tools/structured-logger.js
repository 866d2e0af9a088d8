// The command line of structured-logger: which skill invocations are on record, and their statistics.
'use strict';

const { WrongUsage } = require('../terminal/output.js');
const { readCount, readSpan, readTime } = require('../options.js');

const options = {
  skill: { value: 'NAME', about: 'only this skill' },
  agent: { value: 'NAME', about: 'only this agent' },
  runId: { value: 'ID', about: 'only this run' },
  cujId: { value: 'ID', about: 'only this CUJ' },
  result: { value: 'RESULT', about: 'only this result (success, failure)' },
  limit: { value: 'N', about: 'the first N, oldest first (0: all)', read: readCount },
  startDate: { value: 'TIME', about: 'from this date or time on, UTC (without dates: today, UTC)', read: readTime },
  endDate: { value: 'TIME', about: 'up to this time; a date means that whole day', read: readTime },
  since: { value: 'SPAN', about: 'the last 30m, 12h, 7d, 2w …, instead of --startDate', read: readSpan },
  table: { flag: true, about: 'a table instead of JSON, as obs shows it' },
};

/** The table of `obs` with the same filters; one that it does not have is refused, as it would show something else. */
function table(view, taken) {
  return (values, { startDate: from, endDate: to, since, ...rest }) => {
    const foreign = Object.keys(rest).find((name) => !taken.includes(name));
    if (foreign !== undefined) throw new WrongUsage(`this table takes no --${foreign} (see obs ${view} --help)`);
    const period = since === undefined ? { from: from ?? todayUtc() } : { since };
    const { runId: run, cujId: cuj, ...same } = rest;
    const chosen = Object.fromEntries(Object.entries({ ...same, run, cuj }).filter(([, value]) => value !== undefined));
    const asked = { ...(view === 'logs' && chosen), ...period, ...(to !== undefined && { to }) };
    return { view, values: view === 'skills' && rest.skill ? [rest.skill] : [], options: asked };
  };
}

const todayUtc = () => new Date().toISOString().slice(0, 10);

/** `--since` is a start date counted back from now. */
function filters({ since, table: _, ...rest }) {
  if (since === undefined) return rest;
  if (rest.startDate !== undefined) throw new WrongUsage('--since and --startDate exclude each other');
  return { ...rest, startDate: Date.now() - since };
}

module.exports = {
  about: 'Skill invocations on record. Answers are JSON on standard output; exit code 0 when answered, 1 when not.',
  options,
  commands: {
    query: {
      about: 'the matching invocations, oldest first',
      run: ({ api, options: given }) => ({ json: api.getLogger().queryLogs(filters(given)) }),
      table: table('logs', ['skill', 'agent', 'runId', 'cujId', 'result']),
    },
    stats: {
      about: 'counts, failures, cache hits and durations, by skill, agent and CUJ',
      run: ({ api, options: given }) => ({ json: api.getLogger().getStatistics(filters(given)) }),
      table: table('skills', ['skill']),
    },
    performance: {
      about: 'success, cache hits and percentiles of the durations, by skill',
      run: ({ api, options: given }) => ({ json: api.getSkillPerformance(filters(given)) }),
      table: table('skills', ['skill']),
    },
  },
  examples: [
    'query --skill linter --limit 5',
    'query --result failure --since 7d',
    'stats --agent qa --since 7d',
    'query --since 7d --table',
  ],
};
