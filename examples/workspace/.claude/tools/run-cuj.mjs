#!/usr/bin/env node
// Runs one CUJ of the registry: preflight, then its workflow in a process of its own, then the record of how it went.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  configure,
  createProgressTracker,
  getCurrentProgress,
  recordCujExecution,
  trackResourceUsage,
} from '@obs/native';
import { executeSkillWithCache } from './skill_cache.js';
import { dataRoot, findCuj, listCujs, loadSkill, loadWorkflow, workspaceRoot } from './workspace.js';

export { executeSkillWithCache };

const RUNNER = fileURLToPath(new URL('workflow_runner.js', import.meta.url));

// Step 0: everything the run needs is there. Finding out now is cheaper than half way through.
function preflight(cuj) {
  const missing = (cuj.requires ?? []).filter((file) => !existsSync(path.join(workspaceRoot, file)));
  const names = missing.map((file) => path.basename(file)).join(', ');
  if (names) throw new Error(`Preflight: missing ${names}`);
  if (cuj.mode === 'skill') loadSkill(cuj.skill);
}

function runnerArguments(cuj, { runId, attempt, seed }) {
  const flags = { workflow: cuj.workflow, 'run-id': runId, 'cuj-id': cuj.id, attempt, seed, 'first-step': 1 };
  return [RUNNER, ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)])];
}

// Resolves to the runner's report; a runner that died before it could send one is described instead.
function runWorkflow(cuj, run) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, runnerArguments(cuj, run), {
      env: { ...process.env, OBS_PROJECT_ROOT: dataRoot },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      timeout: cuj.timeout_ms ?? 60_000,
    });
    let report = null;
    child.on('message', (message) => (report = message));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const end = signal ? `was stopped by ${signal}` : `ended with exit code ${code}`;
      resolve(report ?? { agents: [], warnings: [], steps_completed: 0, silent: true, error: `The workflow ${end}` });
    });
  });
}

function runSkill(cuj, run, tracker) {
  const outcome = { agents: [cuj.agent], warnings: [], steps_completed: 0, error: null, silent: true };
  tracker.updateStep(`Run ${cuj.skill}`, { agent: cuj.agent });
  try {
    const answer = executeSkillWithCache(cuj.skill, cuj.params, { ...run, cujId: cuj.id, agent: cuj.agent });
    tracker.completeStep(answer.summary);
    return { ...outcome, warnings: answer.warnings, steps_completed: 1 };
  } catch (error) {
    return { ...outcome, error: error.message };
  }
}

async function runSteps(cuj, run, tracker) {
  tracker.start();
  tracker.updateStep('Preflight');
  try {
    preflight(cuj);
  } catch (error) {
    return { agents: [], warnings: [], steps_completed: 0, error: error.message, silent: true };
  }
  tracker.completeStep('Preflight passed');
  return cuj.mode === 'skill' ? runSkill(cuj, run, tracker) : runWorkflow(cuj, run);
}

// The runner tells of its own failures; this one it could not. The step is the last that anybody heard of.
function tellFailure(tracker, error) {
  tracker.currentStep = getCurrentProgress(tracker.runId)?.step ?? tracker.currentStep;
  tracker.failStep(error, new Error(error));
}

function countSteps(cuj) {
  return 1 + (cuj.mode === 'skill' ? 1 : loadWorkflow(cuj.workflow).steps.length);
}

/**
 * Runs the CUJ `cujId` and records it. `run` is `{ runId?, attempt?, seed? }`; the same seed and attempt go the same way.
 * Resolves to `{ run_id, cuj_id, success, duration_ms, error, agents, warnings }`. A failing CUJ is an answer, not an
 * exception; only an unknown id throws a `RangeError`.
 */
export async function runCUJ(cujId, { runId = `${cujId}-${Date.now()}-${process.pid}`, attempt = 1, seed = '1' } = {}) {
  const cuj = findCuj(cujId);
  const usage = trackResourceUsage(`cuj:${cujId}`);
  const tracker = createProgressTracker(runId, countSteps(cuj));
  const outcome = await runSteps(cuj, { runId, attempt, seed }, tracker);
  const { agents, warnings, error } = outcome;
  const success = error === null;
  if (success) tracker.complete(`${cuj.name}: done`);
  else if (outcome.silent) tellFailure(tracker, error);
  const resources = usage.end();
  const told = { run_id: runId, attempt, agents_used: agents, warnings, resources };
  const metadata = { ...told, workflow_resources: outcome.resources ?? null };
  recordCujExecution(cujId, success, resources.duration_ms, error, metadata);
  return { run_id: runId, cuj_id: cujId, success, duration_ms: resources.duration_ms, error, agents, warnings };
}

const USAGE = 'usage: run-cuj.mjs CUJ-ID [--run-id ID] [--attempt N] [--seed TEXT] | run-cuj.mjs --list';

const OPTIONS = {
  list: { type: 'boolean' },
  'run-id': { type: 'string' },
  attempt: { type: 'string', default: '1' },
  seed: { type: 'string' },
};

async function runAndTell(cujId, { 'run-id': runId, attempt, seed }) {
  configure({ projectRoot: dataRoot });
  const result = await runCUJ(cujId, { runId, attempt: Number(attempt), seed });
  console.log(JSON.stringify(result, null, 2));
  process.exitCode = result.success ? 0 : 1;
}

async function main() {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: OPTIONS });
  if (values.list) for (const { id, name } of listCujs()) console.log(`${id}  ${name}`);
  else if (positionals.length === 1) await runAndTell(positionals[0], values);
  else console.log(USAGE);
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 2;
  });
}
