// Progress: the events that are written and heard, the history, and the tracker.
'use strict';

const { EventEmitter } = require('node:events');
const fs = require('node:fs');
const { PROGRESS } = require('./support/files.js');
const { useWorkspace } = require('./support/use-workspace.js');

const workspace = useWorkspace();
const NOW = 1_777_982_400_000;

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

/** Everything a subscriber of the workspace hears from now on. */
function listen() {
  const heard = [];
  workspace().subscribeToProgress((event) => heard.push(event));
  return heard;
}

describe('emitProgress', () => {
  test('writes the line, then emits the same', () => {
    const heard = [];
    workspace().progressEmitter.on('progress', (event) => heard.push([event, workspace().lines(PROGRESS).length]));
    workspace().emitProgress({
      runId: 'run-1',
      step: 2,
      status: 'completed',
      percentage: 33.333,
      message: 'Done',
      metadata: { agent: 'qa' },
    });
    const event = {
      timestamp: NOW,
      iso_timestamp: '2026-05-05T12:00:00.000Z',
      run_id: 'run-1',
      step: 2,
      status: 'completed',
      percentage: 33.333,
      message: 'Done',
      metadata: { agent: 'qa' },
    };
    expect(heard).toStrictEqual([[event, 1]]);
    expect(workspace().read(PROGRESS)).toBe(`${JSON.stringify(event)}\n`);
  });

  test('gives the documented defaults', () => {
    const heard = listen();
    workspace().emitProgress({});
    expect(heard[0]).toStrictEqual({
      timestamp: NOW,
      iso_timestamp: '2026-05-05T12:00:00.000Z',
      run_id: null,
      step: null,
      status: 'running',
      percentage: 0,
      message: '',
      metadata: {},
    });
    expect(workspace().lines(PROGRESS)).toEqual(heard);
  });

  test.each([
    [-5, 0],
    [250, 100],
    [Infinity, 100],
    [-Infinity, 0],
    [NaN, 0],
    ['50', 0],
    [null, 0],
    [-0, 0],
    [5n, 0],
    [33.5, 33.5],
  ])('a percentage of %p becomes %p', (percentage, stored) => {
    const heard = listen();
    workspace().emitProgress({ percentage });
    expect(heard[0].percentage).toBe(stored);
    expect(workspace().lines(PROGRESS)[0].percentage).toBe(stored);
  });

  test.each([
    [0, 0],
    [-0, 0],
    [undefined, null],
    [null, null],
    ['', null],
    ['build', 'build'],
    [0.5, 0.5],
  ])('a step of %p is stored as %p', (step, stored) => {
    const heard = listen();
    workspace().emitProgress({ step });
    expect(heard[0].step).toBe(stored);
    expect(workspace().lines(PROGRESS)[0].step).toBe(stored);
  });

  test('an unknown status is kept', () => {
    workspace().emitProgress({ status: 'waiting' });
    expect(workspace().lines(PROGRESS)[0].status).toBe('waiting');
  });

  test('what was redacted is heard redacted', () => {
    const heard = listen();
    workspace().emitProgress({ runId: 'r', metadata: { password: 'hunter2' } });
    expect(heard[0].metadata).toStrictEqual({ password: '[REDACTED]' });
    expect(heard).toEqual(workspace().lines(PROGRESS));
  });

  test('what JSON cannot hold is heard with the marker that was written', () => {
    const heard = listen();
    workspace().emitProgress({ runId: 'r', metadata: { big: 10n } });
    expect(heard[0].metadata).toStrictEqual({ big: '[BigInt 10]' });
    expect(heard).toEqual(workspace().lines(PROGRESS));
  });
});

describe('subscribers', () => {
  test('progressEmitter is an EventEmitter that allows a hundred listeners', () => {
    expect(workspace().progressEmitter).toBeInstanceOf(EventEmitter);
    expect(workspace().progressEmitter.getMaxListeners()).toBe(100);
  });

  test('unsubscribing ends one subscription, once', () => {
    const heard = [];
    const callback = (event) => heard.push(event.step);
    const first = workspace().subscribeToProgress(callback);
    workspace().subscribeToProgress(callback);
    workspace().emitProgress({ step: 1 });
    first();
    first();
    workspace().emitProgress({ step: 2 });
    expect(heard).toEqual([1, 1, 2]);
  });

  test('subscribeToRun hears one run', () => {
    const heard = [];
    const unsubscribe = workspace().subscribeToRun('a', (event) => heard.push(event.step));
    workspace().emitProgress({ runId: 'a', step: 1 });
    workspace().emitProgress({ runId: 'b', step: 2 });
    unsubscribe();
    workspace().emitProgress({ runId: 'a', step: 3 });
    expect(heard).toEqual([1]);
    expect(workspace().progressEmitter.listenerCount('progress')).toBe(0);
  });

  test('once listeners hear once', () => {
    const heard = [];
    workspace().progressEmitter.once('progress', (event) => heard.push(event.step));
    workspace().emitProgress({ step: 1 });
    workspace().emitProgress({ step: 2 });
    expect(heard).toEqual([1]);
  });

  test.each([[undefined], [null], ['x'], [{}]])('%p is no callback', (callback) => {
    expect(() => workspace().subscribeToProgress(callback)).toThrow(/^callback must be a function/);
    expect(() => workspace().subscribeToRun('r', callback)).toThrow(TypeError);
  });

  test('one that throws or rejects stops nobody; onError hears of it', async () => {
    const errors = [];
    workspace().configure({ onError: (error) => errors.push(error.message) });
    const heard = [];
    workspace().subscribeToProgress(() => {
      throw new Error('first');
    });
    workspace().subscribeToRun('r', async () => {
      throw new Error('second');
    });
    workspace().subscribeToProgress((event) => heard.push(event.step));
    workspace().emitProgress({ runId: 'r', step: 1 });
    expect(heard).toEqual([1]);
    await Promise.resolve();
    await Promise.resolve();
    expect(errors).toEqual(['first', 'second']);
    expect(workspace().lines(PROGRESS)).toHaveLength(1);
  });

  test('without onError one that throws is told on stderr, once', () => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    workspace().subscribeToProgress(() => {
      throw new Error('boom');
    });
    workspace().emitProgress({});
    workspace().emitProgress({});
    const texts = write.mock.calls.map(([text]) => text);
    write.mockRestore();
    expect(texts).toEqual(["@obs/native: a listener of 'progress' failed: boom\n"]);
  });

  test('a listener may record and emit itself', () => {
    workspace().progressEmitter.once('progress', () => workspace().emitProgress({ step: 2 }));
    workspace().emitProgress({ step: 1 });
    expect(
      workspace()
        .lines(PROGRESS)
        .map((line) => line.step),
    ).toEqual([1, 2]);
  });
});

describe('history', () => {
  beforeEach(() => {
    for (const [runId, step] of [
      ['a', 1],
      ['b', 2],
      ['a', 3],
      ['__proto__', 4],
    ]) {
      workspace().emitProgress({ runId, step });
    }
  });

  const steps = (...args) =>
    workspace()
      .getProgressHistory(...args)
      .map((event) => event.step);

  test('of all runs or of one, the first ones', () => {
    expect(steps()).toEqual([1, 2, 3, 4]);
    expect(steps('a')).toEqual([1, 3]);
    expect(steps(null, 2)).toEqual([1, 2]);
    expect(steps('a', '1')).toEqual([1]);
    expect(steps('a', 0)).toEqual([1, 3]);
    expect(steps('__proto__')).toEqual([4]);
    expect(steps('nope')).toEqual([]);
  });

  test('getCurrentProgress is the last event of the run', () => {
    expect(workspace().getCurrentProgress('a').step).toBe(3);
    expect(workspace().getCurrentProgress('__proto__').step).toBe(4);
    expect(workspace().getCurrentProgress('nope')).toBeNull();
    expect(workspace().getCurrentProgress(undefined)).toBeNull();
  });
});

describe('ProgressTracker', () => {
  /** What the tracker emits, as rows. */
  function rows(act, totalSteps = 3) {
    const heard = listen();
    act(workspace().createProgressTracker('run-1', totalSteps));
    return heard.map(({ step, status, percentage, message, metadata }) => [
      step,
      status,
      percentage,
      message,
      metadata,
    ]);
  }

  test('follows a run through its steps', () => {
    const events = rows((tracker) => {
      expect(tracker).toBeInstanceOf(workspace().ProgressTracker);
      expect(tracker).toMatchObject({ runId: 'run-1', totalSteps: 3, currentStep: 0 });
      tracker.start();
      tracker.updateStep('Reading', { agent: 'qa' });
      tracker.completeStep('Read');
      tracker.updateStep('Writing');
      tracker.skipStep('Skipped');
      tracker.failStep('Broken', new Error('boom'));
      tracker.failStep('Broken again');
      tracker.complete();
      tracker.complete('All done');
      expect(tracker.currentStep).toBe(2);
    });
    expect(events).toStrictEqual([
      [0, 'pending', 0, 'Starting workflow', {}],
      [0, 'running', 0, 'Reading', { agent: 'qa' }],
      [0, 'completed', 33, 'Read', {}],
      [1, 'running', 33, 'Writing', {}],
      [1, 'skipped', 67, 'Skipped', {}],
      [2, 'failed', (2 / 3) * 100, 'Broken', { error: 'boom' }],
      [2, 'failed', (2 / 3) * 100, 'Broken again', { error: null }],
      [3, 'completed', 100, 'Workflow completed', {}],
      [3, 'completed', 100, 'All done', {}],
    ]);
  });

  test('rounds half up', () => {
    const events = rows((tracker) => tracker.completeStep('x'), 8);
    expect(events[0][2]).toBe(13); // 12.5
  });

  test('more steps than there are stay at 100', () => {
    const events = rows((tracker) => {
      tracker.completeStep('1');
      tracker.completeStep('2');
      tracker.updateStep('3');
    }, 1);
    expect(events.map(([step, , percentage]) => [step, percentage])).toEqual([
      [0, 100],
      [1, 100],
      [2, 100],
    ]);
  });

  test.each([[0], [NaN], [null], ['many'], [Symbol('x')]])('with %p steps the percentage is 0', (totalSteps) => {
    const events = rows((tracker) => {
      tracker.completeStep('x');
      tracker.failStep('y');
    }, totalSteps);
    expect(events.map(([, , percentage]) => percentage)).toEqual([0, 0]);
  });

  test('can be extended', () => {
    class Loud extends workspace().ProgressTracker {
      start() {
        super.start();
        this.updateStep('LOUD');
      }
    }
    new Loud('r', 1).start();
    expect(
      workspace()
        .lines(PROGRESS)
        .map((line) => line.message),
    ).toEqual(['Starting workflow', 'LOUD']);
  });
});

test('a listener hears of its own event, also when whoever is told of a fault records something', () => {
  const obs = workspace();
  fs.mkdirSync(obs.path(PROGRESS), { recursive: true });
  obs.configure({ onError: () => obs.logSkillInvocation({ skill: 'told' }) });
  const heard = listen();
  obs.emitProgress({ runId: 'run-1', step: 1, message: 'password=hunter2' });
  obs.configure({ onError: null });
  fs.rmdirSync(obs.path(PROGRESS));
  expect(heard).toMatchObject([{ run_id: 'run-1', step: 1, message: 'password=[REDACTED]' }]);
});
