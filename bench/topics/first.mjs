// The first question of all, in a fresh process without a cache: `all` over 7 days, beside DuckDB over the same file; and its memory.
import { BARE_NODE, childScript, frozenAt, inPackage, peakMemory, runNode, toolRunner } from '../children.mjs';
import { DAY } from '../data.mjs';
import { describe, historyOf } from '../histories.mjs';
import { contest, race, median } from '../rounds.mjs';

export const title = 'First question, no cache, whole process';

const WINDOW = 7 * DAY;
const TOOL = inPackage('tools', 'metrics-tracker.mjs');
const DUCKDB = childScript('duckdb.mjs');

const byId = (rows) => Object.fromEntries(rows.map((row) => [row.cuj_id, row]));

function compare(ours, theirs) {
  const close = (a, b) => Math.abs(a - b) <= 1e-9 * Math.abs(b);
  const ids = Object.keys(ours).sort();
  const same =
    ids.join() === Object.keys(theirs).sort().join() &&
    ids.every(
      (id) =>
        ours[id].total === theirs[id].total &&
        ours[id].successful === theirs[id].successful &&
        close(ours[id].avg_duration_ms, theirs[id].avg_duration_ms),
    );
  if (!same) throw new Error(`Wrong answer: ${JSON.stringify(ours)} instead of ${JSON.stringify(theirs)}`);
}

// A fast answer that is wrong would be worth nothing. The clock stands still in both programs: they ask about one window.
async function checkAgreement({ root, file }) {
  const clock = ['--import', frozenAt(Date.now())];
  const env = { OBS_PROJECT_ROOT: root };
  const ours = await runNode([...clock, TOOL, 'all', String(WINDOW)], { env });
  const theirs = await runNode([...clock, DUCKDB, file, String(WINDOW)]);
  compare(JSON.parse(ours), byId(JSON.parse(theirs)));
}

async function againstDuckdb(history, rounds) {
  const words = () => ['all', WINDOW];
  const ours = toolRunner(history.root, 'metrics-tracker', words, { prepare: history.dropCache });
  const total = history.total.toLocaleString('en');
  const limits = { bar: 0.7, aim: 0.4 };
  const entries = [
    { ...ours, what: `all over 7 days, ${total} executions, against DuckDB`, limits },
    { ...BARE_NODE, what: '  node -e 0, for information' },
  ];
  return contest(entries, { run: () => runNode([DUCKDB, history.file, String(WINDOW)]) }, { rounds, warmup: 1 });
}

async function memory({ root, total, dropCache }, { rounds, ...limits }) {
  const env = { OBS_PROJECT_ROOT: root };
  const ours = { prepare: dropCache, run: () => peakMemory([TOOL, 'all', String(WINDOW)], { env }) };
  const bare = { run: () => peakMemory(['-e', '0']) };
  const [mine, theirs] = (await race([ours, bare], { rounds, warmup: 0 })).map(median);
  const what = `  peak memory of that process over node -e 0, ${total.toLocaleString('en')} executions`;
  return { what, unit: 'MiB', ours: mine, base: theirs, ratio: mine / theirs, difference: mine - theirs, ...limits };
}

/** Resolves to the topic's rows. */
export async function run({ dir, quick, full }) {
  const history = historyOf(dir, { executions: quick ? 20_000 : 1_000_000 });
  console.log(describe(history));
  await checkAgreement(history);
  const rows = await againstDuckdb(history, quick ? 2 : 9);
  rows.push(await memory(history, { rounds: quick ? 1 : 5, bar: 64, aim: 40 }));
  if (full) {
    const large = historyOf(dir, { executions: 10_000_000 });
    await checkAgreement(large);
    rows.push(...(await againstDuckdb(large, 3)), await memory(large, { rounds: 3, bar: 128 }));
  }
  return rows;
}
