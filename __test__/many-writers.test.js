// Many processes and threads on the same files at once: nothing is lost, doubled, torn or out of its writer's order.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { printed, startRecorder } = require('./support/fleet.js');
const { STREAMS, disorder, scanStream, total } = require('./support/numbered.js');
const { seedOfTest } = require('./support/random.js');
const { useFolder, valueOf } = require('./support/script.js');
const { PACKAGE } = require('./support/child.js');

const LONG = process.env.OBS_LONG === '1';
const NOW = Date.UTC(2026, 0, 9, 12); // midnight has tests of its own
const folder = useFolder();

test(
  `K1 16 processes with 8 threads each write ${LONG ? '1,000,000' : '200,000'} records into one file: the exact multiset, in order`,
  async () => {
    const each = Math.ceil((LONG ? 1_000_000 : 200_000) / 128);
    const seed = seedOfTest();
    console.log(`seed ${seed}`);
    const root = folder();
    const options = { root, stream: 'skills', now: NOW, count: each, threads: 8, longest: 4096 };
    const processes = Array.from({ length: 16 }, (_, index) =>
      startRecorder({ ...options, writer: `p${index}`, seed: seed + index * 100 }),
    );
    for (const running of processes) {
      expect(await running.done).toEqual({ code: 0, signal: null, stderr: '' });
      const healths = running.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(healths).toHaveLength(8);
      for (const health of healths) {
        expect(health).toMatchObject({ attempted: each, accepted: each, pending: 0, dropped: { total: 0 } });
      }
    }
    const scan = scanStream(root, 'skills', NOW);
    expect(scan.numbers.size).toBe(128);
    for (const [writer, numbers] of scan.numbers) {
      expect([writer, disorder(numbers), numbers.length]).toEqual([writer, '', each]);
    }
    expect(scan).toMatchObject({ whole: 128 * each, glued: 0, torn: 0, lines: 128 * each + scan.blank });
    const answer = valueOf(
      ({ obs }, { now }) => {
        Date.now = () => now;
        return [obs.getLogger().getStatistics().total_invocations, obs.getStoreHealth().skipped_lines];
      },
      { root, now: NOW },
    );
    expect(answer).toEqual([128 * each, 0]); // a blank line is neither a record nor a damaged line
    console.log(`${total(scan)} records, ${scan.blank} blank lines`);
  },
  LONG ? 900_000 : 180_000,
);

test.each(Object.keys(STREAMS))(
  'K1 8 processes write 20,000 records each (%s), and the queries of every one see all 160,000',
  async (stream) => {
    const root = folder();
    const options = { root, stream, now: NOW, count: 20_000, longest: 2000, query: true };
    const processes = Array.from({ length: 8 }, (_, index) =>
      startRecorder({ ...options, writer: `p${index}`, seed: index }),
    );
    const healths = await Promise.all(processes.map((running) => printed(running, 0)));
    for (const health of healths) expect(health).toMatchObject({ attempted: 20_000, accepted: 20_000, pending: 0 });
    for (const running of processes) running.child.stdin.write('query');
    for (const running of processes) {
      expect(await printed(running, 1)).toEqual({ counts: { [stream]: 160_000 }, skipped: 0 });
      expect(await running.done).toEqual({ code: 0, signal: null, stderr: '' });
    }
    const scan = scanStream(root, stream, NOW);
    expect([scan.whole, scan.torn, scan.glued]).toEqual([160_000, 0, 0]);
    for (const numbers of scan.numbers.values()) expect([disorder(numbers), numbers.length]).toEqual(['', 20_000]);
  },
  LONG ? 600_000 : 180_000,
);

test('K3 the same addon by two paths, in vm contexts and in threads: each has its own state, and all see every record', () => {
  const root = folder();
  const copy = path.join(root, 'copy');
  fs.mkdirSync(copy);
  const addon = fs.readdirSync(PACKAGE).find((name) => name.endsWith('.node'));
  for (const name of ['index.js', 'binding.js', 'package.json', 'lib', addon]) {
    fs.cpSync(path.join(PACKAGE, name), path.join(copy, name), { recursive: true });
  }
  const link = path.join(root, 'link');
  fs.symlinkSync(copy, link);
  const value = valueOf(
    async ({ obs, require: load, until }, { root: at, copies }) => {
      const vm = load('node:vm');
      const { Worker } = load('node:worker_threads');
      const { createRequire } = load('node:module');
      // A face inside a context of its own, as Jest makes them: its objects belong to another realm.
      const inContext = (entry) => {
        const registry = new Map();
        const context = vm.createContext({ process, Buffer, console, setTimeout, clearTimeout, URL });
        const fetch = (file) => {
          if (registry.has(file)) return registry.get(file).exports;
          const own = createRequire(file);
          if (!file.endsWith('.js') || file.endsWith('binding.js')) return own(file);
          const module = { exports: {} };
          registry.set(file, module);
          const source = load('node:fs').readFileSync(file, 'utf8');
          const wrapped = vm.runInContext(
            `(function (module, exports, require, __dirname, __filename) {${source}\n})`,
            context,
          );
          const required = (name) => (name.startsWith('.') ? fetch(own.resolve(name)) : own(name));
          required.main = undefined;
          wrapped(module, module.exports, required, load('node:path').dirname(file), file);
          return module.exports;
        };
        return fetch(entry);
      };
      const faces = [obs, ...copies.map((entry) => load(entry)), inContext(copies[0]), inContext(copies[1])];
      faces.forEach((face, index) => {
        face.configure({ projectRoot: at, durability: ['write', 'batch', 'sync', 'batch', 'write'][index] });
        for (let n = 0; n < 100 * (index + 1); n += 1) {
          face.recordCujExecution('CUJ-numbered', true, 1, null, { writer: `face-${index}`, n });
        }
      });
      const attempted = faces.map((face) => face.getStoreHealth().attempted);
      const durability = faces.map((face) => face.getStoreHealth().durability);
      const code = `const { workerData: { entry, root, writer } } = require('node:worker_threads');
        const obs = require(entry);
        obs.configure({ projectRoot: root, durability: 'batch' });
        for (let n = 0; n < 50; n += 1) obs.recordCujExecution('CUJ-numbered', true, 1, null, { writer, n });`;
      const ends = copies.map((entry, index) => {
        const worker = new Worker(code, { eval: true, workerData: { entry, root: at, writer: `thread-${index}` } });
        return new Promise((resolve) => worker.on('exit', resolve));
      });
      const codes = await Promise.all(ends);
      for (const face of faces) face.flush();
      const seen = faces.map((face) => face.getCujSuccessRate('CUJ-numbered', 0).total);
      // What is left in batch mode is written when the process ends.
      for (const [index, face] of faces.entries()) {
        face.recordCujExecution('CUJ-last', true, 1, null, { writer: 'last', n: index });
      }
      return { attempted, durability, codes, seen, same: typeof until };
    },
    { root, copies: [path.join(copy, 'index.js'), path.join(link, 'index.js')] },
    { execArgv: ['--preserve-symlinks'] },
  );
  expect(value).toMatchObject({
    attempted: [100, 200, 300, 400, 500],
    durability: ['write', 'batch', 'sync', 'batch', 'write'],
    codes: [0, 0],
    seen: Array(5).fill(1600),
  });
  const { numbers, torn } = scanStream(root, 'executions');
  expect(torn).toBe(0);
  expect([...numbers.get('last')].sort()).toEqual([0, 1, 2, 3, 4]);
  numbers.delete('last');
  const lengths = Object.fromEntries([...numbers].map(([writer, list]) => [writer, [disorder(list), list.length]]));
  expect(lengths).toEqual({
    ...Object.fromEntries([1, 2, 3, 4, 5].map((times, index) => [`face-${index}`, ['', 100 * times]])),
    ...{ 'thread-0': ['', 50], 'thread-1': ['', 50] },
  });
});
