// A little of everything, in whichever runtime this is started: prints what it is and `ok`, or fails.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { isMainThread, Worker } = require('node:worker_threads');

const PACKAGE = path.join(__dirname, '..', '..');
const root = process.env.OBS_PROJECT_ROOT;
const obs = require(path.join(PACKAGE, 'index.js'));

const linesOf = (file) =>
  fs
    .readFileSync(path.join(root, '.claude', 'context', file), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Every recording function; values that are packed, and odd ones that go the slow way. */
function record() {
  for (let n = 0; n < 300; n += 1) {
    obs.recordCujExecution(`CUJ-${n % 3}`, n % 10 > 0, n, n % 10 ? null : 'Timeout', { n });
  }
  obs.recordCujExecution('odd', true, 1, null, { big: 10n, lone: '\ud800', list: [1.5, null, { ü: '💥' }] });
  const loop = {};
  loop.loop = loop;
  obs.logSkillInvocation({ skill: 'smoke', params: loop, metadata: { password: 'hunter2hunter2' }, duration: 5 });
  obs.emitProgress({ runId: 'run-1', step: 1, percentage: 50, message: 'half' });
  obs.recordProviderCall('Anthropic', true, 800);
}

function ask() {
  const { total, successful } = obs.getCujSuccessRate('CUJ-0', null);
  assert.deepStrictEqual([total, successful], [100, 90]);
  assert.strictEqual(obs.getPerformancePercentiles('CUJ-1').count ?? obs.getCujSuccessRate('CUJ-1').total, 100);
  assert.strictEqual(obs.getFailureAnalysis('CUJ-0').top_errors[0].error, 'Timeout');
  assert.strictEqual(obs.getCurrentProgress('run-1').percentage, 50);
  assert.strictEqual(obs.getProviderHealth('anthropic').available, true);
  assert.strictEqual(obs.getLogger().queryLogs({ skill: 'smoke' }).length, 1);
  assert.ok(obs.formatDashboard(obs.generateMetricsDashboard()).includes('CUJ METRICS'));
  assert.ok(obs.getCujTable().rows.length >= 4);
  assert.strictEqual(obs.loadDashboard(), null);
  obs.saveDashboard();
  assert.strictEqual(obs.loadDashboard().metadata.dashboard_version, '1.0.0');
}

function files() {
  assert.strictEqual(linesOf('analytics/cuj-metrics.jsonl').length, 301);
  assert.deepStrictEqual(linesOf('analytics/cuj-metrics.jsonl')[300].metadata, {
    big: '[BigInt 10]',
    lone: '\ud800',
    list: [1.5, null, { ü: '💥' }],
  });
  const [day] = fs.readdirSync(path.join(root, '.claude/context/logs')).filter((name) => name.startsWith('skill-'));
  assert.strictEqual(linesOf(`logs/${day}`)[0].metadata.password, '[REDACTED]');
}

function misuse() {
  assert.throws(() => obs.recordCujExecution(''), { code: 'OBS_INVALID_ARGUMENT', name: 'TypeError' });
  assert.throws(() => obs.getCujSuccessRate('A', -1), { code: 'OBS_INVALID_ARGUMENT', name: 'RangeError' });
  const { attempted, accepted, pending, dropped } = obs.getStoreHealth();
  assert.deepStrictEqual([attempted, accepted, pending, dropped.total], [304, 304, 0, 0]);
}

async function modules() {
  const tool = await import(pathToFileURL(path.join(PACKAGE, 'tools', 'metrics-tracker.mjs')));
  assert.strictEqual(tool.getCujSuccessRate('CUJ-0', null).total, 100);
}

/** A worker has a face and a handle of its own. */
function worker() {
  return new Promise((resolve, reject) => {
    const one = new Worker(__filename);
    one.on('error', reject);
    one.on('exit', resolve);
  });
}

async function main() {
  record();
  ask();
  files();
  misuse();
  await modules();
  await worker();
  assert.strictEqual(obs.getCujSuccessRate('worker', null).total, 50);
  obs.configure({ durability: 'batch' });
  obs.recordCujExecution('batch', true, 1);
  obs.flush();
  assert.strictEqual(obs.getCujSuccessRate('batch', null).total, 1);
  obs.recordCujExecution('at the end', true, 1); // whoever starts this looks for it
  const { node, bun, deno } = process.versions;
  process.stdout.write(`${bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node ${node}`}: ok\n`);
}

if (isMainThread) {
  void main();
} else {
  for (let n = 0; n < 50; n += 1) obs.recordCujExecution('worker', true, n);
  obs.close();
}
