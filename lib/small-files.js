// Our own files below a workspace: read whole, made anew, replaced. A checkout is not trusted: it may hold a pipe, a link, a device or
// something huge in their place.
'use strict';

const fs = require('node:fs');

const { withCode } = require('./errors.js');

const { O_RDONLY, O_NONBLOCK = 0 } = fs.constants;
/** No settings file, and no state of ours, is as large. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The text of a file; a pipe is not waited for.
 *
 * @throws {Error} those of the system, such as ENOENT; with the code OBS_IO for what is no file, or larger than 64 MiB
 * @example readText('/app/.claude/settings.json') // '{…}'
 */
function readText(file) {
  const fd = fs.openSync(file, O_RDONLY | O_NONBLOCK);
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw withCode(new Error(`could not read ${file}: it is no file`), 'OBS_IO');
    if (stat.size > MOST_BYTES) {
      throw withCode(new Error(`could not read ${file}: it has ${stat.size} bytes`), 'OBS_IO');
    }
    return fs.readFileSync(fd, 'utf8');
  } finally {
    fs.closeSync(fd);
  }
}

/** Opens a new file for writing and reading, only for its owner; what an ended process left goes, and no link is followed. */
function openNew(file) {
  fs.rmSync(file, { force: true });
  return fs.openSync(file, 'wx+', 0o600);
}

/**
 * Replaces a file at once; the caller holds the lock under which it is written. With `flush` the text is on the disk before the
 * old one goes: whenever the process is killed or the power fails, one of both is there, whole.
 */
function replaceText(file, text, { flush = false } = {}) {
  const next = `${file}.new`;
  const out = openNew(next);
  try {
    fs.writeFileSync(out, text);
    if (flush) fs.fsyncSync(out);
  } finally {
    fs.closeSync(out);
  }
  fs.renameSync(next, file);
}

module.exports = { openNew, readText, replaceText };
