// Replaces a file that other programs read: they see the old content or the new, never a part.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** What a link leads to is replaced, not the link. */
function targetOf(file) {
  try {
    return fs.realpathSync(file);
  } catch (error) {
    if (error.code === 'ENOENT') return path.resolve(file);
    throw error;
  }
}

/** The name beside it ends in `.tmp`, which collectors of `*.prom` pass over. A file that was there keeps its mode. */
function replaceFile(file, text) {
  const target = targetOf(file);
  const next = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.tmp`);
  try {
    const out = fs.openSync(next, 'w', fs.statSync(target, { throwIfNoEntry: false })?.mode ?? 0o666);
    try {
      fs.writeFileSync(out, text);
      fs.fsyncSync(out);
    } finally {
      fs.closeSync(out);
    }
    fs.renameSync(next, target);
  } catch (error) {
    fs.rmSync(next, { force: true });
    throw error;
  }
}

module.exports = { replaceFile };
