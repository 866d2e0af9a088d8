// What one question costs: `getCujSuccessRate` over a history, beside reading and parsing the file, and after each record.
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { close, configure, getCujSuccessRate, recordCujExecution } from '@obs/native';
import { DAY, HOUR, executionRecord, makeRandom, writeHistory } from './data.mjs';
import { naiveSuccessRate } from './naive.mjs';
import { duel, runNode } from './support.mjs';

export const title = 'Questions';

const WINDOWS = [HOUR, DAY, 7 * DAY];
const script = (name) => fileURLToPath(new URL(name, import.meta.url));

function nextQuestion(random) {
  const id = `CUJ-${String(Math.floor(random() * 20)).padStart(3, '0')}`;
  return [id, WINDOWS[Math.floor(random() * WINDOWS.length)]];
}

function asker(size, ask) {
  const random = makeRandom(7);
  return { size, prepare: (total) => Array.from({ length: total }, () => nextQuestion(random)), run: ask };
}

function compareAnswers(file, random) {
  const [id, window] = nextQuestion(random);
  const [ours, naive] = [getCujSuccessRate(id, window), naiveSuccessRate(file, id, window)];
  if (ours.total === naive.total && ours.successful === naive.successful) return;
  throw new Error(`Wrong answer: ${JSON.stringify(ours)} instead of ${JSON.stringify(naive)}`);
}

// A fast answer that is wrong would be worth nothing. The clock stands still, or a record at the window's edge would be
// in one answer and out of the other.
function checkAgreement(file) {
  const { now } = Date;
  const random = makeRandom(3);
  const frozen = now();
  Date.now = () => frozen;
  try {
    for (let index = 0; index < 5; index += 1) compareAnswers(file, random);
  } finally {
    Date.now = now;
  }
}

function livingProcess(file, { rounds, size }) {
  const ours = asker(size, (questions) => {
    for (const [id, window] of questions) getCujSuccessRate(id, window);
  });
  const base = asker(1, (questions) => {
    for (const [id, window] of questions) naiveSuccessRate(file, id, window);
  });
  return duel('getCujSuccessRate, living process, against read + JSON.parse', { ours, base, rounds, warmup: 1 });
}

// Only the question is timed, not the record before it; the base makes the same record and asks the file system.
function afterRecord(ask) {
  const random = makeRandom(11);
  return (questions) => {
    let spent = 0n;
    for (const [id, window] of questions) {
      const { success, duration_ms: duration, error, metadata } = executionRecord(random);
      recordCujExecution(id, success, duration, error, metadata);
      const text = ask.prepare?.(id, window);
      const started = process.hrtime.bigint();
      ask.run(id, window, text);
      spent += process.hrtime.bigint() - started;
    }
    return Number(spent) / questions.length;
  };
}

function afterEachRecord(file, { rounds, size }) {
  const ours = asker(size, afterRecord({ run: (id, window) => getCujSuccessRate(id, window) }));
  const base = asker(
    size,
    afterRecord({
      prepare: (id, window) => JSON.stringify(getCujSuccessRate(id, window)),
      run: (id, window, text) => [statSync(file).size, JSON.parse(text)],
    }),
  );
  const what = 'getCujSuccessRate after each record, against statSync + JSON.parse of the answer';
  return duel(what, { ours, base, rounds, bar: 4, aim: 2 });
}

// Whole processes, the cache deleted before each question.
function firstQuestion(folder, file, { rounds }) {
  const env = { OBS_PROJECT_ROOT: folder };
  const cache = path.join(folder, '.claude', 'context', '.obs');
  const ours = {
    prepare: () => rmSync(cache, { recursive: true, force: true }),
    run: () => runNode([script('child-ask.mjs'), 'CUJ-007', String(7 * DAY)], { env }),
  };
  const base = { run: () => runNode([script('naive.mjs'), file, 'CUJ-007', String(7 * DAY)]) };
  const what = 'getCujSuccessRate, first in a fresh process, no cache, against the same by read + JSON.parse';
  return duel(what, { ours, base, rounds, warmup: 1 });
}

function withCache(folder, { rounds }) {
  const ours = {
    run: () => runNode([script('child-ask.mjs'), 'CUJ-007', String(7 * DAY)], { env: { OBS_PROJECT_ROOT: folder } }),
  };
  const base = { run: () => runNode(['-e', '0']) };
  const what = 'getCujSuccessRate, fresh process with what is cached, against node -e 0';
  return duel(what, { ours, base, rounds, warmup: 1, bar: 1.3, aim: 1.2 });
}

/** Resolves to the topic's rows. */
export async function run({ folder, quick }) {
  const total = quick ? 5_000 : 100_000;
  const file = writeHistory(folder, total);
  const bytes = Math.round(statSync(file).size / total);
  console.log(`History: ${total.toLocaleString('en')} executions of ${bytes} bytes, 20 ids, 29 days, 5 % late`);
  configure({ projectRoot: folder, durability: 'write' });
  checkAgreement(file);
  const few = { rounds: quick ? 3 : 11 };
  const rows = [
    await livingProcess(file, { ...few, size: quick ? 50 : 1000 }),
    await afterEachRecord(file, { rounds: quick ? 5 : 41, size: quick ? 50 : 200 }),
    await firstQuestion(folder, file, few),
    await withCache(folder, few),
  ];
  checkAgreement(file);
  close();
  return rows;
}
