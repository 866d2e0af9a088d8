// The latest log entries, oldest first; with `-f` also whatever any process records from then on.
'use strict';

const { WrongUsage } = require('../terminal/output.js');
const { cut } = require('../terminal/width.js');
const { visibleJson } = require('../../lib/visible.js');
const { part, show, tables, terminalOf } = require('./ask.js');
const { duration, safe, timeText } = require('./words.js');

const LONGEST_NAME = 32;
// The options as `queryLogs` names its filters.
const FILTERS = { skill: 'skill', agent: 'agent', result: 'result', run: 'runId', cuj: 'cujId', grep: 'grep' };

/** The words of a record of each stream: `[what, outcome, the rest]`. */
const WORDS = {
  skills: (entry) => [
    `skill ${safe(entry.skill)}`,
    entry.result,
    [
      duration(entry.duration_ms),
      entry.agent ? `by ${safe(entry.agent)}` : '',
      entry.run_id ? `in ${safe(entry.run_id)}` : '',
      errorOf(entry),
    ],
  ],
  executions: (entry) => [`cuj ${safe(entry.cuj_id)}`, resultOf(entry), [duration(entry.duration_ms), errorOf(entry)]],
  providers: (entry) => [
    `provider ${safe(entry.provider)}`,
    resultOf(entry),
    [duration(entry.latency_ms), errorOf(entry)],
  ],
  progress: (entry) => [
    `run ${safe(entry.run_id)}`,
    entry.status,
    [
      `step ${safe(entry.step)}`,
      typeof entry.percentage === 'number' ? `${Math.floor(entry.percentage)} %` : '',
      entry.message ? safe(entry.message) : '',
    ],
  ],
};
const COLOURS = { success: 'green', completed: 'green', failure: 'red', failed: 'red', running: 'cyan' };

const errorOf = ({ error }) => (error === null || error === undefined ? '' : `error: ${safe(error)}`);
const resultOf = ({ success }) => (success ? 'success' : 'failure');

/** A record as a line that fits the terminal. */
function lineOf(stream, record, { style, zone, columns }) {
  const [name, outcome, rest] = WORDS[stream](record);
  // A long name must not hide what became of it.
  const what = columns === Infinity ? name : cut(name, LONGEST_NAME);
  const at = timeOf(record, zone);
  const result = safe(outcome);
  const room = columns - at.length - 1;
  const words = cut([what, result, ...rest.filter(Boolean)].join('  '), room);
  const start = `${what}  ${result}`;
  const paint = COLOURS[outcome];
  // The colour is put on last, as a cut text has none.
  const shown =
    paint && words.startsWith(start) ? `${what}  ${style[paint](result)}${words.slice(start.length)}` : words;
  return `${style.dim(at)} ${shown}`;
}

function timeOf({ timestamp, iso_timestamp: iso }, zone) {
  const time = typeof timestamp === 'number' ? timestamp : Date.parse(timestamp ?? iso);
  if (!(Math.abs(time) <= 8.64e15)) return '-'.padEnd(19);
  return `${timeText(new Date(time).toISOString(), zone)}:${new Date(time).toISOString().slice(17, 19)}`;
}

async function logs(asked) {
  const { options, output } = asked;
  const { ask, period } = tables(options);
  const filters = Object.fromEntries(Object.entries(FILTERS).map(([option, name]) => [name, options[option]]));
  const dates = { startDate: period.from ?? undefined, endDate: period.to };
  const latest = () => latestLogs(ask, { ...filters, ...dates, limit: options.last });
  if (options.follow) {
    refuseFollow(options);
    return follow(asked, latest, filters);
  }
  const records = latest();
  if (options.ndjson) return writeLines(output, records);
  const text = (terminal) =>
    records.length > 0
      ? records.map((record) => lineOf('skills', record, terminal))
      : ['No skill invocation matches. Leave out a filter, or see obs doctor.'];
  return show(asked, { schema: 1, records }, { text, rows: () => records });
}

function latestLogs(ask, filters) {
  try {
    return ask.getLatestLogs(filters);
  } catch (error) {
    throw error.code === 'OBS_BAD_PATTERN' ? new WrongUsage(error.message) : error;
  }
}

function refuseFollow(options) {
  const foreign = ['json', 'csv', 'to'].find((name) => options[name] !== undefined);
  if (foreign !== undefined) {
    throw new WrongUsage(
      `--follow and --${foreign} exclude each other${foreign === 'json' ? ' (--ndjson prints lines)' : ''}`,
    );
  }
}

function writeLines(output, records) {
  return output.write(records.map((record) => `${visibleJson(JSON.stringify(record))}\n`).join(''));
}

/** Prints what is recorded until Ctrl-C; filters that name a field leave out the streams that have none such. */
async function follow({ options, output }, latest, filters) {
  const { streams } = require('../watch/streams.js');
  const terminal = terminalOf(output, options);
  const write = async (found) => {
    if (found.length === 0) return;
    if (options.ndjson)
      {await writeLines(output, found.map(({ stream, record }) => ({ stream, ...record })));} // prettier-ignore
    else await output.write(found.map(({ stream, record }) => `${lineOf(stream, record, terminal)}\n`).join(''));
  };
  const fits = fitting(filters);
  const first = () => latest().map((record) => ({ stream: 'skills', record }));
  await streams(part(options, 'internals'), (found) => write(found.filter(fits)), first);
}

const FIELDS = { skill: 'skill', agent: 'agent', result: 'result', runId: 'run_id', cujId: 'cuj_id' };

/** Whether a record of any stream fits the filters: the field is the text, and its line matches `grep`. */
function fitting({ grep, ...fields }) {
  const asked = Object.entries(fields).filter(([, value]) => value !== undefined);
  const pattern = grep === undefined ? null : new RegExp(grep, 'i');
  return ({ record }) =>
    asked.every(([name, value]) => String(record[FIELDS[name]]) === value) &&
    (pattern === null || pattern.test(JSON.stringify(record)));
}

module.exports = { logs };
