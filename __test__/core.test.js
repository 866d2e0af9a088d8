// What the face does by itself around the native part: the flush timer's patience, and a native part that fails.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { runCode } = require('./support/child.js');

afterEach(() => {
  jest.resetModules();
  jest.dontMock('node:timers');
  jest.dontMock('../lib/addon.js');
});

describe('the flush timer', () => {
  /** A timer under a clock of its own: `tick()` lets the armed one run and gives the delay it had. */
  function timerUnderTest(answers) {
    const armed = [];
    jest.doMock('node:timers', () => ({
      setTimeout(run, delay) {
        const timer = { run, delay, unrefs: 0, unref: () => (timer.unrefs += 1) };
        armed.push(timer);
        return timer;
      },
      clearTimeout(timer) {
        armed.splice(armed.indexOf(timer), 1);
      },
    }));
    const { FlushTimer } = require('../lib/flush-timer.js');
    const timer = new FlushTimer(() => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    });
    const tick = () => {
      expect(armed).toHaveLength(1);
      const [{ run, delay, unrefs }] = armed.splice(0);
      expect(unrefs).toBe(1); // it keeps no process alive
      run();
      return delay;
    };
    return { timer, armed, tick };
  }

  test('runs once after 50 ms, however often it is armed', () => {
    const { timer, armed, tick } = timerUnderTest([false, false]);
    timer.arm();
    timer.arm();
    expect(tick()).toBe(50);
    expect(armed).toEqual([]);
    timer.arm();
    expect(tick()).toBe(50);
  });

  test('waits ever longer while the disk refuses, and starts over once it does not', () => {
    const { timer, armed, tick } = timerUnderTest([...Array(9).fill(true), false, false]);
    timer.arm();
    const delays = Array.from({ length: 10 }, tick);
    expect(delays).toEqual([50, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
    const guarantees = fs.readFileSync(path.join(__dirname, '../docs/guarantees.md'), 'utf8');
    expect(guarantees).toContain(`after ${delays[1]} ms, ${delays[2]} ms … ${delays.at(-1) / 1000} s`);
    expect(armed).toEqual([]);
    timer.arm();
    expect(tick()).toBe(50);
  });

  test('a flush that throws, as in a torn down test environment, is the end of it', () => {
    const { timer, armed, tick } = timerUnderTest([new Error('torn down')]);
    timer.arm();
    expect(tick).not.toThrow();
    expect(armed).toEqual([]);
  });

  test('can be taken back', () => {
    const { timer, armed } = timerUnderTest([]);
    timer.arm();
    timer.disarm();
    timer.disarm();
    expect(armed).toEqual([]);
  });
});

describe('a native part that fails', () => {
  /** A face whose native part throws from every method but the ones named. */
  function brokenFace(working = {}) {
    class NativeMonitor {
      constructor() {
        return new Proxy(working, {
          get(target, name) {
            if (name in target) return target[name];
            return () => {
              throw new Error(`OBS_IO: could not ${String(name)} /some/file: broken`);
            };
          },
        });
      }
    }
    const addon = jest.requireActual('../lib/addon.js');
    const loadAddon = () => ({ ...addon.loadAddon(), NativeMonitor });
    jest.doMock('../lib/addon.js', () => ({ ...addon, loadAddon }));
    return require('../lib/face.js').createFace({ env: { OBS_PROJECT_ROOT: '/some/where' } });
  }

  const working = { open() {}, configure() {}, recorders: () => ({}), takeFaults: () => '[]' };

  test('breaks no recording call; onError hears of each, stderr once', () => {
    const face = brokenFace(working);
    const errors = [];
    face.configure({ onError: (error) => errors.push(error.message) });
    const heard = [];
    face.subscribeToProgress((event) => heard.push(event.step));
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    face.logSkillInvocation({});
    face.recordCujExecution('A', true, 1);
    face.recordProviderCall('p', true, 1);
    face.emitProgress({ step: 1 });
    const told = write.mock.calls.map(([text]) => text);
    write.mockRestore();
    expect(errors).toEqual([
      'could not recordSkill /some/file: broken',
      'could not recordExecution /some/file: broken',
      'could not recordProviderCall /some/file: broken',
      'could not recordProgress /some/file: broken',
    ]);
    expect(told).toEqual(['@obs/native: could not recordSkill /some/file: broken\n']);
    expect(heard).toEqual([1]);
  });

  test('not even when nothing works at all', () => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const face = brokenFace();
    expect(() => face.logSkillInvocation({})).not.toThrow();
    expect(() => face.emitProgress({})).not.toThrow();
    write.mockRestore();
  });

  test('makes questions throw an error with its code', () => {
    const face = brokenFace(working);
    expect(() => face.getCujSuccessRate('A')).toThrow(
      expect.objectContaining({ code: 'OBS_IO', message: 'could not successRate /some/file: broken' }),
    );
  });

  test.each([
    ['can only write', { write: () => true }],
    ['can nothing', {}],
    ['is missing', undefined],
    ['throws', new Proxy({}, { get: () => assert.fail('no stream') })],
  ])('a stderr that %s keeps nothing from onError and the listeners', (_name, stderr) => {
    const face = brokenFace(working);
    const heard = [];
    face.configure({ onError: (error) => heard.push(error.code) });
    face.subscribeToProgress((event) => heard.push(event.step));
    const real = Object.getOwnPropertyDescriptor(process, 'stderr');
    Object.defineProperty(process, 'stderr', { value: stderr, configurable: true });
    face.emitProgress({ step: 1 });
    face.emitProgress({ step: 2 });
    Object.defineProperty(process, 'stderr', real);
    expect(heard).toEqual(['OBS_IO', 1, 'OBS_IO', 2]);
  });

  test('a stderr that cannot be written to is no trouble', () => {
    const face = brokenFace(working);
    const write = jest.spyOn(process.stderr, 'write').mockImplementation(() => {
      throw new Error('EPIPE');
    });
    expect(() => face.logSkillInvocation({})).not.toThrow();
    write.mockRestore();
    expect(process.stderr.listenerCount('error')).toBe(0);
  });
});

(process.platform === 'win32' ? test.skip : test)(
  'records made when a process may open no more files are kept, though what tells of it cannot be loaded',
  () => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'obs-no-files-'));
    fs.mkdirSync(path.join(root, '.claude'));
    const code = `const fs = require('node:fs');
      const held = [];
      try {
        for (;;) held.push(fs.openSync('/dev/null'));
      } catch {}
      obs.recordCujExecution('A', true, 1);
      obs.recordCujExecution('B', true, 1);
      for (const each of held) fs.closeSync(each);
      obs.recordCujExecution('C', true, 1);
      console.log(JSON.stringify([obs.flush(), obs.getAllCujMetrics()]));`;
    try {
      const { status, stdout, stderr } = runCode(code, { env: { OBS_PROJECT_ROOT: root } });
      expect(status).toBe(0);
      const [health, metrics] = JSON.parse(stdout);
      expect(health).toMatchObject({ accepted: 3, pending: 0, dropped: { total: 0 } });
      expect(Object.keys(metrics)).toEqual(['A', 'B', 'C']);
      expect(stderr).toMatch(/^@obs\/native: cannot append .*: Too many open files .*\n$/);
    } finally {
      fs.rmSync(root, { recursive: true });
    }
  },
);
