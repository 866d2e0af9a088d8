// Runs a function of a test in a Node process of its own, optionally under strace, with limits or on a small disk.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { cleanEnvironment } = require('./child.js');

const CHILD = path.join(__dirname, 'script-child.js');
const GUARD = 120_000; // a process that hangs fails its test instead of stopping the run

/**
 * Runs `body(tools, given)`, which sees nothing of the test but its arguments, in a new process; `tools` is described in
 * `script-child.js`. Gives `{ status, signal, stdout, stderr, value }`, `value` being what the body returned, as JSON.
 * `wrapper` is a command that runs the command behind it, such as `strace`.
 */
function runScript(body, given = {}, { wrapper = [], env = {}, execArgv = [] } = {}) {
  const job = JSON.stringify({ source: body.toString(), given });
  const [command, ...args] = [...wrapper, process.execPath, ...execArgv, CHILD, job];
  const result = spawnSync(command, args, {
    env: cleanEnvironment(env),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    timeout: GUARD,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  if (result.error) throw result.error;
  const { status, signal, stdout, stderr, output } = result;
  const lines = output[3].split('\n').filter((line) => line.startsWith('{'));
  const printed = lines.map((line) => JSON.parse(line));
  return { status, signal, stdout, stderr, value: printed.find((line) => 'value' in line)?.value, printed };
}

/** As `runScript`, for a body that has to end well: gives its value, and fails with what the process said. */
function valueOf(body, given, options) {
  const { status, signal, stderr, value } = runScript(body, given, options);
  if (status !== 0) throw new Error(`the process ended with ${status ?? signal}: ${stderr}`);
  return value;
}

/** A new folder, as a real path, that is removed after the test; gives a function that returns the present one. */
function useFolder() {
  let folder;
  beforeEach(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'obs-faults-')));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}

module.exports = { runScript, useFolder, valueOf };
