// Notices whether progress or skill invocations were recorded, at the price of two looks at the disk.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/**
 * A function that tells what happened to the files below a data folder since it was called last: `'nothing'`, `'more'`, or
 * `'anew'` at first and when a file is another one or became shorter.
 *
 * @param {string} folder the data folder, absolute
 */
function createSense(folder) {
  const logs = path.join(folder, 'logs');
  const progress = path.join(logs, 'progress.jsonl');
  // Records go to the file of their UTC day.
  const skills = (now) => path.join(logs, `skill-invocations-${new Date(now).toISOString().slice(0, 10)}.jsonl`);
  let before = null;
  return (now) => {
    const seen = [progress, skills(now)].map(look);
    const old = before ?? [];
    before = seen;
    if (old.length === 0 || isOther(old[0], seen[0])) return 'anew';
    return seen.every((stat, i) => isSame(old[i], stat)) ? 'nothing' : 'more';
  };
}

function look(file) {
  try {
    return fs.statSync(file, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

function isSame(old, stat) {
  if (old === null || stat === null) return old === stat;
  return !isOther(old, stat) && old.size === stat.size && old.mtimeMs === stat.mtimeMs && old.ctimeMs === stat.ctimeMs;
}

function isOther(old, stat) {
  if (old === null || stat === null) return old !== stat;
  return old.ino !== stat.ino || old.size > stat.size;
}

module.exports = { createSense };
