// Turns a dashboard into text for a terminal. Pure: reads the dashboard, touches nothing else.
'use strict';

const { invalidType } = require('./errors.js');
const { visible } = require('./visible.js');

const WIDTH = 60;
const TOP_SKILLS = 5;
const CUJ_WINDOWS = ['1h', '24h', '7d', '30d'];
const SKILL_WINDOWS = ['1h', '24h', '7d'];

function isObject(value) {
  return typeof value === 'object' && value !== null;
}

function entries(value) {
  return isObject(value) ? Object.entries(value) : [];
}

function number(value, digits = 0) {
  const given = Number(value);
  return Number.isFinite(given) ? given.toFixed(digits) : '-';
}

function percent(fraction) {
  return `${number(Number(fraction) * 100, 1)}%`;
}

function millis(value) {
  return `${number(value)}ms`;
}

/** A heading and its lines; nothing when there are no lines. */
function section(title, lines) {
  return lines.length === 0 ? [] : ['', title, '-'.repeat(WIDTH), ...lines];
}

function cujLines(cujs) {
  const lines = [];
  for (const label of CUJ_WINDOWS) {
    const summary = cujs?.[`${label}_summary`];
    if (!isObject(summary)) continue;
    lines.push(
      `  ${label.padEnd(4)} ${number(summary.total_executions)} executions of ${number(summary.total_cujs)} CUJs, ` +
        `${percent(summary.overall_success_rate)} successful, ${millis(summary.avg_duration_ms)} on average`,
    );
  }
  return lines;
}

function skillLines(skills) {
  const lines = [];
  for (const label of SKILL_WINDOWS) {
    const stats = skills?.[label];
    if (!isObject(stats) || !(stats.total_invocations > 0)) continue;
    lines.push(
      `  ${label.padEnd(4)} ${number(stats.total_invocations)} invocations, ${percent(stats.success_rate)} successful, ` +
        `${percent(stats.cache_hit_rate)} from cache, ${millis(stats.avg_duration_ms)} on average`,
    );
  }
  return lines;
}

function highlightLines(highlights) {
  const kinds = [
    ['Fastest CUJ', highlights?.fastest_cuj, (cuj) => `${millis(cuj.avg_duration_ms)} on average`],
    ['Slowest CUJ', highlights?.slowest_cuj, (cuj) => `${millis(cuj.avg_duration_ms)} on average`],
    ['Most reliable CUJ', highlights?.most_reliable_cuj, (cuj) => `${percent(cuj.success_rate)} successful`],
    ['Least reliable CUJ', highlights?.least_reliable_cuj, (cuj) => `${percent(cuj.success_rate)} successful`],
  ];
  return kinds
    .filter(([, cuj]) => isObject(cuj))
    .map(([title, cuj, words]) => `  ${`${title}:`.padEnd(20)} ${visible(cuj.cuj_id)} (${words(cuj)})`);
}

/** The top skills of the widest window that has any within a day, as the highlights are of a day; else of the week. */
function topSkillLines(skills) {
  const lists = ['24h', '7d', '1h'].map((label) => skills?.[`${label}_top_skills`]);
  const list = lists.find((each) => Array.isArray(each) && each.length > 0) ?? [];
  return list
    .slice(0, TOP_SKILLS)
    .filter(isObject)
    .map(
      (skill, index) =>
        `  ${index + 1}. ${visible(skill.skill)}: ${number(skill.count)} times, ${millis(skill.avg_duration_ms)} on average, ` +
        `${percent(skill.failure_rate)} failed, ${percent(skill.cache_hit_rate)} from cache`,
    );
}

function providerLines(health) {
  const lines = entries(health?.providers)
    .filter(([, provider]) => isObject(provider) && provider.available !== false)
    .map(
      ([name, provider]) =>
        `  ${visible(name)}: ${percent(provider.success_rate)} of ${number(provider.total_calls)} calls successful, ` +
        `${millis(provider.avg_latency_ms)} on average, p95 ${millis(provider.latency_p95)}`,
    );
  return lines.length === 0 ? lines : [`  Overall: ${visible(health.status ?? 'unknown')}`, ...lines];
}

const FINDINGS = {
  slowest_skill: ['Slowest skill', (value) => `p95 ${number(value, value < 10 ? 2 : 0)}ms`],
  flakiest_cuj: ['Flakiest CUJ', (value) => `${percent(value)} of executions differ from the one before`],
  changed_cuj: [
    'Changed most',
    (value) => `success rate ${value > 0 ? '+' : ''}${percent(value)} against the day before`,
  ],
  growing_cuj: ['Growing memory', (value) => `${number(value, 3)} MB more with each execution`],
  growing_skill: ['Growing memory', (value) => `${number(value, 3)} MB more with each invocation`],
};

function findingLines(findings) {
  if (!Array.isArray(findings)) return [];
  return findings
    .filter((finding) => isObject(finding) && Object.hasOwn(FINDINGS, finding.kind))
    .flatMap(({ kind, subject, value, n, command }) => {
      const [title, words] = FINDINGS[kind];
      const line = `  ${`${title}:`.padEnd(20)} ${visible(subject)} (${words(value)}, n = ${number(n)})`;
      return command ? [line, `    ${visible(command)}`] : [line];
    });
}

function resourceLines(resources) {
  const own = resources?.current_process;
  const system = resources?.system_info;
  const lines = [];
  if (isObject(own)) {
    lines.push(`  Memory: ${number(own.heap_used_mb, 2)} MB of heap, ${number(own.rss_mb, 2)} MB in all`);
    lines.push(`  Processor: ${millis(own.cpu_user_ms)} user, ${millis(own.cpu_system_ms)} system`);
  }
  if (isObject(system)) {
    const { node_version, platform, arch, uptime_seconds } = system;
    lines.push(
      `  Node ${visible(node_version)} on ${visible(platform)} ${visible(arch)}, up ${number(uptime_seconds)}s`,
    );
  }
  return lines;
}

/** The dashboard as text; a section without data is left out. */
function formatDashboard(dashboard) {
  if (!isObject(dashboard)) throw invalidType('dashboard', 'an object', dashboard);
  const { cujs, skills, providers, resources } = isObject(dashboard.summary) ? dashboard.summary : {};
  const rule = '='.repeat(WIDTH);
  return [
    rule,
    'METRICS DASHBOARD',
    rule,
    ...(dashboard.generated_at ? [`Generated: ${visible(dashboard.generated_at)}`] : []),
    ...section('CUJ METRICS', cujLines(cujs)),
    ...section('SKILL METRICS', skillLines(skills)),
    ...section('HIGHLIGHTS (24h)', highlightLines(dashboard.highlights)),
    ...section('FINDINGS (24h)', findingLines(dashboard.findings)),
    ...section('TOP SKILLS', topSkillLines(skills)),
    ...section('PROVIDER HEALTH', providerLines(providers)),
    ...section('RESOURCE USAGE', resourceLines(resources)),
    '',
  ].join('\n');
}

module.exports = { formatDashboard };
