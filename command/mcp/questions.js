// What each tool answers: a function of the package is asked, and the fields that matter are picked. Nothing is counted here.
'use strict';

const { part, refuseUnknown } = require('../show/ask.js');
const { WrongUsage } = require('../terminal/output.js');
const { windowOf } = require('./arguments.js');
const { compare } = require('./compare.js');

/** More would not fit into any answer; how many there are in all, the answer says. */
const MOST = 100;
const NONE = 'Nothing is on record in this window. Ask for another one: since "30d" or "all".';

/** The members of `row` that are named, in this order. */
const pick = (row, names) => Object.fromEntries(names.map((name) => [name, row[name]]));
const brief = (names) => (rows, detail) => (detail ? rows : rows.map((row) => pick(row, names)));

/** `Skills, 2026-… to 2026-….`: what the answer is about, in absolute times. */
function aboutWindow(what, { from, to }) {
  return `${what}, ${from === null ? 'all history' : `from ${from}`} to ${to}.`;
}

const tables = (options) => part(options, 'tables');
const withHint = (value, count) => (count > 0 ? value : { ...value, hint: NONE });

const skillRows = brief(['skill', 'agent', 'cuj_id', 'run_id', 'calls', 'successful', 'failed', 'p50_ms', 'p95_ms', 'last_used', 'before', 'chance']); // prettier-ignore

/** Skills below `.claude/skills` that nothing used. */
function unused(asked, options) {
  const { unusedSkills } = require('../../lib/installed-skills.js');
  const face = { ...tables(options), ...part(options, 'internals') };
  const value = unusedSkills(face, face.projectRoot().root, windowOf(asked));
  return { about: aboutWindow('Installed skills that were not used', value), value };
}

function skills({ skill, by, unused: isUnused, detail, ...asked }, options) {
  if (isUnused) {
    if (skill !== undefined || by !== undefined) {
      throw new WrongUsage('unused is about all skills: leave out skill and by');
    }
    return unused(asked, options);
  }
  const answer = tables(options).getSkillTable({ ...windowOf(asked), skill, by });
  if (skill !== undefined && answer.rows.length === 0) {
    const known = tables(options)
      .getSkillTable({ from: null })
      .rows.map((row) => row.skill);
    refuseUnknown((shown) => `no skill '${shown}' is on record`, skill, known);
  }
  const value = { ...answer, rows: skillRows(answer.rows, detail) };
  return { about: aboutWindow('Skills', answer), value: withHint(value, answer.rows.length) };
}

const cujRows = brief(['cuj_id', 'total', 'successful', 'failed', 'low', 'high', 'p50_ms', 'p95_ms', 'streak', 'last_run', 'last_failure', 'before', 'chance', 'objective']); // prettier-ignore

function cujs({ cuj, detail, ...asked }, options) {
  const { withObjectives } = require('../show/objectives-of.js');
  const found = tables(options).getCujTable({ ...windowOf(asked), cujId: cuj });
  if (cuj !== undefined && found.rows.length === 0) {
    const known = tables(options)
      .getCujTable({ from: null })
      .rows.map((row) => row.cuj_id);
    refuseUnknown((shown) => `no CUJ '${shown}' is on record`, cuj, known);
  }
  const answer = withObjectives(found, options);
  const value = { ...answer, rows: cujRows(answer.rows, detail) };
  return { about: aboutWindow('CUJs', answer), value: withHint(value, answer.rows.length) };
}

const failureGroups = brief(['source', 'subjects', 'kind', 'count', 'first_seen', 'last_seen', 'text']);

function failures({ skill, cuj, provider, detail, ...asked }, options) {
  const answer = tables(options).getFailures({ ...windowOf(asked), skill, provider, cujId: cuj, limit: MOST });
  const value = { ...answer, groups: failureGroups(answer.groups, detail) };
  return { about: aboutWindow('Failures', answer), value };
}

const runRows = brief(['run_id', 'cuj_id', 'state', 'started_at', 'elapsed_ms', 'silent_ms', 'step', 'total_steps', 'percentage', 'left_ms', 'message']); // prettier-ignore
const steps = brief(['step', 'status', 'duration_ms', 'message']);
const calls = brief(['at', 'skill', 'result', 'duration_ms', 'error']);

function runs({ run, detail, ...asked }, options) {
  if (run !== undefined) return oneRun(run, detail, asked, options);
  const answer = tables(options).getRuns({ ...windowOf(asked), limit: MOST });
  const value = { ...answer, runs: runRows(answer.runs, detail) };
  return { about: aboutWindow('Runs', answer), value: withHint(value, answer.total) };
}

function oneRun(run, detail, asked, options) {
  if (Object.keys(asked).length > 0) {
    throw new WrongUsage(`run is told whole: leave out ${Object.keys(asked).join(', ')}`);
  }
  const answer = tables(options).getRun(run);
  if (Object.values(answer.joined).every((count) => count === 0)) {
    const known = tables(options)
      .getRuns({ from: null })
      .runs.map((row) => String(row.run_id));
    refuseUnknown((shown) => `no record has the run id '${shown}'`, run, known);
  }
  const value = detail
    ? answer
    : {
        schema: answer.schema,
        run: answer.run === null ? null : runRows([answer.run], false)[0],
        joined: answer.joined,
        steps: steps(answer.steps, false),
        skill_calls: calls(answer.skill_calls, false),
      };
  return { about: 'One run, with all that is on record of it.', value };
}

const logRows = brief(['timestamp', 'skill', 'agent', 'result', 'duration_ms', 'run_id', 'cuj_id', 'error']);

function logs({ skill, agent, result, run, cuj, grep, last = 10, detail, ...asked }, options) {
  const { from = null, to = Date.now() } = windowOf(asked);
  const [start, end] = [from, to].map((time) => (time === null ? null : new Date(time).toISOString()));
  const filters = { skill, agent, result, runId: run, cujId: cuj, grep, limit: last };
  const entries = tables(options).getLatestLogs({ ...filters, startDate: from ?? undefined, endDate: to });
  const value = { from: start, to: end, entries: logRows(entries.toReversed(), detail) };
  return { about: aboutWindow('Log entries, newest first', value), value: withHint(value, entries.length) };
}

/** An alert that is neither quiet nor well again. */
const isLoud = ({ state }) => state === 'firing' || state === 'pending';
const inProgress = ({ state }) => state === 'running' || state === 'stalled';
const alertRows = brief(['alert', 'state', 'since', 'message', 'silenced_until']);
const objectiveRows = brief(['kind', 'subject', 'goal', 'state', 'words']);

/** What a check finds; a file of objectives that cannot be used hides no run. */
async function judged(options) {
  const alerts = part(options, 'alerts');
  try {
    return { ...(await alerts.checkAlerts({ record: false, notify: false })), objectives: alerts.getObjectives() };
  } catch (error) {
    const problem = `objectives and alerts cannot be judged: ${error.message}`;
    return {
      checked_at: new Date().toISOString(),
      state: 'unknown',
      firing: null,
      alerts: [],
      objectives: [],
      problem,
    };
  }
}

async function status({ detail }, options) {
  const { objectives, problem, ...report } = await judged(options);
  const { from, to, runs: all } = tables(options).getRuns({ limit: MOST });
  const value = {
    at: report.checked_at,
    state: report.state,
    firing: report.firing,
    ...(problem === undefined ? {} : { problem }),
    alerts: alertRows(report.alerts.filter((alert) => detail || isLoud(alert)), detail), // prettier-ignore
    objectives: objectiveRows(objectives, detail),
    runs_from: from,
    runs: runRows(all.filter(inProgress), detail),
  };
  return { about: `Status at ${report.checked_at}. ${aboutWindow('Runs in progress', { from, to })}`, value };
}

const QUESTIONS = {
  obs_status: status,
  obs_skills: skills,
  obs_cujs: cujs,
  obs_failures: failures,
  obs_runs: runs,
  obs_compare: ({ of, ...asked }, options) => compare(of, asked, tables(options)),
  obs_logs: logs,
};

module.exports = { QUESTIONS };
