// The process in which `script.js` runs a test's function, and the tools that the function is given.
'use strict';

const childProcess = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { STREAMS, scanFile, scanStream, total } = require('./numbered.js');

const REPORT = 3;
const { source, given } = JSON.parse(process.argv[2]);
const next = new Map();

/** The package, loaded at first use: some tests want a main thread that never loads the addon. */
let loaded = null;
function load() {
  if (loaded !== null) return loaded;
  loaded = require('../../index.js');
  if (given.root) loaded.configure({ projectRoot: given.root });
  if (given.durability) loaded.configure({ durability: given.durability });
  return loaded;
}

/** Writes a line of JSON that the test can read even when this process is killed right after. */
function report(line) {
  fs.writeSync(REPORT, `${JSON.stringify(line)}\n`);
}

/** Records the next `count` numbered entries of a stream, as the writer `w`. */
function record(stream, count = 1, pad = '') {
  for (let left = count; left > 0; left -= 1) {
    const n = next.get(stream) ?? 0;
    next.set(stream, n + 1);
    STREAMS[stream].record(load(), { writer: 'w', n, pad });
  }
}

/** Absolute path of a stream's data file. */
function file(stream) {
  return path.join(given.root, STREAMS[stream].file(Date.now()));
}

/** The numbers on disk in a stream's file, without the package's help. */
function numbers(stream) {
  return scanStream(given.root, stream).numbers.get('w') ?? [];
}

/** `{ health, disk, exact }`: the counters, how many records are on disk, and whether the numbers add up. */
function balance(streams = ['executions'], more = 0) {
  const health = load().getStoreHealth();
  const disk = streams.reduce((sum, stream) => sum + total(scanStream(given.root, stream)), more);
  const { attempted, accepted, pending, dropped } = health;
  const reasons = Object.values(dropped.by_reason).reduce((sum, count) => sum + count, 0);
  const exact = attempted === accepted + pending + dropped.total && accepted === disk && reasons === dropped.total;
  return { health, disk, exact };
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves to the milliseconds until `condition` held, or to `null` after `ms`. Keeps the process alive, calls nothing. */
async function until(condition, ms) {
  const started = performance.now();
  while (!condition()) {
    if (performance.now() - started > ms) return null;
    await sleep(20);
  }
  return performance.now() - started;
}

/** Runs a command, `ulimit` and the like aside; throws with what it said. */
function run(command, ...args) {
  return childProcess.execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The numbers of this process's descriptors that lead to `target`. */
function descriptorsOf(target) {
  const found = [];
  for (const name of fs.readdirSync('/proc/self/fd')) {
    try {
      if (fs.readlinkSync(`/proc/self/fd/${name}`) === target) found.push(Number(name));
    } catch {
      // The descriptor with which the folder itself was listed.
    }
  }
  return found;
}

/** The faults given to `onError`, once `hear()` was called. */
const heard = [];
function hear() {
  load().configure({ onError: (error) => heard.push({ code: error.code, reason: error.reason, path: error.path }) });
}

const tools = { fs, path, require, report, record, file, numbers, balance, sleep, until, run };
Object.assign(tools, { descriptorsOf, hear, heard, scanFile });
Object.defineProperty(tools, 'obs', { get: load });
const body = (0, eval)(`(${source})`);
Promise.resolve(body(tools, given)).then((value) => report({ value: value ?? null }));
