// What `obs watch` costs as the history grows: a tick when nothing was recorded, and one after an event, at 10,000 runs over 100.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { contest } from '../rounds.mjs';

const require = createRequire(import.meta.url);
const { Board } = require('../../command/watch/board.js');
const { createFace } = require('../../lib/face.js');

export const title = 'Watching runs, each tick';

const STEPS = 7;
const GOING = 3;
const SPAN_MS = 20 * 3_600_000;

const eventOf = (id, step, timestamp) =>
  `${JSON.stringify({
    timestamp,
    iso_timestamp: new Date(timestamp).toISOString(),
    run_id: id,
    step,
    status: step === STEPS ? 'completed' : 'running',
    percentage: (step / STEPS) * 100,
    message: `step ${step} of what this run does`,
    metadata: {},
  })}\n`;

/** A workspace with `runs` runs in the last 20 hours, the last three of them in progress, and a board that knows them. */
function watched(folder, runs) {
  const root = path.join(folder, `runs-${runs}`);
  const file = path.join(root, '.claude', 'context', 'logs', 'progress.jsonl');
  mkdirSync(path.dirname(file), { recursive: true });
  const now = Date.now();
  let text = '';
  for (let i = 0; i < runs; i += 1) {
    const goes = i >= runs - GOING;
    const start = goes ? now - 5_000 : now - SPAN_MS + Math.floor((i / runs) * (SPAN_MS - 60_000));
    const steps = goes ? 3 : STEPS;
    for (let step = 1; step <= steps; step += 1) text += eventOf(`CUJ-${i % 9}-${i}`, step, start + step * 1000);
  }
  writeFileSync(file, text);
  const face = createFace({ projectRoot: root, env: {} });
  const board = new Board({ getRuns: face.getRuns, folder: path.join(root, '.claude', 'context'), rest: 0 });
  board.look();
  let step = 0;
  const record = () => appendFileSync(file, eventOf(`CUJ-1-${runs - 1}`, 3 + (step++ % 2), Date.now()));
  return { face, board, record };
}

const TICKS = 1000;
const quiet = ({ board }) => ({
  size: TICKS,
  run() {
    for (let tick = 0; tick < TICKS; tick += 1) board.look();
  },
});
const busy = ({ board, record }) => ({ prepare: record, run: () => board.look() && undefined });

/** Resolves to the topic's rows. */
export async function run({ folder, quick }) {
  const [small, large] = [100, quick ? 1_000 : 10_000].map((runs) => watched(folder, runs));
  const options = { rounds: quick ? 5 : 61 };
  const many = quick ? '1,000' : '10,000';
  const [idle] = await contest([{ ...quiet(large), what: `a tick, nothing recorded, ${many} runs over 100`, limits: { bar: 1.5, aim: 1.2 } }], quiet(small), options); // prettier-ignore
  const [asked] = await contest([{ ...busy(large), what: `a tick after an event, ${many} runs over 100`, limits: { bar: 8, aim: 4 } }], busy(small), options); // prettier-ignore
  small.face.close();
  large.face.close();
  return [idle, asked];
}
