// Random records of every kind with awkward names and values, as other programs may have written them.
'use strict';

const { writeLines } = require('./use-workspace.js');

const NAMES = ['CUJ-005', 'deploy', 'a"b\\c', 'naïve ☃ 𝄞', 'new\nline', '{x="y"} 1', '# HELP', '__proto__', '__other__', '\u0000\u001b[31m\u009b', '\ud800', ' ', ',=']; // prettier-ignore
const RESULTS = ['success', 'success', 'success', 'failure', 'unknown', 'partial', null];
const DURATIONS = [0, 10, 10.5, 60_000, 777, 3_600_000, 1e7, -5, null, 'long', 1e300];
const DAY = 86_400_000;

/** Writes some records into the workspace's files and gives them: `{ executions, skills, calls, progress }`. */
function writeHistory(workspace, random, count, now) {
  const at = (back) => new Date(now - random.below(back)).toISOString();
  const duration = () => (random.chance(0.3) ? random.pick(DURATIONS) : random.below(100_000));
  const names = (more) => (random.chance(0.9) ? random.pick(NAMES) : more);
  const many = (make) => Array.from({ length: count }, make);
  const executions = many(() => ({ timestamp: at(30 * DAY), cuj_id: names(7), success: random.chance(0.8), duration_ms: duration(), error: null, metadata: {} })); // prettier-ignore
  const skills = many(() => ({ timestamp: at(3 * DAY), type: 'skill_invocation', skill: names(5), params: '{}', result: random.pick(RESULTS), duration_ms: duration(), cache_hit: random.chance(0.3), agent: names(undefined), run_id: null, cuj_id: names(null), error: null, metadata: {} })); // prettier-ignore
  const calls = many(() => ({ timestamp: now - random.below(30 * DAY), provider: names(9), success: random.chance(0.9), latency_ms: duration(), error: null, metadata: {} })); // prettier-ignore
  const progress = many((_, index) => ({ timestamp: now, run_id: `run ${index % 7}`, step: index, status: 'running' }));
  const days = groupByDay(skills);
  writeLines(workspace, '.claude/context/analytics/cuj-metrics.jsonl', executions);
  writeLines(workspace, '.claude/context/analytics/provider-health.jsonl', calls);
  writeLines(workspace, '.claude/context/logs/progress.jsonl', progress);
  for (const [day, lines] of days) writeLines(workspace, `.claude/context/logs/skill-invocations-${day}.jsonl`, lines);
  return { executions, skills, calls, progress };
}

function groupByDay(skills) {
  const days = new Map();
  for (const skill of skills) {
    const day = skill.timestamp.slice(0, 10);
    days.set(day, [...(days.get(day) ?? []), skill]);
  }
  return days;
}

module.exports = { NAMES, writeHistory };
