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

module.exports = { identityOf, namesIn, statOf };
