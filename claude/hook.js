// What a hook of Claude Code does: it brings the session's transcript up to date on record, and tells steps of tasks as they come.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

// Longer input is no event of which anything would be read.
const MOST_BYTES = 16 * 1024 * 1024;
const RETENTION = path.join('.claude', 'context', 'config', 'retention.json');
const IMPORTS = new Set(['SessionStart', 'Stop', 'StopFailure', 'SubagentStop', 'SessionEnd']);

/** Standard input to its end; `null` when it is too long. */
function readInput(fd = 0) {
  const parts = [];
  const buffer = Buffer.alloc(64 * 1024);
  for (let total = 0; total <= MOST_BYTES;) {
    const count = readSome(fd, buffer);
    if (count === 0) return Buffer.concat(parts).toString('utf8');
    parts.push(Buffer.from(buffer.subarray(0, count)));
    total += count;
  }
  return null;
}

function readSome(fd, buffer) {
  try {
    return fs.readSync(fd, buffer);
  } catch (error) {
    if (error.code === 'EOF') return 0;
    throw error;
  }
}

/** The face of the workspace that an event belongs to; `null` when that has no `.claude`: nothing is made where nobody asked. */
function faceOf(event, env) {
  const { findProjectRoot } = require('../lib/root.js');
  const { root } = findProjectRoot({ env, cwd: event.cwd, script: null });
  if (!fs.statSync(path.join(root, '.claude'), { throwIfNoEntry: false })?.isDirectory()) return null;
  const { createFace } = require('../lib/face.js');
  return createFace({ projectRoot: root, env });
}

/** Does what an event asks for. Throws when that fails; nobody is to hear of it but who looks for faults. */
function handle(text, env = process.env) {
  const event = JSON.parse(text);
  const name = event?.hook_event_name;
  const isStep = name === 'TaskCreated' || name === 'TaskCompleted';
  if (!isStep && !IMPORTS.has(name)) return;
  const face = faceOf(event, env);
  if (face === null) return;
  if (isStep || name === 'SessionEnd') tellStep(face, event);
  if (IMPORTS.has(name)) importSession(face, event.transcript_path);
  if (name === 'SessionEnd') startRetention(face.core().where.root, env);
  face.close();
}

function importSession(face, file) {
  if (typeof file !== 'string' || !path.isAbsolute(file) || !file.endsWith('.jsonl')) return;
  try {
    face.importClaudeTranscripts({ session: file });
  } catch (error) {
    // Another import is at it; what it does not see the next event brings.
    if (error.code !== 'OBS_BUSY') throw error;
  }
}

/** What retention.json says is done by a process of its own, for the hook has to end soon; where there is no such file, nothing. */
function startRetention(root, env) {
  if (!fs.existsSync(path.join(root, RETENTION))) return;
  const { spawn } = require('node:child_process');
  const obs = path.join(__dirname, '..', 'bin', 'obs.js');
  const child = spawn(process.execPath, [obs, 'retention', 'run', '--root', root], {
    env,
    detached: true,
    stdio: 'ignore',
  });
  child.on('error', () => {});
  child.unref();
}

/** One step of the session's tasks; at the session's end its run is over, if it had any. */
function tellStep(face, { hook_event_name: name, session_id: runId, task_id: id, task_subject: message }) {
  if (typeof runId !== 'string' || runId === '') return;
  const told = face.getProgressHistory(runId).filter(({ metadata }) => metadata?.origin === 'hook');
  const tasks = new Set(told.map(({ metadata }) => metadata.task_id).filter((task) => task !== undefined));
  const done = new Set(told.filter(({ metadata }) => metadata.done).map(({ metadata }) => metadata.task_id));
  if (name === 'SessionEnd') {
    if (told.length > 0 && told.at(-1).status !== 'completed') {
      face.emitProgress({ runId, step: done.size, status: 'completed', percentage: 100, message: 'Session ended', metadata: { origin: 'hook' } }); // prettier-ignore
    }
    return;
  }
  const task = String(id);
  const isDone = name === 'TaskCompleted';
  tasks.add(task);
  if (isDone) done.add(task);
  face.emitProgress({
    runId,
    step: done.size,
    status: 'running',
    percentage: Math.round((100 * done.size) / tasks.size),
    message: `${isDone ? 'Done' : 'Task'}: ${message ?? task}`,
    metadata: { origin: 'hook', task_id: task, done: isDone, steps: tasks.size },
  });
}

/** Runs as the hook's program: whatever happens, nothing is printed and the exit code is 0, for Claude Code acts on both. */
function run(env = process.env) {
  const debug = Boolean(env.OBS_DEBUG);
  const said = process.stderr.write.bind(process.stderr);
  if (!debug) process.stderr.write = () => true;
  process.exitCode = 0;
  try {
    const text = readInput();
    if (text !== null) handle(text, env);
  } catch (error) {
    if (debug) said(`obs-hook: ${error.message}\n`);
  }
}

module.exports = { handle, run };
