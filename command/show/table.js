// The rows of `obs` that ask and show; what does them is loaded when one is asked for.
'use strict';

const { readCount, readNumber, readSpan } = require('../options.js');
const { WrongUsage } = require('../terminal/output.js');
const { options: periodOptions } = require('./period.js');

const PERIOD = ['since', 'from', 'to', 'tz', 'root', 'json', 'csv'];
const SORTS = ['calls', 'failed', 'success', 'p50', 'p95', 'last', 'name'];

const oneOf = (words) => (name, text) => {
  if (words.includes(text)) return text;
  throw new WrongUsage(`${name} must be one of ${words.join(', ')}${require('../nearest.js').didYouMean(text, words)}`);
};

function readShare(name, text) {
  const value = readNumber(name, text.replace(/\s*%$/, ''));
  const share = /%$/.test(text) ? value / 100 : value;
  if (!(share > 0 && share <= 1)) throw new WrongUsage(`${name} must be a share such as 0.95 or 95%`);
  return share;
}

const options = {
  ...periodOptions,
  csv: { flag: true, about: 'the rows as CSV' },
  by: { value: 'WHAT', read: oneOf(['agent', 'cuj', 'run']), about: 'skills: apart by agent, cuj or run' },
  sort: { value: 'COLUMN', read: oneOf(SORTS), about: `skills, agents: by ${SORTS.join(', ')}` },
  unused: {
    value: 'SPAN',
    read: readSpan,
    about: 'skills: installed ones that were not used for so long, such as 30d',
  },
  'fail-under': {
    value: 'SHARE',
    read: readShare,
    about: 'cujs: exit code 3 if one succeeds less often, such as 0.95',
  },
  limit: { value: 'N', read: readCount, about: 'runs, failures: at most so many (0: all)' },
  skill: { value: 'NAME', about: 'failures, logs: of this skill' },
  provider: { value: 'NAME', about: 'failures: of this provider' },
  cuj: { value: 'ID', about: 'failures, logs, report: of this CUJ' },
  agent: { value: 'NAME', about: 'logs: of this agent' },
  run: { value: 'ID', about: 'logs: of this run' },
  result: { value: 'RESULT', about: 'logs: with this result (success, failure)' },
  grep: { value: 'REGEX', about: 'logs: whose line matches, whatever the case' },
  last: { value: 'N', read: readCount, about: 'logs: the latest N, oldest first (default 20, 0: all)' },
  follow: {
    flag: true,
    short: 'f',
    about: 'logs, export otlp: go on with what any process records, of all streams, until Ctrl-C',
  },
  ndjson: { flag: true, about: 'logs: a line of JSON for each record' },
};

const from = (file, name) => (asked) => require(file)[name](asked);

const commands = {
  skills: {
    args: [{ name: 'NAME' }],
    options: [...PERIOD, 'by', 'sort', 'unused'],
    about: 'how much each skill was used and how it did; of one also its failures and slowest calls',
    run: from('./usage-views.js', 'skills'),
  },
  agents: {
    args: [{ name: 'NAME' }],
    options: [...PERIOD, 'sort'],
    about: 'the same by agent',
    run: from('./usage-views.js', 'agents'),
  },
  cujs: {
    args: [{ name: 'ID' }],
    options: [...PERIOD, 'fail-under'],
    about: 'how each CUJ did, against its objective; of one also its failures and runs',
    run: from('./cuj-views.js', 'cujs'),
  },
  runs: {
    args: [{ name: 'RUN' }],
    options: [...PERIOD, 'limit'],
    about: 'runs in progress and the last ones (default: 24 hours); of one its steps and calls',
    run: from('./run-views.js', 'runs'),
  },
  providers: {
    options: PERIOD,
    about: 'how each model provider answers',
    run: from('./provider-views.js', 'providers'),
  },
  failures: {
    options: [...PERIOD, 'limit', 'skill', 'cuj', 'provider'],
    about: 'failures of all kinds, grouped by what they say',
    run: from('./failure-views.js', 'failures'),
  },
  logs: {
    options: [...PERIOD, 'skill', 'agent', 'run', 'cuj', 'result', 'grep', 'last', 'follow', 'ndjson'],
    about: 'the latest skill invocations; with -f what is recorded from now on',
    run: from('./log-views.js', 'logs'),
  },
  dashboard: {
    options: ['root', 'json'],
    about: 'everything on record in one page',
    run: from('./dashboard-view.js', 'dashboard'),
  },
  completion: {
    args: [{ name: 'SHELL', required: true, read: oneOf(['bash', 'zsh', 'fish']) }],
    options: [],
    about: 'a script that completes these words in bash, zsh or fish',
    run: from('./completion.js', 'completion'),
  },
};

const examples = [
  'skills --since 30d --sort p95',
  'skills --unused 30d',
  'skills deploy --by agent',
  'cujs --since 7d --fail-under 0.95',
  'cujs CUJ-005 --json',
  'runs',
  'failures --since today --tz Europe/Berlin',
  'logs --grep "time.?out" --last 50',
  'logs -f',
  'completion bash',
];

module.exports = { commands, examples, options };
