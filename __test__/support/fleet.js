// Starts writer processes and a foreign program, and keeps what the writers acknowledged.
'use strict';

const { spawn } = require('node:child_process');
const path = require('node:path');
const { cleanEnvironment } = require('./child.js');

const RECORDER = path.join(__dirname, 'recorder.js');
const FOREIGNER = path.join(__dirname, 'foreigner.js');

/** Starts `node SCRIPT OPTIONS`; `done` resolves to `{ code, signal }` when the process and its pipes are closed. */
function startChild(script, options) {
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    env: cleanEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const running = { child, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (running.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (running.stderr += text));
  child.stdin.on('error', () => {}); // a killed reader
  running.done = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stderr: running.stderr }));
  });
  return running;
}

/** Starts a writer; `acknowledged()` is how many of its calls are known to have returned. */
function startRecorder(options) {
  const running = startChild(RECORDER, options);
  let tail = '';
  let count = 0;
  running.first = new Promise((resolve) => {
    running.child.stdio[3].setEncoding('utf8').on('data', (text) => {
      const lines = (tail + text).split('\n');
      tail = lines.pop(); // a number that was cut by the kill acknowledges nothing
      if (lines.length > 0) count = Number(lines.at(-1)) + 1;
      resolve();
    });
    running.done.then(resolve, resolve);
  });
  running.acknowledged = () => count;
  return running;
}

/** Starts a program that is not ours and appends half lines, long lines and rubbish to `file` until its stdin closes. */
function startForeigner(options) {
  return startChild(FOREIGNER, options);
}

/** The nth line of JSON that a child printed; waits for it. */
async function printed(running, index) {
  let over = false;
  running.done.then(() => (over = true));
  for (;;) {
    const lines = running.stdout.split('\n');
    if (lines.length > index + 1) return JSON.parse(lines[index]);
    if (over) throw new Error(`the process ended early: ${running.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

module.exports = { printed, startForeigner, startRecorder };
