// The tools that an agent may call: their names, their words, their arguments; and a call, which ends in an answer or a tool error.
'use strict';

const { DETAIL, checkArguments, oneOf, schemaOf, text, whole, windowArguments, yes } = require('./arguments.js');

const READ_ONLY = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
const WEEK = windowArguments('7d');

const TOOLS = {
  obs_status: {
    title: 'How things are now',
    description:
      'Objectives and what may still fail, alerts that fire, runs in progress with step and time left. Ask this first.',
    inputSchema: schemaOf(DETAIL),
  },
  obs_skills: {
    title: 'Skills',
    description:
      'How much each skill was used, how it did, how long it took, and the change against the window before. by: apart by agent, cuj or run.',
    inputSchema: schemaOf({
      skill: text('only this skill'),
      by: oneOf(['agent', 'cuj', 'run'], 'apart by who or what used it'),
      unused: yes('true: instead, installed skills that nothing used in the window'),
      ...WEEK,
      ...DETAIL,
    }),
  },
  obs_cujs: {
    title: 'Customer user journeys',
    description:
      'How each CUJ did: runs, successes, the range of the true rate, durations, streak (negative: failures in a row), last failure, objective.',
    inputSchema: schemaOf({ cuj: text('only this CUJ, by its id such as CUJ-005'), ...WEEK, ...DETAIL }),
  },
  obs_failures: {
    title: 'Failures',
    description: 'Failures of CUJs, skills and providers, grouped by what their errors say, the most frequent first.',
    inputSchema: schemaOf({
      skill: text('only of this skill'),
      cuj: text('only of this CUJ'),
      provider: text('only of this provider'),
      ...WEEK,
      ...DETAIL,
    }),
  },
  obs_runs: {
    title: 'Runs',
    description:
      'Runs in progress and the last ones that ended. With run: that one, with its steps, calls and executions.',
    inputSchema: schemaOf({ run: text('only this run, by its id'), ...windowArguments('24h'), ...DETAIL }),
  },
  obs_compare: {
    title: 'What became better or worse',
    description:
      'A window against the one before, which is as long: what became worse, better, new or gone. A "?" says that it can be chance. For "since Monday" give from.',
    inputSchema: {
      ...schemaOf({ of: oneOf(['skills', 'agents', 'cujs', 'providers'], 'what to compare'), ...WEEK, ...DETAIL }),
      required: ['of'],
    },
  },
  obs_logs: {
    title: 'Log entries',
    description:
      'The latest skill invocations, newest first, by any filter. For counts ask obs_skills or obs_failures instead.',
    inputSchema: schemaOf({
      skill: text('of this skill'),
      agent: text('of this agent'),
      result: oneOf(['success', 'failure', 'unknown'], 'with this result'),
      run: text('of this run'),
      cuj: text('of this CUJ'),
      grep: text('a regular expression that the entry has to match, whatever the case'),
      last: whole('at most so many, default 10'),
      ...windowArguments('all'),
      ...DETAIL,
    }),
  },
};

/** The tools as `tools/list` gives them. */
function described() {
  return Object.entries(TOOLS).map(([name, { title, description, inputSchema }]) => {
    return { name, title, description, inputSchema, annotations: { title, ...READ_ONLY } };
  });
}

const failed = (message) => ({ content: [{ type: 'text', text: message }], isError: true });

/** What went wrong, in a line without secrets and control characters. */
function wordsOf(error) {
  const { redacted } = require('../../lib/errors.js');
  const { visible } = require('../../lib/visible.js');
  const message = String(error?.message ?? error).replace(/\s*\n\s*/g, ' ');
  return visible(redacted(message) ?? message).slice(0, 1000);
}

let bound = null;

/** Binds what everything asks to the workspace; doing so again for each question would read its index anew. */
function bind(named) {
  const { requireWorkspace } = require('../workspace/workspace.js');
  const { root } = requireWorkspace(named);
  if (root !== bound) require('../show/ask.js').part({ root }, 'internals');
  bound = root;
}

/** The result of a call of `name`, one of `TOOLS`; a fault of the arguments or of the records is a result, too. */
async function call(name, given, options) {
  try {
    checkArguments(name, TOOLS[name].inputSchema, given);
    bind(options.root);
    const { about, value } = await require('./questions.js').QUESTIONS[name](given, {});
    const { answerText } = require('./answer.js');
    return { content: [{ type: 'text', text: answerText(about, value, given) }] };
  } catch (error) {
    return failed(wordsOf(error));
  }
}

module.exports = { TOOLS, call, described };
