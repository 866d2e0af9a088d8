// What Claude Code gives to a program that it runs: standard input, and what the environment says of the workspace.
'use strict';

const fs = require('node:fs');

// Longer input is no event of which anything would be read.
const MOST_BYTES = 16 * 1024 * 1024;

/** Standard input to its end; `null` when it is too long. */
function readInput(fd = 0) {
  const parts = [];
  const buffer = Buffer.alloc(64 * 1024);
  for (let total = 0; total <= MOST_BYTES;) {
    const count = readSome(fd, buffer);
    if (count === 0) return Buffer.concat(parts);
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

/** What the environment says, in the words of the addon. */
function surroundings(env) {
  return JSON.stringify({
    project_root: env.OBS_PROJECT_ROOT,
    data_dir: env.OBS_DATA_DIR,
    disabled: env.OBS_DISABLED,
    durability: env.OBS_DURABILITY,
    claude_project: env.CLAUDE_PROJECT_DIR,
  });
}

module.exports = { readInput, surroundings };
