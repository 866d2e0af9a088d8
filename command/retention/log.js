// What automatic retention did: a line for each run in `analytics/retention.jsonl`, which also tells when the next one is due.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
const DAY = 86_400_000;
const HOUR = 3_600_000;
/** The last runs are read from so many bytes; a line has a few hundred. */
const TAIL = 64 * 1024;

const logOf = (data) => path.join(data, 'analytics', 'retention.jsonl');

function readTail(file) {
  const fd = fs.openSync(file, O_RDONLY | O_NONBLOCK);
  try {
    const stat = fs.fstatSync(fd);
    const size = stat.isFile() ? stat.size : 0;
    const bytes = Buffer.alloc(Math.min(size, TAIL));
    fs.readSync(fd, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8');
  } finally {
    fs.closeSync(fd);
  }
}

function parsed(line) {
  try {
    const value = JSON.parse(line);
    return Number.isNaN(Date.parse(value.timestamp)) || !Array.isArray(value.errors) ? null : value;
  } catch {
    return null;
  }
}

/** The last runs, oldest first. */
function readRuns(data) {
  try {
    return readTail(logOf(data)).split('\n').map(parsed).filter((run) => run !== null); // prettier-ignore
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  }
}

/** Once in each UTC day; after a run that left files as they were, an hour later. What lies in the future was a wrong clock. */
function isDue(last, now) {
  if (last === undefined) return true;
  const at = Date.parse(last.timestamp);
  if (at > now || Math.floor(at / DAY) !== Math.floor(now / DAY)) return true;
  return last.errors.length > 0 && now - at >= HOUR;
}

/** One write, behind a line end: whoever wrote last may have been cut off. */
function note(data, run) {
  const file = logOf(data);
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const torn = fs.existsSync(file) && fs.statSync(file).size > 0 && !readTail(file).endsWith('\n');
  // A checkout may have put a link or a pipe in its place.
  const fd = fs.openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    fs.writeFileSync(fd, `${torn ? '\n' : ''}${JSON.stringify(run)}\n`);
  } finally {
    fs.closeSync(fd);
  }
}

module.exports = { isDue, note, readRuns };
