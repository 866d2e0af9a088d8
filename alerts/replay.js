// What the objectives would have said of the past, had somebody looked all the time.
'use strict';

const { clock } = require('../lib/clock.js');
const { loadObjectives } = require('./file.js');
const { fitting } = require('./log.js');
const { question } = require('./evaluate.js');

/** `{ schema, from, to, executions, objectives }`: each subject of each objective with how often and when its tiers would have fired. */
function replay(core, since, given = loadObjectives(core.where.root).objectives) {
  const now = clock();
  const from = now - since;
  const answers = given.map((objective) => core.ask('replayObjective', question(objective), from, now));
  const objectives = given.flatMap((objective, place) => {
    const { kind, goal, share, slower_than, over, period_ms } = objective;
    const earlier = given.slice(0, place).filter((each) => each.kind === kind && each.goal === goal);
    return answers[place]
      .filter(({ subject }) => !earlier.some((each) => fitting(each.subject).test(subject)))
      .map(({ subject, ...rest }) => ({ kind, subject, goal, share, slower_than, over, period_ms, ...rest }));
  });
  const executions = objectives.reduce((sum, { runs }) => sum + runs.total, 0);
  return { schema: 1, from: iso(from), to: iso(now), executions, objectives: objectives.map(withTimes) };
}

const iso = (at) => (at === null ? null : new Date(at).toISOString());

function withTimes({ tiers, ...rest }) {
  const times = (episodes) =>
    episodes.map(({ from, to }) => ({ from: iso(from), to: iso(to), ms: to === null ? null : to - from }));
  return { ...rest, tiers: tiers.map(({ episodes, ...tier }) => ({ ...tier, episodes: times(episodes) })) };
}

module.exports = { replay };
