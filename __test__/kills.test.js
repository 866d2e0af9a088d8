// Real kills of writer processes: what was acknowledged is there exactly once, whatever else writes to the file.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { createFace } = require('../lib/face.js');
const { testWith, underStrace } = require('./support/box.js');
const { startForeigner, startRecorder } = require('./support/fleet.js');
const { STREAMS, disorder, scanFile, scanStream } = require('./support/numbered.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { runScript, useFolder, valueOf } = require('./support/script.js');

const LONG = process.env.OBS_LONG === '1';
const WRITERS = 4;
const ROUND = 300; // kills into one file
const ROUNDS = LONG ? 17 : 1;
const NOW = Date.UTC(2026, 0, 9, 12); // every process of a storm writes to the same day

const folder = useFolder();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Writer after writer, each killed at a random moment; fills `acknowledged` with how much each was told to have recorded. */
async function killWriters(slot, storm) {
  const { random, acknowledged } = storm;
  while (storm.left > 0) {
    storm.left -= 1;
    const writer = `w${slot}-${storm.left}`;
    const durability = slot === 0 ? 'sync' : 'write';
    const seed = random.below(2 ** 31);
    const running = startRecorder({
      ...{ root: storm.root, stream: 'skills', now: NOW, acknowledge: true, longest: 200_000 },
      ...{ writer, durability, seed },
    });
    if (random.chance(0.1)) {
      await pause(random.below(80)); // while it starts, or opens its first file
    } else {
      await running.first;
      await pause(random.below(15));
    }
    running.child.kill('SIGKILL');
    expect(await running.done).toEqual({ code: null, signal: 'SIGKILL', stderr: '' });
    acknowledged.set(writer, running.acknowledged());
  }
}

/** One round: four writers and a foreigner on one file, then the count. */
async function runStorm(root, seed) {
  const file = path.join(root, STREAMS.skills.file(NOW));
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const state = { root, random: createRandom(seed), left: ROUND, acknowledged: new Map() };
  const foreigner = startForeigner({ file, seed, cuts: 'unambiguous' });
  await Promise.all(Array.from({ length: WRITERS }, (_, slot) => killWriters(slot, state)));
  foreigner.child.stdin.end();
  expect(await foreigner.done).toEqual({ code: 0, signal: null, stderr: '' });
  return { acknowledged: state.acknowledged, scan: scanStream(root, 'skills', NOW) };
}

/** What the package's own reader finds, writer by writer. */
function readNumbers(root) {
  const obs = createFace({ projectRoot: root, env: {} });
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
  const numbers = new Map();
  for (const { writer, n } of STREAMS.skills.metadataOf(obs)) {
    if (writer === undefined) continue;
    if (!numbers.has(writer)) numbers.set(writer, []);
    numbers.get(writer).push(n);
  }
  obs.close();
  jest.restoreAllMocks();
  return numbers;
}

test(
  `C1 C2 K2 every acknowledged record survives ${ROUND * ROUNDS} SIGKILLs over ${WRITERS} writers and a foreigner, once`,
  async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const seed = seedOfTest() + round;
      console.log(`seed ${seed}`);
      const root = path.join(folder(), `round-${round}`);
      const { acknowledged, scan } = await runStorm(root, seed);
      let sum = 0;
      for (const [writer, count] of acknowledged) {
        const found = scan.numbers.get(writer) ?? [];
        sum += count;
        // In order, each once; the one record whose call had not returned may be there or not.
        expect([writer, disorder(found)]).toEqual([writer, '']);
        expect(found.length - count).toBeGreaterThanOrEqual(0);
        expect(found.length - count).toBeLessThanOrEqual(1);
      }
      expect(acknowledged.size).toBe(ROUND);
      expect(sum).toBeGreaterThan(ROUND);
      console.log(`${ROUND} kills, ${sum} acknowledged, ${scan.glued} glued, ${scan.torn} torn lines`);
      expect(readNumbers(root)).toEqual(scan.numbers);
      fs.rmSync(root, { recursive: true });
    }
  },
  LONG ? 1_800_000 : 120_000,
);

// Every call with which an append can touch a file or a folder; strace counts each kind for itself.
const CALLS = ['openat', 'mkdir', 'statx', 'lseek', 'pread64', 'pwritev2', 'fdatasync', 'close'];

/** Records four entries into a file with a torn tail, and in between lets it be renamed and torn again. */
async function appendAndHeal({ record, report, fs: files, file, sleep }) {
  for (let n = 0; n < 4; n += 1) {
    record('executions');
    report({ acknowledged: n + 1 });
    if (n === 1) {
      files.renameSync(file('executions'), `${file('executions')}.old`);
      await sleep(80); // the path is looked at again after 50 ms
    }
    if (n === 2) files.appendFileSync(file('executions'), '{"timestamp":"2026-01-09T1');
  }
}

/** The numbers in the file and in the one that was renamed, oldest first. */
function onDisk(root) {
  const file = path.join(root, STREAMS.executions.file());
  return [`${file}.old`, file].flatMap((name) => scanFile(name).numbers.get('w') ?? []);
}

/** Runs the script until the `k`th call of a kind on the data folder, which it does not live to make; false past the last. */
function killedBefore(call, k, root) {
  const target = path.join(root, STREAMS.executions.file());
  const torn = k % 2 === 1; // else there is neither file nor folder at first
  if (torn) {
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, '{"torn":"');
  }
  const paths = [target, path.dirname(target), path.dirname(path.dirname(target))];
  const wrapper = underStrace(paths, [`${call}:signal=KILL:when=${k}`]);
  const { signal, status, printed, stderr } = runScript(appendAndHeal, { root, durability: 'sync' }, { wrapper });
  // strace ends as its child did: by the same signal, or with the shell's number for it.
  if (status !== 0 && signal !== 'SIGKILL' && status !== 137) throw new Error(stderr);
  return { alive: status === 0, acknowledged: printed.filter((line) => 'acknowledged' in line).length };
}

testWith(
  ['strace'],
  'C1 C7 killed before each system call of an append and of a heal, an acknowledged record is there once',
  () => {
    const points = {};
    for (const call of CALLS) {
      for (let k = 1, survivors = 0; survivors < 2; k += 1) {
        const root = path.join(folder(), `${call}-${k}`);
        const { alive, acknowledged } = killedBefore(call, k, root);
        survivors = alive ? survivors + 1 : 0; // odd and even ones begin differently
        if (!alive) points[call] = (points[call] ?? 0) + 1;
        const found = onDisk(root);
        const extra = found.length - acknowledged;
        expect([call, k, disorder(found), extra]).toEqual([call, k, '', alive ? 0 : extra === 1 ? 1 : 0]);
        // The next writer records as if nothing had happened, and its record costs nobody theirs.
        const next = recordNext(root);
        expect([call, k, next]).toEqual([call, k, 1]);
        expect([call, k, onDisk(root)]).toEqual([call, k, found]);
      }
    }
    console.log(`crash points: ${JSON.stringify(points)}`);
    for (const call of ['openat', 'mkdir', 'statx', 'lseek', 'pwritev2', 'fdatasync']) {
      expect([call, points[call] > 0]).toEqual([call, true]);
    }
  },
  LONG ? 600_000 : 120_000,
);

function recordNext(root) {
  const obs = createFace({ projectRoot: root, env: {} });
  obs.recordCujExecution('CUJ-next', true, 1);
  const { total } = obs.getCujSuccessRate('CUJ-next', 0);
  obs.close();
  return total;
}

testWith(
  ['linux'],
  'K7 a storm of child processes, each ending while it records, loses nothing and inherits no descriptor',
  () => {
    const value = valueOf(
      async ({ obs, record, fs: files, path: paths, file, require: load, numbers }, { root, entry, count }) => {
        const { spawn } = load('node:child_process');
        record('executions'); // the parent holds a descriptor of the file while its children are made
        const code = `const obs = require(${JSON.stringify(entry)});
          const fs = require('node:fs');
          const held = fs.readdirSync('/proc/self/fd').filter((fd) => {
            try { return fs.readlinkSync('/proc/self/fd/' + fd).endsWith('.jsonl'); } catch { return false; }
          });
          for (let n = 0; n < 20; n += 1) obs.recordCujExecution('CUJ-child', true, 1, null, { writer: process.argv[1], n });
          process.stdout.write(String(held.length));
          process.exit(0);`;
        const env = { ...process.env, OBS_PROJECT_ROOT: root };
        const child = (name) =>
          new Promise((resolve) => {
            const started = spawn(process.execPath, ['-e', code, name], { env, stdio: ['ignore', 'pipe', 'inherit'] });
            let held = '';
            started.stdout.on('data', (text) => (held += text));
            started.on('close', (status, signal) => resolve([status, signal, held].join()));
          });
        const ends = new Set();
        for (let done = 0; done < count; done += 10) {
          const running = Array.from({ length: 10 }, (_, index) => child(`c${done + index}`));
          record('executions', 100);
          for (const end of await Promise.all(running)) ends.add(end);
        }
        return {
          ends: [...ends],
          children: obs.getCujSuccessRate('CUJ-child', 0).total,
          own: numbers('executions').length,
          skipped: obs.getStoreHealth().skipped_lines,
          files: files.readdirSync(paths.dirname(file('executions'))),
        };
      },
      { root: folder(), entry: path.join(__dirname, '..', 'index.js'), count: LONG ? 1000 : 60 },
    );
    const count = LONG ? 1000 : 60;
    expect(value).toEqual({
      ends: ['0,,0'],
      children: 20 * count,
      own: 1 + 10 * count,
      skipped: 0,
      files: ['cuj-metrics.jsonl'],
    });
  },
  LONG ? 600_000 : 120_000,
);
