// Walks the writer's own road to a data file, up to the write itself, and tells what would stop a record.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { entry } = require('../workspace/files.js');

// As the appender opens it, but for `O_CREAT`: looking must not make a file.
const { O_RDWR, O_APPEND, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;

const MOVE = 'move it away, or put a regular file in its place; records meant for it are dropped';

/** Why records do not get into a data file that is there, `{ why, advice }`, or `null` when they do. */
function refusal(file, stat) {
  const kind = oddKind(stat);
  if (kind !== null) return { why: `${file} is ${kind}`, advice: MOVE };
  try {
    fs.closeSync(fs.openSync(file, O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK));
    return null;
  } catch (error) {
    return {
      why: error.message,
      advice: 'give this user the right to read and write it; records meant for it are dropped',
    };
  }
}

function oddKind(stat) {
  if (stat.isSymbolicLink()) return 'a symbolic link';
  if (stat.isDirectory()) return 'a folder';
  if (!stat.isFile()) return 'not a regular file';
  return stat.nlink > 1 ? 'a hard link: the same file has another name elsewhere' : null;
}

/**
 * The nearest folder at or above `folder` that is there, where the folders below it would be made: `{ place }`. Links to
 * folders are followed, as by the writer; one that leads nowhere is in the way: `{ place, dangling: true }`.
 */
function nearest(folder) {
  if (fs.existsSync(folder)) return { place: folder, dangling: false };
  if (entry(folder) !== null) return { place: folder, dangling: true };
  return nearest(path.dirname(folder));
}

module.exports = { nearest, refusal };
