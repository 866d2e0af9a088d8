// What the page waits for: its first view in a new process, and a change of the window, over a long history.
import { createRequire } from 'node:module';
import { childScript, runNode } from '../children.mjs';
import { makeRandom, skillEvent } from '../data.mjs';
import { historyOf } from '../histories.mjs';
import { median, race } from '../rounds.mjs';
import { formatValue, markdownTable, verdict } from '../table.mjs';

const require = createRequire(import.meta.url);
const { createFace } = require('../../lib/face.js');
const { answer } = require('../../server/answers.js');

export const title = 'The page, at the server';

const SECOND = 1e9;

/** The questions of a view, one after the other as a browser's requests are answered. */
const VIEWS = {
  CUJs: (span) => [
    ['objectives', {}],
    ['cujs', { span, strip: '50' }],
    ['timeline', { span, kind: 'cuj' }],
    ['failures', { span, source: 'cuj' }],
  ],
  'One CUJ': (span) => [
    ['objectives', {}],
    ['cujs', { span, strip: '50', cuj: 'CUJ-007' }],
    ['timeline', { span, cuj: 'CUJ-007' }],
    ['failures', { span, cuj: 'CUJ-007' }],
    ['runs', { span, limit: '200' }],
  ],
  Skills: (span) => [
    ['skills', { span }],
    ['unused', { span }],
    ['timeline', { span, kind: 'skill' }],
    ['failures', { span, source: 'skill' }],
  ],
};

async function overview(history, quick) {
  const visit = () => runNode([childScript('overview.cjs'), history.root]);
  const contestants = [{ run: visit }, { prepare: () => history.dropCache(), run: visit }];
  const rounds = quick ? 1 : 7;
  // The visit without a cache leaves one for the next round's visit with it; the first round has one by the warmup.
  const [again, first] = await race(contestants, { rounds, warmup: 1 });
  return [
    { what: 'Now, new process after an earlier visit', unit: 'ns', ours: median(again), bar: SECOND, aim: SECOND / 2 },
    { what: 'Now, first visit of this history', unit: 'ns', ours: median(first) },
  ];
}

/** Nanoseconds of the processor, which tell less of whatever else the machine does than the time does. */
async function processorTime(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1000;
}

async function windows({ root }, quick) {
  const face = createFace({ projectRoot: root, env: {} });
  const random = makeRandom(31);
  const spent = new Map();
  const change = ([what, questions]) => ({
    // Something was recorded since the last question, as it is while a page looks on.
    prepare() {
      face.recordCujExecution('CUJ-007', true, 1000 * random());
      face.logSkillInvocation(skillEvent(random));
    },
    async run() {
      const took = await processorTime(async () => {
        for (const [name, parameters] of questions) await answer([face], name, parameters);
      });
      spent.set(what, [...(spent.get(what) ?? []), took]);
    },
  });
  const spans = ['7d', '30d', 'all'];
  const all = Object.entries(VIEWS).flatMap(([view, ask]) => spans.map((span) => [`${view}, ${span}`, ask(span)]));
  const options = { rounds: quick ? 2 : 15, warmup: 1 };
  const values = await race(all.map(change), options);
  face.close();
  const limits = { bar: SECOND / 5, aim: SECOND / 10 };
  return all.map(([what], place) => {
    const processor = median(spent.get(what).slice(options.warmup));
    return { what: `Window of ${what}`, unit: 'ns', ours: median(values[place]), processor, ...limits };
  });
}

/** The usual table has no column for the processor's time. */
export function format(name, rows) {
  const shown = (value) => (value === undefined ? '' : formatValue(value, 'ns'));
  const cells = (row) => [
    row.what,
    shown(row.ours),
    shown(row.processor),
    shown(row.bar),
    shown(row.aim),
    verdict(row),
  ];
  return markdownTable([[name, 'measured', 'processor', 'bar', 'aim', ''], ...rows.map(cells)]);
}

/** Resolves to the topic's rows. */
export async function run({ dir, quick }) {
  const many = quick ? 10_000 : 1_000_000;
  const history = historyOf(dir, { executions: many, skills: many, providers: many / 10, progress: many / 50 });
  const shown = many.toLocaleString('en');
  console.log(
    `Histories: ${shown} executions and as many skill invocations; all questions of a view, one after the other`,
  );
  const first = await overview(history, quick);
  return [...first, ...(await windows(history, quick))];
}
