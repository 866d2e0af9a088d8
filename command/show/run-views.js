// The table of runs, and one run with its steps, skill invocations, provider calls and executions.
'use strict';

const { layOut } = require('../terminal/table.js');
const { quoted, refuseUnknown, section, show, tableLines, tables } = require('./ask.js');
const { count, duration, safe, timeText } = require('./words.js');

const COLOURS = { running: 'cyan', stalled: 'yellow', completed: 'green', failed: 'red' };
const RESULTS = { success: 'green', failure: 'red' };

/** `step 3 of 8`, or as much of it as is known. */
function stepText({ step, total_steps: all, percentage }) {
  if (step === null || step === undefined) return percentage === null ? '' : `${Math.floor(percentage)} %`;
  return all === null ? safe(step) : `${safe(step)} of ${all}`;
}

/** `1m 20s–3m`, from the median and the 90th percentile of past runs. */
function leftText({ left_ms: left, expected, state }) {
  if (state === 'completed' || state === 'failed') return '';
  if (left === null || expected === null) return 'no past runs';
  if (left[1] <= 0) return 'longer than usual';
  if (left[0] <= 0) return `up to ${duration(left[1])}`;
  return left[0] === left[1] ? duration(left[0]) : `${duration(left[0])}–${duration(left[1])}`;
}

/** The columns of runs, with or without their CUJ. */
function runColumns(cuj = true) {
  return [
    () => ({ title: 'run', text: ({ run_id: id }) => safe(id), least: 14 }),
    ...(cuj
      ? [() => ({ title: 'CUJ', text: ({ cuj_id: id }) => (id === null ? '' : safe(id)), least: 8, rank: 3 })]
      : []),
    () => ({ title: 'state', text: ({ state }) => state, colour: ({ state }) => COLOURS[state] }),
    () => ({ title: 'step', text: stepText, least: 6 }),
    () => ({ title: 'took', text: ({ elapsed_ms: ms }) => duration(ms), right: true }),
    () => ({ title: 'left', text: leftText, right: true, rank: 2 }),
    (zone) => ({ title: 'last event', text: ({ updated_at: at }) => timeText(at, zone), rank: 4 }),
    () => ({ title: 'message', text: ({ message }) => (message === null ? '' : safe(message)), least: 10, rank: 5 }),
    () => ({ title: 'skills', text: ({ skills }) => skills.map(safe).join(' '), least: 8, rank: 6 }),
  ];
}

async function runs(asked) {
  const { options, values } = asked;
  const { ask, period } = tables(options);
  if (values[0] !== undefined) return oneRun(asked, values[0], ask);
  const answer = ask.getRuns({ ...period, limit: options.limit });
  const hidden = answer.total - answer.runs.length;
  const notes = hidden > 0 ? [`${count(hidden)} more runs: --limit 0 shows all`] : [];
  const empty = 'No progress events in this period. Ask for another one (--since 7d, --since all), or see obs doctor.';
  const table = { columns: runColumns(), rows: answer.runs, empty, answer, again: 'runs', notes };
  return show(asked, answer, { text: (terminal) => tableLines(terminal, table), rows: () => answer.runs });
}

async function oneRun(asked, runId, ask) {
  const answer = ask.getRun(runId);
  const records = Object.values(answer.joined).reduce((sum, each) => sum + each, 0);
  if (records === 0) {
    const known = ask.getRuns({ from: null }).runs.map(({ run_id: id }) => String(id));
    refuseUnknown((shown) => `no record has the run id '${shown}'`, runId, known);
  }
  return show(asked, answer, { text: (terminal) => runLines(answer, runId, terminal), rows: () => answer.steps });
}

const AT = (zone) => ({ title: 'at', text: ({ at }) => timeText(at, zone) });
const ERROR = () => ({ title: 'error', text: ({ error }) => (error === null ? '' : safe(error)), least: 10, rank: 1 });
const took = (name) => () => ({ title: 'took', text: (row) => duration(row[name]), right: true });
const resultOf = ({ success }) => (success ? 'success' : 'failure');

const STEPS = [
  () => ({ title: 'step', text: ({ step }) => safe(step), least: 6 }),
  () => ({
    title: 'status',
    text: ({ status }) => safe(status),
    colour: ({ status }) => COLOURS[status] ?? null,
    least: 6,
  }),
  took('duration_ms'),
  (zone) => ({ title: 'began', text: ({ started_at: at }) => timeText(at, zone), rank: 1 }),
  () => ({ title: 'message', text: ({ message }) => (message === null ? '' : safe(message)), least: 10, rank: 2 }),
];
const CALLS = [
  AT,
  () => ({ title: 'skill', text: ({ skill }) => safe(skill), least: 8 }),
  () => ({
    title: 'result',
    text: ({ result }) => safe(result),
    colour: ({ result }) => RESULTS[result] ?? null,
    least: 7,
  }),
  took('duration_ms'),
  ERROR,
];
const outcome = (title, name, ms) => [
  AT,
  () => ({ title, text: (row) => safe(row[name]), least: 8 }),
  () => ({ title: 'result', text: resultOf, colour: (row) => RESULTS[resultOf(row)] }),
  took(ms),
  ERROR,
];
const EXECUTIONS = [
  ...outcome('CUJ', 'cuj_id', 'duration_ms'),
  () => ({ title: 'resources', text: resourceText, rank: 2 }),
];

function resourceText({ resources }) {
  if (resources === null) return '';
  const [memory, heap, user, system] = resources.map((value) => (value === null ? '-' : value));
  return `memory ${memory} MB, heap ${heap} MB, CPU ${user}+${system} ms`;
}

/** What joined by its id, and by which field. */
function joinedLine({ progress, skill_invocations: skills, provider_calls: calls, cuj_executions: executions }) {
  return (
    `joined by run_id: ${count(progress)} progress events, ${count(skills)} skill invocations; ` +
    `by metadata.run_id: ${count(calls)} provider calls, ${count(executions)} executions`
  );
}

function runLines(answer, runId, terminal) {
  const { style, zone } = terminal;
  const head =
    answer.run === null
      ? [`No progress events of ${safe(runId)}.`]
      : layOut(runColumns().map((make) => make(zone)), [answer.run], terminal); // prettier-ignore
  return [
    ...head,
    ...section(terminal, 'Steps', STEPS, answer.steps),
    ...section(terminal, 'Skill invocations', CALLS, answer.skill_calls),
    ...section(terminal, 'Provider calls', outcome('provider', 'provider', 'latency_ms'), answer.provider_calls),
    ...section(terminal, 'Executions', EXECUTIONS, answer.executions),
    '',
    ...[joinedLine(answer.joined), `records: obs logs --run ${quoted(runId)} --last 0`].map((line) => style.dim(line)),
  ];
}

module.exports = { runColumns, runs };
