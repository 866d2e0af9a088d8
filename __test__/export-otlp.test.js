// `obs export otlp` and `startOtlpExport()` against a collector that decodes by the official definitions: what a record becomes,
// what the environment says, and what is done when the collector does not take it.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const Ajv = require('ajv');

const { prometheus } = require('../export/prometheus.js');
const { readConfig } = require('../export/otlp/config.js');
const { Exporter } = require('../export/otlp/exporter.js');
const { testWith } = require('./support/box.js');
const { Collector, attributesIn } = require('./support/collector.js');
const { PACKAGE, run } = require('./support/command-line.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');

const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const SECRET = 'sk-ant-api03-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGh';
const PAUSES = { first: 5, most: 20, refused: 20 };
const NEEDS = ['opentelemetry-proto'];
const workspace = useWorkspace();
let collector;
const collect = async () => (collector = await new Collector(workspace().path('collector')).start());
afterEach(async () => {
  await collector?.stop();
  collector = undefined;
});

const obs = (args, env = {}) => run([OBS, 'export', 'otlp', '--root', workspace().root, ...args], { env });

/** Sends all once, in this process; gives the report, and what was told. */
async function sendOnce(options = {}, settings = {}) {
  const told = [];
  const all = { tell: (words) => told.push(words), pauses: PAUSES, patience: 200, env: {}, ...settings };
  const exporter = new Exporter(workspace().core(), { endpoint: collector.endpoint, ...options }, all);
  return { report: await exporter.once(), told };
}

/** A run of a CUJ with what happened in it. */
function recordRun(id = 'run-1') {
  const { recordCujExecution, logSkillInvocation, recordProviderCall, emitProgress } = workspace();
  const metadata = { run_id: id, cuj_id: 'CUJ-005' };
  emitProgress({ runId: id, step: 1, status: 'running', percentage: 50, message: 'Reading' });
  logSkillInvocation({ skill: 'linter', params: { depth: 2 }, result: 'failure', duration: 431, agent: 'qa', runId: id, cujId: 'CUJ-005', error: 'Timeout after 3 s' }); // prettier-ignore
  recordProviderCall('google', true, 1234);
  workspace().getGlobalHealthMonitor().recordProviderCall('anthropic', true, 900, null, { ...metadata, model: 'claude-x', usage: { input_tokens: 5, cache_read_tokens: 100, cache_write_tokens: 20, output_tokens: 7 } }); // prettier-ignore
  recordCujExecution('CUJ-005', false, 8000, new Error('no answer'), { run_id: id, attempt: 2, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }); // prettier-ignore
}

const spansByName = () => Object.fromEntries(collector.items('traces').map(({ item }) => [item.name, item]));

describe.each(['http/protobuf', 'http/json'])('by %s', (protocol) => {
  testWith(NEEDS, 'a run is a trace: its CUJ the root, skills and provider calls below it', async () => {
    await collect();
    jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 0, 9, 12));
    recordRun();
    jest.restoreAllMocks();
    await sendOnce({ protocol });
    const spans = spansByName();
    expect(Object.keys(spans).sort()).toEqual(['Skill linter', 'chat', 'chat claude-x', 'invoke_workflow CUJ-005']);
    const root = spans['invoke_workflow CUJ-005'];
    expect(root).toEqual({
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      name: 'invoke_workflow CUJ-005',
      kind: 1,
      startTimeUnixNano: '1767959992000000000',
      endTimeUnixNano: '1767960000000000000',
      attributes: expect.any(Array),
      links: [{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', flags: 1 }],
      status: { code: 2, message: 'no answer' },
    });
    expect(attributesIn(root.attributes)).toEqual({
      'obs.cuj.id': 'CUJ-005',
      'obs.success': false,
      'obs.duration_ms': '8000',
      'obs.run.id': 'run-1',
      'obs.metadata.attempt': '2',
      'gen_ai.operation.name': 'invoke_workflow',
      'gen_ai.workflow.name': 'CUJ-005',
      'error.type': '_OTHER',
    });
    for (const name of ['Skill linter', 'chat claude-x']) {
      expect([name, spans[name].traceId, spans[name].parentSpanId]).toEqual([name, root.traceId, root.spanId]);
    }
    expect(attributesIn(spans['Skill linter'].attributes)).toMatchObject({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'Skill',
      'gen_ai.skill.name': 'linter',
      'obs.agent.name': 'qa',
    });
    expect(spans['chat claude-x'].kind).toBe(3);
    // Anthropic's input tokens are those that no cache had.
    expect(attributesIn(spans['chat claude-x'].attributes)).toMatchObject({
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'claude-x',
      'gen_ai.usage.input_tokens': '125',
      'gen_ai.usage.cache_read.input_tokens': '100',
      'gen_ai.usage.cache_write.input_tokens': '20',
      'gen_ai.usage.output_tokens': '7',
    });
    // A call that names no run is a trace of its own.
    expect(spans.chat.parentSpanId).toBeUndefined();
    expect(spans.chat.traceId).not.toBe(root.traceId);
    expect(attributesIn(spans.chat.attributes)['gen_ai.provider.name']).toBe('gcp.gen_ai');
  });

  testWith(NEEDS, 'each record is a log with the whole record as its body, in the trace of its span', async () => {
    await collect();
    recordRun();
    await sendOnce({ protocol });
    const logs = collector.items('logs').map(({ item }) => item);
    const recorded = ['logs/progress.jsonl', 'analytics/cuj-metrics.jsonl', 'analytics/provider-health.jsonl'].flatMap((file) => workspace().lines(`.claude/context/${file}`)); // prettier-ignore
    recorded.push(...workspace().getLogger().queryLogs());
    const byText = (values) => values.map((value) => JSON.stringify(value)).sort();
    expect(byText(logs.map(({ body }) => JSON.parse(body.stringValue)))).toEqual(byText(recorded));
    expect(logs.map(({ eventName }) => eventName).sort()).toEqual(['obs.cuj_execution', 'obs.progress', 'obs.provider_call', 'obs.provider_call', 'obs.skill_invocation']); // prettier-ignore
    const { 'invoke_workflow CUJ-005': root, 'Skill linter': skill } = spansByName();
    const of = (event) => logs.find(({ eventName }) => eventName === event);
    expect([of('obs.skill_invocation').traceId, of('obs.skill_invocation').spanId]).toEqual([
      skill.traceId,
      skill.spanId,
    ]);
    expect([of('obs.skill_invocation').severityText, of('obs.progress').severityText]).toEqual(['ERROR', 'INFO']);
    expect(of('obs.progress').traceId).toBe(root.traceId);
    expect(new Set(logs.map(({ attributes }) => attributesIn(attributes)['log.record.uid'])).size).toBe(5);
  });

  testWith(NEEDS, 'metrics are those for Prometheus', async () => {
    await collect();
    recordRun();
    await sendOnce({ protocol });
    const metrics = Object.fromEntries(collector.items('metrics').map(({ item }) => [item.name, item]));
    const { text } = prometheus(workspace().core());
    const values = Object.values(metrics).flatMap(({ name, unit, gauge, sum, histogram }) => {
      const base = `${name.replaceAll('.', '_')}${unit === 's' ? '_seconds' : ''}${sum ? '_total' : ''}`;
      const labels = (point, more = []) => {
        const all = [
          ...(point.attributes ?? []).map(({ key, value }) => `${key}="${Object.values(value)[0]}"`),
          ...more,
        ];
        return all.length === 0 ? '' : `{${all.join()}}`;
      };
      const points = (gauge ?? sum)?.dataPoints.map((point) => `${base}${labels(point)} ${point.asInt ?? point.asDouble ?? 0}`); // prettier-ignore
      if (points) return points;
      return histogram.dataPoints.flatMap((point) => {
        let upTo = 0;
        const bounds = [...point.explicitBounds, '+Inf'];
        const buckets = point.bucketCounts.map((count, place) => `${base}_bucket${labels(point, [`le="${bounds[place]}"`])} ${(upTo += Number(count))}`); // prettier-ignore
        return [...buckets, `${base}_sum${labels(point)} ${point.sum}`, `${base}_count${labels(point)} ${point.count}`];
      });
    });
    expect(values.sort()).toEqual(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).sort()); // prettier-ignore
    expect(metrics['obs.cuj.executions']).toMatchObject({ unit: '{execution}', sum: { isMonotonic: true, aggregationTemporality: 2 } }); // prettier-ignore
    expect(metrics['obs.cuj.execution.duration'].unit).toBe('s');
  });
});

testWith(NEEDS, 'nothing is sent twice, and what comes later is', async () => {
  await collect();
  recordRun('a');
  const first = await sendOnce({ signals: ['logs', 'traces'] });
  expect(first.report.signals).toMatchObject({ logs: { sent: 5 }, traces: { sent: 4 } });
  const second = await sendOnce({ signals: ['logs', 'traces'] });
  expect(second.report.signals).toMatchObject({ logs: { sent: 0, requests: 0 }, traces: { sent: 0, requests: 0 } });
  workspace().recordCujExecution('CUJ-9', true, 1);
  const third = await sendOnce({ signals: ['logs', 'traces'] });
  expect(third.report.signals).toMatchObject({ logs: { sent: 1 }, traces: { sent: 1 } });
});

testWith(NEEDS, 'the ids of a record are the same whenever it is sent', async () => {
  await collect();
  recordRun();
  const ids = () => collector.items('traces').map(({ item }) => `${item.traceId} ${item.spanId} ${item.parentSpanId}`);
  await sendOnce();
  const before = ids();
  fs.rmSync(workspace().path('.claude/context/.obs'), { recursive: true });
  await sendOnce({ protocol: 'http/json' });
  expect(ids().slice(before.length).sort()).toEqual(before.sort());
});

testWith(NEEDS, 'with --from-now only what comes later is sent', async () => {
  await collect();
  recordRun();
  const endpoint = ['--endpoint', collector.endpoint, '--signals', 'logs'];
  expect((await obs([...endpoint, '--from-now'])).stdout).toMatch(/^logs: 0 log records sent/);
  workspace().recordCujExecution('CUJ-9', true, 1);
  const { code, stdout, stderr } = await obs([...endpoint, '--from-now']);
  expect([code, stdout, stderr]).toEqual([0, `logs: 1 log record sent to ${collector.endpoint}/v1/logs\n`, '']);
});

testWith(NEEDS, 'secrets that old lines hold leave with none, in no signal', async () => {
  await collect();
  const timestamp = '2026-01-09T12:00:00.000Z';
  writeLines(workspace(), '.claude/context/analytics/cuj-metrics.jsonl', [
    { timestamp, cuj_id: `CUJ ${SECRET}`, success: false, duration_ms: 5, error: `key ${SECRET}`, metadata: { password: 'hunter22', run_id: SECRET } }, // prettier-ignore
  ]);
  writeLines(workspace(), '.claude/context/logs/skill-invocations-2026-01-09.jsonl', [
    {
      timestamp,
      skill: 's',
      params: JSON.stringify({ apiKey: 'hunter22', text: SECRET }),
      result: 'success',
      duration_ms: 1,
    },
  ]);
  await sendOnce();
  const all = JSON.stringify(collector.notes());
  expect(collector.items('logs')).toHaveLength(2);
  expect([all.includes(SECRET), all.includes('hunter22'), all.includes('[REDACTED]')]).toEqual([false, false, true]);
});

testWith(NEEDS, 'odd records are sent as far as they can be', async () => {
  await collect();
  const file = workspace().path('.claude/context/analytics/cuj-metrics.jsonl');
  const good = JSON.stringify({ timestamp: '2026-01-09T12:00:00Z', cuj_id: 'CUJ-1', success: true, duration_ms: 1 });
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const lines = [
    '{"cuj_id":"\\ud800","timestamp":"2026-01-09T12:00:00Z","metadata":{"\\udfff":"\\ud83d","big":1e999,"small":-0.5}}',
    '{"cuj_id":5,"timestamp":"never","metadata":[1],"error":{"message":"x"}}',
    '{"cuj_id":"early","timestamp":"1969-01-01T00:00:00Z","duration_ms":-5,"metadata":null}',
    'no record',
    `{"torn":"${good}`,
    '{"cuj_id":"no end"}',
  ];
  fs.writeFileSync(file, lines.join('\n'));
  for (const protocol of ['http/protobuf', 'http/json']) {
    fs.rmSync(workspace().path('.claude/context/.obs'), { recursive: true, force: true });
    const { report } = await sendOnce({ protocol, signals: ['logs', 'traces'] });
    expect([protocol, report.signals]).toMatchObject([protocol, { logs: { sent: 4 }, traces: { sent: 3 } }]);
  }
  expect(collector.items('logs').map(({ item }) => attributesIn(item.attributes)['obs.cuj.id'])).toEqual(Array(2).fill(['\ufffd', '5', 'early', 'CUJ-1']).flat()); // prettier-ignore
});

describe('a collector', () => {
  testWith(NEEDS, 'that takes a part is told of, and the rest is not sent again', async () => {
    await collect();
    collector.order({ rejected: 2, words: 'too old' });
    recordRun();
    const { report, told } = await sendOnce({ signals: ['traces'] });
    // Three files with 1, 1 and 2 spans; of each request this collector says that it rejected two.
    expect(report.signals.traces).toMatchObject({ sent: 0, rejected: 6, refused: 0 });
    expect(told).toEqual([`traces to ${collector.endpoint}/v1/traces: the collector took all but 2: too old`]);
    const { code, stdout, stderr } = await obs(['--endpoint', collector.endpoint, '--signals', 'logs']);
    expect([code, stdout]).toEqual([1, expect.stringContaining('rejected by the collector')]);
    expect(stderr).toContain('too old');
    collector.order({});
    expect((await sendOnce({ signals: ['traces'] })).report.signals.traces.requests).toBe(0);
  });

  testWith(NEEDS, 'that is busy is asked again, when it says so', async () => {
    await collect();
    collector.order({ early: 429, retry_after: 1 });
    recordRun();
    const sending = sendOnce({ signals: ['logs'] }, { patience: 60_000 });
    setTimeout(() => collector.order({}), 300);
    const { report, told } = await sending;
    expect(report.signals.logs).toMatchObject({ sent: 5, fault: null });
    // The files are sent one after the other: only the first had to wait, and it waited as long as it was told to.
    expect(report.signals.logs.retries).toBe(1);
    expect(told).toEqual([expect.stringContaining('429'), 'logs: the collector takes it again']);
  });

  testWith(NEEDS, 'that is not there costs nothing but time', async () => {
    await collect();
    await collector.stop();
    recordRun();
    const { code, stdout, stderr } = await run(
      ['-e', `const { Exporter } = require('${PACKAGE}/export/otlp/exporter.js');
        const face = require('${PACKAGE}/lib/face.js').createFace({ projectRoot: ${JSON.stringify(workspace().root)} });
        new Exporter(face.core(), { endpoint: '${collector.endpoint}' }, { tell: () => {}, pauses: ${JSON.stringify(PAUSES)}, patience: 100 })
          .once().catch((error) => { console.log(error.code, error.message); });`],
    ); // prettier-ignore
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^OBS_OTLP \w+ to http:\/\/127.0.0.1:\d+\/v1\/\w+: ECONNREFUSED\n$/);
    await collector.start();
    expect((await sendOnce()).report.signals).toMatchObject({ logs: { sent: 5 }, traces: { sent: 4 } });
  });

  testWith(NEEDS, 'that dislikes one record gets the others', async () => {
    await collect();
    const bad = 'CUJ-bad';
    for (let n = 0; n < 20; n += 1) workspace().recordCujExecution(n === 13 ? bad : `CUJ-${n}`, true, 1);
    const proxy = http.createServer((request, response) => forward(request, response, bad));
    await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { report, told } = await sendOnce({
      endpoint: `http://127.0.0.1:${proxy.address().port}`,
      signals: ['logs'],
    });
    proxy.close();
    proxy.closeAllConnections();
    expect(report.signals.logs).toMatchObject({ sent: 19, refused: 1 });
    expect(told).toEqual([
      expect.stringMatching(/1 not taken, and given up: the collector answered 400: I dislike it$/),
    ]);
    const got = collector.items('logs').map(({ item }) => attributesIn(item.attributes)['obs.cuj.id']);
    expect(got).toEqual(Array.from({ length: 20 }, (_, n) => `CUJ-${n}`).filter((name) => name !== 'CUJ-13'));
  });

  testWith(NEEDS, 'that takes nothing at all makes nobody give up a record', async () => {
    await collect();
    recordRun();
    for (const status of [400, 401, 404, 500]) {
      collector.order({ early: status });
      await expect(sendOnce({ signals: ['logs'] })).rejects.toMatchObject({
        code: 'OBS_OTLP',
        message: expect.stringContaining(String(status)),
      });
    }
    collector.order({});
    expect((await sendOnce({ signals: ['logs'] })).report.signals.logs).toMatchObject({ sent: 5, refused: 0 });
  });
});

/** Hands a request on to the collector, unless it holds a word. */
function forward(request, response, word) {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const body = Buffer.concat(pieces);
    if (body.includes(word)) {
      response.writeHead(400, { 'content-type': 'text/plain' }).end('I dislike it');
      return;
    }
    const { 'content-type': type } = request.headers;
    const on = http.request(`${collector.endpoint}${request.url}`, { method: 'POST', headers: { 'content-type': type, 'content-length': body.length } }, (answer) => answer.pipe(response.writeHead(answer.statusCode, answer.headers))); // prettier-ignore
    on.end(body);
  });
}

describe('the environment', () => {
  testWith(NEEDS, 'says where, how and who, OBS_ before OTEL_', async () => {
    await collect();
    recordRun();
    const { code, stderr } = await obs([], {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OBS_EXPORTER_OTLP_ENDPOINT: `${collector.endpoint}/`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b,x-other=1',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-key=c',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=old,deployment.environment.name=test%2F1',
      OTEL_SERVICE_NAME: 'agents',
      OTEL_METRICS_EXPORTER: 'none',
    });
    expect([code, stderr]).toEqual([0, '']);
    const notes = collector.notes();
    expect(new Set(notes.map(({ signal }) => signal))).toEqual(new Set(['logs', 'traces']));
    for (const { signal, encoding, headers, request } of notes) {
      expect([encoding, headers['content-encoding']]).toEqual(['json', 'gzip']);
      expect([headers['x-key'], headers['x-other']]).toEqual(signal === 'logs' ? ['a b', '1'] : ['c', undefined]);
      expect(headers['user-agent']).toMatch(/^obs-native\/\d/);
      const [{ resource, schemaUrl }] = request.resourceLogs ?? request.resourceSpans;
      expect(schemaUrl).toBe('https://opentelemetry.io/schemas/gen-ai-dev/1.42.0-dev');
      expect(attributesIn(resource.attributes)).toMatchObject({
        'service.name': 'agents',
        'deployment.environment.name': 'test/1',
        'obs.workspace': path.basename(workspace().root),
        'telemetry.sdk.name': 'obs-native',
      });
      expect(JSON.stringify(resource)).not.toContain(workspace().root);
    }
  });

  const ENDPOINTS = [
    [{}, 'http://localhost:4318/v1/logs'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a/' }, 'http://a/v1/logs'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://a:1/base' }, 'https://a:1/base/v1/logs'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://b/in' }, 'http://b/in'],
    [{ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://b', OBS_EXPORTER_OTLP_ENDPOINT: 'http://c' }, 'http://c/v1/logs'],
    [{ OBS_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://d/x', OBS_EXPORTER_OTLP_ENDPOINT: 'http://c' }, 'http://d/x'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, 'http://localhost:4318/v1/logs'],
  ];
  test.each(ENDPOINTS)('%j sends logs to %s', (env, address) => {
    expect(readConfig({}, env).targets.logs.url.href).toBe(address);
  });

  const WRONG = [
    [
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      /^OTEL_EXPORTER_OTLP_PROTOCOL must be http\/protobuf or http\/json, got "grpc"$/,
    ],
    [{ OBS_EXPORTER_OTLP_LOGS_PROTOCOL: 'http' }, /^OBS_EXPORTER_OTLP_LOGS_PROTOCOL must be/],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' },
      /^OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https address/,
    ],
    [{ OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' }, /^OTEL_EXPORTER_OTLP_COMPRESSION must be none or gzip/],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: 'soon' }, /^OTEL_EXPORTER_OTLP_TIMEOUT must be a number of milliseconds/],
    [{ OTEL_EXPORTER_OTLP_HEADERS: `authorization ${SECRET}` }, /^OTEL_EXPORTER_OTLP_HEADERS must be pairs/],
    [{ OTEL_LOGS_EXPORTER: 'console' }, /^OTEL_LOGS_EXPORTER must be otlp or none/],
    [{ OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta' }, /must be cumulative/],
  ];
  test.each(WRONG)('%j is refused by name', (env, message) => {
    expect(() => readConfig({}, env)).toThrow(expect.objectContaining({ code: 'OBS_INVALID_ARGUMENT', message: expect.stringMatching(message) })); // prettier-ignore
    try {
      readConfig({}, env);
    } catch (error) {
      expect(error.message).not.toContain(SECRET);
    }
  });

  test('switches signals off', () => {
    expect(Object.keys(readConfig({}, { OTEL_SDK_DISABLED: 'true' }).targets)).toEqual([]);
    expect(Object.keys(readConfig({}, { OTEL_LOGS_EXPORTER: 'none', OBS_METRICS_EXPORTER: 'none' }).targets)).toEqual([
      'traces',
    ]);
    expect(Object.keys(readConfig({ signals: ['logs'] }, { OTEL_LOGS_EXPORTER: 'none' }).targets)).toEqual(['logs']);
  });
});

test('no redirect is followed, and no secret of the address or the headers is told', async () => {
  recordRun();
  let asked = 0;
  const server = http.createServer((request, response) => {
    asked += 1;
    request.resume();
    response.writeHead(307, { location: `http://127.0.0.1:${server.address().port}/elsewhere` }).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://user:hunter22@127.0.0.1:${server.address().port}/?key=hunter23`;
  const told = [];
  const exporter = new Exporter(workspace().core(), { endpoint, signals: ['logs'], headers: { 'x-key': 'hunter24' } }, { tell: (words) => told.push(words), pauses: PAUSES, patience: 0, env: {} }); // prettier-ignore
  const error = await exporter.once().catch((thrown) => thrown);
  server.close();
  server.closeAllConnections();
  expect([asked, error.code]).toEqual([1, 'OBS_OTLP']);
  expect(`${error.message} ${told.join()}`).not.toMatch(/hunter2/);
});

test('one exporter works for a workspace, and the next takes over when its process dies', async () => {
  const server = http.createServer((request, response) => {
    request.resume();
    request.on('end', () => response.end());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  const child = spawn(process.execPath, [OBS, 'export', 'otlp', '--follow', '--root', workspace().root, '--endpoint', endpoint], { stdio: ['ignore', 'ignore', 'pipe'] }); // prettier-ignore
  const lock = workspace().path('.claude/context/.obs/otlp.lock');
  const held = () => {
    const got = workspace().core().call('tryLock', lock);
    got?.release();
    return got === null;
  };
  while (!(fs.existsSync(lock) && held())) await new Promise((resolve) => setTimeout(resolve, 50));
  const settings = { tell: () => {}, pauses: PAUSES, env: {} };
  const options = { endpoint, signals: ['logs'] };
  expect(() => new Exporter(workspace().core(), options, settings).once()).toThrow(
    expect.objectContaining({ code: 'OBS_BUSY' }),
  );
  const waiting = new Exporter(workspace().core(), options, settings).start();
  expect(waiting.report().state).toBe('standby');
  child.kill('SIGKILL');
  while (waiting.report().state === 'standby') await new Promise((resolve) => setTimeout(resolve, 50));
  expect(waiting.report().state).toBe('exporting');
  workspace().recordCujExecution('CUJ-1', true, 1);
  expect((await waiting.flush({ timeout: 60_000 })).signals.logs.sent).toBe(1);
  expect((await waiting.stop()).state).toBe('stopped');
  server.close();
  server.closeAllConnections();
});

describe('startOtlpExport', () => {
  testWith(NEEDS, 'sends what any process records, and keeps none from its end', async () => {
    await collect();
    const entry = JSON.stringify(path.join(PACKAGE, 'index.js'));
    const code = `const obs = require(${entry});
      obs.configure({ projectRoot: ${JSON.stringify(workspace().root)}, durability: 'batch' });
      const { recordCujExecution, startOtlpExport } = obs;
      const otlp = startOtlpExport({ endpoint: '${collector.endpoint}', signals: ['logs', 'traces'] });
      const again = startOtlpExport({ endpoint: '${collector.endpoint}' });
      recordCujExecution('CUJ-1', true, 1);
      otlp.flush().then(({ state, signals }) => {
        console.log(state, signals.logs.sent, signals.traces.sent, again.report().state);
        recordCujExecution('CUJ-2', true, 1);
      });`;
    const { code: status, stdout, stderr } = await run(['-e', code]);
    expect([status, stdout, stderr]).toEqual([0, 'exporting 1 1 standby\n', '']);
    // What was not sent when the program ended is sent by the next one.
    expect((await sendOnce({ signals: ['logs'] })).report.signals.logs.sent).toBe(1);
  });

  test('tells onError, once on stderr, and no recording function', async () => {
    const code = `const obs = require(${JSON.stringify(path.join(PACKAGE, 'index.js'))});
      const codes = new Set();
      obs.configure({ projectRoot: ${JSON.stringify(workspace().root)}, onError: (error) => codes.add(error.code) });
      const otlp = obs.startOtlpExport({ endpoint: 'http://127.0.0.1:1', signals: ['logs', 'traces'] });
      obs.recordCujExecution('CUJ-1', true, 1);
      const ends = async () => {
        while (!otlp.report().signals.logs?.fault) await new Promise((resolve) => setTimeout(resolve, 20));
        const { signals } = await otlp.flush({ timeout: 10 });
        console.log([...codes].join(), signals.logs.sent, signals.logs.fault, obs.getStoreHealth().accepted);
        console.log((await otlp.stop()).state);
      };
      ends();`;
    const { code: status, stdout, stderr } = await run(['-e', code]);
    expect([status, stdout]).toEqual([0, 'OBS_OTLP 0 ECONNREFUSED 1\nstopped\n']);
    expect(stderr.match(/@obs\/native/g)).toHaveLength(1);
    expect(stderr).toContain('ECONNREFUSED; trying again');
  });

  test('is off where nothing may be written, and refuses what it cannot use', async () => {
    const { createFace } = require('../lib/face.js');
    const face = createFace({ projectRoot: workspace().root, env: { OBS_DISABLED: '1' } });
    const otlp = face.startOtlpExport();
    expect([otlp.report(), await otlp.flush(), (await otlp.stop()).state]).toEqual([{ schema: 1, state: 'off', signals: {} }, { schema: 1, state: 'off', signals: {} }, 'off']); // prettier-ignore
    expect(fs.existsSync(workspace().path('.claude/context/.obs'))).toBe(false);
    for (const options of [
      null,
      { endpoint: 5 },
      { signals: [] },
      { signals: ['x'] },
      { port: 1 },
      { protocol: 'grpc' },
      { timeout: -1 },
      { headers: { 'a b': 'c' } },
      { headers: { a: 'b\nc' } },
    ]) {
      expect(() => workspace().startOtlpExport(options)).toThrow(
        expect.objectContaining({ code: 'OBS_INVALID_ARGUMENT' }),
      );
    }
  });

  test('the package loads nothing of it before it is called', async () => {
    const code = `const obs = require(${JSON.stringify(path.join(PACKAGE, 'index.js'))});
      obs.configure({ projectRoot: ${JSON.stringify(workspace().root)} });
      obs.recordCujExecution('CUJ-1', true, 1);
      obs.getCujSuccessRate('CUJ-1');
      const loaded = () => Object.keys(require.cache).filter((file) => /[/\\\\](export|alerts)[/\\\\]/.test(file)).length;
      const before = loaded();
      obs.startOtlpExport({ endpoint: 'http://127.0.0.1:1' }).stop();
      console.log(before, loaded() > 0);`;
    expect(await run(['-e', code])).toMatchObject({ code: 0, stdout: '0 true\n' });
  });
});

test('Ctrl-C ends --follow with what was sent', async () => {
  const bodies = [];
  const server = http.createServer((request, response) => {
    request.on('data', (piece) => bodies.push(piece));
    request.on('end', () => response.end());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  workspace().recordCujExecution('CUJ-1', true, 1);
  const args = ['export', 'otlp', '--follow', '--json', '--signals', 'logs', '--root', workspace().root, '--endpoint', `http://127.0.0.1:${server.address().port}`]; // prettier-ignore
  const child = spawn(process.execPath, [OBS, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  child.stdout.on('data', (text) => (stdout += text));
  const ended = new Promise((resolve) => child.once('close', resolve));
  while (bodies.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ schema: 1, state: 'stopped', signals: { logs: { sent: 1 } } });
  expect(new Ajv().validate(require('../schemas/export-otlp.schema.json'), report)).toBe(true);
  server.close();
  server.closeAllConnections();
});
