// Questions in a fresh process with the cache: the command lines as people and agents run them, beside `node -e 0`.
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BARE_NODE, obsRunner, runNode, toolRunner } from '../children.mjs';
import { DAY, HOUR, makeRandom, pick } from '../data.mjs';
import { describe, historyOf } from '../histories.mjs';
import { LINES, cujId } from '../lines.mjs';
import { contest } from '../rounds.mjs';

export const title = 'With the cache, whole process';

const WINDOWS = [HOUR, DAY, 7 * DAY];
const BUCKETS = [
  [12, HOUR / 12],
  [24, HOUR],
  [7, DAY],
];
const LIMITS = { bar: 1.3, aim: 1.2 };
const TABLE_LIMITS = { bar: 1.4, aim: 1.3 };

// Each turn asks about another id and window.
function questionsOf(random) {
  const window = () => pick(random, WINDOWS);
  return {
    rate: () => ['rate', cujId(random), window()],
    all: () => ['all', window()],
    percentiles: () => ['percentiles', cujId(random), window()],
    failures: () => ['failures', cujId(random), window()],
    trending: () => ['trending', cujId(random), ...pick(random, BUCKETS)],
  };
}

function entriesOf(executions, skills, folder) {
  const questions = Object.entries(questionsOf(makeRandom(5)));
  const tracker = (words) => toolRunner(executions.root, 'metrics-tracker', words);
  const stats = (words) => toolRunner(skills.root, 'structured-logger', words);
  return [
    ...questions.map(([name, words]) => ({ ...tracker(words), what: `metrics-tracker ${name}`, limits: LIMITS })),
    { ...stats(() => ['stats']), what: 'structured-logger stats (today)', limits: LIMITS },
    { ...stats(() => ['stats', '--since', '7d']), what: 'structured-logger stats --since 7d', limits: LIMITS },
    { ...obsRunner(folder, executions.root, ['cujs']), what: 'obs cujs', limits: TABLE_LIMITS },
  ];
}

// What ES modules themselves cost, and a question when half a MiB of records is not in the cache yet.
function forInformation(folder, behind) {
  const empty = path.join(folder, 'empty.mjs');
  writeFileSync(empty, '');
  const words = () => ['rate', 'CUJ-007', 7 * DAY];
  return [
    { ...toolRunner(behind.root, 'metrics-tracker', words), what: '  rate with 512 KiB behind the cache' },
    {
      ...toolRunner(behind.root, 'metrics-tracker', () => ['--help']),
      what: '  metrics-tracker --help, which asks nothing',
    },
    { run: () => runNode([empty]), what: '  an empty ES module' },
  ];
}

async function fillCache(entries) {
  for (const entry of entries) await entry.run();
}

function appendBehind({ file }) {
  const random = makeRandom(6);
  let text = '';
  while (text.length < 512 * 1024) text += LINES.executions(random, Date.now());
  appendFileSync(file, text);
}

async function contestAt(totals, { folder, dir, rounds }) {
  const executions = historyOf(dir, { executions: totals.executions });
  const skills = historyOf(dir, { skills: totals.skills });
  const behind = historyOf(dir, { executions: totals.behind });
  console.log(`${describe(executions)}; ${totals.skills.toLocaleString('en')} skill invocations in 30 day files`);
  const entries = [...entriesOf(executions, skills, folder), ...forInformation(folder, behind)];
  await fillCache(entries);
  appendBehind(behind);
  return contest(entries, BARE_NODE, { rounds, warmup: 1 });
}

/** Resolves to the topic's rows. */
export async function run({ folder, dir, quick, full }) {
  const small = { executions: 20_000, skills: 20_000, behind: 10_000 };
  const usual = { executions: 1_000_000, skills: 1_000_000, behind: 100_000 };
  const rows = await contestAt(quick ? small : usual, { folder, dir, rounds: quick ? 2 : 25 });
  if (!full) return rows;
  const large = await contestAt({ ...usual, executions: 10_000_000 }, { folder, dir, rounds: 15 });
  return [...rows, ...large.slice(0, 5).map((row) => ({ ...row, what: `${row.what}, 10,000,000 executions` }))];
}
