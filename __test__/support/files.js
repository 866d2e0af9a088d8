// Where the streams are, under the project root.
'use strict';

const day = (now = Date.now()) => new Date(now).toISOString().slice(0, 10);

module.exports = {
  CUJS: '.claude/context/analytics/cuj-metrics.jsonl',
  DASHBOARD: '.claude/context/analytics/metrics-dashboard.json',
  LEGACY: '.claude/context/analytics/cuj-performance.json',
  PROGRESS: '.claude/context/logs/progress.jsonl',
  PROVIDERS: '.claude/context/analytics/provider-health.jsonl',
  skills: (now) => `.claude/context/logs/skill-invocations-${day(now)}.jsonl`,
};
