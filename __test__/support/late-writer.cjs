// Preloaded into a command: plays a writer that still has the old file open. Whenever a file is put in place of a data file, it
// appends `OBS_TEST_LATE` to the file that stood there, which has a name that ends in `.old`.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

// The real ones: the writer is not who is killed.
const { closeSync, openSync, readdirSync, renameSync, writeSync } = fs;

fs.renameSync = (from, to) => {
  renameSync(from, to);
  const folder = path.dirname(to);
  const old = readdirSync(folder).find((name) => name.endsWith('.old'));
  if (old === undefined) return;
  const fd = openSync(path.join(folder, old), 'a');
  writeSync(fd, process.env.OBS_TEST_LATE);
  closeSync(fd);
};
