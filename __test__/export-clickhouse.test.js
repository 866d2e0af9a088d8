// `obs export clickhouse`: the views of a real ClickHouse over the data files as they are, value by value against our answers.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');

const { CHDB, testWith } = require('./support/box.js');
const { PACKAGE, cleanEnvironment } = require('./support/command-line.js');
const { NAMES, writeHistory } = require('./support/histories.js');
const { dayName, writePacked } = require('./support/packed.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');

const NOW = Date.parse('2026-05-05T12:00:00.123Z');
const DAY = 86_400_000;
const workspace = useWorkspace();
beforeEach(() => jest.spyOn(Date, 'now').mockReturnValue(NOW));
afterEach(() => jest.restoreAllMocks());

const CONTEXT = '.claude/context';
const FILES = {
  cuj_lines: 'analytics/cuj-metrics.jsonl',
  provider_lines: 'analytics/provider-health.jsonl',
  progress_lines: 'logs/progress.jsonl',
  skill_lines: 'logs/skill-invocations-*.jsonl',
};

const definitions = () =>
  spawnSync(process.execPath, [path.join(PACKAGE, 'bin', 'obs.js'), 'export', 'clickhouse'], { encoding: 'utf8', env: cleanEnvironment() }).stdout; // prettier-ignore

/** The rows of each question, after the data files were loaded. */
function askClickHouse(questions, { twice = false, more = [] } = {}) {
  const file = (name) => workspace().path(CONTEXT, name);
  const statements = Object.entries(FILES)
    .filter(([, name]) => fs.existsSync(file(name)) || (name.includes('*') && fs.existsSync(file('logs'))))
    .map(([into, name]) => `INSERT INTO ${into} SELECT 'host-1', line FROM file('${file(name)}', 'LineAsString', 'line String')`); // prettier-ignore
  const sql = definitions();
  const input = JSON.stringify({ folder: workspace().path('clickhouse'), definitions: twice ? sql + sql : sql, statements: [...statements, ...more], questions }); // prettier-ignore
  const { status, stdout, stderr } = spawnSync('python3', [path.join(__dirname, 'support', 'clickhouse.py')], { input, encoding: 'utf8', env: { ...process.env, PYTHONPATH: CHDB }, maxBuffer: 1 << 28 }); // prettier-ignore
  if (status !== 0) throw new Error(stderr.trim().split('\n').slice(-12).join('\n'));
  return JSON.parse(stdout);
}

const sqlTime = (at) => `'${new Date(at).toISOString().replace('T', ' ').replace('Z', '')}'`;
const window = (from, to = NOW) => `from = ${sqlTime(from)}, to = ${sqlTime(to)}`;
const ALL = "from = '1900-01-01', to = '2299-01-01'";
const epoch = (text) =>
  text === null || text.startsWith('1970-01-01 ') ? null : Date.parse(`${text.replace(' ', 'T')}Z`);
const digits = (value) => (typeof value === 'number' ? Number(value.toPrecision(12)) : value);

/** Rows as `name → the picked columns`, under the keys of our answers, numbers of twelve digits. */
function table(rows, name, columns) {
  const entries = rows.map((row) => [
    row[name],
    Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, digits(row[column])])),
  ]);
  return Object.fromEntries(entries.sort());
}

/** Our own answers in the same form. */
function ours(answers, keys) {
  const entries = Object.entries(answers).map(([name, answer]) => [name, Object.fromEntries(keys.map((key) => [key, digits(answer[key])]))]); // prettier-ignore
  return Object.fromEntries(entries.sort());
}

const same = (keys) => Object.fromEntries(keys.map((key) => [key, key]));

/** A surrogate alone is no text that ClickHouse has. */
const names = NAMES.filter((name) => name !== '\ud800');

testWith(['chdb'], 'the views on CUJs answer as this package does, over all history and over a week', () => {
  const seed = seedOfTest();
  writeHistory(workspace(), createRandom(seed), 500, NOW, names);
  const spans = { all: [null, ALL], week: [7 * DAY, window(NOW - 7 * DAY)] };
  const views = ['cuj_summary', 'cuj_failures', 'cuj_stability'];
  const questions = Object.entries(spans).flatMap(([name, [, args]]) => views.map((view) => [`${view} ${name}`, `SELECT * FROM ${view}(${args})`]));
  const answers = askClickHouse(Object.fromEntries(questions));
  for (const [name, [span]] of Object.entries(spans)) {
    const found = Object.fromEntries(views.map((view) => [view, answers[`${view} ${name}`]]));
    const metrics = workspace().getAllCujMetrics(span);
    const counts = ['total', 'successful', 'failed', 'rate', 'avg_duration_ms'];
    expect({ seed, ...table(found.cuj_summary, 'cuj_id', same(counts)) }).toEqual({ seed, ...ours(metrics, counts) });
    const ids = Object.keys(metrics);
    // An id that is no text is asked for as it is.
    const idOf = (id) => (id === '7' ? 7 : id);
    const by = (question) => Object.fromEntries(ids.map((id) => [id, question(idOf(id))]));
    const ranks = ['p50', 'p75', 'p90', 'p95', 'p99', 'min', 'max'];
    const percentiles = by((id) => workspace().getPerformancePercentiles(id, span));
    expect(table(found.cuj_summary, 'cuj_id', { ...same(ranks), count: 'measured' })).toEqual(ours(percentiles, [...ranks, 'count']));
    const steady = ['total', 'flips', 'flip_rate', 'current_streak', 'longest_failure_streak'];
    expect(table(found.cuj_stability, 'cuj_id', same(steady))).toEqual(ours(by((id) => workspace().getCujStability(id, span)), steady));
    const failures = by((id) => workspace().getFailureAnalysis(id, span));
    for (const cuj of ids) {
      const own = found.cuj_failures.filter(({ cuj_id: id }) => id === cuj);
      const errors = own.map(({ said, failures: count }) => [said, count]).sort();
      expect([cuj, errors]).toEqual([cuj, failures[cuj].top_errors.map(({ error, count }) => [String(error), count]).sort()]);
    }
  }
}, 120_000); // prettier-ignore

testWith(['chdb'], 'the trend of each CUJ is ours, bucket by bucket', () => {
  writeHistory(workspace(), createRandom(seedOfTest()), 500, NOW, names);
  const size = 6 * 3_600_000;
  const { trend } = askClickHouse({ trend: `SELECT * FROM cuj_trend(${window(NOW - 60 * size)}, size_ms = ${size})` });
  const keys = ['total', 'successful', 'failed', 'rate', 'avg_duration_ms', 'p50', 'p95', 'max'];
  for (const cuj of ['CUJ-005', 'a"b\\c', 'new\nline']) {
    const own = trend.filter(({ cuj_id: id }) => id === cuj);
    const buckets = workspace().getCujPerformanceTrend(cuj, 60, size);
    const filled = buckets.map((bucket, place) => ({ place, at: Date.parse(bucket.bucket_start), ...bucket })).filter(({ total }) => total > 0);
    expect(own.map((row) => [row.bucket, epoch(row.bucket_start), ...keys.map((key) => digits(row[key] ?? 0))]).sort((a, b) => a[0] - b[0])).toEqual(
      filled.map((bucket) => [bucket.place, bucket.at, ...keys.map((key) => digits(bucket[key]))]),
    );
    expect(filled.length).toBeGreaterThan(5);
  }
}, 60_000); // prettier-ignore

testWith(['chdb'], 'the views on skills, agents and providers answer as this package does', () => {
  const seed = seedOfTest();
  writeHistory(workspace(), createRandom(seed), 500, NOW, names);
  const views = ['skill_summary', 'agent_summary', 'cuj_invocations', 'provider_summary', 'run_summary'];
  const found = askClickHouse(Object.fromEntries(views.map((view) => [view, `SELECT * FROM ${view}(${ALL})`])), { twice: true }); // prettier-ignore
  const logger = workspace().getLogger();
  const statistics = logger.getStatistics({ startDate: 0, endDate: NOW });
  const used = { count: 'invocations', duration_ms: 'total_duration_ms' };
  expect({ seed, ...table(found.skill_summary, 'skill', { ...used, ...same(['failures', 'cache_hits']) }) }).toEqual({ seed, ...ours(statistics.by_skill, ['count', 'duration_ms', 'failures', 'cache_hits']) });
  expect(table(found.agent_summary, 'agent', used)).toEqual(ours(statistics.by_agent, Object.keys(used)));
  expect(table(found.cuj_invocations, 'cuj_id', used)).toEqual(ours(statistics.by_cuj, Object.keys(used)));
  const speed = ['success_rate', 'cache_hit_rate', 'mean_ms', 'p50_ms', 'p90_ms', 'p95_ms', 'p99_ms', 'min_ms', 'max_ms'];
  expect(table(found.skill_summary, 'skill', same(speed))).toEqual(ours(workspace().getSkillPerformance({ startDate: 0, endDate: NOW }), speed));

  const health = ['success_rate', 'total_calls', 'successful_calls', 'failed_calls', 'avg_latency_ms', 'latency_p50', 'latency_p95', 'latency_p99'];
  const monitor = workspace().getGlobalHealthMonitor();
  expect(table(found.provider_summary, 'provider', same(health))).toEqual(ours(monitor.getAllProviderHealth(), health));
  const times = Object.fromEntries(found.provider_summary.map((row) => [row.provider, [epoch(row.last_success), epoch(row.last_failure)]]));
  expect(times).toEqual(Object.fromEntries(Object.entries(monitor.getAllProviderHealth()).map(([name, one]) => [name, [one.last_success, one.last_failure]])));
  const scores = Object.fromEntries(monitor.getProviderComparison().map((row) => [row.provider, row]));
  expect(table(found.provider_summary, 'provider', same(['score']))).toEqual(ours(scores, ['score']));

  for (const row of found.run_summary) {
    const last = workspace().getCurrentProgress(row.run_id);
    expect([row.last_step, row.last_status, row.last_percentage, epoch(row.last)]).toEqual([String(last.step), last.status, last.percentage, last.timestamp]);
  }
  expect(found.run_summary).toHaveLength(7);
}, 60_000); // prettier-ignore

testWith(['chdb'], 'objectives have the same runs, failures and left budget', () => {
  writeHistory(workspace(), createRandom(seedOfTest()), 500, NOW, names);
  const goals = [['success', 0.9, 0], ['p95_ms', 0.95, 50_000], ['p50_ms', 0.5, 777]];
  const objectives = ['cuj', 'skill', 'agent', 'provider'].flatMap((kind) => goals.map(([goal, share, slower]) => ({ [kind]: '*', [goal]: slower || share, over: '7d' })));
  writeLines(workspace(), `${CONTEXT}/config/objectives.json`, [JSON.stringify({ objectives })]);
  const questions = ['cuj', 'skill', 'agent', 'provider'].flatMap((kind) => goals.map(([goal, share, slower]) => [`${kind}/${goal}`, `SELECT * FROM objective(kind = '${kind}', share = ${share}, slower_than_ms = ${slower}, ${window(NOW - 7 * DAY)})`]));
  const found = askClickHouse(Object.fromEntries(questions));
  const said = workspace().getObjectives();
  const expected = {};
  for (const [name] of questions) {
    const own = said.filter(({ kind, goal }) => `${kind}/${goal}` === name);
    // Names such as __proto__ are names.
    expected[name] = Object.fromEntries(own.map(({ subject, runs, left }) => [subject, { total: runs.total, failed: runs.failed, left }])); // prettier-ignore
  }
  const rows = Object.fromEntries(Object.entries(found).map(([name, list]) => [name, table(list.filter(({ total }) => total > 0), 'subject', same(['total', 'failed', 'left']))]));
  expect(rows).toEqual(expected);
}, 60_000); // prettier-ignore

testWith(['chdb'], 'sums by the hour have the counts of the records, and percentiles that are near', () => {
  const random = createRandom(seedOfTest());
  writeHistory(workspace(), random, 3000, NOW, names);
  const hours = "from = '2026-05-02 00:00:00', to = '2026-05-05 07:00:00'";
  const records = "from = '2026-05-02 00:00:00', to = '2026-05-05 06:59:59.999'";
  const kinds = { cuj: 'cuj_id', skill: 'skill', provider: 'provider' };
  const questions = Object.keys(kinds).flatMap((kind) => [[`${kind} hours`, `SELECT * FROM ${kind}_hourly(${hours})`], [`${kind} records`, `SELECT * FROM ${kind}_summary(${records})`]]);
  const found = askClickHouse(Object.fromEntries(questions));
  const columns = {
    cuj: same(['total', 'successful', 'failed', 'rate', 'avg_duration_ms', 'measured']),
    skill: { total: 'invocations', successful: 'successful', failed: 'failures', rate: 'success_rate', avg_duration_ms: 'mean_ms' },
    provider: { total: 'total_calls', successful: 'successful_calls', failed: 'failed_calls', rate: 'success_rate' },
  };
  for (const [kind, name] of Object.entries(kinds)) {
    const whole = table(found[`${kind} hours`], name, same(Object.keys(columns[kind])));
    expect(Object.keys(whole).length).toBeGreaterThan(10);
    expect(whole).toEqual(table(found[`${kind} records`], name, columns[kind]));
  }
  // Each lies between the exact ones beside it; a t-digest counts in single precision.
  const ranks = ['p50', 'p75', 'p90', 'p95', 'p99'];
  const exact = table(found['cuj records'], 'cuj_id', same(ranks));
  for (const row of found['cuj hours']) {
    for (const place of [1, 2, 3]) {
      const value = row[ranks[place]];
      const [below, above] = [place - 1, place + 1].map((beside) => Math.min(exact[row.cuj_id][ranks[beside]], 1e12));
      const near = value >= below * (1 - 1e-6) && value <= above * (1 + 1e-6);
      expect([row.cuj_id, ranks[place], below, value, above, near]).toEqual([row.cuj_id, ranks[place], below, value, above, true]); // prettier-ignore
    }
  }
}, 60_000); // prettier-ignore

testWith(['chdb'], 'lines come in from a file through a client, and from a collector with their host, as documented', () => {
  const line = (id) => JSON.stringify({ timestamp: new Date(NOW).toISOString(), cuj_id: id, success: true, duration_ms: 1 });
  const file = workspace().path('cuj-metrics.jsonl');
  fs.writeFileSync(file, `${line('file')}\n${line('file')}\n`);
  const more = [
    `INSERT INTO cuj_lines (line) FROM INFILE '${file}' FORMAT LineAsString`,
    `INSERT INTO cuj_lines FORMAT JSONEachRow ${JSON.stringify({ host: 'host-1', line: line('collector') })}`,
  ];
  const { found } = askClickHouse({ found: 'SELECT host, cuj_id, count() AS n FROM cuj_executions GROUP BY host, cuj_id ORDER BY n' }, { more });
  expect(found).toEqual([{ host: 'host-1', cuj_id: 'collector', n: 1 }, { host: '', cuj_id: 'file', n: 2 }]);
}, 60_000); // prettier-ignore

testWith(['chdb'], 'a compacted day goes in as its plain file would, every line once', () => {
  const day = NOW - 5 * DAY;
  const line = (n) => `${JSON.stringify({ timestamp: new Date(day).toISOString(), skill: 'linter', result: 'success', duration_ms: n })}\n`;
  const text = Buffer.from(Array.from({ length: 5000 }, (_, n) => line(n)).join(''));
  const file = workspace().path(`${CONTEXT}/logs/${dayName(day)}.gz`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  // Of many members.
  writePacked(file, text, zlib.deflateRawSync, 20_000);
  const more = [`INSERT INTO skill_lines (line) FROM INFILE '${file}' COMPRESSION 'gzip' FORMAT LineAsString`];
  const { found } = askClickHouse({ found: 'SELECT count() AS n, uniqExact(duration_ms) AS each, sum(duration_ms) AS sum FROM skill_invocations' }, { more });
  expect(found).toEqual([{ n: 5000, each: 5000, sum: 12_497_500 }]);
  expect(workspace().getLogger().getStatistics({ startDate: new Date(day - DAY) }).total_invocations).toBe(5000);
}, 60_000); // prettier-ignore

testWith(['chdb'], 'lines that count for nothing here count for nothing there, and odd values mean the same', () => {
  const at = (i) => new Date(NOW - 1000 * (20 - i)).toISOString();
  const odd = ['yes', '', '0', 0, -0.0, 1, 0.5, null, {}, [], 'false', false, true];
  const lines = odd.map((success, i) => JSON.stringify({ timestamp: at(i), cuj_id: 'odd', success, duration_ms: odd[i], error: null }));
  const nothing = ['', '   ', '{', '[1]', '"text"', 'null', '{"timestamp":1}', '{"cuj_id":""}', '{"cuj_id":null}', '{"cuj_id":0}', '{"cuj_id":"odd","success":tru'];
  writeLines(workspace(), `${CONTEXT}/${FILES.cuj_lines}`, [...lines, ...nothing, JSON.stringify({ timestamp: 'never', cuj_id: 'odd', success: true, duration_ms: 3 })]);
  const { summary, recent } = askClickHouse({ summary: `SELECT * FROM cuj_summary(${ALL})`, recent: `SELECT * FROM cuj_summary(${window(NOW - DAY)})` });
  const keys = ['total', 'successful', 'failed', 'rate', 'avg_duration_ms'];
  expect(table(summary, 'cuj_id', same(keys))).toEqual(ours(workspace().getAllCujMetrics(null), keys));
  expect(recent[0].total).toBe(workspace().getCujSuccessRate('odd', DAY).total);
}, 60_000); // prettier-ignore
