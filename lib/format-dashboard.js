// Turns a dashboard into text for a terminal. Pure: reads the dashboard, touches nothing else.
'use strict';

const { invalidType } = require('./errors.js');
const { counted, millis, numberOf } = require('./units.js');
const { visible } = require('./visible.js');

const WIDTH = 60;
const TOP_SKILLS = 5;
const ENOUGH_RUNS = 3;
const MOST_FINDINGS = 1000;
// As where the findings are ranked: what chance does less often is hardly its doing.
const UNLIKELY = 0.05;
const MOST_OF_ERROR = 74; // with its indent it fits into 80 columns
const CUJ_WINDOWS = ['1h', '24h', '7d', '30d'];
const SKILL_WINDOWS = ['1h', '24h', '7d'];

function isObject(value) {
  return typeof value === 'object' && value !== null;
}

function entries(value) {
  return isObject(value) ? Object.entries(value) : [];
}

function number(value, digits = 0) {
  const given = numberOf(value);
  return Number.isFinite(given) ? given.toFixed(digits) : '-';
}

/** A name or word; an object where one was expected would be asked for its text, and that may take for ever. */
function shown(value) {
  return isObject(value) ? '-' : visible(value);
}

function percent(fraction) {
  return `${number(numberOf(fraction) * 100, 1)}%`;
}

/**
 * One line for each window that says something of its own: while all records are younger than an hour, the rows of a day
 * and a month would only repeat that of the hour.
 */
function windowLines(labels, wordsOf) {
  const rows = [];
  for (const label of labels) {
    const words = wordsOf(label);
    if (words === null) continue;
    if (rows.at(-1)?.words === words) rows.at(-1).labels.push(label);
    else rows.push({ labels: [label], words });
  }
  const span = ({ labels: [first, ...more] }) => (more.length > 0 ? `${first} to ${more.at(-1)}` : first);
  const width = Math.max(0, ...rows.map((row) => span(row).length));
  return rows.map((row) => `  ${span(row).padEnd(Math.max(4, width))} ${row.words}`);
}

/** A heading and its lines; nothing when there are no lines. */
function section(title, lines) {
  return lines.length === 0 ? [] : ['', title, '-'.repeat(WIDTH), ...lines];
}

function cujLines(cujs) {
  return windowLines(CUJ_WINDOWS, (label) => {
    const summary = cujs?.[`${label}_summary`];
    if (!isObject(summary)) return null;
    const { total_executions, total_cujs, overall_success_rate, avg_duration_ms } = summary;
    return (
      `${counted(total_executions, 'execution')} of ${counted(total_cujs, 'CUJ')}, ` +
      `${percent(overall_success_rate)} successful, ${millis(avg_duration_ms)} on average`
    );
  });
}

function skillLines(skills) {
  return windowLines(SKILL_WINDOWS, (label) => {
    const stats = skills?.[label];
    if (!isObject(stats) || !(stats.total_invocations > 0)) return null;
    return (
      `${counted(stats.total_invocations, 'invocation')}, ${percent(stats.success_rate)} successful, ` +
      `${percent(stats.cache_hit_rate)} from cache, ${millis(stats.avg_duration_ms)} on average`
    );
  });
}

/** Whether a CUJ ran often enough to be told of, and whether it ever succeeded: to fail fast is no distinction. */
function highlighted(cuj, rates, mustSucceed) {
  if (!isObject(cuj)) return false;
  const rate = isObject(rates) && Object.hasOwn(rates, cuj.cuj_id) ? rates[cuj.cuj_id] : null;
  if (!isObject(rate)) return true; // a dashboard without the rates: what it says is all there is
  return rate.total >= ENOUGH_RUNS && (!mustSucceed || rate.successful > 0);
}

function highlightLines(highlights, rates) {
  const average = (cuj) => `${millis(cuj.avg_duration_ms)} on average`;
  const success = (cuj) => `${percent(cuj.success_rate)} successful`;
  const kinds = [
    ['Fastest CUJ', highlights?.fastest_cuj, average, true],
    ['Slowest CUJ', highlights?.slowest_cuj, average, true],
    ['Most reliable CUJ', highlights?.most_reliable_cuj, success, true],
    ['Least reliable CUJ', highlights?.least_reliable_cuj, success, false],
  ];
  return kinds
    .filter(([, cuj, , mustSucceed]) => highlighted(cuj, rates, mustSucceed))
    .map(([title, cuj, words]) => `  ${`${title}:`.padEnd(20)} ${shown(cuj.cuj_id)} (${words(cuj)})`);
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
        `  ${index + 1}. ${shown(skill.skill)}: ${counted(skill.count, 'time')}, ${millis(skill.avg_duration_ms)} on average, ` +
        `${percent(skill.failure_rate)} failed, ${percent(skill.cache_hit_rate)} from cache`,
    );
}

function providerLines(health) {
  const lines = entries(health?.providers)
    .filter(([, provider]) => isObject(provider) && provider.available !== false)
    .map(
      ([name, provider]) =>
        `  ${shown(name)}: ${percent(provider.success_rate)} of ${counted(provider.total_calls, 'call')} successful, ` +
        `${millis(provider.avg_latency_ms)} on average, p95 ${millis(provider.latency_p95)}`,
    );
  return lines.length === 0 ? lines : [`  Overall: ${shown(health.status ?? 'unknown')}`, ...lines];
}

const FINDINGS = {
  failing_cuj: ['Failing CUJ', (value) => `${percent(value)} failed`],
  failing_skill: ['Failing skill', (value) => `${percent(value)} failed`],
  sick_provider: ['Provider not well', (value) => `${percent(value)} of calls failed`],
  slowest_skill: ['Slowest skill', (value) => `p95 ${millis(value)}`],
  flakiest_cuj: ['Flakiest CUJ', (value) => `${percent(value)} of runs unlike the one before`],
  changed_cuj: [
    'Changed most',
    (value, { before, chance }) => `rate ${value > 0 ? '+' : ''}${percent(value)}${against(before, chance)}`,
  ],
  growing_cuj: ['Growing memory', (value) => `${number(value, 3)} MB more with each execution`],
  growing_skill: ['Growing memory', (value) => `${number(value, 3)} MB more with each invocation`],
};

/** What a change is measured against, and whether it says anything. */
function against(before, chance) {
  if (!isObject(before)) return ' against the day before';
  const doubt = chance >= UNLIKELY ? ', could be chance' : '';
  return ` from ${percent(before.rate)} of ${counted(before.n, 'run')}${doubt}`;
}

/** The beginning of a long error; the command shows all of it. */
function shortened(text) {
  return text.length > MOST_OF_ERROR ? `${text.slice(0, MOST_OF_ERROR - 1)}…` : text;
}

function findingLines(findings) {
  if (!Array.isArray(findings)) return [];
  return findings
    .slice(0, MOST_FINDINGS)
    .filter((finding) => isObject(finding) && Object.hasOwn(FINDINGS, finding.kind))
    .flatMap(({ kind, subject, value, n, error, command, ...more }) => {
      const [title, words] = FINDINGS[kind];
      const line = `  ${`${title}:`.padEnd(20)} ${shown(subject)} (${words(value, more)}, n = ${number(n)})`;
      return [
        line,
        ...(error ? [`    ${shortened(shown(error))}`] : []),
        ...(command ? [`    ${shown(command)}`] : []),
      ];
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
    lines.push(`  Node ${shown(node_version)} on ${shown(platform)} ${shown(arch)}, up ${number(uptime_seconds)}s`);
  }
  return lines;
}

/** The dashboard as text; a section without data is left out. */
function formatDashboard(dashboard) {
  if (!isObject(dashboard)) throw invalidType('dashboard', 'an object', dashboard);
  try {
    return textOf(dashboard);
  } catch {
    throw invalidType('dashboard', 'an object whose members can be read and shown', dashboard);
  }
}

function textOf(dashboard) {
  const { cujs, skills, providers, resources } = isObject(dashboard.summary) ? dashboard.summary : {};
  const rule = '='.repeat(WIDTH);
  return [
    rule,
    'METRICS DASHBOARD',
    rule,
    ...(dashboard.generated_at ? [`Generated: ${shown(dashboard.generated_at)}`] : []),
    ...section('CUJ METRICS', cujLines(cujs)),
    ...section('SKILL METRICS', skillLines(skills)),
    ...section('HIGHLIGHTS (24h)', highlightLines(dashboard.highlights, cujs?.['24h'])),
    ...section('FINDINGS (24h)', findingLines(dashboard.findings)),
    ...section('TOP SKILLS', topSkillLines(skills)),
    ...section('PROVIDER HEALTH', providerLines(providers)),
    ...section('RESOURCE USAGE', resourceLines(resources)),
    '',
  ].join('\n');
}

module.exports = { formatDashboard };
