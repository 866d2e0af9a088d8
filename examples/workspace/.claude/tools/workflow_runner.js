// Runs the steps of one workflow in a process of its own and records each step's progress, skills and provider calls.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { configure, createProgressTracker, trackResourceUsage } = require('@obs/native');
const { askWithFallback } = require('./provider.js');
const { executeSkillWithCache } = require('./skill_cache.js');
const { dataRoot, loadWorkflow } = require('./workspace.js');

const OPTIONS = {
  workflow: { type: 'string' },
  'run-id': { type: 'string' },
  'cuj-id': { type: 'string' },
  attempt: { type: 'string', default: '1' },
  seed: { type: 'string', default: '1' },
  'first-step': { type: 'string', default: '0' },
};

function readArguments() {
  const { values } = parseArgs({ options: OPTIONS });
  for (const name of ['workflow', 'run-id', 'cuj-id']) {
    if (!values[name]) throw new TypeError(`workflow_runner.js needs --${name}`);
  }
  return {
    workflow: values.workflow,
    runId: values['run-id'],
    cujId: values['cuj-id'],
    attempt: Number(values.attempt),
    seed: values.seed,
    firstStep: Number(values['first-step']),
  };
}

function ask(step, run, results) {
  const material = (step.uses ?? []).map((id) => results[id].summary ?? results[id].text);
  const { runId, cujId, attempt, seed } = run;
  const request = { runId, cujId, attempt, seed, step: step.id, prompt: step.ask, material };
  return askWithFallback(step.providers, { ...request, failureRate: step.failure_rate });
}

function write(step, run, results) {
  const folder = path.join(dataRoot, 'reports');
  fs.mkdirSync(folder, { recursive: true });
  const parts = step.write.map((id) => results[id].text ?? results[id].summary);
  fs.writeFileSync(path.join(folder, `${run.runId}.md`), `# ${run.cujId}: ${run.workflow}\n\n${parts.join('\n\n')}\n`);
  return { summary: `Report ${run.runId}.md`, warnings: [] };
}

async function runStep(step, run, results) {
  if (step.skill) return executeSkillWithCache(step.skill, step.params, { ...run, agent: step.agent });
  if (step.ask) return ask(step, run, results);
  return write(step, run, results);
}

async function runSteps(steps, run, tracker, outcome) {
  const results = {};
  for (const step of steps) {
    tracker.updateStep(step.title, { agent: step.agent });
    outcome.agents.add(step.agent);
    results[step.id] = await runStep(step, run, results);
    outcome.warnings.push(...results[step.id].warnings);
    tracker.completeStep(step.title);
    outcome.steps_completed += 1;
  }
}

async function main() {
  const run = readArguments();
  configure({ projectRoot: dataRoot });
  const usage = trackResourceUsage(`workflow:${run.workflow}`);
  const { steps } = loadWorkflow(run.workflow);
  // The steps before ours were taken by the process that spawned us; the run's percentage goes on from there.
  const tracker = createProgressTracker(run.runId, run.firstStep + steps.length);
  tracker.currentStep = run.firstStep;
  const outcome = { agents: new Set(), warnings: [], steps_completed: 0, error: null };
  try {
    await runSteps(steps, run, tracker, outcome);
  } catch (error) {
    tracker.failStep(`${steps[outcome.steps_completed].title}: ${error.message}`, error);
    outcome.error = error.message;
    process.exitCode = 1;
  }
  const report = { ...outcome, agents: [...outcome.agents], resources: usage.end() };
  // A parent that has gone away wants no report any more.
  if (process.connected) process.send(report);
  else if (!process.send) console.log(JSON.stringify(report, null, 2));
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 2;
});
