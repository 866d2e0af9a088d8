// A program that is not ours: keeps appending half lines, lines longer than one write, and rubbish to a data file.
'use strict';

const fs = require('node:fs');
const { createRandom } = require('./random.js');

const { file, seed, longLines = 40, cuts = 'any' } = JSON.parse(process.argv[2]);
const random = createRandom(seed);
const descriptor = fs.openSync(file, 'a');
const SPLIT = 512 * 1024; // Node's appendFile splits longer texts here
let longLeft = longLines;

/** A record that nobody made: it is only ever quoted in another one, and must never count. */
const GHOST = JSON.stringify({
  timestamp: new Date().toISOString(),
  type: 'skill_invocation',
  skill: 'ghost',
  result: 'success',
  metadata: { writer: 'ghost', n: 0 },
});

const QUOTING = [
  `{"timestamp":"2026-01-01T00:00:00.000Z","type":"skill_invocation","skill":"foreign","metadata":{"inner":${GHOST}}}`,
  `{"foreign":true,"list":[1, ${GHOST}],"tail":"grüße €"}`,
  `{"foreign":"text ${JSON.stringify(GHOST).slice(1, -1)} more\\n\\\\","number":-1.5e3}`,
];

/** Ends where a value may begin: what is glued there cannot be told from a record quoted in the fragment. */
function ambiguous(bytes) {
  return /[:[,]\s*$/.test(bytes.toString('latin1'));
}

function halfLine() {
  for (;;) {
    const line = Buffer.from(random.pick(QUOTING));
    const half = line.subarray(0, 1 + random.below(line.length - 1));
    if (cuts === 'any' || !ambiguous(half)) return half;
  }
}

function longLine() {
  longLeft -= 1;
  const line = Buffer.from(`{"foreign":"${'y'.repeat(600 * 1024)}"}\n`);
  fs.writeSync(descriptor, line.subarray(0, SPLIT));
  fs.writeSync(descriptor, line.subarray(SPLIT));
}

function append() {
  const choice = random.next();
  if (choice < 0.02 && longLeft > 0) longLine();
  else if (choice < 0.1) {
    fs.writeSync(descriptor, random.pick(['\n', '\n\n', 'nope', '\0\0\0', ']}\n', '{"whole":1}\n', '\r\n']));
  } else fs.writeSync(descriptor, halfLine());
}

process.stdin.resume().on('close', () => process.exit(0));
process.stdin.on('end', () => process.exit(0));
(function turn() {
  append();
  setTimeout(turn, random.below(3));
})();
