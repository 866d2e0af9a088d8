// Real disks that fill up, forbid, vanish or fail: every record is accepted, pending or dropped, and the numbers add up.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { onTmpfs, testWith, underStrace } = require('./support/box.js');
const { STREAMS, disorder } = require('./support/numbered.js');
const { useFolder, valueOf } = require('./support/script.js');

const LONG = process.env.OBS_LONG === '1';
const RESUME = LONG ? 100_000 : 10_000; // the promise is 10 s; the long run is for machines under load
const folder = useFolder();

const ordered = (numbers) => [disorder(numbers), numbers.length];

/** Fills the disk, records against it, empties it, and waits without a call into the package. */
async function fillAndEmpty(
  { obs, record, file, fs: files, path: paths, numbers, balance, until, sleep, hear, heard },
  given,
) {
  const { root, pad, resume } = given;
  hear();
  record('executions', 5, pad);
  obs.flush();
  const filler = paths.join(root, 'filler');
  const descriptor = files.openSync(filler, 'a');
  try {
    for (;;) files.writeSync(descriptor, Buffer.alloc(4096));
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
  }
  const steps = [];
  for (let n = 0; n < 40; n += 1) {
    record('executions', 1, pad);
    if (n % 10 === 0) steps.push(balance().exact);
  }
  await sleep(400); // some attempts of the timer
  const full = balance();
  const seen = obs.getCujSuccessRate('CUJ-numbered', 0).total;
  const before = numbers('executions').length;
  files.rmSync(filler);
  files.closeSync(descriptor);
  const resumed = await until(() => numbers('executions').length === 45, resume);
  const end = balance();
  const skipped = files
    .readFileSync(file('executions'), 'utf8')
    .split('\n')
    .filter((line) => line && !line.endsWith('}'));
  return {
    ...{ steps, full, seen, before, end, resumed, heard, torn: skipped.length },
    numbers: numbers('executions'),
    after: obs.getCujSuccessRate('CUJ-numbered', 0).total,
  };
}

describe('a disk that fills up', () => {
  for (const durability of ['write', 'sync', 'batch']) {
    for (const pad of ['', 'x'.repeat(3000), 'x'.repeat(20_000)]) {
      testWith(
        ['mount'],
        `W1 W2 is waited for and resumed by itself within 10 s (${durability}, records of ${pad.length + 150} bytes)`,
        () => {
          const given = { root: folder(), durability, pad, resume: RESUME };
          const value = valueOf(fillAndEmpty, given, { wrapper: onTmpfs(folder(), 'size=1m') });
          const { full, end, heard, before } = value;
          expect(value.steps).toEqual(value.steps.map(() => true));
          expect(full.exact).toBe(true);
          expect(full.health.pending).toBeGreaterThan(0);
          expect(full.health.dropped.total).toBe(0);
          expect(full.health.accepted).toBe(before);
          expect(value.seen).toBe(45); // the queries of this process see what is pending
          expect(value.resumed).not.toBeNull();
          expect(end.exact).toBe(true);
          expect(end.health).toMatchObject({ attempted: 45, accepted: 45, pending: 0 });
          expect(ordered(value.numbers)).toEqual(['', 45]);
          expect(value.after).toBe(45);
          expect(value.torn).toBeLessThanOrEqual(1);
          expect(heard.map(({ code, reason }) => [code, reason])).toEqual([['OBS_WRITE', 'full']]);
        },
        RESUME + 60_000,
      );
    }
  }

  testWith(['mount'], 'W1 more than 8 MiB are not held: the oldest are dropped and counted', () => {
    const value = valueOf(
      ({ obs, record, file, fs: files, path: paths, numbers, balance, hear, heard }, { root }) => {
        hear();
        record('executions');
        const filler = files.openSync(paths.join(root, 'filler'), 'a');
        try {
          for (;;) files.writeSync(filler, Buffer.alloc(4096));
        } catch (error) {
          if (error.code !== 'ENOSPC') throw error;
        }
        record('executions', 400, 'x'.repeat(50_000));
        const full = balance();
        files.closeSync(filler);
        files.rmSync(paths.join(root, 'filler'));
        obs.flush();
        return {
          full,
          end: balance(),
          numbers: numbers('executions'),
          heard: heard.length,
          size: files.statSync(file('executions')).size,
        };
      },
      { root: folder() },
      { wrapper: onTmpfs(folder(), 'size=16m') },
    );
    const { full, end, numbers } = value;
    expect([full.exact, end.exact]).toEqual([true, true]);
    expect(full.health.dropped.by_reason).toEqual({ overflow: full.health.dropped.total });
    expect(full.health.pending * 50_000).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect((full.health.pending + 2) * 50_200).toBeGreaterThan(8 * 1024 * 1024);
    expect(end.health.pending).toBe(0);
    // What is left is the newest, in order.
    expect(numbers.at(-1)).toBe(400);
    expect(numbers).toEqual([0, ...Array.from({ length: numbers.length - 1 }, (_, n) => 402 - numbers.length + n)]);
  });

  testWith(['mount', 'quota', 'root'], 'W3 a quota that is used up is waited for, too', () => {
    const root = folder();
    const wrapper = onTmpfs(root, 'mode=777,size=4m,usrquota,usrquota_block_hardlimit=64k');
    const value = valueOf(
      async ({ obs, record, fs: files, path: paths, numbers, balance, until, hear, heard }, { root: at, resume }) => {
        process.setgid(65_534);
        process.setuid(65_534);
        hear();
        record('executions', 2);
        const filler = files.openSync(paths.join(at, 'filler'), 'a');
        try {
          for (;;) files.writeSync(filler, Buffer.alloc(4096));
        } catch (error) {
          if (error.code !== 'EDQUOT') throw error;
        }
        record('executions', 60);
        const full = balance();
        files.ftruncateSync(filler, 0);
        const resumed = await until(() => numbers('executions').length === 62, resume);
        return { full, resumed, end: balance(), heard, seen: obs.getCujSuccessRate('CUJ-numbered', 0).total };
      },
      { root, resume: RESUME },
      { wrapper },
    );
    expect(value.full.exact && value.end.exact).toBe(true);
    expect(value.full.health.pending).toBeGreaterThan(0);
    expect(value.heard.map(({ reason }) => reason)).toEqual(['quota']);
    expect(value.resumed).not.toBeNull();
    expect(value.seen).toBe(62);
  });

  testWith(
    ['prlimit'],
    'W2 a limit on the length of a file cuts a record, which is written whole once the limit is lifted',
    () => {
      const value = valueOf(
        async ({ record, numbers, balance, until, run, hear, heard }, { resume }) => {
          hear();
          record('executions', 100, 'x'.repeat(300));
          const full = balance();
          run('prlimit', `--pid=${process.pid}`, '--fsize=unlimited');
          const resumed = await until(() => numbers('executions').length === 100, resume);
          return { full, resumed, end: balance(), heard, numbers: numbers('executions') };
        },
        { root: folder(), resume: RESUME },
        { wrapper: ['prlimit', '--fsize=16384:unlimited'] },
      );
      expect(value.full.exact && value.end.exact).toBe(true);
      expect(value.full.health.pending).toBeGreaterThan(0);
      expect(value.heard.map(({ reason }) => reason)).toEqual(['full']);
      expect(value.resumed).not.toBeNull();
      expect(ordered(value.numbers)).toEqual(['', 100]);
    },
  );
});

describe('a disk that forbids', () => {
  testWith(
    ['mount', 'root'],
    'W5 a read-only disk drops and tells, queries go on, and writing resumes with the disk',
    () => {
      const value = valueOf(
        ({ obs, record, run, balance, numbers, hear, heard }, { root }) => {
          hear();
          record('executions', 3);
          obs.close(); // a disk with a file open for writing cannot be made read-only
          run('mount', '-o', 'remount,ro', root);
          record('executions', 4);
          const during = balance();
          const rate = obs.getCujSuccessRate('CUJ-numbered', 0).total;
          let saving = null;
          try {
            obs.saveDashboard();
          } catch (error) {
            saving = error.code;
          }
          run('mount', '-o', 'remount,rw', root);
          record('executions', 2);
          return { during, rate, saving, end: balance(), numbers: numbers('executions'), heard };
        },
        { root: folder() },
        { wrapper: onTmpfs(folder(), 'size=1m') },
      );
      const { during, end, heard } = value;
      expect([during.exact, end.exact]).toEqual([true, true]);
      expect(during.health.dropped).toEqual({ total: 4, by_reason: { read_only: 4 } });
      expect([value.rate, value.saving]).toEqual([3, 'OBS_IO']);
      expect(value.numbers).toEqual([0, 1, 2, 7, 8]);
      expect(heard.map(({ reason }) => reason)).toEqual(['read_only']);
    },
  );

  testWith(
    ['root'],
    'W4 without permission a record is dropped and told, nobody changes a mode, and it resumes',
    () => {
      const value = valueOf(
        async ({ obs, record, file, balance, numbers, fs: files, path: paths, hear, heard }, { root }) => {
          const data = paths.dirname(file('executions'));
          files.chmodSync(root, 0o777);
          process.setegid(65_534);
          process.seteuid(65_534);
          hear();
          record('executions', 2);
          obs.close();
          process.seteuid(0);
          files.chownSync(data, 0, 0);
          process.seteuid(65_534);
          record('executions', 3);
          const during = balance([], 2);
          process.seteuid(0);
          const mode = files.statSync(data).mode & 0o777;
          files.chownSync(data, 65_534, 65_534);
          process.seteuid(65_534);
          record('executions', 2);
          return { during, mode, end: balance(), numbers: numbers('executions'), heard };
        },
        { root: folder() },
      );
      expect([value.during.exact, value.end.exact]).toEqual([true, true]);
      expect(value.during.health.dropped).toEqual({ total: 3, by_reason: { denied: 3 } });
      expect(value.mode).toBe(0o700);
      expect(value.numbers).toEqual([0, 1, 5, 6]);
      expect(value.heard.map(({ reason }) => reason)).toEqual(['denied']);
    },
  );

  testWith(['chattr', 'root'], 'W4 an immutable file drops and tells, also while it is open', () => {
    const value = valueOf(
      ({ record, file, run, balance, numbers, hear, heard }) => {
        hear();
        record('executions', 2);
        run('chattr', '+i', file('executions'));
        try {
          record('executions', 3);
        } finally {
          run('chattr', '-i', file('executions'));
        }
        const during = balance();
        record('executions', 2);
        return { during, end: balance(), numbers: numbers('executions'), heard };
      },
      { root: folder() },
    );
    expect([value.during.exact, value.end.exact]).toEqual([true, true]);
    expect(value.during.health.dropped).toEqual({ total: 3, by_reason: { denied: 3 } });
    expect(value.numbers).toEqual([0, 1, 5, 6]);
  });
});

testWith(['prlimit'], 'W6 without a descriptor left records wait; open files go on; it resumes by itself', () => {
  const value = valueOf(
    async ({ obs, record, fs: files, balance, numbers, until, hear, heard }, { resume }) => {
      hear();
      record('progress', 2); // this file is open already
      const taken = [];
      try {
        for (;;) taken.push(files.openSync('/dev/null'));
      } catch (error) {
        if (error.code !== 'EMFILE') throw error;
      }
      record('progress', 2);
      record('executions', 3);
      const { attempted, accepted, pending, dropped } = obs.getStoreHealth();
      for (const descriptor of taken) files.closeSync(descriptor);
      const during = { attempted, accepted, pending, dropped: dropped.total };
      const resumed = await until(() => numbers('executions').length === 3, resume);
      return { during, resumed, end: balance(['executions', 'progress']), heard, taken: taken.length };
    },
    { root: folder(), resume: RESUME },
    { wrapper: ['prlimit', '--nofile=64'] },
  );
  expect(value.taken).toBeGreaterThan(5);
  expect(value.during).toEqual({ attempted: 7, accepted: 4, pending: 3, dropped: 0 });
  expect(value.heard.map(({ reason }) => reason)).toEqual(['descriptors']);
  expect(value.resumed).not.toBeNull();
  expect(value.end).toMatchObject({ exact: true, health: { attempted: 7, accepted: 7 } });
});

/** Records one by one while the system fails some of its calls, then waits until nothing is pending. */
async function recordUnderFaults({ obs, record, numbers, balance, until, sleep, hear, heard }, { resume }) {
  hear();
  const steps = [];
  for (let n = 0; n < 12; n += 1) {
    record('executions', 1, 'x'.repeat(n * 10));
    steps.push(balance().exact);
    if (n % 4 === 3) obs.close(); // the next record opens the file again
    if (n % 6 === 5) await sleep(60); // the path is looked at again
  }
  const resumed = await until(() => obs.getStoreHealth().pending === 0, resume);
  return { steps, resumed, end: balance(), numbers: numbers('executions'), heard };
}

// What becomes of records while a call fails: held until it passes, or given up. An interruption is no fault at all.
const HELD = 'held';
const GIVEN_UP = 'given up';
const NOTHING = 'nothing';

/** The calls that append: the second where a system does not have the first. */
const APPEND = 'pwritev2,write';

const FAULTS = [
  ...[
    ['W1', 'ENOSPC'],
    ['W3', 'EDQUOT'],
    ['W8', 'EAGAIN'],
    ['W9', 'EIO'],
  ].map(([row, error]) => [row, APPEND, error, HELD]),
  ...[
    ['W4', 'EACCES'],
    ['W4', 'EPERM'],
    ['W5', 'EROFS'],
  ].map(([row, error]) => [row, APPEND, error, GIVEN_UP]),
  ...[
    ['W6', 'EMFILE'],
    ['W6', 'ENFILE'],
    ['W1', 'ENOSPC'],
    ['W9', 'EIO'],
  ].map(([row, error]) => [row, 'openat', error, HELD]),
  ...[
    ['W4', 'EACCES'],
    ['W5', 'EROFS'],
  ].map(([row, error]) => [row, 'openat', error, GIVEN_UP]),
  ['W7', APPEND, 'EINTR', NOTHING],
  ['W7', 'openat', 'EINTR', NOTHING],
  ['W7', 'pread64', 'EINTR', NOTHING],
  ['W9', 'statx', 'EIO', HELD],
  ['W9', 'pread64', 'EIO', HELD],
  ['W1', 'mkdir', 'ENOSPC', HELD],
  ['W4', 'mkdir', 'EACCES', GIVEN_UP],
];

describe('calls that fail', () => {
  for (const [row, call, error, fate] of FAULTS) {
    for (const when of LONG ? ['1', '2', '3', '1..2', '2..3', '2..6', '1+2'] : ['1..3']) {
      testWith(
        ['strace'],
        `${row} ${call} fails with ${error} at calls ${when}: ${fate}, and the numbers add up`,
        () => {
          const root = folder();
          const target = path.join(root, STREAMS.executions.file());
          if (call !== 'mkdir') fs.mkdirSync(path.dirname(target), { recursive: true });
          if (call === 'pread64') fs.writeFileSync(target, '{"foreign":1}\n');
          const paths = [target, path.dirname(target)];
          const wrapper = underStrace(paths, [`${call}:error=${error}:when=${when}`]);
          const value = valueOf(recordUnderFaults, { root, resume: RESUME }, { wrapper });
          const { end, heard, numbers } = value;
          expect(value.steps).toEqual(value.steps.map(() => true));
          expect(end.exact).toBe(true);
          expect(value.resumed).not.toBeNull();
          expect(end.health.attempted).toBe(12);
          if (fate === GIVEN_UP) expect(end.health.dropped.total).toBeGreaterThan(0);
          else expect(ordered(numbers)).toEqual(['', 12]);
          expect([...numbers].sort((a, b) => a - b)).toEqual([...new Set(numbers)]);
          expect(heard.length > 0).toBe(fate !== NOTHING);
        },
      );
    }
  }

  testWith(['strace'], 'W9 a sync that fails is told, and its record is neither lost nor doubled', () => {
    const root = folder();
    const target = path.join(root, STREAMS.executions.file());
    const wrapper = underStrace([target], ['fdatasync:error=EIO:when=2..3']);
    const value = valueOf(recordUnderFaults, { root, durability: 'sync', resume: RESUME }, { wrapper });
    expect(value.end).toMatchObject({ exact: true, health: { attempted: 12, accepted: 12, pending: 0 } });
    expect(ordered(value.numbers)).toEqual(['', 12]);
    expect(value.heard.map(({ reason }) => reason)).toContain('device');
  });

  testWith(['strace'], 'W10 a write that takes nothing is a fault that passes, not a loop', () => {
    const root = folder();
    const target = path.join(root, STREAMS.executions.file());
    const wrapper = underStrace([target], [`${APPEND}:retval=0:when=2..5`]);
    const value = valueOf(recordUnderFaults, { root, resume: RESUME }, { wrapper });
    expect(value.end).toMatchObject({ exact: true, health: { attempted: 12, accepted: 12 } });
    expect(ordered(value.numbers)).toEqual(['', 12]);
  });
});

describe('a file that is taken away', () => {
  test.each(['write', 'batch', 'sync'])(
    'W11 a folder that is removed is made again and loses nothing more (%s)',
    (durability) => {
      const value = valueOf(
        ({ obs, record, file, fs: files, path: paths, numbers, balance }, { root }) => {
          const rounds = [];
          for (const gone of [
            paths.dirname(file('executions')),
            paths.join(root, '.claude', 'context'),
            paths.join(root, '.claude'),
          ]) {
            record('executions', 3);
            obs.flush();
            files.rmSync(gone, { recursive: true });
            record('executions', 2);
            obs.flush();
            rounds.push([numbers('executions'), obs.getCujSuccessRate('CUJ-numbered', 0).total]);
          }
          const modes = [paths.join(root, '.claude'), paths.dirname(file('executions')), file('executions')];
          return {
            rounds,
            end: balance(['executions'], 9 + 4),
            modes: modes.map((each) => files.statSync(each).mode & 0o777),
          };
        },
        { root: folder(), durability },
      );
      expect(value.rounds).toEqual([
        [[3, 4], 2],
        [[8, 9], 2],
        [[13, 14], 2],
      ]);
      expect(value.modes).toEqual([0o700, 0o700, 0o600]);
      expect(value.end.health).toMatchObject({ attempted: 15, accepted: 15, pending: 0, dropped: { total: 0 } });
      expect(value.end.exact).toBe(true);
    },
  );

  test.each(['write', 'batch'])('W12 after a rename nothing is lost, and the new file is found (%s)', (durability) => {
    const value = valueOf(
      async ({ obs, record, file, fs: files, balance, numbers, until, scanFile }) => {
        for (let round = 0; round < 3; round += 1) {
          record('executions', 3);
          obs.flush();
          files.renameSync(file('executions'), `${file('executions')}.${round}`);
          await until(() => {
            record('executions');
            obs.flush();
            return files.existsSync(file('executions'));
          }, 10_000);
        }
        const olds = [0, 1, 2].map((round) => scanFile(`${file('executions')}.${round}`).numbers.get('w'));
        const moved = olds.flat().length;
        const all = [...olds.flat(), ...numbers('executions')];
        return { all, end: balance(['executions'], moved), there: files.existsSync(file('executions')) };
      },
      { root: folder(), durability },
    );
    expect(value.there).toBe(true);
    expect(disorder(value.all)).toBe('');
    expect(value.end.exact).toBe(true);
    expect(value.all).toHaveLength(value.end.health.attempted);
  });

  test('W12 a folder that is renamed is made again', () => {
    const value = valueOf(
      async ({ record, file, fs: files, path: paths, numbers, until }) => {
        const data = paths.dirname(file('executions'));
        record('executions', 3);
        files.renameSync(data, `${data}.old`);
        const found = await until(() => {
          record('executions');
          return files.existsSync(file('executions'));
        }, 10_000);
        const old = files
          .readFileSync(paths.join(`${data}.old`, 'cuj-metrics.jsonl'), 'utf8')
          .trim()
          .split('\n');
        return {
          found: found !== null,
          all: [...old.map((line) => JSON.parse(line).metadata.n), ...numbers('executions')],
        };
      },
      { root: folder() },
    );
    expect(value.found).toBe(true);
    expect(disorder(value.all)).toBe('');
  });

  test.each(['write', 'batch'])(
    'W13 after copy-and-truncate records go on at the new end, without a hole (%s)',
    (durability) => {
      const value = valueOf(
        ({ obs, record, file, fs: files, numbers }) => {
          const rounds = [];
          for (const cut of [0, 50]) {
            record('executions', 5);
            obs.flush();
            files.copyFileSync(file('executions'), `${file('executions')}.1`);
            files.truncateSync(file('executions'), cut);
            record('executions', 2);
            obs.flush();
            const bytes = files.readFileSync(file('executions'));
            rounds.push([numbers('executions'), bytes.includes(0), obs.getCujSuccessRate('CUJ-numbered', 0).total]);
          }
          return rounds;
        },
        { root: folder(), durability },
      );
      // Cut inside its first line, the file keeps a fragment, which costs only itself.
      expect(value).toEqual([
        [[5, 6], false, 2],
        [[12, 13], false, 2],
      ]);
    },
  );
});
