// What is in the file when: the three durability modes, every way in which a process, a thread or a Jest run can end.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { testWith, underStrace } = require('./support/box.js');
const { PACKAGE, cleanEnvironment } = require('./support/child.js');
const { STREAMS, disorder, scanStream } = require('./support/numbered.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { runScript, useFolder, valueOf } = require('./support/script.js');

const LONG = process.env.OBS_LONG === '1';
const RUNS = LONG ? 1000 : 60;
const ALL = Object.keys(STREAMS);

const folder = useFolder();

function onDisk(root, stream = 'executions') {
  return scanStream(root, stream).numbers.get('w') ?? [];
}

describe('the modes', () => {
  test.each(['write', 'sync'])('C1 in the mode %s a record is in the file when the call returns', (durability) => {
    const found = valueOf(
      ({ record, numbers }, { streams }) => {
        const counts = [];
        for (let n = 0; n < 20; n += 1) {
          for (const stream of streams) {
            record(stream);
            counts.push(numbers(stream).length - n);
          }
        }
        return counts;
      },
      { root: folder(), durability, streams: ALL },
    );
    expect(found).toEqual(Array(20 * ALL.length).fill(1));
  });

  test('C8 in batch mode records wait for 64 KiB, a flush or the timer, and the numbers add up at every step', () => {
    const value = valueOf(
      async ({ obs, record, numbers, balance, until }, { streams }) => {
        const steps = [];
        const step = (name) => {
          const { health, exact } = balance(streams);
          steps.push([name, health.pending, streams.map((stream) => numbers(stream).length).join(), exact]);
        };
        for (const stream of streams) record(stream, 2);
        step('held');
        obs.flush();
        step('flushed');
        for (const stream of streams) record(stream);
        await until(() => streams.every((stream) => numbers(stream).length === 3), 10_000);
        step('timer');
        record('executions', 100, 'x'.repeat(1000));
        steps.push(['64 KiB', numbers('executions').length > 3, obs.getStoreHealth().pending < 97]);
        obs.close();
        step('closed');
        return steps;
      },
      { root: folder(), durability: 'batch', streams: ALL },
    );
    expect(value).toEqual([
      ['held', 8, '0,0,0,0', true],
      ['flushed', 0, '2,2,2,2', true],
      ['timer', 0, '3,3,3,3', true],
      ['64 KiB', true, true],
      ['closed', 0, '3,103,3,3', true],
    ]);
  });

  testWith(['strace'], 'C5 in the mode sync each record is brought to the device before its call returns', () => {
    const root = folder();
    const log = path.join(root, 'calls');
    const target = path.join(root, STREAMS.executions.file());
    const wrapper = underStrace([target], [], { log, trace: 'pwritev2,fdatasync' });
    valueOf(({ record }) => record('executions', 5), { root, durability: 'sync' }, { wrapper });
    const calls = fs.readFileSync(log, 'utf8').match(/\b(pwritev2|fdatasync)\(/g);
    expect(calls).toEqual(Array(5).fill(['pwritev2(', 'fdatasync(']).flat());
  });

  test('C4 a tail of zeros, as a loss of power leaves it, costs nobody a record', () => {
    const value = valueOf(
      ({ obs, record, numbers, fs: files, file }) => {
        record('executions', 3);
        files.appendFileSync(file('executions'), Buffer.alloc(5000));
        record('executions', 3);
        return [
          numbers('executions'),
          obs.getCujSuccessRate('CUJ-numbered', 0).total,
          obs.getStoreHealth().skipped_lines,
        ];
      },
      { root: folder() },
    );
    expect(value).toEqual([[0, 1, 2, 3, 4, 5], 6, 1]);
  });
});

/** Ways to end, by name: what to do at the last record, and with which code or signal the process then ends. */
const ENDINGS = {
  'the end of the script': { end: '', status: 0 },
  'process.exit()': { end: 'process.exit()', status: 0 },
  'process.exit(7)': { end: 'process.exit(7)', status: 7 },
  'process.exitCode': { end: 'process.exitCode = 3', status: 3 },
  'an uncaught exception': { end: 'throw new Error("on purpose")', status: 1 },
  'an unhandled rejection': { end: 'Promise.reject(new Error("on purpose")); setInterval(() => {}, 1000)', status: 1 },
  'process.exit() in a promise': { end: 'Promise.resolve().then(() => process.exit(0))', status: 0 },
  'process.exit() in a timer': { end: 'setTimeout(() => process.exit(0), 1)', status: 0 },
  'process.exit() before the exit': { end: 'process.on("beforeExit", () => process.exit(5))', status: 5 },
  'SIGTERM with a handler': {
    end: 'process.on("SIGTERM", () => process.exit(143)); process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)',
    status: 143,
  },
  SIGTERM: { end: 'process.kill(process.pid, "SIGTERM"); for (;;);', signal: 'SIGTERM' },
  SIGINT: { end: 'process.kill(process.pid, "SIGINT"); for (;;);', signal: 'SIGINT' },
  'process.abort()': { end: 'process.abort()', signal: 'SIGABRT' },
};

/** Records `count` entries over several turns of the event loop and then ends as it is told. */
function recordAndEnd({ record, report, require: load }, { count, end, turns }) {
  // Without the return the script would outlive its end.
  return new Promise((resolve) => {
    let left = count;
    const turn = () => {
      for (let some = Math.ceil(count / turns); some > 0 && left > 0; some -= 1, left -= 1) {
        record('executions');
        report({ acknowledged: count - left + 1 });
      }
      if (left > 0) setTimeout(turn, 5);
      else new Function('require', end)(load);
      if (left === 0) resolve();
    };
    turn();
  });
}

test(`C8 ${RUNS} ends at random moments lose no record in the default mode, and in batch mode none at a normal end`, () => {
  const seed = seedOfTest();
  console.log(`seed ${seed}`);
  const random = createRandom(seed);
  const names = Object.keys(ENDINGS);
  for (let run = 0; run < RUNS; run += 1) {
    const name = names[run % names.length];
    const { end, status = null, signal = null } = ENDINGS[name];
    const durability = Math.floor(run / names.length) % 2 === 0 ? 'batch' : random.pick(['write', 'sync']);
    const root = path.join(folder(), `run-${run}`);
    const count = 1 + random.below(400);
    const given = { root, durability, count, end, turns: 1 + random.below(4) };
    const ended = runScript(recordAndEnd, given);
    const found = onDisk(root);
    const about = { run, name, durability, count };
    expect({ ...about, status: ended.status, signal: ended.signal }).toEqual({ ...about, status, signal });
    expect({ ...about, disorder: disorder(found) }).toEqual({ ...about, disorder: '' });
    const acknowledged = ended.printed.filter((line) => 'acknowledged' in line).length;
    expect({ ...about, acknowledged }).toEqual({ ...about, acknowledged: count });
    // A signal that nobody handles and an abort are no normal ends: of a batch they may cost what was still held.
    if (durability !== 'batch' || signal === null) {
      expect({ ...about, found: found.length }).toEqual({ ...about, found: count });
    }
    fs.rmSync(root, { recursive: true, force: true });
  }
});

test('C8 records made in an exit listener that is older than ours are written too', () => {
  for (const durability of ['write', 'batch']) {
    const root = path.join(folder(), durability);
    const { status } = runScript(
      ({ record }) => {
        process.on('exit', () => record('executions', 3));
        record('executions', 2);
        process.exit(0);
      },
      { root, durability },
    );
    expect([durability, status, onDisk(root)]).toEqual([durability, 0, [0, 1, 2, 3, 4]]);
  }
});

/** In a child whose main thread never loads the addon: starts threads that record, and ends each at a random moment. */
async function terminateWorkers({ require: load, report }, { seed, threadRoot, durability, count, child, random }) {
  const { Worker } = load('node:worker_threads');
  const { createRandom: create } = load(random);
  const choose = create(seed);
  const code = `
    const { workerData: { entry, root, durability, writer, shared } } = require('node:worker_threads');
    const obs = require(entry);
    obs.configure({ projectRoot: root, durability });
    const count = new Int32Array(shared);
    let n = 0;
    (function turn() {
      for (let left = 20; left > 0; left -= 1, n += 1) {
        obs.recordCujExecution('CUJ-thread', true, 1, null, { writer, n });
        Atomics.store(count, 0, n + 1);
      }
      setImmediate(turn);
    })();`;
  for (let index = 0; index < count; index += 1) {
    const shared = new SharedArrayBuffer(4);
    const writer = `thread-${index}`;
    const worker = new Worker(code, {
      eval: true,
      workerData: { entry: child, root: threadRoot, durability, writer, shared },
    });
    const recorded = new Int32Array(shared);
    if (choose.chance(0.8)) {
      while (Atomics.load(recorded, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      await new Promise((resolve) => setTimeout(resolve, choose.below(8)));
    } else {
      await new Promise((resolve) => setTimeout(resolve, choose.below(60))); // while it starts
    }
    await worker.terminate();
    report({ writer, count: Atomics.load(recorded, 0) });
  }
}

test(`C9 ${RUNS} workers terminated at random moments lose no record, and their process ends well`, () => {
  const seed = seedOfTest();
  console.log(`seed ${seed}`);
  const random = createRandom(seed);
  let acknowledged = 0;
  for (const durability of ['write', 'batch', 'sync']) {
    const root = path.join(folder(), durability);
    const given = {
      seed: random.below(2 ** 31),
      durability,
      count: Math.ceil(RUNS / 3),
      child: path.join(PACKAGE, 'index.js'),
    };
    const { status, signal, stderr, printed } = runScript(terminateWorkers, {
      ...given,
      random: require.resolve('./support/random.js'),
      threadRoot: root,
    });
    expect({ durability, status, signal, stderr }).toEqual({ durability, status: 0, signal: null, stderr: '' });
    const { numbers } = scanStream(root, 'executions');
    const threads = printed.filter((line) => 'writer' in line);
    expect(threads).toHaveLength(given.count);
    for (const { writer, count } of threads) {
      const found = numbers.get(writer) ?? [];
      acknowledged += count;
      const extra = found.length - count;
      expect([durability, writer, disorder(found), extra]).toEqual([durability, writer, '', extra === 1 ? 1 : 0]);
    }
  }
  console.log(`${acknowledged} acknowledged`);
  expect(acknowledged).toBeGreaterThan(RUNS);
});

/** A thread records in batch mode, and then it or its process ends in the given way. */
function endThread({ require: load }, { entry, threadRoot, inThread, inMain }) {
  const { Worker } = load('node:worker_threads');
  const code = `
    const { parentPort, workerData: { entry, root } } = require('node:worker_threads');
    const obs = require(entry);
    obs.configure({ projectRoot: root, durability: 'batch' });
    for (let n = 0; n < 5; n += 1) obs.recordCujExecution('CUJ-thread', true, 1, null, { writer: 'w', n });
    parentPort.postMessage('recorded');
    ${inThread}`;
  const worker = new Worker(code, { eval: true, workerData: { entry, root: threadRoot } });
  worker.on('error', () => {});
  worker.on('message', () => new Function('worker', inMain)(worker));
}

const STAY = 'setInterval(() => {}, 1000);';

test.each([
  ['its script ends', '', '', 0],
  ['it calls process.exit()', 'process.exit(0)', '', 0],
  ['it throws', 'throw new Error("on purpose")', '', 0],
  ['the main thread calls process.exit()', STAY, 'process.exit(6)', 6],
  ['the main thread throws', STAY, 'throw new Error("on purpose")', 1],
  ['the main thread does not wait for it', STAY, 'worker.removeAllListeners("message"); worker.unref()', 0],
])('C9 a thread in batch mode loses nothing when %s', (_, inThread, inMain, status) => {
  const given = { entry: path.join(PACKAGE, 'index.js'), threadRoot: folder(), inThread, inMain };
  const ended = runScript(endThread, given);
  expect([ended.status, ended.signal, onDisk(folder())]).toEqual([status, null, [0, 1, 2, 3, 4]]);
});

describe('inside Jest', () => {
  const TEST = `
    const obs = require(${JSON.stringify(path.join(PACKAGE, 'index.js'))});
    const name = __filename.match(/(\\w+)\\.test\\.js$/)[1];
    beforeAll(() => obs.configure({ projectRoot: process.env.JEST_OBS_ROOT, durability: 'batch' }));
    for (let index = 0; index < 3; index += 1) {
      test('records ' + index, () => {
        if (index === 1) jest.useFakeTimers();
        for (let n = 0; n < 10; n += 1) {
          obs.recordCujExecution('CUJ-jest', true, 1, null, { writer: name, n: index * 10 + n });
        }
      });
    }`;

  test.each([
    ['in one process', ['--runInBand']],
    ['in worker processes', ['--maxWorkers=2']],
    ['in worker threads', ['--maxWorkers=2', '--workerThreads']],
    ['with --forceExit', ['--runInBand', '--forceExit']],
  ])('C8 a test file that records in batch mode and ends loses nothing (%s)', (_, args) => {
    const root = folder();
    for (const name of ['one', 'two', 'three']) fs.writeFileSync(path.join(root, `${name}.test.js`), TEST);
    fs.writeFileSync(path.join(root, 'jest.config.js'), 'module.exports = { transform: {}, testEnvironment: "node" };');
    const jestProgram = path.join(PACKAGE, 'node_modules', 'jest', 'bin', 'jest.js');
    const { status, stderr } = spawnSync(process.execPath, [jestProgram, '--rootDir', root, ...args], {
      cwd: root,
      encoding: 'utf8',
      env: cleanEnvironment({ JEST_OBS_ROOT: root }),
    });
    expect([status, stderr]).toEqual([0, expect.stringContaining('9 passed')]);
    const { numbers } = scanStream(root, 'executions');
    const all = Array.from({ length: 30 }, (__, n) => n);
    expect(Object.fromEntries(numbers)).toEqual({ one: all, two: all, three: all });
  });
});
