// What is asked of the disk: who a file is, which names a folder has, and a file replaced at once.
'use strict';

const fs = require('node:fs');

/** The same from one look to the next, whatever the file's name. */
const identityOf = ({ dev, ino }) => `${dev}:${ino}`;

/** `{ identity, size, changed }` of a regular file, else `null`. */
function statOf(file) {
  const stat = fs.lstatSync(file, { bigint: true, throwIfNoEntry: false });
  return stat?.isFile() ? { identity: identityOf(stat), size: Number(stat.size), changed: Number(stat.mtimeMs) } : null;
}

/** The names in a folder that may not be there. */
function namesIn(folder) {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  }
}

/** Replaces a file by a text that is on the disk before the old one goes: whenever it is killed, one of both is there, whole. */
function writeWhole(file, text) {
  const next = `${file}.new`;
  const out = fs.openSync(next, 'w', 0o600);
  try {
    fs.writeFileSync(out, text);
    fs.fsyncSync(out);
  } finally {
    fs.closeSync(out);
  }
  fs.renameSync(next, file);
}

module.exports = { identityOf, namesIn, statOf, writeWhole };
