// A first objectives file from what a workspace has recorded: goals that its CUJs have met, over periods in which they can fire.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { FILE } = require('./file.js');
const { USUAL_RULES } = require('./rules.js');
const { replay } = require('./replay.js');
const { percent, spanMs, spanText } = require('./span.js');

const PAST = '90d';
const SHARES = [0.99, 0.95, 0.9, 0.8];
/** Tried in this order: with few runs only a long period has windows in which anything can be told. */
const PERIODS = ['7d', '28d', '84d'];
const SCHEMA = '../../../node_modules/@obs/native/schemas/objectives.schema.json';
/** Of fewer runs nobody knows what is usual. */
const LEAST = 20;
const MOST_SKILLS = 3;

const HEAD = [
  'Objectives and alerts of this workspace; keys "//" are words for people.',
  'An objective is met when the share of good runs over the period is at least so much. Check: obs alerts check.',
  'What would have fired in the past: obs alerts test --since 30d. All keys: docs/alerts.md of @obs/native.',
];

/** The objective with the shortest period in which its slow tier can fire, and whether there is one. */
function withPeriod(core, objective) {
  for (const over of PERIODS) {
    const asked = { ...objective, over, period_ms: spanMs(over) };
    const [found] = replay(core, spanMs(PAST), [asked]).objectives;
    const slow = found.tiers.find(({ name }) => name === 'slow');
    if (slow.most_runs >= slow.least_runs) return { over, fires: true, most: slow.most_runs, least: slow.least_runs };
    if (over === PERIODS.at(-1)) return { over, fires: false, most: slow.most_runs, least: slow.least_runs };
  }
  throw new Error('there are no periods');
}

function neverWords(kind, subject, { over, most, least }) {
  return (
    `${kind} ${subject}: this objective can never fire as often as it runs: at most ${most} runs in ` +
    `${spanText(spanMs(over) / 7)}, and it takes ${least} to tell`
  );
}

/** `{ entry, warning }` of an objective that is proposed. */
function proposed(core, { kind, subject, goal, value, share, slower_than }, words) {
  const period = withPeriod(core, { kind, subject, goal, share, slower_than });
  const entry = { '//': words, [kind]: subject, [goal]: value, over: period.over };
  return { entry, warning: period.fires ? null : neverWords(kind, subject, period) };
}

function cujObjectives(core, now) {
  const rates = Object.entries(core.ask('allMetrics', spanMs(PAST), now));
  return rates.map(([subject, { total, successful, rate }]) => {
    const share = SHARES.find((each) => rate >= each);
    const words = `${successful} of ${total} succeeded in the last ${PAST}`;
    const few = `cuj ${subject}: ${total} runs in ${PAST} are too few for an objective`;
    const broken = `cuj ${subject}: only ${percent(rate)} succeed; no objective is proposed for what is broken`;
    if (total < LEAST) return { entry: null, warning: few };
    if (share === undefined) return { entry: null, warning: broken };
    return proposed(core, { kind: 'cuj', subject, goal: 'success', value: share, share, slower_than: null }, words);
  });
}

/** Up to two significant digits: nobody wants 61,237 ms. */
function rounded(ms) {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, ms))) - 1);
  return Math.ceil(ms / unit) * unit;
}

/** The most used skills: half as long again as 95 of 100 calls take. */
function skillObjectives(core, now) {
  const filters = JSON.stringify({ start: now - spanMs('30d') });
  const skills = Object.entries(core.ask('skillPerformance', null, filters, now)).filter(
    ([, { count, p95_ms }]) => count >= LEAST && p95_ms > 0,
  );
  const used = skills.sort(([, a], [, b]) => b.count - a.count).slice(0, MOST_SKILLS);
  return used.map(([subject, { count, p95_ms: p95 }]) => {
    const value = rounded(p95 * 1.5);
    const asked = { kind: 'skill', subject, goal: 'p95_ms', value, share: 0.95, slower_than: value };
    return proposed(core, asked, `95 of 100 of ${count} calls in 30d took at most ${Math.round(p95)} ms`);
  });
}

/** `{ text, objectives, warnings }`: the file that is proposed, how many objectives stand in it, and what cannot be. */
function proposal(core) {
  const now = Date.now();
  const all = [...cujObjectives(core, now), ...skillObjectives(core, now)];
  const objectives = all.flatMap(({ entry, warning }) =>
    entry === null ? [] : [warning === null ? entry : { ...entry, '//': warning }],
  );
  const value = {
    $schema: SCHEMA,
    '//': HEAD,
    objectives,
    rules: USUAL_RULES,
    notify: [],
  };
  const warnings = all.flatMap(({ warning }) => (warning === null ? [] : [warning]));
  if (all.length === 0) warnings.push(`nothing was recorded in the last ${PAST}, so the file has no objectives yet`);
  return { text: `${JSON.stringify(value, null, 2)}\n`, objectives: objectives.length, warnings };
}

/** Writes the file; `null` when there is one and it may not be replaced. */
function writeProposal(core, text, force) {
  const file = path.join(core.where.root, FILE);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  try {
    fs.writeFileSync(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (error.code === 'EEXIST') return null;
    throw error;
  }
  return file;
}

module.exports = { proposal, writeProposal };
