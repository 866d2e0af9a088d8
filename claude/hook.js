// What a hook of Claude Code does where it runs in Node: the addon has the table of it, as the program `obs-hook` has.
'use strict';

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
  if (bytes !== null) loadAddon().NativeClaude.runHook(bytes, surroundings(env), clock());
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

module.exports = { run, runWith };
