// What a record and a question cost as the history grows: four costs at each size, measured in the same rounds.
import { createRequire } from 'node:module';
import { toolRunner } from '../children.mjs';
import { DAY, executionRecord, makeRandom } from '../data.mjs';
import { historyOf } from '../histories.mjs';
import { cujId } from '../lines.mjs';
import { median, race, timeOf } from '../rounds.mjs';
import { formatValue, markdownTable } from '../table.mjs';

const { createFace } = createRequire(import.meta.url)('../../lib/face.js');

export const title = 'Growth with the history';

const WINDOW = 7 * DAY;

function record(face, { cuj_id: id, success, duration_ms: duration, error, metadata }) {
  face.recordCujExecution(id, success, duration, error, metadata);
}

// Each history has a face of its own, so that all of them are open at once.
function open(history) {
  const face = createFace({ projectRoot: history.root, env: {} });
  face.configure({ durability: 'write' });
  return { ...history, face, random: makeRandom(31) };
}

const writing = ({ face, random }) => ({
  size: 200,
  prepare: (size) => Array.from({ length: size }, () => executionRecord(random)),
  run: (records) => {
    for (const each of records) record(face, each);
  },
});

const firstScan = ({ root, dropCache }) =>
  toolRunner(root, 'metrics-tracker', () => ['all', WINDOW], { prepare: dropCache });

const cached = ({ root, random }) => toolRunner(root, 'metrics-tracker', () => ['rate', cujId(random), WINDOW]);

const afterRecord = ({ face, random }) => ({
  run: () => {
    const spans = Array.from({ length: 50 }, () => {
      record(face, executionRecord(random));
      return timeOf(() => face.getCujSuccessRate(cujId(random), WINDOW));
    });
    return median(spans);
  },
});

/** The costs, in the order of the chart's legend. */
export const MEASURES = [
  { name: 'first scan, whole process', contestant: firstScan, rounds: { quick: 1, usual: 5 } },
  { name: 'cached question, whole process', contestant: cached, rounds: { quick: 2, usual: 11 } },
  { name: 'question after a record', contestant: afterRecord, rounds: { quick: 3, usual: 31 } },
  { name: 'writing a record', contestant: writing, rounds: { quick: 3, usual: 31 } },
];

async function measure({ name, contestant, rounds }, histories, quick) {
  const options = { rounds: quick ? rounds.quick : rounds.usual, warmup: 1 };
  const values = await race(histories.map(contestant), options);
  const smallest = values[0];
  return values.map((mine, at) => {
    const { total } = histories[at];
    const ratio = median(mine.map((value, round) => value / smallest[round]));
    const what = `${name}, ${total.toLocaleString('en')} executions`;
    return { what, measure: name, total, unit: 'ns', ours: median(mine), base: median(smallest), ratio };
  });
}

/** The rows as a table with a line for each cost and a column for each size. */
export function format(heading, rows) {
  const totals = [...new Set(rows.map((row) => row.total))];
  const lines = MEASURES.map(({ name }) => {
    const own = rows.filter((row) => row.measure === name);
    return [name, ...own.map((row) => formatValue(row.ours, row.unit)), `${own.at(-1).ratio.toFixed(2)}x`];
  });
  return markdownTable([[heading, ...totals.map((total) => total.toLocaleString('en')), 'last / first'], ...lines]);
}

/** Resolves to the topic's rows, one for each cost and size; the yardstick is the smallest size. */
export async function run({ dir, quick, full }) {
  const totals = quick ? [1_000, 10_000] : [10_000, 100_000, 1_000_000, ...(full ? [10_000_000] : [])];
  const histories = totals.map((total) => open(historyOf(dir, { executions: total })));
  const rows = [];
  for (const each of MEASURES) rows.push(...(await measure(each, histories, quick)));
  for (const { face } of histories) face.close();
  return rows;
}
