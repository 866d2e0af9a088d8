// The board of `obs watch`: the runs in progress as `getRuns` has them, each end told once, and no question while nothing happens.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { Board } = require('../command/watch/board.js');
const { createFace } = require('../lib/face.js');
const { makeFolder, removeFolder } = require('./support/command-line.js');
const { createRandom, seedOfTest } = require('./support/random.js');

const SEED = seedOfTest();
const NOON = Date.UTC(2026, 4, 5, 12);
const MINUTE = 60_000;

let root;
let face;
let board;
let asked;
let now;
let file;
beforeEach(() => {
  root = makeFolder();
  file = path.join(root, '.claude', 'context', 'logs', 'progress.jsonl');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  now = NOON;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  face = createFace({ projectRoot: root, env: {} });
  asked = [];
  board = makeBoard();
});
afterEach(() => {
  face.close();
  jest.restoreAllMocks();
  removeFolder(root);
});

function makeBoard(more = {}) {
  const getRuns = (options) => {
    asked.push(options);
    return face.getRuns(options);
  };
  return new Board({ getRuns, folder: path.join(root, '.claude', 'context'), rest: 0, ...more });
}

const emit = (runId, step, more = {}) =>
  face.emitProgress({ runId, step, status: 'running', percentage: step * 10, ...more });
const end = (runId, status = 'completed') => emit(runId, 10, { status, percentage: 100 });
const ids = (rows) => rows.map(({ run_id: id }) => id);
const look = () => board.look();

test('what is in progress is there at once, what ended before is not told', () => {
  emit('old', 1);
  end('old');
  emit('new', 2);
  expect(look()).toMatchObject({ changed: [{ run_id: 'new', step: 2 }], ended: [] });
  expect(ids(board.runs())).toEqual(['new']);
});

test('while nothing is recorded it asks nothing, and rows grow older all the same', () => {
  emit('a', 1);
  look();
  const [before] = board.runs();
  for (let tick = 0; tick < 500; tick += 1) {
    now += 100;
    expect(look()).toBeNull();
  }
  expect(asked).toHaveLength(1);
  expect(board.runs()).toEqual([{ ...before, elapsed_ms: before.elapsed_ms + 50_000, silent_ms: 50_000 }]);
});

test('a look costs two looks at files when nothing was recorded', () => {
  emit('a', 1);
  look();
  const stat = jest.spyOn(fs, 'statSync');
  look();
  expect(stat.mock.calls.map(([name]) => path.basename(name))).toEqual([
    'progress.jsonl',
    'skill-invocations-2026-05-05.jsonl',
  ]);
});

test('an event is no reason to ask for all of the last day; once a minute is', () => {
  emit('long', 1);
  look();
  now += 5 * MINUTE;
  emit('a', 1);
  look();
  now += 100;
  emit('a', 2);
  look();
  const spans = asked.map(({ from }) => from - NOON);
  expect(spans).toEqual([-24 * 60 * MINUTE, -(24 * 60 - 5) * MINUTE, 0]);
});

test('asking stays a small part of the time', () => {
  board = makeBoard({ rest: 1e9 });
  emit('a', 1);
  expect(look()).not.toBeNull();
  emit('a', 2);
  expect(look()).toBeNull();
  expect(asked).toHaveLength(1);
});

test('a run stalls by time alone, at the moment that the answer says', () => {
  emit('a', 1);
  const [{ stalled_after_ms: after }] = look().changed;
  now += after;
  expect(look()).toBeNull();
  now += 1;
  expect(look()).toMatchObject({ changed: [{ run_id: 'a', state: 'stalled' }], ended: [] });
  now += 1000;
  expect(look()).toBeNull();
  expect(asked).toHaveLength(2);
  emit('a', 2);
  expect(look()).toMatchObject({ changed: [{ run_id: 'a', state: 'running' }] });
});

test('a run that has been silent for a day is left', () => {
  emit('a', 1);
  look();
  now += 24 * 60 * MINUTE - 1;
  look();
  expect(ids(board.runs())).toEqual(['a']);
  now += 10;
  expect(look()).toEqual({ changed: [], ended: [] });
  expect(board.runs()).toEqual([]);
});

test('an end is told once, also of a run that came and went between two looks', () => {
  emit('a', 1);
  look();
  end('a', 'failed');
  emit('b', 1);
  end('b');
  expect(look()).toMatchObject({
    ended: [
      { run_id: 'a', state: 'failed' },
      { run_id: 'b', state: 'completed' },
    ],
  });
  end('b');
  expect(look()).toBeNull();
  emit('b', 1);
  expect(look()).toMatchObject({ changed: [{ run_id: 'b' }], ended: [] });
  end('b');
  expect(look()).toMatchObject({ changed: [], ended: [{ run_id: 'b' }] });
});

test('a skill that a run uses changes its row, though no event does', () => {
  emit('a', 1);
  look();
  face.logSkillInvocation({ skill: 'deploy', agent: 'qa', runId: 'a', result: 'success' });
  expect(look()).toMatchObject({ changed: [{ run_id: 'a', skills: ['deploy'], agents: ['qa'] }] });
});

test('with a run it is about that one', () => {
  board = makeBoard({ runId: 'mine' });
  emit('mine', 1);
  emit('other', 1);
  expect(ids(look().changed)).toEqual(['mine']);
  end('other');
  expect(look()).toBeNull();
});

test('more runs than are asked for at first are all there, and all that ended at once are told', () => {
  const names = Array.from({ length: 250 }, (_, i) => `run ${i}`);
  names.forEach((name) => emit(name, 1));
  look();
  expect(board.runs()).toHaveLength(250);
  names.forEach((name) => end(name));
  expect(ids(look().ended)).toEqual(names);
});

test('a file that was replaced is read anew', () => {
  emit('a', 1);
  look();
  fs.renameSync(file, `${file}.1`);
  const line = { timestamp: now, run_id: 'b', step: 1, status: 'running', percentage: 10, message: '' };
  fs.writeFileSync(file, `${JSON.stringify(line)}\n`);
  look();
  expect(ids(board.runs())).toEqual(['b']);
});

test('what cannot be read is told once, and looked at again', () => {
  const fault = new Error('no such luck');
  let broken = true;
  board = makeBoard({ getRuns: (options) => { if (broken) throw fault; return face.getRuns(options); } }); // prettier-ignore
  emit('a', 1);
  expect(look()).toEqual({ changed: [], ended: [] });
  expect(board.fault).toBe('no such luck');
  now += 1001;
  expect(look()).toBeNull();
  broken = false;
  expect(look()).toBeNull();
  now += 1001;
  expect(look()).toMatchObject({ changed: [{ run_id: 'a' }] });
  expect(board.fault).toBeNull();
});

test('order: those that go on by their beginning, then those that are stalled', () => {
  emit('first', 1);
  now += 20 * MINUTE;
  emit('third', 1);
  emit('second', 1);
  now += 1;
  emit('third', 2);
  look();
  expect(ids(board.runs())).toEqual(['second', 'third', 'first']);
});

test(`on any history it shows what a question for everything says, and tells each end once; seed ${SEED}`, () => {
  const random = createRandom(SEED);
  const names = ['a', 'b', 'CUJ-001-c', '__proto__', 'é'];
  const states = new Map();
  for (const minutes of [2, 5, 9]) face.recordCujExecution('CUJ-001', true, minutes * MINUTE, null, {});
  for (let step = 0; step < 400; step += 1) {
    const ended = [];
    for (let act = random.below(3); act > 0; act -= 1) {
      const name = random.pick(names);
      const ends = random.chance(0.3) ? random.pick(['completed', 'failed']) : null;
      if (ends === null) emit(name, random.below(9) + 1, { message: `m${random.below(3)}` });
      else end(name, ends);
      states.set(name, { now: ends ?? 'running', seen: states.get(name)?.seen });
    }
    const begun = [...states.keys()];
    if (begun.length > 0 && random.chance(0.2)) {
      face.logSkillInvocation({ skill: random.pick(['x', 'y']), runId: random.pick(begun) });
    }
    for (const [name, state] of states) {
      if (state.now !== 'running' && state.now !== state.seen) ended.push(name);
      state.seen = state.now;
    }
    const found = look();
    // At the first look all that ended is old.
    if (step > 0) expect(ids(found?.ended ?? []).sort()).toEqual(ended.sort());
    const going = face.getRuns({ limit: 0 }).runs.filter(({ state }) => state === 'running' || state === 'stalled');
    const byId = (rows) => [...rows].sort((x, y) => (x.run_id < y.run_id ? -1 : 1));
    // What was learned meanwhile reaches a run that is stalled within a minute.
    const later = { expected: 0, left_ms: 0, stalled_after_ms: 0, stalled_from_runs: 0, cuj_id: 0, cuj_from: 0, skill_calls: 0, skills: 0, agents: 0 }; // prettier-ignore
    const comparable = (row) => (row.state === 'stalled' ? { ...row, ...later } : row);
    expect(byId(board.runs()).map(comparable)).toEqual(byId(going).map(comparable));
    now += random.pick([0, 1, 100, 5_000, 3 * MINUTE, 11 * MINUTE]);
    look();
  }
});
