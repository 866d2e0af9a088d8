// What an alert says to people: runs before percents, the window with each figure, and how probable chance is.
'use strict';

const { percent, spanText } = require('./span.js');

/** `5 of 9 runs failed`, `2 of 9 runs took longer than 60 s`. */
function badRuns({ failed, total }, slowerThan) {
  const what = slowerThan === null ? 'failed' : `took longer than ${spanOf(slowerThan)}`;
  return `${failed} of ${total} ${total === 1 ? 'run' : 'runs'} ${what}`;
}

function spanOf(ms) {
  return ms < 1000 ? `${ms} ms` : ms < 120_000 ? `${Number((ms / 1000).toFixed(1))} s` : spanText(ms);
}

/** `goal 95 %`, or `goal: 95 % within 60 s`. */
function goalWords({ share, slower_than: slowerThan }) {
  return slowerThan === null ? `goal ${percent(share)}` : `goal: ${percent(share)} within ${spanOf(slowerThan)}`;
}

/** How fast the budget burns; of few runs the figure is large at once. */
function times(burn) {
  return `${Number(burn.toPrecision(2))} times`;
}

/** How probable it is that nothing is wrong. */
const chanceWords = (chance) => `by chance ${chance < 1e-6 ? 'below 0.0001 %' : percent(chance)}`;

/** What a tier says about a subject. */
function tierWords(subject, objective, tier) {
  const long = spanText(tier.long_ms);
  if (tier.verdict === 'no_data') return `${subject}: no runs in ${spanText(objective.period_ms)}`;
  if (tier.verdict === 'too_few') return `${subject}: too few runs in ${spanText(objective.period_ms)} to tell`;
  if (tier.verdict === 'no_runs') return `${subject}: no runs in the last ${long}`;
  const bad = badRuns(tier.long, objective.slower_than);
  const head = `${subject}: ${bad} in the last ${long} (${goalWords(objective)})`;
  if (tier.long.failed === 0) return head;
  const lately = `${tier.short.failed} of the last ${tier.short.total}`;
  return `${head}; ${lately}; ${times(tier.burn_long)} what the goal allows, ${chanceWords(tier.chance)}`;
}

/** A subject against its own usual. */
function usualWords(subject, rule, { recent, before, chance, verdict }) {
  if (verdict === 'no_data') return `${subject}: no runs in ${spanText(rule.recent_ms + rule.before_ms)}`;
  const few = `${subject}: ${before.total} runs in the ${spanText(rule.before_ms)} before, too few`;
  if (verdict === 'too_few') return few;
  const good = ({ failed, total }) => `${total - failed} of ${total}`;
  const usual = `usually ${percent((before.total - before.failed) / before.total)} of ${before.total}`;
  const now = `${good(recent)} succeeded in the last ${spanText(rule.recent_ms)}`;
  return `${subject}: ${now}, ${usual}; ${chanceWords(chance)}`;
}

/** What an objective says of a subject as a whole: `19 of 20 succeeded in 7d, goal 95 %: no more failures allowed`. */
function objectiveWords(objective, { runs, left }) {
  const within = spanText(objective.period_ms);
  if (runs.total === 0) return `no runs in ${within}`;
  const good = runs.total - runs.failed;
  const done = objective.slower_than === null ? 'succeeded' : `took at most ${spanOf(objective.slower_than)}`;
  const head = `${good} of ${runs.total} ${done} in ${within}, goal ${percent(objective.share)}`;
  if (left < 0) return `${head}: missed by ${-left}`;
  return `${head}: ${['no more', 'one more'][left] ?? `${left} more`} may fail`;
}

module.exports = { goalWords, objectiveWords, tierWords, usualWords };
