// Puts a shorter compacted file in the place of one: nobody appends to those, so one rename is all.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { Complaint } = require('../terminal/output.js');
const { withFile } = require('../redact/files.js');
const { syncFolder } = require('../prune/swap.js');
const { createPacker } = require('./packed.js');
const { dress, freshName } = require('./pack.js');
const { openNew } = require('../../lib/small-files.js');

/** It is still the file that was surveyed. */
function checkSame(file, { dev, ino }) {
  const stat = fs.statSync(file, { bigint: true });
  if (stat.dev !== dev || stat.ino !== ino) throw new Complaint('it was replaced meanwhile: try again');
}

/** Writes what `fill(fd, keep)` keeps; gives whether that is anything, and what `fill` gives. */
function writeFresh(file, fresh, fill) {
  const out = openNew(fresh);
  try {
    return withFile(file, (old) => {
      const packer = createPacker(out);
      let kept = false;
      const filled = fill(old, (stretch) => {
        kept = true;
        packer.write(stretch);
      });
      packer.finish();
      dress(out, fs.fstatSync(old, { bigint: true }));
      return { kept, filled };
    });
  } finally {
    fs.closeSync(out);
  }
}

/** As `swap` does for a plain file: gives what `fill` gives; a file of which nothing is kept goes. */
function repack(_core, { file, seen }, fill) {
  const fresh = freshName(file);
  try {
    const { kept, filled } = writeFresh(file, fresh, fill);
    checkSame(file, seen);
    if (kept) fs.renameSync(fresh, file);
    else fs.unlinkSync(file);
    syncFolder(path.dirname(file));
    return filled;
  } finally {
    fs.rmSync(fresh, { force: true });
  }
}

module.exports = { repack };
