// Looks for processes that have a file open for writing, where the system tells: on Linux, and of one's own user.
'use strict';

const fs = require('node:fs');

/**
 * `[{ pid, name }]` of the processes that have the file with this `{ dev, ino }` (bigints) open for writing. Empty where
 * there is no `/proc`; processes of other users are seen only by root.
 */
function writersOf({ dev, ino }) {
  return attempt(() => fs.readdirSync('/proc'), [])
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => attempt(() => fs.readdirSync(`/proc/${pid}/fd`), []).some((fd) => writes(pid, fd, { dev, ino })))
    .map((pid) => ({ pid: Number(pid), name: nameOf(pid) }));
}

function writes(pid, fd, { dev, ino }) {
  const stat = attempt(() => fs.statSync(`/proc/${pid}/fd/${fd}`, { bigint: true }), null);
  if (stat === null || stat.ino !== ino || stat.dev !== dev) return false;
  const info = attempt(() => fs.readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'), '');
  // The two lowest bits are the access mode: 0 reads, 1 writes, 2 does both.
  return (Number.parseInt(/^flags:\s*([0-7]+)/m.exec(info)?.[1] ?? '0', 8) & 3) !== 0;
}

function nameOf(pid) {
  return attempt(() => fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trim(), '');
}

/** Processes end and descriptors close while one looks. */
function attempt(look, otherwise) {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

module.exports = { writersOf };
