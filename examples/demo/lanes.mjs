// One lane per CUJ: its attempts run one after the other, the lanes beside each other, each attempt as a child process.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const tools = new URL('../workspace/.claude/tools/', import.meta.url);
const { listCujs } = createRequire(import.meta.url)(fileURLToPath(new URL('workspace.js', tools)));
const RUN_CUJ = fileURLToPath(new URL('run-cuj.mjs', tools));

// Enough attempts for a rate to mean something, few enough to end soon.
const ATTEMPTS = { 'CUJ-001': 6, 'CUJ-002': 5, 'CUJ-003': 4, 'CUJ-004': 7, 'CUJ-005': 2, 'CUJ-006': 4 };

/** The lanes of the demonstration: `{ id, name, attempts, seed, results, runId, child }`. */
export function makeLanes(seed) {
  return listCujs().map(({ id, name }) => ({
    id,
    name,
    attempts: ATTEMPTS[id] ?? 3,
    seed,
    results: [],
    runId: null,
    child: null,
  }));
}

// Resolves to true or false as the CUJ went, to null when its process broke down instead of telling.
function runAttempt(lane, attempt) {
  lane.runId = `${lane.id}-run-${attempt}`;
  const args = [RUN_CUJ, lane.id, '--run-id', lane.runId, '--attempt', String(attempt), '--seed', lane.seed];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    lane.child = child;
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (complaints += text));
    child.on('error', (error) => resolve({ outcome: null, complaints: error.message }));
    child.on('close', (code) => resolve({ outcome: { 0: true, 1: false }[code] ?? null, complaints }));
  });
}

async function runLane(lane) {
  for (let attempt = 1; attempt <= lane.attempts; attempt += 1) {
    const { outcome, complaints } = await runAttempt(lane, attempt);
    lane.results.push(outcome);
    if (complaints) lane.complaints = complaints.trim();
  }
  lane.child = null;
}

export function runLanes(lanes) {
  return Promise.all(lanes.map(runLane));
}

export function stopLanes(lanes) {
  for (const lane of lanes) lane.child?.kill();
}
