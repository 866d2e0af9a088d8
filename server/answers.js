// The questions that a page may ask, each answered by one function of the package; nothing is counted here.
'use strict';

const { unusedSkills } = require('../lib/installed-skills.js');

const SPANS = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000 };
const PERIOD = ['span', 'from', 'to'];
/** Those of tables, which tell what was before, too. */
const COMPARED = [...PERIOD, 'back'];
const MOST_ROWS = 1000;

/** What is wrong with a question; `message` is for the person. */
class BadQuestion extends Error {
  code = 'OBS_BAD_QUESTION';
}

/** `{ from, to }` of a question: a span until now, or absolute times; no beginning is all of history. */
function period({ span, from, to }) {
  if (span !== undefined && span !== 'all') {
    if (!Object.hasOwn(SPANS, span)) throw new BadQuestion(`span must be one of ${Object.keys(SPANS)}, all`);
    return { from: Date.now() - SPANS[span] };
  }
  return { from: from ?? null, ...(to === undefined ? {} : { to }) };
}

function number(name, text, least = 1, most = MOST_ROWS) {
  if (text === undefined) return {};
  const value = /^\d{1,15}(\.\d{1,20})?$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most)) throw new BadQuestion(`${name} must be a number from ${least} to ${most}`);
  return { [name]: value };
}

const milliseconds = (name, text) => number(name, text, 0, Number.MAX_SAFE_INTEGER);

const compared = (asked) => ({ ...period(asked), ...milliseconds('backMs', asked.back) });

const named = (name, value) => (value === undefined || value === '' ? {} : { [name]: value });

function logFilters({ skill, agent, result, run, cuj, grep, limit, ...asked }) {
  const { from, to } = period(asked);
  return {
    ...named('skill', skill),
    ...named('agent', agent),
    ...named('result', result),
    ...named('runId', run),
    ...named('cujId', cuj),
    ...named('grep', grep),
    ...(from === null ? {} : named('startDate', from)),
    ...named('endDate', to),
    limit: 100,
    ...number('limit', limit),
  };
}

const iso = (time) => (time === null ? null : new Date(time).toISOString());

/** The entries, with the times that they were asked for. */
function logs(face, asked) {
  const filters = logFilters(asked);
  const [from, to] = [iso(filters.startDate ?? null), iso(filters.endDate ?? face.core().now())];
  return { schema: 1, from, to, entries: face.getLatestLogs(filters) };
}

/** Judged anew; a page that looks neither records nor tells. */
async function alerts(face) {
  const report = await face.checkAlerts({ record: false, notify: false });
  const { schema, checked_at, state, alerts: all } = report;
  return { schema, checked_at, state, alerts: all };
}

/** By name: the parameters it takes, and what answers it. */
const QUESTIONS = {
  skills: [
    [...COMPARED, 'skill', 'by'],
    (face, asked) => face.getSkillTable({ ...compared(asked), ...pick(asked, 'skill', 'by') }),
  ],
  unused: [PERIOD, (face, asked) => unusedSkills(face, face.projectRoot().root, period(asked))],
  agents: [COMPARED, (face, asked) => face.getAgentTable(compared(asked))],
  cujs: [
    [...COMPARED, 'cuj', 'strip'],
    (face, asked) =>
      face.getCujTable({ ...compared(asked), ...named('cujId', asked.cuj), ...number('strip', asked.strip) }),
  ],
  providers: [COMPARED, (face, asked) => face.getProviderTable(compared(asked))],
  failures: [
    [...PERIOD, 'cuj', 'skill', 'provider', 'source', 'limit'],
    (face, asked) =>
      face.getFailures({
        ...period(asked),
        ...named('cujId', asked.cuj),
        ...pick(asked, 'skill', 'provider', 'source'),
        ...number('limit', asked.limit),
      }),
  ],
  slowest: [
    [...PERIOD, 'skill', 'limit'],
    (face, asked) =>
      face.getSlowestCalls({ ...period(asked), ...pick(asked, 'skill'), ...number('limit', asked.limit) }),
  ],
  timeline: [
    [...PERIOD, 'cuj', 'skill', 'agent', 'provider', 'kind', 'parts', 'limit', 'min', 'max', 'runs'],
    (face, asked) =>
      face.getTimeline({
        ...period(asked),
        ...named('cujId', asked.cuj),
        ...pick(asked, 'skill', 'agent', 'provider', 'kind'),
        ...number('parts', asked.parts),
        ...number('limit', asked.limit),
        ...milliseconds('minMs', asked.min),
        ...milliseconds('maxMs', asked.max),
        ...(asked.runs === '1' ? { runIds: true } : {}),
      }),
  ],
  runs: [[...PERIOD, 'limit'], (face, asked) => face.getRuns({ ...period(asked), ...number('limit', asked.limit) })],
  run: [['id'], (face, asked) => face.getRun(asked.id)],
  logs: [[...PERIOD, 'skill', 'agent', 'result', 'run', 'cuj', 'grep', 'limit'], logs],
  progress: [
    ['run', 'limit'],
    (face, asked) => ({
      schema: 1,
      events: face.getProgressHistory(asked.run, number('limit', asked.limit).limit ?? 100),
    }),
  ],
  alerts: [[], alerts],
  objectives: [[], (face) => ({ schema: 1, objectives: face.getObjectives() })],
};

function pick(asked, ...names) {
  return Object.assign({}, ...names.map((name) => named(name, asked[name])));
}

/**
 * The answer of a question that one of `faces` has, `root` being its number.
 *
 * @param {string} name
 * @param {Record<string, string>} parameters
 */
async function answer(faces, name, { root = '0', ...asked }) {
  const [known, ask] = Object.hasOwn(QUESTIONS, name) ? QUESTIONS[name] : [];
  if (ask === undefined) throw new BadQuestion('there is no such question');
  const strange = Object.keys(asked).find((each) => !known.includes(each));
  if (strange !== undefined) throw new BadQuestion('the question has a parameter that it does not take');
  if (!/^\d{1,3}$/.test(root) || faces[root] === undefined) throw new BadQuestion('there is no such workspace');
  return ask(faces[root], asked);
}

module.exports = { BadQuestion, QUESTIONS, SPANS, answer };
