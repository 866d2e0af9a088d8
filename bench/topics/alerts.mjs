// What checking and replaying objectives costs as the history grows: whole processes, over histories of the same last days.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BARE_NODE, inPackage, runNode } from '../children.mjs';
import { historyOf } from '../histories.mjs';
import { contest } from '../rounds.mjs';

export const title = 'Objectives and alerts, whole process';

const OBJECTIVES = [
  { cuj: 'CUJ-007', success: 0.95, over: '1d' },
  { cuj: '*', success: 0.9, over: '1h' },
];

// What fires is an answer too, and none of the process failing.
const quietly = 'process.on("exit", () => { process.exitCode = 0; });';
const preload = `data:text/javascript,${encodeURIComponent(quietly)}`;

function command({ root }, ...words) {
  const args = ['--import', preload, inPackage('bin', 'obs.js'), 'alerts', ...words, '--json', '--root', root];
  return { run: () => runNode(args) };
}

function withObjectives(history) {
  const folder = path.join(history.root, '.claude', 'context', 'config');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'objectives.json'), JSON.stringify({ objectives: OBJECTIVES, rules: [] }));
  return history;
}

/** Resolves to the topic's rows. */
export async function run({ dir, quick }) {
  const [few, many] = quick ? [5_000, 20_000] : [100_000, 1_000_000];
  const [small, large] = [few, many].map((executions) => withObjectives(historyOf(dir, { executions })));
  const shown = (count) => count.toLocaleString('en');
  const options = { rounds: quick ? 2 : 15, warmup: 1 };
  const checks = await contest(
    [
      {
        ...command(large, 'check'),
        what: `alerts check, ${shown(many)} executions over ${shown(few)}`,
        limits: { bar: 1.5, aim: 1.2 },
      },
    ],
    command(small, 'check'),
    options,
  );
  const others = await contest(
    [
      { ...command(large, 'check'), what: `alerts check over a bare node, ${shown(many)} executions` },
      { ...command(large, 'test', '--since', '30d'), what: `alerts test --since 30d, all ${shown(many)} twice` },
    ],
    BARE_NODE,
    { ...options, rounds: quick ? 1 : 7 },
  );
  return [...checks, ...others];
}
