// Preloaded into a script of README.md (`node --require`): checks its `// =>` comments, and that each of them was reached.
'use strict';

const assert = require('node:assert/strict');

let left = Number(process.env.README_CHECKS);

globalThis.api = require('../../index.js');

globalThis.check = (line, actual, wanted) => {
  left -= 1;
  assert.deepEqual(actual, wanted, `README.md:${line} gives ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}`);
};

process.on('exit', (code) => {
  if (code !== 0 || left === 0) return;
  console.error(`${left} of the values that README.md shows were not reached`);
  process.exitCode = 1;
});
