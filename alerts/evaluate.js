// What each alert of a workspace says at a moment: the objectives' tiers, and the rules that need no objective.
'use strict';

const { fitting } = require('./log.js');
const { measures } = require('./measures.js');
const { objectiveWords, tierWords, usualWords } = require('./words.js');

/** What the addon is asked about an objective, or about a rule that is one. */
function question({ kind, subject, share, slower_than = null, period_ms }) {
  return JSON.stringify({ kind, name: subject, share, slower_than, period_ms });
}

/** Each objective with its subjects; one that an earlier objective for the same goal took is left out. */
function judge(core, objectives, now) {
  const answers = objectives.map((objective) => core.ask('judgeObjective', question(objective), now));
  return objectives.map((objective, place) => {
    const earlier = objectives
      .slice(0, place)
      .filter((each) => each.kind === objective.kind && each.goal === objective.goal);
    const taken = (subject) => earlier.some((each) => fitting(each.subject).test(subject));
    return { objective, said: answers[place].filter(({ subject }) => !taken(subject)) };
  });
}

/** A finding: `{ alert, kind, subject, verdict, next, message, details }`; `next` gives the state after each state. */
function tierFinding(name, objective, subject, tier) {
  const { name: speed, next, verdict, ...details } = tier;
  const { kind, goal, share, over, period_ms, slower_than = null } = objective;
  return {
    alert: `${name}/${speed}`,
    kind,
    subject,
    verdict,
    next,
    message: tierWords(subject, { ...objective, slower_than }, tier),
    details: { goal, share, slower_than, over, period_ms, tier: speed, ...details },
  };
}

/** The alerts of the objectives: two for each subject, `cuj/CUJ-005/success/fast`. */
function objectiveFindings(core, objectives, now) {
  return judge(core, objectives, now).flatMap(({ objective, said }) =>
    said.flatMap(({ subject, tiers }) =>
      tiers.map((tier) => tierFinding(nameOf(objective, subject), objective, subject, tier)),
    ),
  );
}

function nameOf({ kind, goal }, subject) {
  return `${kind}/${subject}/${goal}`;
}

/** Rules about rates are objectives under another name, `skill-failing/linter/fast`. */
function successFindings(core, rules, now) {
  const objectives = rules.map((rule) => ({ ...rule, goal: 'success', slower_than: null }));
  const answers = objectives.map((objective) => core.ask('judgeObjective', question(objective), now));
  return objectives.flatMap((objective, place) =>
    answers[place].flatMap(({ subject, tiers }) =>
      tiers.map((tier) => tierFinding(`${objective.name}/${subject}`, objective, subject, tier)),
    ),
  );
}

function usualFindings(core, rule, now) {
  const { name, kind, recent_ms, before_ms } = rule;
  const asked = question({ ...rule, period_ms: recent_ms + before_ms });
  const answers = core.ask('againstUsual', asked, recent_ms, now);
  return answers.map(({ subject, verdict, next, ...details }) => ({
    alert: `${name}/${subject}`,
    kind,
    subject,
    verdict,
    next,
    message: usualWords(subject, rule, { verdict, ...details }),
    details: { recent_ms, before_ms, ...details },
  }));
}

function ruleFindings(core, rules, now, states) {
  const rates = rules.filter(({ measure }) => measure === 'success');
  return [
    ...successFindings(core, rates, now),
    ...rules.filter(({ measure }) => measure === 'usual').flatMap((rule) => usualFindings(core, rule, now)),
    ...rules
      .filter(({ measure }) => Object.hasOwn(measures, measure))
      .flatMap((rule) => measured(core, rule, now, states)),
  ];
}

/** A rule about a number of the machine or the store. */
function measured(core, rule, now, states) {
  return measures[rule.measure](core, rule, now, states).map(({ subject = null, verdict, message, ...details }) => ({
    alert: subject === null ? rule.name : `${rule.name}/${subject}`,
    kind: rule.kind,
    subject,
    verdict,
    next: core.ask('nextStates', verdict),
    message,
    details,
  }));
}

/** Every finding, those of objectives first; `objective` says which they are. `states` are those before. */
function evaluate(core, { objectives, rules }, now, states) {
  return [
    ...objectiveFindings(core, objectives, now).map((finding) => ({ ...finding, objective: true })),
    ...ruleFindings(core, rules, now, states).map((finding) => ({ ...finding, objective: false })),
  ];
}

function tierNow(name, tier) {
  const { name: speed, ...rest } = tier;
  delete rest.next;
  return { alert: `${name}/${speed}`, tier: speed, ...rest };
}

/** What `getObjectives()` gives, without the states: one entry for each subject of each objective. */
function objectivesNow(core, objectives, now) {
  return judge(core, objectives, now).flatMap(({ objective, said }) =>
    said.map(({ subject, runs, left, last_run, tiers }) => ({
      kind: objective.kind,
      subject,
      goal: objective.goal,
      share: objective.share,
      slower_than: objective.slower_than,
      over: objective.over,
      period_ms: objective.period_ms,
      runs,
      left,
      last_run: last_run === null ? null : new Date(last_run).toISOString(),
      words: objectiveWords(objective, { runs, left }),
      tiers: tiers.map((tier) => tierNow(nameOf(objective, subject), tier)),
    })),
  );
}

module.exports = { evaluate, objectivesNow, question };
