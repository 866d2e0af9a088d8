// Preloaded into a command: plays a writer that still has the old file open. Right after two files have changed their names it
// appends `OBS_TEST_LATE` to the one that is now called `.old`.
'use strict';

// The real ones: the writer is not who is killed.
const { closeSync, openSync, writeSync } = require('node:fs');

const { dlopen } = process;
process.dlopen = function (module, ...args) {
  const result = dlopen.call(this, module, ...args);
  const { prototype } = module.exports.NativeMonitor ?? {};
  const real = prototype?.exchange;
  if (!real) return result;
  prototype.exchange = function (one, other) {
    const answer = real.call(this, one, other);
    const fd = openSync(other, 'a');
    writeSync(fd, process.env.OBS_TEST_LATE);
    closeSync(fd);
    return answer;
  };
  return result;
};
