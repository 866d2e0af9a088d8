// Calls the package with hostile arguments in a process of its own and tells each law that was broken.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { HostileCalls } = require('./hostile-calls.js');
const { createRandom } = require('./random.js');

const BATCH = 500;
const MOST_FAULTS = 20;
const RECORDERS = ['logSkillInvocation', 'recordCujExecution', 'emitProgress', 'recordProviderCall'];
const USUAL_RULES = { keys: [], patterns: [], allow: [], replacement: '[REDACTED]' };

/** `surface`, `seed`, calls `from` to `to` in steps of `step`, one in `hugeEvery` with something huge; works in `folder`. */
const { surface, seed, from, to, step, hugeEvery, folder } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));

const progress = fs.openSync(path.join(folder, 'at'), 'w');
const cwd = path.join(folder, 'work', 'a', 'b', 'c', 'd');
fs.mkdirSync(cwd, { recursive: true });
process.chdir(cwd);

const builtins = [Object, Array, Function, String, Number, Promise, Error, Map, Symbol, Date, RegExp, Uint8Array];
const shape = () =>
  builtins.map(({ prototype }) =>
    Reflect.ownKeys(prototype).flatMap((key) => {
      const { value, get, set } = Object.getOwnPropertyDescriptor(prototype, key);
      return [key, value, get, set];
    }),
  );
const shapeBefore = shape();

const obs = require('../../index.js');
const heard = [];
obs.progressEmitter.on('progress', (event) => heard.push(event));

let faults = 0;
let at = null;
function fault(words) {
  const { entry, words: given } = at.call ?? {};
  const name = entry ? `${entry.owner ? `${entry.owner}.` : ''}${entry.name}(${given.join(', ')})` : '';
  process.stdout.write(`${JSON.stringify({ number: at.number, name, words: String(words) })}\n`);
  faults += 1;
  if (faults >= MOST_FAULTS) process.exit(3);
}
process.on('unhandledRejection', (error) => fault(`an unhandled rejection: ${error?.stack ?? String(error)}`));
process.on('uncaughtException', (error) => fault(`an uncaught exception: ${error?.stack ?? String(error)}`));

let reentered = 0;
const calls = new HostileCalls(surface, seed, {
  reenter: () => {
    reentered += 1;
    obs.recordCujExecution('inner', true, 1);
    obs.getCujSuccessRate('inner');
    return undefined;
  },
  dashboard: () => obs.generateMetricsDashboard(),
});

function reset(root) {
  const settings = { dataDir: '.claude/context', durability: 'write', redact: USUAL_RULES, maxRecordBytes: 262_144 };
  obs.configure({ projectRoot: root, ...settings, onError: () => {} });
}

/** The object whose method is called, made with usual values. */
function owner(name, random) {
  if (name === 'StructuredLogger') return random.chance(0.5) ? obs.getLogger() : new obs.StructuredLogger('logs');
  if (name === 'ProviderHealthMonitor') return random.chance(0.5) ? obs.getGlobalHealthMonitor() : new obs[name]();
  return new obs[name]('run', 3);
}

/** What was thrown must be documented: its kind, its code, and that anything is thrown at all. */
function judge(thrown, { throws }) {
  const code = thrown instanceof Error ? Object.getOwnPropertyDescriptor(thrown, 'code')?.value : undefined;
  const kind = thrown?.constructor?.name;
  const allowed = code === 'OBS_INVALID_ARGUMENT' ? throws.kinds.includes(kind) : throws.codes.includes(code);
  if (!allowed) {
    fault(`threw what is not documented: ${code} ${kind} ${thrown instanceof Error ? thrown.stack : typeof thrown}`);
  }
}

/** Ends what a call has begun. */
async function end(result) {
  if (typeof result === 'function') result();
  if (typeof result?.stop === 'function') {
    result.next?.();
    await result.stop();
  }
  if (typeof result?.end === 'function') result.end();
}

function sums({ attempted, accepted, pending, dropped }) {
  if (attempted !== accepted + pending + dropped.total) fault('what was attempted is not what became of it');
}

async function one(number) {
  const random = createRandom(seed + number);
  at = { number, call: null };
  const call = calls.call(number, number >= calls.sweep && number % hugeEvery === 0);
  at.call = call;
  const { entry, values } = call;
  const before = obs.getStoreHealth();
  const heardBefore = heard.length;
  let threw = false;
  try {
    let result;
    if (entry.how === 'new') result = new obs[entry.name](...values);
    else {
      result = entry.how === 'method' ? owner(entry.owner, random)[entry.name](...values) : obs[entry.name](...values);
    }
    if (result instanceof Promise) result = await result;
    if (RECORDERS.includes(entry.name) && result !== undefined) fault('a recording call returned something');
    await end(result);
  } catch (error) {
    threw = true;
    judge(error, entry);
  }
  const after = obs.getStoreHealth();
  sums(after);
  if (RECORDERS.includes(entry.name) && !threw) {
    if (after.attempted < before.attempted + 1) fault('a record was not counted');
    if (entry.name === 'emitProgress' && heard.length === heardBefore) fault('an event was not heard');
  }
}

function filesBelow(place) {
  return fs.readdirSync(place, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
}

/** Each line that was accepted is in a file, and whatever is in a file is JSON. */
function checkFiles(accepted) {
  let lines = 0;
  for (const { name, parentPath } of filesBelow(path.join(folder, 'work'))) {
    if (!/\.jsonl?$/.test(name) || parentPath.includes('.obs')) continue;
    const text = fs.readFileSync(path.join(parentPath, name), 'utf8');
    const parts = name.endsWith('.json') ? [text] : text.split('\n').slice(0, -1);
    if (name.endsWith('.jsonl') && !text.endsWith('\n')) fault(`${name} ends within a line`);
    for (const part of parts) {
      try {
        const value = JSON.parse(part);
        if (typeof value !== 'object' || value === null) fault(`${name} holds ${part.slice(0, 100)}`);
      } catch (error) {
        fault(`${name} holds what is no JSON: ${error.message}: ${part.slice(0, 300)}`);
      }
    }
    if (name.endsWith('.jsonl') && name !== 'alerts.jsonl') lines += parts.length;
  }
  if (lines !== accepted) fault(`${accepted} records were accepted, ${lines} are in files`);
}

const descriptors = () => (process.platform === 'linux' ? fs.readdirSync('/proc/self/fd').length : 0);

async function batch(numbers) {
  const root = path.join(cwd, 'root');
  fs.mkdirSync(path.join(root, '.claude'), { recursive: true });
  for (const place of [root, cwd]) {
    require('node:child_process').execFileSync('mkfifo', [path.join(place, 'pipe')]);
  }
  reset(root);
  const { accepted } = obs.getStoreHealth();
  for (const number of numbers) {
    fs.writeSync(progress, String(number).padStart(12), 0);
    await one(number);
    if (at.call.entry.name === 'configure') reset(root);
  }
  at = { number: numbers.at(-1), call: null };
  obs.flush();
  checkFiles(obs.getStoreHealth().accepted - accepted);
  obs.close();
  fs.rmSync(path.join(folder, 'work'), { recursive: true });
  fs.mkdirSync(cwd, { recursive: true });
  process.chdir(cwd);
  shape().forEach((now, place) => {
    if (
      now.length !== shapeBefore[place].length ||
      now.some((each, key) => !Object.is(each, shapeBefore[place][key]))
    ) {
      fault(`${builtins[place].name}.prototype was changed`);
    }
  });
  if (obs.progressEmitter.listenerCount('progress') !== 1) fault('a listener was left behind');
  heard.length = 0;
}

async function run() {
  void [process.stdout, process.stderr]; // made at first use
  let open = null;
  const handles = process.getActiveResourcesInfo().sort().join();
  let numbers = [];
  for (let number = from; number < to; number += step) {
    numbers.push(number);
    if (numbers.length < BATCH && number + step < to) continue;
    await batch(numbers);
    numbers = [];
    open ??= descriptors();
    if (descriptors() > open) fault(`${descriptors() - open} descriptors were left open`);
  }
  await new Promise(setImmediate);
  const left = process.getActiveResourcesInfo().sort().join();
  if (left !== handles) fault(`handles were left: ${left}, before there were: ${handles}`);
  process.stdout.write(`${JSON.stringify({ done: true, reentered })}\n`);
}

void run();
