// Preloaded into a command: plays a writer that still has the old file open. Right after two files have changed their names it
// appends `OBS_TEST_LATE` to the one that is now called `.old`.
'use strict';

const fs = require('node:fs');

const { Core } = require('../../lib/core.js');

// The real ones: the writer is not who is killed.
const { closeSync, openSync, writeSync } = fs;
const { call } = Core.prototype;

Core.prototype.call = function (method, ...args) {
  const result = call.call(this, method, ...args);
  if (method !== 'exchange') return result;
  const fd = openSync(args[1], 'a');
  writeSync(fd, process.env.OBS_TEST_LATE);
  closeSync(fd);
  return result;
};
