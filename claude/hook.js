// What a hook of Claude Code does where it runs in Node: the addon has the table of it, as the program `obs-hook` has.
'use strict';

const path = require('node:path');

const { loadAddon } = require('../lib/addon.js');
const { clock } = require('../lib/clock.js');
const { readInput, surroundings } = require('./input.js');

/** Does `work`; whatever happens the exit code is 0 and nothing else is said, for Claude Code acts on both. */
function quietly(work, env) {
  process.exitCode = 0;
  try {
    work();
  } catch (error) {
    if (env.OBS_DEBUG) process.stderr.write(`obs-hook: ${error.message.replace(/^OBS_[A-Z_]+: /, '')}\n`);
  }
}

function hook(env) {
  const bytes = readInput();
  if (bytes !== null) handle(bytes, env);
}

/** Does what an event, bytes of JSON text, asks for. Throws when that fails; nobody is to hear of it but who looks for faults. */
function handle(bytes, env = process.env) {
  const root = loadAddon().NativeClaude.runHook(bytes, surroundings(env), clock());
  if (root !== null) startRetention(root, env);
}

/** What retention.json says is done by a process of its own, for the hook has to end soon. */
function startRetention(root, env) {
  const { spawn } = require('node:child_process');
  const obs = path.join(__dirname, '..', 'bin', 'obs.js');
  const args = [obs, 'retention', 'run', '--root', root];
  const child = spawn(process.execPath, args, { env, detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}

/** Runs as the hook's program. */
function run(env = process.env) {
  quietly(() => hook(env), env);
}

/** Runs as the program `obs-hook` does, with its words. */
function runWith(words, env = process.env) {
  if (words.length === 0 || words[0] === 'hook') run(env);
  else quietly(() => require('./status-line.js').runWith(words, env), env);
}

module.exports = { handle, run, runWith };
