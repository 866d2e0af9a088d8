// Random records of every kind with awkward names and values, as other programs may have written them.
'use strict';

const { writeLines } = require('./use-workspace.js');

const NAMES = ['CUJ-005', 'deploy', 'a"b\\c', 'naïve ☃ 𝄞', 'new\nline', '{x="y"} 1', '# HELP', '__proto__', '__other__', '\u0000\u001b[31m\u009b', '\ud800', ' ', ',=']; // prettier-ignore
const RESULTS = ['success', 'success', 'success', 'failure', 'unknown', 'partial', null];
const DURATIONS = [0, 10, 10.5, 60_000, 777, 3_600_000, 1e7, -5, null, 'long', 1e300];
const DAY = 86_400_000;

const ERRORS = [null, null, '', 'timeout', 'no ☃ "quoted"', 'line\nbreak', 503, false];

/**
 * Writes some records into the workspace's files, each file in the order of time and no two at once, and gives them:
 * `{ executions, skills, calls, progress }`.
 */
function writeHistory(workspace, random, count, now, allNames = NAMES) {
  const at = (index, span) => now - Math.floor(span / count) * (count - index) + random.below(Math.floor(span / count));
  const iso = (index, span) => new Date(at(index, span)).toISOString();
  const duration = () => (random.chance(0.3) ? random.pick(DURATIONS) : random.below(100_000));
  const names = (more) => (random.chance(0.9) ? random.pick(allNames) : more);
  const many = (make) => Array.from({ length: count }, (_, index) => make(index));
  const error = () => random.pick(ERRORS);
  const executions = many((i) => ({ timestamp: iso(i, 30 * DAY), cuj_id: names(7), success: random.chance(0.8), duration_ms: duration(), error: error(), metadata: {} })); // prettier-ignore
  const skills = many((i) => ({ timestamp: iso(i, 3 * DAY), type: 'skill_invocation', skill: names(5), params: '{}', result: random.pick(RESULTS), duration_ms: duration(), cache_hit: random.chance(0.3), agent: names(undefined), run_id: null, cuj_id: names(null), error: null, metadata: {} })); // prettier-ignore
  const calls = many((i) => ({ timestamp: at(i, 30 * DAY), provider: names(9), success: random.chance(0.9), latency_ms: duration(), error: error(), metadata: {} })); // prettier-ignore
  const progress = many((i) => ({ timestamp: at(i, DAY), run_id: `run ${i % 7}`, step: i, status: random.pick(['running', 'failed']), percentage: i })); // prettier-ignore
  writeLines(workspace, '.claude/context/analytics/cuj-metrics.jsonl', executions);
  writeLines(workspace, '.claude/context/analytics/provider-health.jsonl', calls);
  writeLines(workspace, '.claude/context/logs/progress.jsonl', progress);
  for (const [day, lines] of byDay(skills)) {
    writeLines(workspace, `.claude/context/logs/skill-invocations-${day}.jsonl`, lines);
  }
  return { executions, skills, calls, progress };
}

function byDay(skills) {
  const days = new Map();
  for (const skill of skills) {
    const day = skill.timestamp.slice(0, 10);
    if (!days.has(day)) days.set(day, []);
    days.get(day).push(skill);
  }
  return days;
}

module.exports = { NAMES, writeHistory };
