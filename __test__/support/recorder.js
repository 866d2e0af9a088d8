// A writer process: records numbered entries and acknowledges each on a pipe after the call has returned.
'use strict';

const fs = require('node:fs');
const { isMainThread, parentPort, workerData, Worker } = require('node:worker_threads');
const { createRandom } = require('./random.js');
const { STREAMS } = require('./numbered.js');

const ACKNOWLEDGEMENTS = 3;
const TURN = 50; // records between two turns of the event loop

const options = isMainThread ? JSON.parse(process.argv[2]) : workerData;
const realNow = Date.now;
if (options.now !== undefined) Date.now = () => options.now;

/** Mostly short records, some over several pages, a few as long as is allowed. */
function padding(random) {
  if (random.chance(0.9)) return 'x'.repeat(random.below(300));
  return 'x'.repeat(random.below(options.longest ?? 65_536));
}

function record() {
  const obs = require('../../index.js');
  obs.configure({ projectRoot: options.root, durability: options.durability ?? 'write' });
  const { record: append } = STREAMS[options.stream];
  const random = createRandom(options.seed);
  const writer = options.writer;
  const end = options.count ?? Infinity;
  const over = () => n >= end || (options.until !== undefined && Date.now() >= options.until);
  let n = 0;
  const turn = () => {
    for (let left = TURN; left > 0 && !over(); left -= 1, n += 1) {
      append(obs, { writer, n, pad: padding(random) });
      if (options.acknowledge) fs.writeSync(ACKNOWLEDGEMENTS, `${n}\n`);
    }
    if (over()) finish(obs);
    else if (options.until === undefined) setImmediate(turn);
    else setTimeout(turn, 5); // one that waits for a time leaves room for the others
  };
  if (options.start === undefined) {
    turn();
    return;
  }
  // Loaded and ready: the clock begins to run from `start` when the parent says so.
  process.stdout.write('{"ready":true}\n');
  process.stdin.once('data', () => {
    const begun = realNow();
    Date.now = () => options.start + realNow() - begun;
    process.stdin.destroy();
    turn();
  });
}

/** Says that everything is recorded, and after the word `query` on stdin what the queries of this process see. */
function finish(obs) {
  const health = obs.getStoreHealth();
  if (!isMainThread) {
    parentPort.postMessage(health);
    return;
  }
  process.stdout.write(`${JSON.stringify(health)}\n`);
  if (!options.query) return;
  process.stdin.once('data', () => {
    const counts = { [options.stream]: STREAMS[options.stream].countOf(obs) };
    process.stdout.write(`${JSON.stringify({ counts, skipped: obs.getStoreHealth().skipped_lines })}\n`);
    process.stdin.destroy();
  });
}

/** Several writers in this process, each in a thread and so with a face and a handle of its own. */
function recordInThreads() {
  for (let thread = 0; thread < options.threads; thread += 1) {
    const own = { ...options, threads: 0, writer: `${options.writer}.${thread}`, seed: options.seed + thread };
    const worker = new Worker(__filename, { workerData: own });
    worker.on('message', (health) => process.stdout.write(`${JSON.stringify(health)}\n`));
    worker.on('error', (error) => {
      throw error;
    });
  }
}

if (isMainThread && options.threads > 0) recordInThreads();
else record();
