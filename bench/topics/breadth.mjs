// Questions over ten times as many day files, skills and buckets full of records: each may cost about ten times as much.
import { createRequire } from 'node:module';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DAY, count, makeRandom } from '../data.mjs';
import { duel } from '../rounds.mjs';

const { createFace } = createRequire(import.meta.url)('../../lib/face.js');

export const title = 'Ten times the input';

const CONTEXT = '.claude/context';

// The clock of a test would be another one for each run, and days would move between files.
const NOW = Date.now();

function makeRoot(folder, name, files) {
  const root = path.join(folder, name);
  for (const [file, lines] of files) {
    const place = path.join(root, CONTEXT, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
  return root;
}

function invocation(at, skill) {
  const resource_usage = { memory_mb: 100 + (at % 7) };
  const timestamp = new Date(at).toISOString();
  return { timestamp, type: 'skill_invocation', skill, params: '', result: 'success', duration_ms: 5, resource_usage };
}

const dayOf = (at) => `logs/skill-invocations-${new Date(at).toISOString().slice(0, 10)}.jsonl`;

function* manyDays(days) {
  for (let back = 0; back < days; back += 1) yield [dayOf(NOW - back * DAY), [invocation(NOW - back * DAY, 'deploy')]];
}

function* manySkills(skills) {
  const at = (number) => NOW - 60_000 + Math.floor((number / skills) * 50_000);
  yield [
    dayOf(NOW),
    Array.from({ length: skills * 2 }, (_, number) => invocation(at(number / 2), `skill-${number % skills}`)),
  ];
}

function* anyOrder(total) {
  const random = makeRandom(41);
  const execution = () => {
    const timestamp = new Date(NOW - count(random, 1000 * 60_000)).toISOString();
    return { timestamp, cuj_id: 'CUJ-001', success: random() < 0.9, duration_ms: count(random, 9000), error: null };
  };
  yield ['analytics/cuj-metrics.jsonl', Array.from({ length: total }, execution)];
}

const CASES = [
  {
    what: (size) => `getStatistics over ${size.toLocaleString('en')} day files`,
    files: manyDays,
    sizes: [500, 5_000],
    ask: (face) => face.getLogger().getStatistics({ startDate: 0 }),
  },
  {
    what: (size) => `generateMetricsDashboard, ${size.toLocaleString('en')} skills with resources`,
    files: manySkills,
    sizes: [8_000, 80_000],
    ask: (face) => face.generateMetricsDashboard(),
  },
  {
    what: (size) => `getCujTrending, 1,000 buckets, ${size.toLocaleString('en')} executions in any order`,
    files: anyOrder,
    sizes: [100_000, 1_000_000],
    ask: (face) => face.getCujTrending('CUJ-001', 1000, 60_000),
  },
];

async function compare({ what, files, sizes, ask }, folder, quick) {
  const faces = sizes.map((size) => {
    const scaled = quick ? size / 100 : size;
    return createFace({ projectRoot: makeRoot(folder, `${ask.length}-${size}`, files(scaled)), env: {} });
  });
  const [base, ours] = faces.map((face) => ({ run: () => void ask(face) }));
  const row = await duel(`${what(sizes[1])}, beside a tenth of it`, { ours, base, rounds: quick ? 3 : 9, bar: 12 });
  for (const face of faces) face.close();
  return row;
}

/** Resolves to the topic's rows; the yardstick is a tenth of the input. */
export async function run({ folder, quick }) {
  const rows = [];
  for (const [place, each] of CASES.entries()) rows.push(await compare(each, path.join(folder, `${place}`), quick));
  return rows;
}
