// Questions about executions in a living process, after each new record.
import { close, configure, recordCujExecution } from '@obs/native';
import * as api from '@obs/native';
import { DAY, HOUR, executionRecord, makeRandom } from '../data.mjs';
import { describe, historyOf } from '../histories.mjs';
import { cujId } from '../lines.mjs';
import { questionDuel } from '../living.mjs';

export const title = 'Living process, after each new record';

const SPANS = [
  { label: '1 h', window: HOUR, trend: [12, HOUR / 12] },
  { label: '24 h', window: DAY, trend: [24, HOUR] },
  { label: '7 d', window: 7 * DAY, trend: [7, DAY] },
];
const STRICT = { bar: 4, aim: 2 };
const LOOSE = { bar: 10, aim: 4 };

const byWindow =
  (name) =>
  (id, { window }) =>
    api[name](id, window);

const QUESTIONS = [
  { name: 'getCujSuccessRate', ask: byWindow('getCujSuccessRate'), limits: STRICT },
  { name: 'getAllCujMetrics', ask: (_, { window }) => api.getAllCujMetrics(window), limits: LOOSE },
  { name: 'getPerformancePercentiles', ask: byWindow('getPerformancePercentiles'), limits: LOOSE },
  { name: 'getFailureAnalysis', ask: byWindow('getFailureAnalysis'), limits: LOOSE },
  { name: 'getCujTrending', ask: (id, { trend }) => api.getCujTrending(id, ...trend), limits: LOOSE },
];

/** Records one more execution, another one each time. */
export function executionRecorder(random) {
  return () => {
    const { cuj_id: id, success, duration_ms: duration, error, metadata } = executionRecord(random);
    recordCujExecution(id, success, duration, error, metadata);
  };
}

/** Resolves to the topic's rows. */
export async function run({ dir, quick }) {
  const history = historyOf(dir, { executions: quick ? 20_000 : 1_000_000 });
  console.log(describe(history));
  configure({ projectRoot: history.root, durability: 'write' });
  const random = makeRandom(11);
  const common = { record: executionRecorder(random), input: () => cujId(random), file: history.file };
  const rows = [];
  for (const { name, ask, limits } of QUESTIONS) {
    for (const span of SPANS) {
      const contest = {
        ...common,
        ask: (id) => ask(id, span),
        rounds: quick ? 3 : 61,
        size: quick ? 10 : 25,
        ...limits,
      };
      rows.push(await questionDuel(`${name}, ${span.label}`, contest));
    }
  }
  close();
  return rows;
}
