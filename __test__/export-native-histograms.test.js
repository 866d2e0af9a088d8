// `/metrics` as Prometheus asks for it when it takes native histograms: every series of the text and each duration in its exponential
// bucket, against a naive count; read by the official definitions and by a real Prometheus, whose quantiles are ours to within a bucket.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { formatOf, prometheus } = require('../export/prometheus.js');
const { metricFamilies } = require('../export/metric-families.js');
const { testWith } = require('./support/box.js');
const { PACKAGE, start, until } = require('./support/command-line.js');
const { labelText, parseExposition, withNumericBounds } = require('./support/exposition.js');
const { freePort } = require('./support/free-port.js');
const { writeHistory } = require('./support/histories.js');
const { familiesIn } = require('./support/metric-families.js');
const { ask, ensurePage, startServer } = require('./support/page.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');

const ROUNDS = process.env.OBS_LONG === '1' ? 100 : 6;
const NOW = Date.parse('2026-05-05T12:00:00Z');
const NATIVE =
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const TYPE = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';
const workspace = useWorkspace();
const protobuf = (options) => prometheus(workspace().core(), { ...options, format: 'protobuf' });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The bounds of the bucket that a duration belongs in, by the definition of schema 3. */
function bucketOf(seconds) {
  let number = Math.ceil(Math.log2(seconds) * 8) - 2;
  while (2 ** (number / 8) < seconds) number += 1;
  return number;
}

/** `number of the bucket → count` of a native histogram, taken apart by its definition: spans, and differences of counts. */
function bucketsOf({ positiveSpan = [], positiveDelta = [] }) {
  const found = {};
  const deltas = [...positiveDelta];
  let [number, count] = [0, 0];
  for (const { offset, length } of positiveSpan) {
    number += offset;
    for (let left = length; left > 0; left -= 1, number += 1) {
      count += deltas.shift();
      if (count > 0) found[number] = count;
    }
  }
  expect(deltas).toEqual([]);
  return found;
}

/** The series of the text that a family stands for, under the keys of `parseExposition`, with numeric bounds. */
function seriesOf({ name, type, metric }) {
  const key = (of, labels) => JSON.stringify([of, labels]);
  return metric.flatMap(({ label = [], gauge, counter, histogram }) => {
    const labels = label.map((each) => [each.name, each.value]);
    if (type !== 4) return [[key(name, labels), (type === 0 ? counter : gauge).value]];
    const buckets = histogram.bucket.map(({ upperBound, cumulativeCount }) => [key(`${name}_bucket`, [...labels, ['le', upperBound]]), cumulativeCount]); // prettier-ignore
    return [...buckets, [key(`${name}_sum`, labels), histogram.sampleSum], [key(`${name}_count`, labels), histogram.sampleCount]]; // prettier-ignore
  });
}

const DURATIONS = {
  obs_cuj_execution_duration_seconds: ['executions', 'cuj_id', 'duration_ms'],
  obs_skill_invocation_duration_seconds: ['skills', 'skill', 'duration_ms'],
  obs_agent_invocation_duration_seconds: ['skills', 'agent', 'duration_ms'],
  obs_provider_call_duration_seconds: ['calls', 'provider', 'latency_ms'],
};

test('each series is that of the text, and each duration is in its exponential bucket', () => {
  const seed = seedOfTest();
  for (let round = 0; round < ROUNDS; round += 1) {
    fs.rmSync(workspace().path('.claude'), { recursive: true, force: true });
    const random = createRandom(seed + round);
    const records = writeHistory(workspace(), random, 150, NOW);
    const { text, body, type } = protobuf();
    expect(type).toBe(TYPE);
    const families = familiesIn(body);
    const found = Object.fromEntries(families.flatMap(seriesOf));
    expect({ seed: seed + round, found }).toEqual({ seed: seed + round, found: Object.fromEntries(withNumericBounds(parseExposition(text))) }); // prettier-ignore
    for (const [name, [from, id, duration]] of Object.entries(DURATIONS)) {
      for (const { label, histogram } of families.find((family) => family.name === name)?.metric ?? []) {
        const own = records[from].filter((record) => labelText(record[id]) === label[0].value).map((record) => record[duration]);
        const seconds = own.filter(Number.isFinite).map((ms) => Math.max(0, ms) / 1000);
        const wanted = {};
        for (const each of seconds.filter((value) => value > 2 ** -128)) wanted[bucketOf(each)] = (wanted[bucketOf(each)] ?? 0) + 1; // prettier-ignore
        const { schema, zeroThreshold, zeroCount } = histogram;
        expect([seed + round, name, label, schema, zeroThreshold, zeroCount, bucketsOf(histogram)]).toEqual([seed + round, name, label, 3, 2 ** -128, seconds.filter((value) => value <= 2 ** -128).length, wanted]); // prettier-ignore
      }
    }
  }
}, 60_000); // prettier-ignore

test('durations of any length and none at all have their buckets, and the count is their sum', () => {
  const durations = [0, 1e-9, 0.001, 1, 8, 500, 1000, 1000.0000001, 2000, 3_600_000, 1e12, 1e300, -5, null];
  const lines = durations.map((ms) => ({ timestamp: NOW, cuj_id: 'odd', success: true, duration_ms: ms }));
  writeLines(workspace(), '.claude/context/analytics/cuj-metrics.jsonl', [...lines, { timestamp: NOW, cuj_id: 'none', success: true, duration_ms: 'x' }]); // prettier-ignore
  const { metric } = familiesIn(protobuf().body).find(({ name }) => name === 'obs_cuj_execution_duration_seconds');
  const [odd, none] = metric.map(({ histogram }) => histogram);
  const buckets = bucketsOf(odd);
  expect([odd.zeroCount, odd.sampleCount]).toEqual([2, 13]);
  expect(Object.values(buckets).reduce((sum, count) => sum + count, odd.zeroCount)).toBe(odd.sampleCount);
  // 1 s and 2 s are bounds, which belong to the buckets below them.
  expect([buckets[0], buckets[1], buckets[8]]).toEqual([1, 1, 1]);
  expect([none.sampleCount, none.zeroCount, none.schema, none.positiveSpan]).toEqual([0, 0, 3, undefined]);
});

test('without a record there are the families that have series', () => {
  const names = familiesIn(protobuf().body).map(({ name }) => name);
  expect(names).toEqual(['obs_progress_events_total', 'obs_skipped_lines', 'obs_folded_names']);
  expect(metricFamilies('', [])).toHaveLength(0);
});

test.each([
  [NATIVE, 'protobuf'],
  ['Application/Vnd.Google.Protobuf; Proto=io.prometheus.client.MetricFamily; Encoding=delimited', 'protobuf'],
  ['application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.2', 'protobuf'],
  ['application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.3,text/plain', 'text'],
  ['application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text', 'text'],
  ['application/vnd.google.protobuf;encoding=delimited,application/openmetrics-text;version=1.0.0', 'openmetrics'],
  ['application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0', 'text'],
])('a reader that accepts %p gets %p', (accept, wanted) => {
  expect(formatOf(accept)).toBe(wanted);
}); // prettier-ignore

test('/metrics gives it to who asks for it with the token', async () => {
  workspace().recordCujExecution('CUJ-005', true, 5);
  const server = await startServer([workspace().root], { metrics: { token: 'a-token-of-the-tests-own' } });
  try {
    const headers = { Authorization: 'Bearer a-token-of-the-tests-own', Accept: NATIVE };
    const head = await ask(server.port, '/metrics', headers, 'HEAD');
    const { body } = protobuf();
    expect([head.status, head.headers['content-type'], Number(head.headers['content-length'])]).toEqual([200, TYPE, body.length]); // prettier-ignore
    const response = await globalThis.fetch(`http://127.0.0.1:${server.port}/metrics`, { headers });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(body);
  } finally {
    await server.close();
  }
});

/** What `protoc` and the official definitions make of the messages: a text of each. */
function readOfficially(body) {
  const folder = workspace().path('proto');
  fs.mkdirSync(path.join(folder, 'google', 'protobuf'), { recursive: true });
  const timestamp =
    'syntax = "proto3"; package google.protobuf; message Timestamp { int64 seconds = 1; int32 nanos = 2; }';
  fs.writeFileSync(path.join(folder, 'google', 'protobuf', 'timestamp.proto'), timestamp);
  const words = [`-I${folder}`, '-I/usr/share/gocode/src/github.com/prometheus/client_model', '--decode=io.prometheus.client.MetricFamily', 'io/prometheus/client/metrics.proto']; // prettier-ignore
  return familiesIn(body, (message) => {
    const { status, stdout, stderr } = spawnSync('protoc', words, { input: message, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  });
}

testWith(['client_model'], 'by the official definitions no field is unknown and the numbers are the same', () => {
  for (const ms of [0, 5, 90, 90, 1500]) workspace().recordCujExecution('CUJ "5"', true, ms);
  const { body } = protobuf();
  const texts = readOfficially(body);
  expect(texts.filter((text) => /^\s*\d+:/m.test(text))).toEqual([]);
  const text = texts.find((each) => each.includes('name: "obs_cuj_execution_duration_seconds"'));
  expect(text).toMatch(/type: HISTOGRAM[^]*name: "cuj"\s+value: "CUJ \\"5\\""[^]*sample_count: 5\s+sample_sum: 1\.685/);
  const numbers = (field) => [...text.matchAll(new RegExp(`${field}: (-?\\d+)`, 'g'))].map(([, value]) => Number(value));
  const [{ histogram }] = familiesIn(body).find(({ name }) => name === 'obs_cuj_execution_duration_seconds').metric;
  expect(numbers('zero_count')).toEqual([1]);
  expect(numbers('schema')).toEqual([3]);
  expect([numbers('offset'), numbers('length')]).toEqual([histogram.positiveSpan.map(({ offset }) => offset), histogram.positiveSpan.map(({ length }) => length)]);
  expect(numbers('positive_delta')).toEqual(histogram.positiveDelta);
}, 60_000); // prettier-ignore

async function eventually(look, isWanted) {
  let seen = await look().catch(() => null);
  for (let tries = 0; tries < 400 && !isWanted(seen); tries += 1) {
    await pause(100);
    seen = await look().catch(() => null);
  }
  return seen;
}

testWith(['prometheus'], 'a real Prometheus that takes native histograms has our counts and sums, and quantiles to within a bucket', async () => {
  const seed = seedOfTest();
  const random = createRandom(seed);
  ensurePage();
  const { root } = workspace();
  // From half a millisecond to hours.
  const record = () => {
    for (let i = 0; i < 150; i += 1) {
      workspace().recordCujExecution('CUJ-005', random.chance(0.5), Math.round(2 ** (random.next() * 24 - 1) * 10) / 10);
      workspace().recordProviderCall('anthropic', true, 200 + random.below(2000));
    }
  };
  record();
  const running = start([path.join(PACKAGE, 'bin', 'obs.js'), 'serve', '--root', root, '--metrics-token', path.join(root, 'token')]);
  await until(() => running.stderr.includes('/metrics'), () => `the server: ${running.stderr}`, 30_000);
  const target = /127\.0\.0\.1:(\d+)\/metrics/.exec(running.stderr)[1];
  const config = { global: { scrape_interval: '250ms', scrape_timeout: '250ms' }, scrape_configs: [{ job_name: 'obs', authorization: { credentials_file: 'token' }, static_configs: [{ targets: [`127.0.0.1:${target}`] }] }] };
  fs.writeFileSync(path.join(root, 'prometheus.yml'), JSON.stringify(config));
  const port = await freePort();
  const words = ['--config.file=prometheus.yml', '--storage.tsdb.path=tsdb', `--web.listen-address=127.0.0.1:${port}`, '--enable-feature=native-histograms'];
  const child = spawn('prometheus', words, { cwd: root, stdio: 'ignore' });
  const query = async (text) => (await (await globalThis.fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(text)}`)).json()).data.result;
  const number = async (text) => Number((await query(text))[0]?.value[1] ?? NaN);
  try {
    for (let round = 0; round < 4; round += 1) {
      record();
      await pause(300);
    }
    const count = workspace().getCujSuccessRate('CUJ-005', null).total;
    expect(await eventually(() => number('histogram_count(obs_cuj_execution_duration_seconds)'), (seen) => seen === count)).toBe(count);
    const { text } = prometheus(workspace().core());
    const sum = Number(/^obs_cuj_execution_duration_seconds_sum\S+ (\S+)$/m.exec(text)[1]);
    expect(await number('histogram_sum(obs_cuj_execution_duration_seconds)')).toBeCloseTo(sum, 6);
    expect(await number('sum(obs_cuj_executions_total)')).toBe(count);
    expect(await number('histogram_count(obs_provider_call_duration_seconds)')).toBe(count);
    const ours = workspace().getPerformancePercentiles('CUJ-005', null);
    const calls = workspace().getProviderTable({ from: null }).rows[0];
    const bounds = { seed };
    for (const [metric, values] of [['obs_cuj_execution_duration_seconds', ours], ['obs_provider_call_duration_seconds', { p50: calls.p50_ms, p95: calls.p95_ms }]]) {
      for (const [name, ms] of Object.entries(values).filter(([key, value]) => /^p\d+$/.test(key) && value > 0)) {
        const seen = await number(`histogram_quantile(0.${name.slice(1)}, ${metric})`);
        const bucket = bucketOf(ms / 1000);
        // An interpolated value is within the bucket of the exact one.
        bounds[`${metric} ${name}`] = [2 ** ((bucket - 1) / 8) * (1 - 1e-9) <= seen, seen <= 2 ** (bucket / 8) * (1 + 1e-9), seen, ms];
      }
    }
    const outside = Object.entries(bounds).filter(([, value]) => Array.isArray(value) && !(value[0] && value[1]));
    expect({ seed, outside }).toEqual({ seed, outside: [] });
    expect(Object.keys(bounds).length).toBeGreaterThan(6);
  } finally {
    running.child.kill('SIGTERM');
    child.kill();
    await new Promise((resolve) => child.once('exit', resolve));
  }
}, 180_000); // prettier-ignore
