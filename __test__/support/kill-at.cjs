// Preloaded into a command: kills its process at the n-th call that changes files, `OBS_TEST_KILL_AT`, before or after it; or only notes
// the calls in the file `OBS_TEST_KILL_LIST`.
'use strict';

const fs = require('node:fs');

const { O_CREAT, O_RDWR, O_TRUNC, O_WRONLY } = fs.constants;
const READS = /^(?:access|close|exists|fstat|lstat|opendir|read\w*|realpath|stat|statfs)Sync$/;
const CHANGES = ['writeFileSync', 'renameSync', 'mkdirSync', 'rmSync', 'rmdirSync', 'unlinkSync', 'chmodSync'];
/** Further calls, by name, such as `writeSync`, or `all` that may change anything, those of the addon too. */
const more = (process.env.OBS_TEST_KILL_CALLS ?? '').split(' ').filter(Boolean);
const isAll = more.includes('all');
const names = isAll ? Object.keys(fs).filter((name) => /Sync$/.test(name) && !READS.test(name)) : [...CHANGES, ...more]; // prettier-ignore
const [at, when] = (process.env.OBS_TEST_KILL_AT ?? '0 before').split(' ');
const list = process.env.OBS_TEST_KILL_LIST;
const writeFileSync = fs.writeFileSync;
const calls = [];

const die = () => process.kill(process.pid, 'SIGKILL');

/** To open a file for reading changes none. */
function isRead(name, [, flags = 'r']) {
  if (!isAll || name !== 'openSync') return false;
  return typeof flags === 'string' ? /^r[s]*$/.test(flags) : (flags & (O_CREAT | O_RDWR | O_TRUNC | O_WRONLY)) === 0;
}

function counted(name, real) {
  return function (...args) {
    if (isRead(name, args)) return real.apply(this, args);
    calls.push(`${name} ${args[0]}`);
    // Some of them call others.
    const isIt = calls.length === Number(at);
    if (isIt && when === 'before') die();
    try {
      return real.apply(this, args);
    } finally {
      if (isIt) die();
    }
  };
}

for (const name of names) fs[name] = counted(name, fs[name]);

// The one change that the addon makes for commands.
const dlopen = process.dlopen;
if (isAll) {
  process.dlopen = function (module, ...args) {
    const result = dlopen.call(this, module, ...args);
    const { prototype } = module.exports.NativeMonitor ?? {};
    if (prototype?.exchange) prototype.exchange = counted('exchange', prototype.exchange);
    return result;
  };
}
if (list !== undefined) process.on('exit', () => writeFileSync(list, JSON.stringify(calls)));
