// Clocks that stand, jump or cross midnight, and zones with odd days: each record is in the UTC day of its own time.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { startRecorder, printed } = require('./support/fleet.js');
const { disorder, scanFile } = require('./support/numbered.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { useFolder, valueOf } = require('./support/script.js');

const LOGS = '.claude/context/logs';
const folder = useFolder();

/** Day files with their records: `{ DAY: [timestamp, …] }`; throws at a record that is in another day than its own. */
function days(root) {
  const found = {};
  for (const name of fs.readdirSync(path.join(root, LOGS)).sort()) {
    if (name === 'progress.jsonl') continue;
    const [, day] = /^skill-invocations-(.*)\.jsonl$/.exec(name);
    const lines = fs
      .readFileSync(path.join(root, LOGS, name), 'utf8')
      .split('\n')
      .filter(Boolean);
    found[day] = lines.map((line) => JSON.parse(line).timestamp);
    for (const timestamp of found[day]) expect(timestamp.split('T')[0]).toBe(day);
  }
  return found;
}

/** Records one skill invocation at each of the given times, with `Date` set to it. */
function recordAt({ obs }, { times }) {
  const Real = Date;
  let now = 0;
  globalThis.Date = class extends Real {
    constructor(...given) {
      super(...(given.length > 0 ? given : [now]));
    }

    static now() {
      return now;
    }
  };
  const sums = [];
  for (now of times) {
    const measure = obs.trackResourceUsage('step');
    obs.logSkillInvocation({ skill: 'clock', duration: 1 });
    obs.recordCujExecution('CUJ-clock', true, 1);
    obs.emitProgress({ runId: 'clock', step: 1 });
    obs.recordProviderCall('clock', true, 1);
    now -= 3_600_000; // backwards while a step is measured
    const { duration_ns: ns, duration_ms: ms, cpu_user_ms: cpu } = measure.end();
    sums.push(ns >= 0 && ms >= 0 && cpu >= 0);
  }
  now = 8.64e15;
  const { attempted, accepted } = obs.getStoreHealth();
  const logs = obs.getLogger().queryLogs({ startDate: new Real(-8.64e15), endDate: new Real(8.64e15) });
  const rate = obs.getCujSuccessRate('CUJ-clock', 0);
  return {
    attempted,
    accepted,
    measured: sums.every(Boolean),
    logs: logs.length,
    total: rate.total,
    duration: rate.avg_duration_ms,
  };
}

const DAY = 86_400_000;
const YEAR = 365.25 * DAY;
const FARTHEST = Math.trunc(260_000 * YEAR);

test('T1 back an hour, forward ten years, before 1970, 260,000 years away: the day is that of the record', () => {
  const start = Date.UTC(2026, 0, 9, 0, 30);
  const edges = [0, -1, 1, DAY - 1, DAY, -DAY, -DAY - 1, -100 * YEAR, -1971 * YEAR, 8000 * YEAR, FARTHEST, -FARTHEST];
  const seed = seedOfTest();
  console.log(`seed ${seed}`);
  const random = createRandom(seed);
  const jumps = Array.from({ length: 300 }, () => Math.round((random.next() - 0.5) * 10 ** (2 + random.below(14))));
  const times = [
    start,
    start - 3_600_000,
    start,
    start + 10 * YEAR,
    start,
    ...edges,
    ...jumps.map((jump) => start + jump),
  ];
  const valid = times.map((time) => Math.trunc(Math.max(-FARTHEST, Math.min(FARTHEST, time))));
  const root = folder();
  const value = valueOf(recordAt, { root, times: valid });
  const count = valid.length;
  expect(value).toEqual({
    attempted: 4 * count,
    accepted: 4 * count,
    measured: true,
    logs: count,
    total: count,
    duration: 1,
  });
  const found = Object.values(days(root)).flat();
  expect(found.sort()).toEqual(valid.map((time) => new Date(time).toISOString()).sort());
});

test('T1 a clock that gives no time at all breaks nothing', () => {
  const root = folder();
  const value = valueOf(
    ({ obs }, { odd }) => {
      for (const now of [NaN, Infinity, -Infinity, 1.5, -0]) {
        Date.now = () => now;
        obs.logSkillInvocation({ skill: 'odd', duration: 1 });
        obs.recordCujExecution('CUJ-odd', true, 1);
        obs.recordProviderCall('odd', true, 1);
        obs.emitProgress({ runId: 'odd' });
      }
      Date.now = () => odd;
      const { attempted, accepted } = obs.getStoreHealth();
      return [attempted, accepted, obs.getCujSuccessRate('CUJ-odd', 0).total];
    },
    { root, odd: 0 },
  );
  expect(value).toEqual([20, 20, 5]);
  expect(Object.values(days(root)).flat()).toHaveLength(5);
});

test('T1 T3 a frozen clock does not stop batches, and a process that wakes on another day writes to that day', () => {
  const root = folder();
  const value = valueOf(
    async ({ obs, until, fs: disk, path: paths }, { root: at, first, logs }) => {
      let now = first;
      Date.now = () => now;
      obs.configure({ durability: 'batch' });
      const file = (day) => paths.join(at, logs, `skill-invocations-${day}.jsonl`);
      obs.logSkillInvocation({ skill: 'frozen' });
      const written = await until(() => disk.existsSync(file('2026-01-09')), 10_000);
      obs.logSkillInvocation({ skill: 'before sleep' });
      now += 3 * 86_400_000;
      obs.logSkillInvocation({ skill: 'after sleep' });
      obs.flush();
      return {
        written: written !== null,
        today: obs
          .getLogger()
          .queryLogs()
          .map(({ skill }) => skill),
      };
    },
    { root, first: Date.UTC(2026, 0, 9, 23, 59, 59, 999), logs: LOGS },
  );
  expect(value).toEqual({ written: true, today: ['after sleep'] });
  const lengths = Object.entries(days(root)).map(([day, list]) => [day, list.length]);
  expect(lengths).toEqual([
    ['2026-01-09', 2],
    ['2026-01-12', 1],
  ]);
});

// The hours around which clocks change in 2026: Berlin by an hour, Lord Howe by half of one.
const CHANGES = [
  ['Europe/Berlin', Date.UTC(2026, 2, 29, 1), -60, -120],
  ['Europe/Berlin', Date.UTC(2026, 9, 25, 1), -120, -60],
  ['Australia/Lord_Howe', Date.UTC(2026, 3, 4, 15), -660, -630],
  ['Australia/Lord_Howe', Date.UTC(2026, 9, 3, 15, 30), -630, -660],
];

test.each(CHANGES)(
  'T2 in the zone %s files and buckets are UTC when the clocks change (%d)',
  (zone, change, before, after) => {
    const root = folder();
    const hour = 3_600_000;
    const times = [];
    for (let at = change - 26 * hour; at <= change + 26 * hour; at += hour / 4) times.push(at);
    const value = valueOf(
      ({ obs }, { times: all, change: at }) => {
        let now = 0;
        Date.now = () => now;
        for (now of all) {
          obs.logSkillInvocation({ skill: 'zone', duration: 1 });
          obs.recordCujExecution('CUJ-zone', true, 1);
        }
        now = all.at(-1) + 1;
        const day = (time) => new Date(time).toISOString().slice(0, 10);
        return {
          offsets: [new Date(at - 1).getTimezoneOffset(), new Date(at).getTimezoneOffset()],
          buckets: obs.getCujTrending('CUJ-zone', 48, 3_600_000).map((bucket) => bucket.total),
          day: obs
            .getLogger()
            .queryLogs({ startDate: day(at), endDate: day(at) })
            .map(({ timestamp }) => timestamp),
        };
      },
      { root, times, change },
      { env: { TZ: zone } },
    );
    expect(value.offsets).toEqual([before, after]); // the zone is known here and changes at this moment
    expect(value.buckets).toEqual(Array(48).fill(4)); // no hour is missing or doubled
    const all = times.map((time) => new Date(time).toISOString());
    expect(Object.values(days(root)).flat()).toEqual(all);
    const changeDay = new Date(change).toISOString().slice(0, 10);
    expect(value.day).toEqual(all.filter((timestamp) => timestamp.startsWith(changeDay)));
    expect(value.day).toHaveLength(96); // a UTC day has 24 hours, whatever the zone does
  },
);

test('T3 16 writers cross midnight: each record is in the day of its own time, none is lost or doubled', async () => {
  const root = folder();
  const midnight = Date.UTC(2026, 0, 10);
  // Each clock begins shortly before midnight, and all begin together when every process is ready.
  const options = { root, stream: 'skills', start: midnight - 500, until: midnight + 300, longest: 2000 };
  const processes = Array.from({ length: 16 }, (_, index) =>
    startRecorder({ ...options, writer: `p${index}`, seed: index, durability: ['write', 'batch', 'sync'][index % 3] }),
  );
  await Promise.all(processes.map((running) => printed(running, 0)));
  for (const running of processes) running.child.stdin.write('go');
  const healths = await Promise.all(processes.map((running) => printed(running, 1)));
  for (const running of processes) expect(await running.done).toEqual({ code: 0, signal: null, stderr: '' });
  const found = days(root);
  expect(Object.keys(found)).toEqual(['2026-01-09', '2026-01-10']);
  const files = Object.keys(found).map((day) => path.join(root, LOGS, `skill-invocations-${day}.jsonl`));
  const [before, after] = files.map((file) => scanFile(file));
  expect([before.torn, after.torn]).toEqual([0, 0]);
  healths.forEach(({ attempted, accepted, pending, dropped }, index) => {
    const numbers = [before, after].map((scan) => scan.numbers.get(`p${index}`) ?? []);
    expect([index, numbers[0].length > 0, numbers[1].length > 0]).toEqual([index, true, true]);
    expect([index, disorder(numbers.flat())]).toEqual([index, '']);
    expect(numbers.flat()).toHaveLength(attempted);
    expect([accepted + pending, dropped.total]).toEqual([attempted, 0]);
  });
});

test.each([
  ['NaN', () => NaN],
  ['nothing', () => undefined],
  ['infinity', () => Infinity],
  ['a text', () => '5'],
  [
    'an error',
    () => {
      throw new Error('no clock');
    },
  ],
])('a Date.now that gives %s costs no record: its time is the system clock', (_name, now) => {
  const obs = require('@obs/native/testing').createTestWorkspace();
  const before = Date.now();
  const spy = jest.spyOn(Date, 'now').mockImplementation(now);
  obs.logSkillInvocation({ skill: 'clock' });
  obs.recordCujExecution('CUJ-1', true, 1);
  obs.emitProgress({ runId: 'r', step: 1 });
  obs.recordProviderCall('p', true, 1, null);
  const { total } = obs.getCujSuccessRate('CUJ-1');
  spy.mockRestore();
  const times = [obs.getLogger().queryLogs()[0], obs.getProgressHistory()[0]].map(
    ({ timestamp }) => +new Date(timestamp),
  );
  const { accepted } = obs.getStoreHealth();
  obs.cleanup();
  expect([accepted, total]).toEqual([4, 1]);
  for (const time of times) expect(Math.abs(time - before)).toBeLessThan(600_000);
});

test('a clock at the end of all time writes one time, not two', () => {
  const obs = require('@obs/native/testing').createTestWorkspace();
  for (const now of [8.64e15, -8.64e15, 8.2e15]) {
    const spy = jest.spyOn(Date, 'now').mockReturnValue(now);
    obs.emitProgress({ runId: 'r', step: 1 });
    spy.mockRestore();
  }
  const events = obs.getProgressHistory();
  obs.cleanup();
  expect(events.map(({ iso_timestamp }) => Date.parse(iso_timestamp))).toEqual(
    events.map(({ timestamp }) => timestamp),
  );
});
