// The objectives as alerting rules for Prometheus, with the same windows and ratios; where ours ask whether it is chance, these
// ask for enough runs that it is none.
'use strict';

const { question } = require('./evaluate.js');
const { loadObjectives } = require('./file.js');
const { percent, spanText } = require('./span.js');

/** The series of `obs export prometheus`: all runs, those that say how they ended, those that failed, and their durations. */
const SERIES = {
  cuj: { label: 'cuj', runs: 'obs_cuj_executions_total', failed: 'success="false"', durations: 'obs_cuj_execution_duration_seconds' },
  skill: { label: 'skill', runs: 'obs_skill_invocations_total', told: 'result!="other"', failed: 'result="failure"', durations: 'obs_skill_invocation_duration_seconds' },
  agent: { label: 'agent', runs: 'obs_agent_invocations_total', told: 'result!="other"', failed: 'result="failure"', durations: 'obs_agent_invocation_duration_seconds' },
  provider: { label: 'provider', runs: 'obs_provider_calls_total', failed: 'success="false"', durations: 'obs_provider_call_duration_seconds' },
}; // prettier-ignore

// Controls, what breaks lines, and what PromQL takes for damage; both languages know these escapes.
const ODD = /[\u007f-\u009f\u2028\u2029\ufeff\ufffd]/g;

/** A text in double quotes, as YAML and PromQL both read it. */
function quoted(text) {
  return JSON.stringify(text).replace(ODD, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Prometheus takes whole numbers of one unit. */
const duration = (ms) => `${Math.round(ms / 1000)}s`;

/** Labels have none of these, see `src/export/label.rs`. */
const NO_LABEL = /(?!\n)\p{Cc}|\p{Surrogate}/gu;

/** `cuj="CUJ-005"` or `skill=~"deploy.*"`. */
function selector(label, name) {
  const subject = name.replace(NO_LABEL, '\ufffd');
  if (!subject.includes('*')) return `${label}=${quoted(subject)}`;
  const words = subject.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  return `${label}=~${quoted(words.join('.*'))}`;
}

/** A number as Go writes it with the fewest digits: `60`, `0.0015`, `1e+06`. */
function goNumber(value) {
  const [digits, exponent] = value.toExponential().split('e');
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** The bucket up to a bound, which the text format writes as `60` and OpenMetrics, or a newer server by itself, as `60.0`. */
function upTo(ms) {
  const bound = goNumber(ms / 1000);
  return /[.e]/.test(bound) ? `le=${quoted(bound)}` : `le=~${quoted(`${bound}(\\.0)?`)}`;
}

/** `sum by (cuj) (increase(…[6h]))` of all runs and of the bad ones. */
function sums({ kind, subject, slower_than: slowerThan }, ms) {
  const { label, runs, told = [], failed, durations } = SERIES[kind];
  const chosen = selector(label, subject);
  const sum = (name, ...more) =>
    `sum by (${label}) (increase(${name}{${[chosen, ...more].join(',')}}[${duration(ms)}]))`;
  if (slowerThan === null) return { all: sum(runs, ...[told].flat()), bad: sum(runs, failed) };
  // What is not at most so long is longer.
  const within = sum(`${durations}_bucket`, upTo(slowerThan));
  return { all: sum(`${durations}_count`), bad: `(${sum(`${durations}_count`)} - ${within})` };
}

/** The condition that so many bad runs are no chance: by steps while they are few. Sums that are extrapolated are seldom whole. */
function guard({ all, bad }, { guard_runs: enough, guard_steps: steps }) {
  const step = ([failed, runs]) => `(${bad} >= ${failed - 0.5} and ${all} < ${runs + 0.5})`;
  return [...steps.map(step), `${all} >= ${enough - 0.5}`].join('\n            or ');
}

function expression(objective, tier) {
  const { long_ms: long, short_ms: short, bad_share: share } = tier;
  const [slow, fast] = [sums(objective, long), sums(objective, short)];
  const limit = Number(share.toPrecision(12));
  return [
    `${slow.bad} / ${slow.all} >= ${limit}`,
    `and ${fast.bad} / ${fast.all} >= ${limit}`,
    `and (${guard(slow, tier)})`,
  ];
}

/** Labels are templates, in which `{{` begins something. */
const literal = (text) => text.replaceAll('{{', '{{ "{{" }}');

function ruleLines(objective, tier) {
  const { kind, goal, share, over } = objective;
  const { label } = SERIES[kind];
  const what = goal === 'success' ? `success ${percent(share)}` : `${goal} ${objective.slower_than}`;
  const summary = `{{ $labels.${label} }}: ${what} over ${over} is burning ${Number(tier.threshold.toPrecision(3))} times too fast for ${spanText(tier.long_ms)}`;
  return [
    `      - alert: ${quoted(`ObsObjective${tier.name === 'fast' ? 'Fast' : 'Slow'}`)}`,
    '        expr: |-',
    ...expression(objective, tier).map((line) => `          ${line}`),
    '        labels:',
    `          objective: ${quoted(literal(`${kind}/${objective.subject}/${goal}`))}`,
    `          severity: ${tier.name === 'fast' ? 'page' : 'ticket'}`,
    `          kind: ${kind}`,
    `          goal: ${goal}`,
    `          tier: ${tier.name}`,
    '        annotations:',
    `          summary: ${quoted(summary)}`,
  ];
}

/** A rule file, YAML text. */
function prometheusRules(core, { objectives } = loadObjectives(core.where.root)) {
  const rules = objectives.map((objective) => core.ask('objectiveRules', question(objective)));
  const groups = objectives.flatMap((objective, place) => [
    `  - name: ${quoted(`obs ${objective.kind} ${objective.subject} ${objective.goal}`)}`,
    '    rules:',
    ...rules[place].flatMap((tier) => ruleLines(objective, tier)),
  ]);
  return `${['# Made by obs alerts export --prometheus.', groups.length > 0 ? 'groups:' : 'groups: []', ...groups].join('\n')}\n`;
}

module.exports = { prometheusRules };
