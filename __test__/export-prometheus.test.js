// `obs export prometheus`: every series against a naive count, names of any kind, the limit of label values, the file it
// replaces, and what the rules of alerts and the dashboard ask of it.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

const { prometheusRules } = require('../alerts/prometheus.js');
const { formatOf, prometheus } = require('../export/prometheus.js');
const { testWith } = require('./support/box.js');
const { PACKAGE, cleanEnvironment } = require('./support/command-line.js');
const { expectedSeries, familiesOf, parseExposition, withNumericBounds } = require('./support/exposition.js');
const { writeHistory } = require('./support/histories.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');

const NOW = Date.parse('2026-05-05T12:00:00Z');
const OBJECTIVES = '.claude/context/config/objectives.json';
const workspace = useWorkspace();

const seriesOf = (options) => parseExposition(prometheus(workspace().core(), options).text);
const run = (...args) => spawnSync(process.execPath, [path.join(PACKAGE, 'bin', 'obs.js'), ...args], { encoding: 'utf8', env: cleanEnvironment() }); // prettier-ignore
const obs = (...args) => run(...args, '--root', workspace().root);

/** Numbers of twelve digits, as sums promise no more. */
const rounded = (series) => Object.fromEntries([...series].map(([key, value]) => [key, Number(value.toPrecision(12))]));

function writeObjectives(objectives) {
  writeLines(workspace(), OBJECTIVES, [JSON.stringify({ objectives })]);
}

test.each([false, true])('all series equal a naive count of the lines, OpenMetrics: %p', (openmetrics) => {
  const seed = seedOfTest();
  const records = writeHistory(workspace(), createRandom(seed), 400, NOW);
  const found = withNumericBounds(seriesOf({ openmetrics }));
  const expected = expectedSeries(records);
  expected.set(JSON.stringify(['obs_progress_events_total', []]), 400);
  expected.set(JSON.stringify(['obs_skipped_lines', []]), 0);
  for (const label of ['cuj', 'skill', 'agent', 'provider']) expected.set(JSON.stringify(['obs_folded_names', [['label', label]]]), 0); // prettier-ignore
  expect({ seed, ...rounded(found) }).toEqual({ seed, ...rounded(expected) });
});

test('counts are those of the questions of this package', () => {
  writeHistory(workspace(), createRandom(7), 300, NOW);
  const found = seriesOf();
  const of = (name, ...labels) => found.get(JSON.stringify([name, labels]));
  const cujs = workspace().getAllCujMetrics(null);
  for (const [cuj, { successful, failed }] of Object.entries(cujs).filter(([name]) => /^[\w-]+$/.test(name))) {
    expect([cuj, of('obs_cuj_executions_total', ['cuj', cuj], ['success', 'true'])]).toEqual([cuj, successful]);
    expect([cuj, of('obs_cuj_executions_total', ['cuj', cuj], ['success', 'false'])]).toEqual([cuj, failed]);
  }
  const { by_skill: skills } = workspace().getLogger().getStatistics({ startDate: 0 });
  for (const [skill, { failures }] of Object.entries(skills).filter(([name]) => /^[\w-]+$/.test(name))) {
    expect([skill, of('obs_skill_invocations_total', ['skill', skill], ['result', 'failure'])]).toEqual([skill, failures]); // prettier-ignore
  }
});

test('whatever is appended, no counter and no bucket falls, also of names beyond the limit', () => {
  const seed = seedOfTest();
  const random = createRandom(seed);
  let before = new Map();
  for (let round = 0; round < 8; round += 1) {
    for (let i = 0; i < 30; i += 1) {
      const name = `name ${random.below(4 + round * 4)}`;
      workspace().recordCujExecution(name, random.chance(0.7), random.below(100_000) - 10);
      workspace().logSkillInvocation({ skill: name, agent: name, result: random.pick(['success', 'failure']), duration: random.below(9000) }); // prettier-ignore
      workspace().recordProviderCall(name, random.chance(0.5), random.below(9000));
    }
    const now = seriesOf({ maxValues: 5 });
    const fallen = [...before].filter(([key, value]) => !key.includes('obs_folded') && !(now.get(key) >= value));
    expect({ seed, fallen }).toEqual({ seed, fallen: [] });
    before = now;
  }
  expect(before.get(JSON.stringify(['obs_folded_names', [['label', 'cuj']]]))).toBeGreaterThan(5);
});

test('names of objectives have series of their own whatever the limit, and their durations are bounds', () => {
  writeObjectives([{ cuj: 'late', p95_ms: 777 }, { cuj: 'la*', success: 0.9 }]); // prettier-ignore
  for (const name of ['first', 'second', 'third', 'late']) workspace().recordCujExecution(name, true, 777);
  const { text, folded, fault } = prometheus(workspace().core(), { maxValues: 1 });
  expect({ folded, fault }).toEqual({ folded: { cuj: 2, skill: 0, agent: 0, provider: 0 }, fault: null });
  const series = parseExposition(text);
  const bucket = (cuj, le) => series.get(JSON.stringify(['obs_cuj_execution_duration_seconds_bucket', [['cuj', cuj], ['le', le]]])); // prettier-ignore
  expect(['first', 'second', '__other__', 'late'].map((cuj) => bucket(cuj, '0.777'))).toEqual([1, undefined, 2, 1]);
  expect(bucket('late', '0.5')).toBe(0);
});

test('a secret that another program recorded as a name does not leave the machine', () => {
  const secret = ['ghp', '0123456789abcdefghijklmnopqrstuvwxyzAB'].join('_').slice(0, 40);
  writeLines(workspace(), '.claude/context/analytics/cuj-metrics.jsonl', [{ timestamp: NOW, cuj_id: `run ${secret}`, success: true, duration_ms: 1 }]); // prettier-ignore
  const { text } = prometheus(workspace().core());
  expect(text).toContain('{cuj="run [REDACTED]",success="true"} 1');
  expect(text).not.toContain(secret);
});

testWith(['promtool'], 'promtool finds nothing to say of names and values of any kind', () => {
  writeHistory(workspace(), createRandom(1), 200, NOW);
  const { text } = prometheus(workspace().core());
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
  const wrong = spawnSync('promtool', ['check', 'metrics'], { input: 'x_total{a="\n"} 1\n', encoding: 'utf8' });
  expect(wrong.status).not.toBe(0);
}); // prettier-ignore

const PYTHON = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as plain
parse = openmetrics if sys.argv[1] == 'true' else plain
families = list(parse(sys.stdin.read()))
print(json.dumps([[s.name, list(s.labels.items()), s.value] for f in families for s in f.samples]))
`;

testWith(['prometheus_client'], 'the parsers of the Python client read both formats, value by value as ours does', () => {
  writeHistory(workspace(), createRandom(2), 200, NOW);
  for (const openmetrics of [false, true]) {
    const { text } = prometheus(workspace().core(), { openmetrics });
    const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', PYTHON, String(openmetrics)], { input: text, encoding: 'utf8', maxBuffer: 1 << 26 }); // prettier-ignore
    expect(stderr).toBe('');
    const read = new Map(JSON.parse(stdout).map(([name, labels, value]) => [JSON.stringify([name, labels]), value]));
    expect(Object.fromEntries(read)).toEqual(Object.fromEntries(parseExposition(text)));
  }
}, 60_000); // prettier-ignore

test('both formats name their families as they have to', () => {
  workspace().recordCujExecution('CUJ-005', true, 5);
  const plain = familiesOf(prometheus(workspace().core()).text);
  const open = prometheus(workspace().core(), { openmetrics: true }).text;
  expect(plain).toMatchObject({ obs_cuj_executions_total: 'counter', obs_cuj_execution_duration_seconds: 'histogram' });
  const named = Object.entries(plain).map(([name, type]) => [name.replace(/_total$/, ''), type]);
  expect(familiesOf(open)).toEqual(Object.fromEntries(named));
  expect(open).toContain('# UNIT obs_cuj_execution_duration_seconds seconds\n');
  expect(open).toMatch(/le="60\.0"[^]*# EOF\n$/);
});

test.each([
  [undefined, false],
  ['*/*', false],
  ['text/plain', false],
  ['application/openmetrics-text', true],
  ['application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1', true],
  ['Application/OpenMetrics-Text; version=1.0.0; q=0.2, text/plain; q=0.9', false],
  ['application/openmetrics-text;version=2.0.0,text/plain;q=0.5', false],
  ['application/openmetrics-text;q=0', false],
  ['application/openmetrics-text;q=x', false],
])('a reader that accepts %p has OpenMetrics: %p', (accept, wanted) => {
  expect(formatOf(accept)).toBe(wanted ? 'openmetrics' : 'text');
}); // prettier-ignore

test('--out replaces a file at once, keeps its mode and a link to it, and leaves nothing beside it', () => {
  workspace().recordCujExecution('CUJ-005', true, 5);
  const folder = workspace().path('out');
  fs.mkdirSync(folder);
  const file = path.join(folder, 'obs.prom');
  const made = obs('export', 'prometheus', '--out', file);
  expect({ ...made, pid: 0, output: 0 }).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(fs.readFileSync(file, 'utf8')).toBe(obs('export', 'prometheus').stdout);
  fs.chmodSync(file, 0o640);
  fs.symlinkSync('obs.prom', path.join(folder, 'link.prom'));
  const before = fs.openSync(file, 'r');
  workspace().recordCujExecution('CUJ-005', true, 5);
  expect(obs('export', 'prometheus', '--openmetrics', '--out', path.join(folder, 'link.prom')).status).toBe(0);
  // Who has the old file open reads it to its end.
  expect(fs.readFileSync(before, 'utf8')).toContain('{cuj="CUJ-005",success="true"} 1\n');
  fs.closeSync(before);
  expect(fs.readFileSync(file, 'utf8')).toMatch(/\{cuj="CUJ-005",success="true"\} 2\n[^]*# EOF\n$/);
  expect([fs.readdirSync(folder).sort(), fs.statSync(file).mode & 0o777]).toEqual([['link.prom', 'obs.prom'], 0o640]);
}); // prettier-ignore

test('names beyond the limit, objectives that cannot be read and a folder that is not there are told in a line each', () => {
  for (const name of ['a', 'b', 'c']) workspace().recordCujExecution(name, true, 5);
  writeLines(workspace(), OBJECTIVES, ['{']);
  const { status, stdout, stderr } = obs('export', 'prometheus', '--max-values', '1');
  expect(status).toBe(0);
  expect(stdout).toContain('obs_cuj_executions_total{cuj="__other__",success="true"} 2\n');
  expect(stderr.split('\n')).toEqual([
    expect.stringMatching(/^obs: no bounds of objectives: .*objectives\.json/),
    'obs: 2 cuj names are counted as __other__ (--max-values)',
    '',
  ]);
  const missing = obs('export', 'prometheus', '--out', workspace().path('nowhere', 'x.prom'));
  expect(missing.status).toBe(1);
  expect(missing.stderr.split('\n').at(-2)).toMatch(/^obs: --out .*x\.prom could not be written: ENOENT/);
});

/** `[metric, label names and values]` of each selector in PromQL. */
function selectorsOf(text) {
  return [...text.matchAll(/\b(obs_[a-z_]+)(?:\{((?:[^{}"]|"(?:[^"\\]|\\.)*")*)\})?/g)].map(([, name, inside = '']) => [
    name,
    [...inside.matchAll(/([a-z]+)(=~|!=|=)("(?:[^"\\]|\\.)*")/g)].map(([, label, sign, value]) => [label, sign, JSON.parse(value)]),
  ]); // prettier-ignore
}

/** Which selectors no series of the text answers; `instance` comes from the server. */
function unanswered(text, selectors) {
  const series = [...parseExposition(text).keys()].map((key) => JSON.parse(key));
  const matches = ([label, sign, value], labels) => {
    const found = Object.fromEntries(labels)[label];
    if (sign === '=~') return new RegExp(`^(?:${value})$`).test(found ?? '');
    return (found === value) === (sign === '=');
  };
  return selectors.filter(
    ([name, wanted]) =>
      !series.some(([metric, labels]) => metric === name && wanted.filter(([label]) => label !== 'instance').every((each) => matches(each, labels))),
  ); // prettier-ignore
}

test.each([false, true])('each selector of the alert rules finds a series that is exported, OpenMetrics: %p', (openmetrics) => {
  const subjects = ['deploy', 'a"b\\c', 'naïve ☃ 𝄞', '\u0007', '\u2028'];
  const goals = [{ success: 0.9 }, { p50_ms: 1500 }, { p95_ms: 1.5 }, { p99_ms: 0.01 }, { p90_ms: 5e9 }];
  const objectives = ['cuj', 'skill', 'agent', 'provider'].flatMap((kind) => [...subjects, 'dep*'].flatMap((subject) => goals.map((goal) => ({ [kind]: subject, ...goal }))));
  writeObjectives(objectives);
  for (const subject of subjects) {
    workspace().recordCujExecution(subject, true, 5);
    workspace().logSkillInvocation({ skill: subject, agent: subject, result: 'success', duration: 5 });
    workspace().recordProviderCall(subject, true, 5);
  }
  const selectors = selectorsOf(prometheusRules(workspace().core()).replace(/\\u([0-9a-f]{4})/g, (_, code) => String.fromCharCode(parseInt(code, 16))));
  expect(selectors.length).toBeGreaterThan(objectives.length * 8);
  const { text } = prometheus(workspace().core(), { openmetrics, maxValues: 0 });
  expect(unanswered(text, selectors)).toEqual([]);
  expect(unanswered(text, [['obs_cuj_executions_total', [['cuj', '=', 'nobody']]]])).toHaveLength(1);
}); // prettier-ignore

test('the dashboard asks only for what is exported, and each family is on it', () => {
  const dashboard = JSON.parse(run('export', 'grafana').stdout);
  const exprs = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  workspace().recordCujExecution('CUJ-005', true, 5);
  workspace().logSkillInvocation({ skill: 'linter', agent: 'qa', result: 'success', duration: 5 });
  workspace().recordProviderCall('anthropic', true, 5);
  const { text } = prometheus(workspace().core());
  const selectors = exprs.flatMap((expr) => selectorsOf(expr));
  expect(unanswered(text, selectors)).toEqual([]);
  const asked = new Set(selectors.map(([name]) => name.replace(/_bucket$/, '')));
  expect([...asked].sort()).toEqual(Object.keys(familiesOf(text)).sort());
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
});
