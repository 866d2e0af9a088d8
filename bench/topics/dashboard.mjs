// The dashboard over everything at once, and where a run stands among many, in a living process and in a fresh one.
import {
  close,
  configure,
  emitProgress,
  generateMetricsDashboard,
  getCurrentProgress,
  logSkillInvocation,
  recordProviderCall,
} from '@obs/native';
import { BARE_NODE, toolRunner } from '../children.mjs';
import { makeRandom, progressRecord, providerRecord, skillEvent } from '../data.mjs';
import { historyOf } from '../histories.mjs';
import { runId } from '../lines.mjs';
import { questionDuel } from '../living.mjs';
import { duel } from '../rounds.mjs';
import { executionRecorder } from './living.mjs';

export const title = 'Dashboard and progress';

// One after the other: an execution, a skill invocation, a provider call.
function anyRecorder(random) {
  const kinds = [
    executionRecorder(random),
    () => logSkillInvocation(skillEvent(random)),
    () => {
      const { provider, success, latency_ms: latency, error } = providerRecord(random);
      recordProviderCall(provider, success, latency, error);
    },
  ];
  let turn = 0;
  return () => kinds[turn++ % kinds.length]();
}

async function dashboard({ dir, quick }) {
  const many = quick ? 10_000 : 1_000_000;
  const { root, file } = historyOf(dir, { executions: many, skills: many, providers: many / 10 });
  configure({ projectRoot: root, durability: 'write' });
  const options = { rounds: quick ? 3 : 15, size: quick ? 3 : 9, warmup: 1, bar: 20, aim: 5 };
  const record = anyRecorder(makeRandom(21));
  const contest = { record, input: () => null, ask: () => generateMetricsDashboard(), file, ...options };
  const row = await questionDuel('generateMetricsDashboard, living process, after each record', contest);
  close();
  return row;
}

async function living({ root, file }, quick) {
  configure({ projectRoot: root, durability: 'write' });
  const random = makeRandom(22);
  const record = () => {
    const { step, status, percentage, message, metadata } = progressRecord(random);
    emitProgress({ runId: runId(random), step, status, percentage, message, metadata });
  };
  const options = { rounds: quick ? 3 : 31, size: quick ? 10 : 100, bar: 4 };
  const contest = { record, input: () => runId(random), ask: getCurrentProgress, file, ...options };
  const row = await questionDuel('getCurrentProgress(run), living process, after each record', contest);
  close();
  return row;
}

async function fresh({ root }, quick) {
  const random = makeRandom(23);
  const ours = toolRunner(root, 'progress-emitter', () => ['current', runId(random)]);
  const options = { ours, base: BARE_NODE, rounds: quick ? 2 : 25, warmup: 1, bar: 1.3 };
  return duel('progress-emitter current RUN, fresh process, against node -e 0', options);
}

/** Resolves to the topic's rows. */
export async function run({ dir, quick }) {
  console.log(
    'Histories: executions, skill invocations in 30 day files, provider calls; progress events of 2,000 runs',
  );
  const overview = await dashboard({ dir, quick });
  const progress = historyOf(dir, { progress: quick ? 20_000 : 1_000_000 });
  return [overview, await living(progress, quick), await fresh(progress, quick)];
}
