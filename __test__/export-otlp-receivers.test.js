// What two receivers that others wrote make of an export: a tap with a core in Rust, and a viewer of agents' traces with a page.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');

const { Exporter } = require('../export/otlp/exporter.js');
const { OTLP, testWith } = require('./support/box.js');
const { useWorkspace } = require('./support/use-workspace.js');
const { freePort } = require('./support/free-port.js');

const workspace = useWorkspace();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let child = null;
afterEach(async () => {
  if (child === null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode === null && child.kill('SIGKILL')) await ended;
  child = null;
});

/** Starts a program that takes its port as a word; resolves to its address once somebody listens there. */
async function start(wordsOf, env = {}) {
  const port = await freePort();
  const [program, ...words] = wordsOf(String(port));
  const out = fs.openSync(workspace().path('receiver.log'), 'w');
  child = spawn(program, words, {
    cwd: workspace().root,
    stdio: ['ignore', out, out],
    env: { ...process.env, ...env },
  });
  fs.closeSync(out);
  for (let tries = 0; tries < 600; tries += 1) {
    const answers = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      setTimeout(() => socket.destroy(), 50);
    });
    if (answers) return `http://127.0.0.1:${port}`;
    await pause(50);
  }
  throw new Error(`${program} does not listen`);
}

const send = (options) =>
  new Exporter(workspace().core(), options, { tell: (words) => console.log(words), patience: 20_000, env: {} }).once();

/** A run of a CUJ with a skill that failed, a subagent and two calls of a provider. */
function recordRun() {
  const { recordCujExecution, logSkillInvocation, getGlobalHealthMonitor, emitProgress } = workspace();
  const run = { runId: 'run-1', cujId: 'CUJ-005' };
  const metadata = { run_id: 'run-1', cuj_id: 'CUJ-005', model: 'claude-x' };
  emitProgress({ runId: 'run-1', step: 1, message: 'naïve — 配布 🚀' });
  logSkillInvocation({ skill: 'linter', result: 'failure', error: 'Timeout', duration: 431, ...run });
  logSkillInvocation({ skill: 'agent:reviewer', result: 'success', duration: 31, ...run });
  getGlobalHealthMonitor().recordProviderCall('anthropic', true, 900, null, metadata);
  getGlobalHealthMonitor().recordProviderCall('anthropic', false, 90, 'overloaded', metadata);
  recordCujExecution('CUJ-005', true, 8000, null, { run_id: 'run-1' });
}

const NAMES = ['Skill linter', 'chat claude-x', 'chat claude-x', 'invoke_agent reviewer', 'invoke_workflow CUJ-005'];

/** What the tap printed, by kind. */
function printed() {
  const lines = fs.readFileSync(workspace().path('receiver.log'), 'utf8').split('\n').filter((line) => line.startsWith('{')); // prettier-ignore
  const all = lines.map((line) => JSON.parse(line));
  return {
    logs: all.filter(({ body }) => body),
    spans: all.filter(({ startTimeUnixNano, kind }) => startTimeUnixNano && kind),
    metrics: all.filter(({ sum, gauge, histogram }) => sum ?? gauge ?? histogram),
  };
}

testWith(['oteltap'], 'oteltap reads all signals as they were meant', async () => {
  const endpoint = await start((port) => ['python3', '-u', '-m', 'oteltap', '--port', port], { PYTHONPATH: OTLP });
  recordRun();
  const { signals } = await send({ endpoint });
  expect(signals).toMatchObject({ logs: { sent: 6 }, traces: { sent: 5 }, metrics: { rejected: 0, refused: 0 } });
  for (let tries = 0; printed().metrics.length === 0 && tries < 200; tries += 1) await pause(50);
  const { logs, spans, metrics } = printed();
  expect(spans.map(({ name }) => name).sort()).toEqual(NAMES);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const root = spans.find(({ name }) => name.startsWith('invoke_workflow'));
  expect(spans.filter(({ parentSpanId }) => parentSpanId === root.spanId)).toHaveLength(4);
  expect(logs.map(({ body }) => JSON.parse(body.stringValue).message).filter(Boolean)).toEqual(['naïve — 配布 🚀']);
  const spanIds = spans.map(({ spanId }) => spanId).sort();
  expect(logs.filter(({ eventName }) => eventName !== 'obs.progress').map(({ spanId }) => spanId).sort()).toEqual(spanIds); // prettier-ignore
  const { sum } = metrics.find(({ name }) => name === 'obs.provider.calls');
  expect(sum.dataPoints.map(({ asInt }) => Number(asInt))).toEqual([1, 1]);
});

testWith(['trace-view'], 'trace-view shows what was a tool, an agent and a model by the GenAI names', async () => {
  const endpoint = await start((port) => [path.join(OTLP, 'bin', 'tv'), '--port', port, '--db', 'traces.db', 'serve']);
  const get = async (route) => (await globalThis.fetch(`${endpoint}${route}`)).text();
  recordRun();
  for (const protocol of ['http/protobuf', 'http/json']) {
    // The same spans under the same ids: the viewer has them once.
    fs.rmSync(workspace().path('.claude/context/.obs'), { recursive: true, force: true });
    expect((await send({ endpoint, protocol, signals: ['traces'] })).signals.traces.sent).toBe(5);
  }
  const shown = async () => {
    const [session] = JSON.parse(await get('/api/sessions'));
    return { session, spans: session ? JSON.parse(await get(`/api/sessions/${session.id}/spans`)) : [] };
  };
  for (let tries = 0; (await shown()).spans.length < 5 && tries < 200; tries += 1) await pause(50);
  const { session, spans } = await shown();
  const kinds = spans.map(({ kind, metadata }) => `${metadata['gen_ai.operation.name']}: ${kind}`).sort();
  expect(kinds).toEqual(['chat: assistant', 'chat: assistant', 'execute_tool: tool_call', expect.stringMatching(/^invoke_agent: /), expect.stringMatching(/^invoke_workflow: /)]); // prettier-ignore
  const root = spans.find(({ metadata }) => metadata['gen_ai.workflow.name'] === 'CUJ-005');
  expect(spans.filter((each) => each.parent_span_id === root.id)).toHaveLength(4);
  const page = await get(`/sessions/${session.id}`);
  expect(page.match(/class="span tool-span/g)).toHaveLength(1);
});
