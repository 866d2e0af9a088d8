// Alerts in the house of Prometheus: rules that its own tool checks and runs, and a real Alertmanager that passes an alert on.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const { checkAndTell } = require('../alerts/main.js');
const { prometheusRules } = require('../alerts/prometheus.js');
const { readObjectives } = require('../alerts/file.js');
const { createTestWorkspace } = require('../lib/testing.js');
const { testWith } = require('./support/box.js');
const { freePort } = require('./support/free-port.js');

let workspace;
beforeEach(() => {
  workspace = createTestWorkspace();
});
afterEach(() => workspace.cleanup());

const rulesOf = (...objectives) => prometheusRules(workspace.core(), readObjectives('f', { objectives }));

function promtool(...args) {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: workspace.root, encoding: 'utf8' });
  return { status, text: stdout + stderr };
}

test('rules without objectives are an empty file of rules', () => {
  expect(rulesOf()).toBe('# Made by obs alerts export --prometheus.\ngroups: []\n');
});

testWith(['promtool'], 'promtool accepts the rules of odd names, of all kinds and of all goals', () => {
  const objectives = ['CUJ-005', 'deploy*', 'a"b\\c', 'naïve ☃ 𝄞', '\u2028\u0007\u009f', 'x.y|(z)*', "it's: {{ $x }} %"].flatMap((subject) => [
    { cuj: subject, success: 0.95 },
    { skill: subject, p95_ms: 60_000, over: '28d' },
    { provider: subject, success: 0.5, over: '1h' },
    { agent: subject, p50_ms: 1.5, over: '366d' },
  ]);
  fs.writeFileSync(workspace.path('rules.yml'), rulesOf(...objectives));
  expect(promtool('check', 'rules', 'rules.yml')).toEqual({ status: 0, text: expect.stringContaining('SUCCESS: 56 rules found') });
}, 60_000); // prettier-ignore

/** A unit test of promtool: `failed` and `passed` are counters at one-minute steps, and the alerts that fire at `at`. */
function unitTest(series, at, alerts) {
  const expected = ['Fast', 'Slow'].map((tier) => ({
    eval_time: at,
    alertname: `ObsObjective${tier}`,
    exp_alerts: alerts.includes(tier) ? [{ exp_labels: { cuj: 'CUJ-005', objective: 'cuj/CUJ-005/success', severity: tier === 'Fast' ? 'page' : 'ticket', kind: 'cuj', goal: 'success', tier: tier.toLowerCase() } }] : [], // prettier-ignore
  }));
  const input = Object.entries(series).map(([success, values]) => ({
    series: `obs_cuj_executions_total{cuj="CUJ-005",success="${success}"}`,
    values,
  }));
  return { interval: '1m', input_series: input, alert_rule_test: expected };
}

/** JSON is YAML; what an alert says of itself is not compared. */
function runUnitTests(tests) {
  const rules = rulesOf({ cuj: 'CUJ-005', success: 0.95, over: '7d' }).replace(/ {8}annotations:\n.*\n/g, '');
  fs.writeFileSync(workspace.path('rules.yml'), rules);
  fs.writeFileSync(
    workspace.path('tests.yml'),
    JSON.stringify({ rule_files: ['rules.yml'], evaluation_interval: '1m', tests }),
  );
  return promtool('test', 'rules', 'tests.yml');
}

testWith(['promtool'], 'promtool runs the rules: steady failures at the goal do not fire, a burn does, few failures do not', () => {
  const found = runUnitTests([
    // One of 20 fails: just the goal. 20 runs each minute.
    unitTest({ true: '0+19x600', false: '0+1x600' }, '8h', []),
    // Half of all fail for the last hours.
    unitTest({ true: '0+1x600', false: '0+1x600' }, '8h', ['Fast', 'Slow']),
    // Two failures of two runs within six hours are no proof.
    unitTest({ true: '0x600', false: '0x400 1x30 2x170' }, '8h', []),
    // It is over: an hour of failures, then one without.
    unitTest({ true: '0x240 0+1x60 60x60 60+1x120', false: '0x300 0+2x60 120x120' }, '8h', []),
  ]);
  expect(found).toEqual({ status: 0, text: expect.stringContaining('SUCCESS') });
  const wrong = runUnitTests([unitTest({ true: '0+1x600', false: '0+1x600' }, '8h', [])]);
  expect(wrong.status).not.toBe(0);
}, 60_000); // prettier-ignore

async function until(isTrue) {
  let tries = 0;
  while (tries < 600 && !(await isTrue())) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    tries += 1;
  }
}

/** Alertmanager with one receiver, which is ours; resolves once it answers. */
async function startManager(receiver) {
  const port = await freePort();
  const config = {
    route: { receiver: 'us', group_by: ['...'], group_wait: '0s', group_interval: '1s', repeat_interval: '1h' },
    receivers: [{ name: 'us', webhook_configs: [{ url: receiver, send_resolved: true }] }],
  };
  fs.writeFileSync(workspace.path('alertmanager.yml'), JSON.stringify(config));
  const words = [
    '--config.file=alertmanager.yml',
    '--storage.path=manager',
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ];
  const child = spawn('prometheus-alertmanager', words, { cwd: workspace.root, stdio: 'ignore' });
  const address = `http://127.0.0.1:${port}`;
  await until(() => globalThis.fetch(`${address}/-/ready`).then(({ ok }) => ok, () => false)); // prettier-ignore
  return { address, child };
}

testWith(['alertmanager'], 'a fire and its end reach a real Alertmanager, which passes them on', async () => {
  const received = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => (body += piece));
    request.on('end', () => {
      received.push(...JSON.parse(body).alerts);
      response.end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { address, child } = await startManager(`http://127.0.0.1:${server.address().port}/`);
  try {
    const file = workspace.path('.claude/context/config/objectives.json');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify({ objectives: [{ cuj: 'CUJ-005', success: 0.95 }], rules: [], notify: [{ alertmanager_env: 'AM' }] }));
    const check = () => checkAndTell(workspace.core(), {}, { env: { AM: address } });
    for (let i = 0; i < 4; i += 1) workspace.recordCujExecution('CUJ-005', false, 10);
    const { told } = await check();
    expect(told.map(({ error }) => error)).toEqual([null, null]);
    await until(() => received.length >= 2);
    const labels = (tier, severity) => ({ alertname: 'obs', alert: `cuj/CUJ-005/success/${tier}`, kind: 'cuj', subject: 'CUJ-005', severity });
    expect(received.map(({ labels: each }) => each)).toEqual(expect.arrayContaining([labels('fast', 'page'), labels('slow', 'ticket')]));
    expect(received[0].annotations.summary).toMatch(/^CUJ-005: 4 of 4 runs failed/);
    const asked = await globalThis.fetch(`${address}/api/v2/alerts`).then((response) => response.json());
    expect(asked.map(({ status: { state } }) => state)).toEqual(['active', 'active']);
    for (let i = 0; i < 200; i += 1) workspace.recordCujExecution('CUJ-005', true, 10);
    await check();
    await until(() => received.filter(({ status }) => status === 'resolved').length >= 2);
    expect(received.filter(({ status }) => status === 'resolved')).toHaveLength(2);
  } finally {
    child.kill();
    server.closeAllConnections();
    server.close();
  }
}, 60_000); // prettier-ignore
