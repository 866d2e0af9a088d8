// Given to `node --require`: at the process's end prints the most memory it had at once, in KiB, behind a NUL.
'use strict';

const { readFileSync, writeSync } = require('node:fs');

// Linux lets a child begin with the peak of the process that started it (`ru_maxrss`), but not so in its status file.
function peak() {
  try {
    return Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}

process.on('exit', () => writeSync(1, `\0${peak()}`));
