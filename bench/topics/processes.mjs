// How much eight processes record together, beside eight processes doing the barest append to one file.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { childScript } from '../children.mjs';
import { duel } from '../rounds.mjs';

export const title = 'Several processes at once';

const PROCESSES = 8;
const WRITER = childScript('write.mjs');

async function startWriter(args, env) {
  const child = fork(WRITER, args, { env: { ...process.env, ...env } });
  const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`A writer ended with ${code}`)));
  await Promise.race([once(child, 'message'), failed]); // its records are made, it waits for the start
  failed.catch(() => {});
  return child;
}

// Records a second over all processes, from the common start to the last one's end.
async function raceWriters(mode, folder, records) {
  const args = [mode, path.join(folder, 'barest-together.jsonl'), String(records)];
  const env = { OBS_PROJECT_ROOT: folder };
  const children = await Promise.all(Array.from({ length: PROCESSES }, () => startWriter(args, env)));
  const done = Promise.all(children.map((child) => once(child, 'message')));
  const ended = Promise.all(children.map((child) => once(child, 'exit')));
  const started = performance.now();
  for (const child of children) child.send('go');
  await done;
  const seconds = (performance.now() - started) / 1000;
  await ended;
  return (PROCESSES * records) / seconds;
}

/** Resolves to the topic's rows. */
export async function run({ folder, quick }) {
  const records = quick ? 500 : 10_000;
  const ours = { run: () => raceWriters('ours', folder, records) };
  const base = { run: () => raceWriters('base', folder, records) };
  const what = `${PROCESSES} processes, logSkillInvocation, records a second in total`;
  return [
    await duel(what, { ours, base, rounds: quick ? 2 : 7, warmup: 1, unit: '/s', higher: true, bar: 0.9, aim: 1.2 }),
  ];
}
