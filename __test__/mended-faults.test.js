// Faults that were found once, one reproduction each: that they stay mended.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { onTmpfs, testWith, underStrace } = require('./support/box.js');
const { STREAMS, scanStream } = require('./support/numbered.js');
const { useFolder, runScript, valueOf } = require('./support/script.js');

const RESUME = 11_000; // the promise is 10 s
const folder = useFolder();

describe('W19 a descriptor of ours that the user closes', () => {
  /** Closes our descriptor, gives its number to `other`, and returns both. */
  const steal = `
    const steal = ({ obs, record, file, fs, path, descriptorsOf }, root, flags, name) => {
      record('executions', 3);
      obs.flush();
      const [ours] = descriptorsOf(file('executions'));
      fs.closeSync(ours);
      const other = name ?? path.join(root, 'other');
      const theirs = fs.openSync(other, flags);
      if (theirs !== ours) throw new Error('the number was not given again');
      return { theirs, other };
    };`;
  const stealing = (body) => `async (tools, given) => { ${steal} return await (${body})(tools, given, steal); }`;

  test('W19 close() does not close the file that has its number now', () => {
    const body = stealing(({ obs, fs: disk, ...tools }, { root }, take) => {
      const { theirs, other } = take({ obs, fs: disk, ...tools }, root, 'w+');
      obs.close();
      try {
        disk.writeSync(theirs, 'theirs');
        return disk.readFileSync(other, 'utf8');
      } catch (error) {
        return error.code;
      }
    });
    expect(valueOf(body, { root: folder() })).toBe('theirs');
  });

  test('W19 after a rename the file that has its number now is not closed, and the user never writes into ours', () => {
    const body = stealing(async (tools, { root }, take) => {
      const { file, fs: disk, record, sleep } = tools;
      const { theirs, other } = take(tools, root, 'w+');
      disk.renameSync(file('executions'), `${file('executions')}.1`);
      await sleep(80);
      record('executions');
      try {
        disk.writeSync(theirs, 'theirs');
      } catch (error) {
        return error.code;
      }
      return [disk.readFileSync(other, 'utf8'), disk.readFileSync(file('executions'), 'utf8').includes('theirs')];
    });
    expect(valueOf(body, { root: folder() })).toEqual(['theirs', false]);
  });

  test('W19 C8 in batch mode a closed descriptor costs nothing at exit', () => {
    const { status } = runScript(
      ({ obs, record, file, fs: disk, descriptorsOf }) => {
        record('executions', 2);
        obs.flush();
        disk.closeSync(descriptorsOf(file('executions'))[0]);
        record('executions', 3);
        process.exit(0);
      },
      { root: folder(), durability: 'batch' },
    );
    expect([status, scanStream(folder(), 'executions').numbers.get('w')]).toEqual([0, [0, 1, 2, 3, 4]]);
  });
});

testWith(
  ['mount'],
  'W2 a record that lacks only its newline on a full disk counts once for the queries of its process',
  () => {
    const value = valueOf(
      async ({ obs, record, file, fs: files, path: paths, numbers, balance, until }, { root, resume }) => {
        const count = () => obs.getCujSuccessRate('CUJ-numbered', 0).total;
        record('executions');
        const length = files.statSync(file('executions')).size;
        // The next record of this length ends one byte behind a page, and there will be no other page.
        const foreign = 8192 - 2 * length + 1;
        files.appendFileSync(file('executions'), `${'z'.repeat(foreign - 1)}\n`);
        const filler = files.openSync(paths.join(root, 'filler'), 'a');
        try {
          for (;;) files.writeSync(filler, Buffer.alloc(4096));
        } catch (error) {
          if (error.code !== 'ENOSPC') throw error;
        }
        record('executions');
        const size = files.statSync(file('executions')).size;
        const full = [obs.getStoreHealth().pending, count()];
        files.ftruncateSync(filler, 0);
        const resumed = await until(() => files.readFileSync(file('executions'), 'utf8').endsWith('\n'), resume);
        record('executions');
        return {
          size,
          full,
          resumed: resumed !== null,
          end: balance().exact,
          numbers: numbers('executions'),
          count: count(),
        };
      },
      { root: folder(), resume: RESUME },
      { wrapper: onTmpfs(folder(), 'size=256k') },
    );
    expect(value).toEqual({ size: 8192, full: [1, 2], resumed: true, end: true, numbers: [0, 1, 2], count: 3 });
  },
);

test('C8 records made in an exit listener that is younger than ours are written in batch mode', () => {
  const { status } = runScript(
    ({ record }) => {
      record('executions', 2);
      process.on('exit', () => record('executions', 3));
      process.exit(0);
    },
    { root: folder(), durability: 'batch' },
  );
  expect([status, scanStream(folder(), 'executions').numbers.get('w')]).toEqual([0, [0, 1, 2, 3, 4]]);
});

const LEGACY = '.claude/context/analytics/cuj-performance.json';

test('W1 imported runs are written by the timer in batch mode, as every record is', () => {
  const value = valueOf(
    async ({ obs, fs: disk, path: paths, until, file }, { root, legacy }) => {
      const run = { cuj_id: 'CUJ-1', timestamp: '2026-01-01T00:00:00.000Z', duration_ms: 1, status: 'success' };
      disk.mkdirSync(paths.dirname(paths.join(root, legacy)), { recursive: true });
      disk.writeFileSync(paths.join(root, legacy), JSON.stringify({ runs: [run] }));
      const imported = obs.importLegacyPerformance();
      const written = await until(() => disk.existsSync(file('executions')), 10_000);
      return [imported.imported, written !== null];
    },
    { root: folder(), durability: 'batch', legacy: LEGACY },
  );
  expect(value).toEqual([1, true]);
});

testWith(['mount'], 'W1 what is pending when close() is called is still written by itself within 10 s', () => {
  const value = valueOf(
    async ({ obs, record, fs: disk, path: paths, numbers, until }, { root, resume }) => {
      record('executions');
      const filler = disk.openSync(paths.join(root, 'filler'), 'a');
      try {
        for (;;) disk.writeSync(filler, Buffer.alloc(4096));
      } catch (error) {
        if (error.code !== 'ENOSPC') throw error;
      }
      record('executions', 60);
      obs.close();
      const { pending } = obs.getStoreHealth();
      disk.ftruncateSync(filler, 0);
      const resumed = await until(() => numbers('executions').length === 61, resume);
      return [pending > 0, resumed !== null];
    },
    { root: folder(), resume: RESUME },
    { wrapper: onTmpfs(folder(), 'size=256k') },
  );
  expect(value).toEqual([true, true]);
});

test('W1 no delay between two attempts comes near the promised 10 s, however long the disk was full', () => {
  const delays = [];
  jest.isolateModules(() => {
    jest.doMock('node:timers', () => ({
      clearTimeout() {},
      setTimeout(body, delay) {
        delays.push(delay);
        if (delays.length < 20) body();
        return { unref() {} };
      },
    }));
    const { FlushTimer } = require('../lib/flush-timer.js');
    new FlushTimer(() => true).arm();
  });
  jest.dontMock('node:timers');
  expect(delays).toHaveLength(20);
  // The disk may have come back right after an attempt: a delay of 10 s and the attempt itself are more than 10 s.
  expect(Math.max(...delays)).toBeLessThan(10_000);
});

testWith(['strace'], 'C5 in the mode sync the folder of a new file is brought to the device, too', () => {
  const log = path.join(folder(), 'calls');
  const target = path.join(folder(), STREAMS.executions.file());
  const data = path.dirname(target);
  const wrapper = underStrace([target, data], [], { log, trace: 'openat,fsync,fdatasync' });
  valueOf(({ record }) => record('executions', 2), { root: folder(), durability: 'sync' }, { wrapper });
  const calls = fs.readFileSync(log, 'utf8');
  expect(calls).toContain(`"${data}"`);
  expect(calls).toMatch(/\bfsync\(/);
});

testWith(['linux'], 'W12 a file that is replaced again and again costs no record', () => {
  const value = valueOf(
    async ({ obs, record, file, require: load }) => {
      const { Worker } = load('node:worker_threads');
      record('executions');
      const code = `const fs = require('node:fs');
        const { workerData: target } = require('node:worker_threads');
        for (let n = 0; n < 40000; n += 1) {
          fs.writeFileSync(target + '.new', '');
          fs.renameSync(target + '.new', target);
        }`;
      const worker = new Worker(code, { eval: true, workerData: file('executions') });
      let over = false;
      worker.on('exit', () => (over = true));
      while (!over) {
        record('executions', 20);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return obs.getStoreHealth().dropped;
    },
    { root: folder() },
  );
  expect(value).toEqual({ total: 0, by_reason: {} });
});

test.each([
  ['W14', 'symlink', 'a symlink that takes the place of a file while it is open'],
  ['W15', 'hard_link', 'a hard link that is made to a file while it is open'],
])('%s %s: %s is refused and told', (_, reason) => {
  const value = valueOf(
    async ({ obs, record, file, fs: disk, path: paths, sleep, hear, heard }, { root, reason: what }) => {
      hear();
      record('executions');
      const elsewhere = paths.join(root, 'elsewhere');
      if (what === 'hard_link') disk.linkSync(file('executions'), elsewhere);
      else {
        disk.renameSync(file('executions'), elsewhere);
        disk.symlinkSync(elsewhere, file('executions'));
      }
      await sleep(80);
      record('executions', 2);
      return [obs.getStoreHealth().dropped.by_reason, heard.map((each) => each.reason)];
    },
    { root: folder(), reason },
  );
  expect(value).toEqual([{ [reason]: 2 }, [reason]]);
});
