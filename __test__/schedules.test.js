// Dashboards on a schedule: the moments, also where clocks change, one runner of many, and what a system's own timers call.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { runSlot, slotsOf } = require('../alerts/schedule.js');
const { crontabLines } = require('../alerts/units.js');
const { createTestWorkspace } = require('../lib/testing.js');
const { testWith } = require('./support/box.js');
const { PACKAGE, cleanEnvironment } = require('./support/child.js');

const CHILD = path.join(__dirname, 'support', 'schedule-child.cjs');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 2, 1, 10, 17);

function hasCron() {
  try {
    return Boolean(require.resolve('croner'));
  } catch {
    return false;
  }
}

const withCron = hasCron() ? test : test.skip;
const cronName = (name) => (hasCron() ? name : `${name} [skipped: the package croner is not installed]`);

let workspace;
beforeEach(() => {
  workspace = createTestWorkspace();
});
afterEach(() => {
  jest.useRealTimers();
  workspace.cleanup();
});

const iso = (ms) => new Date(ms).toISOString();

test('every hour: at whole hours, whenever the process began, and never while the one before is still at work', async () => {
  jest.useFakeTimers();
  jest.setSystemTime(START);
  const ran = [];
  let finish;
  const onDashboard = (dashboard, { file, scheduled_for: slot }) => {
    ran.push([slot.slice(11, 16), dashboard.generated_at.slice(11, 16), fs.existsSync(file)]);
    return slot.includes('T12') ? new Promise((resolve) => (finish = resolve)) : undefined;
  };
  const schedule = workspace.startDashboardSchedule({ every: '1h', onDashboard });
  expect([schedule.next(), ran]).toEqual(['2026-03-01T11:00:00.000Z', []]);
  await jest.advanceTimersByTimeAsync(4 * HOUR);
  expect(ran).toEqual([['11:00', '11:00', true], ['12:00', '12:00', true]]);
  finish();
  await jest.advanceTimersByTimeAsync(HOUR);
  expect(ran.slice(2)).toEqual([['15:00', '15:00', true]]);
  schedule.stop();
  await jest.advanceTimersByTimeAsync(DAY);
  expect([ran.length, schedule.next()]).toEqual([3, null]);
}); // prettier-ignore

test('after a sleep of the machine the last moment that was missed is made up for, once', async () => {
  jest.useFakeTimers();
  jest.setSystemTime(START);
  const ran = [];
  const schedule = workspace.startDashboardSchedule({ every: '1h', onDashboard: (_, { scheduled_for: slot }) => ran.push(slot) });
  jest.setSystemTime(START + 30 * HOUR);
  await jest.advanceTimersByTimeAsync(HOUR - 17 * 60_000);
  expect(ran).toEqual(['2026-03-02T17:00:00.000Z']);
  schedule.stop();
}); // prettier-ignore

test('what onDashboard throws is told, and the schedule goes on', async () => {
  jest.useFakeTimers();
  jest.setSystemTime(START);
  const told = [];
  workspace.configure({ onError: (error) => told.push(error.message) });
  const onDashboard = () => {
    throw new Error('mine');
  };
  const schedule = workspace.startDashboardSchedule({ every: HOUR, onDashboard });
  await jest.advanceTimersByTimeAsync(2 * HOUR);
  expect(told).toEqual(['mine', 'mine']);
  schedule.stop();
});

test.each([
  [undefined, 'options must be an object'],
  [{}, 'options must be an object with either every or cron'],
  [{ every: '1h', cron: '* * * * *' }, 'either every or cron'],
  [{ every: '1 hour' }, 'every must be a span such as "1h"'],
  [{ every: 10 }, 'every must be a span'],
  [{ every: '1h', timezone: 'UTC' }, 'timezone must be left out without cron'],
  [{ every: '1h', onDashboard: 'x' }, 'onDashboard must be a function'],
])('options that cannot be used: %j', (options, words) => {
  expect(() => workspace.startDashboardSchedule(options)).toThrow(words);
});

test('a schedule keeps no process alive', () => {
  const env = cleanEnvironment({ OBS_PROJECT_ROOT: workspace.root });
  const { status, stderr } = spawnSync(process.execPath, [CHILD], { env, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

test('of five processes with the same schedule one runs each moment', async () => {
  const env = cleanEnvironment({ OBS_PROJECT_ROOT: workspace.root, OBS_TEST_STAY: '4200' });
  const outputs = await Promise.all(
    Array.from({ length: 5 }, () => {
      const child = spawn(process.execPath, [CHILD], { env });
      let text = '';
      child.stdout.on('data', (piece) => (text += piece));
      child.stderr.on('data', (piece) => (text += piece));
      return new Promise((resolve) => child.on('close', () => resolve(text)));
    }),
  );
  const slots = outputs.flatMap((text) => text.split('\n').filter(Boolean));
  expect(slots.length).toBeGreaterThan(1);
  expect([...new Set(slots)].sort()).toEqual([...slots].sort());
}, 30_000);

test('a moment that was recorded while the clock was wrong stops nothing', async () => {
  const slot = Date.now() - HOUR;
  const once = () => runSlot(workspace.core(), { key: 'x', slot });
  expect(await once()).not.toBeNull();
  expect(await once()).toBeNull();
  const [record] = fs.readdirSync(workspace.path('.claude/context/.obs')).filter((name) => name.endsWith('.json'));
  fs.writeFileSync(workspace.path('.claude/context/.obs', record), JSON.stringify({ slot: Date.now() + DAY }));
  expect(await once()).not.toBeNull();
});

describe('cron', () => {
  /** The moments of an expression in a zone from one day until before another. */
  function moments(cron, timezone, from, to) {
    const slots = slotsOf({ cron, timezone });
    const found = [];
    for (let at = slots.next(from - 1); at < to; at = slots.next(at)) found.push(at);
    return { slots, found };
  }

  const localDay = (at, timeZone) => new Date(at).toLocaleDateString('sv', { timeZone });

  // Their clocks change at 02:00 and 03:00, at 02:00 by half an hour, at midnight, and south of the equator.
  const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago', 'Africa/Cairo'];
  const DAILY = ['30 2 * * *', '0 0 * * *', '15 1 * * *', '59 23 * * *', '45 1 * * *'];

  withCron.each(ZONES.flatMap((zone) => DAILY.map((cron) => [cron, zone])))(
    cronName('%s in %s: once on each day of the year, however its clocks change'),
    (cron, zone) => {
      const [from, to] = [Date.UTC(2026, 0, 1, 18), Date.UTC(2027, 0, 1, 18)];
      const { slots, found } = moments(cron, zone, from, to);
      const days = found.map((at) => localDay(at, zone));
      expect([days.length, new Set(days).size]).toEqual([365, 365]);
      for (const at of found) {
        expect([iso(at), slots.due(at), slots.due(at + 1), slots.due(at - 1) < at]).toEqual([iso(at), at, at, true]);
      }
    },
  );

  withCron.each(ZONES)(cronName('each hour in %s: none is left out and none comes twice'), (zone) => {
    const { found } = moments('0 * * * *', zone, Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1));
    const gaps = new Set(found.slice(1).map((at, place) => (at - found[place]) / HOUR));
    // Where half an hour is lost or gained, two of the moments lie an hour and a half apart.
    const half = zone === 'Australia/Lord_Howe';
    expect([[...gaps].sort(), found.length]).toEqual(half ? [[1, 1.5], 8759] : [[1], 8760]);
  });

  withCron(cronName('runs at the moments of its zone'), async () => {
    jest.useFakeTimers();
    jest.setSystemTime(Date.UTC(2026, 2, 28, 12));
    const ran = [];
    const onDashboard = (_, { scheduled_for: slot }) => ran.push(slot);
    const schedule = workspace.startDashboardSchedule({ cron: '30 2 * * *', timezone: 'Europe/Berlin', onDashboard });
    await jest.advanceTimersByTimeAsync(2 * DAY);
    expect(ran).toEqual(['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z']);
    schedule.stop();
  });

  withCron(cronName('says what it cannot use'), () => {
    expect(() => slotsOf({ cron: '61 * * * *' })).toThrow('cron must be a cron expression, such as "0 6 * * 1-5"');
    expect(() => slotsOf({ cron: '* * * * *', timezone: 'Mars/X' })).toThrow(
      'timezone must be the name of a time zone',
    );
  });

  test('without the package that knows cron it is named', () => {
    jest.isolateModules(() => {
      jest.doMock('croner', () => { throw Object.assign(new Error('no'), { code: 'MODULE_NOT_FOUND' }); }, { virtual: true });
      const { slotsOf: without } = require('../alerts/schedule.js');
      expect(() => without({ cron: '* * * * *' })).toThrow('schedules by cron need the package croner: npm install croner');
    });
    jest.dontMock('croner');
  }); // prettier-ignore
});

describe('what calls it', () => {
  const obs = (args, root) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(PACKAGE, 'bin', 'obs.js'), ...args, '--root', root], {
      encoding: 'utf8',
      env: cleanEnvironment(),
    });
    return { status, stdout, stderr };
  }; // prettier-ignore

  test('obs schedule run saves one dashboard for each moment that is due', () => {
    const run = () => obs(['schedule', 'run', '--every', '1w', '--json'], workspace.root);
    const first = JSON.parse(run().stdout);
    expect(first).toMatchObject({ schema: 1, ran: true, file: workspace.path('.claude/context/analytics/metrics-dashboard.json') });
    expect(JSON.parse(run().stdout)).toEqual({ ...first, ran: false, file: null });
    expect(obs(['schedule', 'run'], workspace.root).stdout).toBe(`Dashboard saved to: ${first.file}\n`);
    expect(obs(['schedule', 'print'], workspace.root)).toMatchObject({ status: 2, stderr: 'obs: schedule print needs --systemd or --cron\n' });
  }); // prettier-ignore

  testWith(['systemd-analyze'], 'systemd accepts the units, also of a workspace with an odd name', () => {
    const root = workspace.path(`it's 100% "odd" $HOME`);
    fs.mkdirSync(path.join(root, '.claude'), { recursive: true });
    const { stdout } = obs(['schedule', 'print', '--systemd', '--every', '2h'], root);
    const units = stdout.split(/^# ~\/.config\/systemd\/user\/(.*)\n/m).slice(1);
    expect([units[0], units[2]]).toEqual(['obs-schedule.service', 'obs-schedule.timer']);
    for (const place of [0, 2]) fs.writeFileSync(workspace.path(units[place]), units[place + 1]);
    const files = [0, 2].map((place) => workspace.path(units[place]));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...files], { encoding: 'utf8' });
    const ours = stderr.split('\n').filter((line) => line.includes('obs-schedule'));
    expect([status, ours]).toEqual([0, []]);
  }); // prettier-ignore

  test.each([
    ['1m', '* * * * *'],
    ['15m', '*/15 * * * *'],
    ['45m', '* * * * *'],
    ['1h', '0 * * * *'],
    ['6h', '0 */6 * * *'],
    ['7h', '* * * * *'],
    ['1d', '0 0 * * *'],
  ])('a crontab for every %s: %s, and its shell runs what stands there', (every, fields) => {
    const { stdout } = obs(['schedule', 'print', '--cron', '--every', every], workspace.root);
    expect(stdout.split('\n')[1].startsWith(`${fields} (`)).toBe(true);
  });

  test('the words of a crontab come through cron and its shell as they are', () => {
    const odd = `it's 100% "odd" $HOME`;
    const commands = ['one', odd].map((word) => ['printf', '%s\\n', word]);
    const [, line] = crontabLines({ about: 'x', every: HOUR, commands }).split('\n');
    // Cron takes the backslash from an escaped percent sign.
    const script = line.replace('0 * * * * ', '').replaceAll('\\%', '%').replace(' >/dev/null', '');
    expect(spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout).toBe(`one\n${odd}\n`);
  });
});
