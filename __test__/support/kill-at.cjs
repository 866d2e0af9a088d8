// Preloaded into a command: kills its process at the n-th call that changes files, `OBS_TEST_KILL_AT`, before or after it.
'use strict';

const fs = require('node:fs');

const CHANGES = ['writeFileSync', 'renameSync', 'mkdirSync', 'rmSync', 'rmdirSync', 'unlinkSync', 'chmodSync'];
// Further calls, by name, such as `writeSync`.
CHANGES.push(...(process.env.OBS_TEST_KILL_CALLS ?? '').split(' ').filter(Boolean));
const [at, when] = process.env.OBS_TEST_KILL_AT.split(' ');
let calls = 0;

const die = () => process.kill(process.pid, 'SIGKILL');

for (const name of CHANGES) {
  const real = fs[name];
  fs[name] = (...args) => {
    calls += 1;
    // Some of them call others.
    const isIt = calls === Number(at);
    if (isIt && when === 'before') die();
    const result = real(...args);
    if (isIt) die();
    return result;
  };
}
