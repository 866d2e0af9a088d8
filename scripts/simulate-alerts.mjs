// Simulates months of CUJs with known success rates, and counts what alerts would have said: ours (replayed by the addon), a
// plain threshold, and the usual multi-window burn rates. Prints the table of docs/alerts.md.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { createTestWorkspace } = require('../lib/testing.js');

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const GOAL = 0.95;
const DAYS = 90;
const DROP = { at: 30, from: 0.98, to: 0.8, days: 30 };

/** A small generator (mulberry32), so that the table can be made again. */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Runs `[at, failed]` at random moments, `perDay` of them a day on average; `rate(day)` is the true success rate. */
function simulate(random, days, perDay, rate) {
  const runs = [];
  for (let at = 0; ;) {
    at += Math.ceil((-Math.log(1 - random()) * DAY) / perDay);
    if (at >= days * DAY) return runs;
    runs.push([START + at, random() >= rate(at / DAY)]);
  }
}

/** The moments at which a condition over sliding windows becomes true. */
function fires(runs, windows, isTrue) {
  const moments = runs.flatMap(([at]) => [at, ...windows.map((window) => at + window + 1)]).sort((a, b) => a - b);
  const [firsts, starts] = [windows.map(() => 0), []];
  let [end, on] = [0, false];
  for (const now of moments) {
    while (end < runs.length && runs[end][0] <= now) end += 1;
    const counts = windows.map((window, place) => {
      while (firsts[place] < end && now - runs[firsts[place]][0] > window) firsts[place] += 1;
      const inside = runs.slice(firsts[place], end);
      return { total: inside.length, failed: inside.filter(([, failed]) => failed).length };
    });
    const next = isTrue(counts);
    if (next && !on) starts.push(now);
    on = next;
  }
  return starts;
}

const burn = ({ total, failed }) => (total === 0 ? 0 : failed / total / (1 - GOAL));

/** The other ways to alert, by the words of the table. */
const OTHERS = {
  'below the goal over the last 24 h': (runs) => fires(runs, [DAY], ([day]) => burn(day) > 1),
  'three failures within 24 h': (runs) => fires(runs, [DAY], ([day]) => day.failed >= 3),
  '14.4 × over 1 h and 5 min, or 6 × over 6 h and 30 min': (runs) =>
    fires(
      runs,
      [HOUR, 5 * MINUTE, 6 * HOUR, 30 * MINUTE],
      ([a, b, c, d]) => (burn(a) >= 14.4 && burn(b) >= 14.4) || (burn(c) >= 6 && burn(d) >= 6),
    ),
};

/** Ours, for many CUJs at once: the starts of each tier's fires, by CUJ. */
function ours(histories, days) {
  const workspace = createTestWorkspace();
  try {
    const file = workspace.path('.claude/context/analytics/cuj-metrics.jsonl');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const line = (cuj, [at, failed]) =>
      `{"timestamp":"${new Date(at).toISOString()}","cuj_id":"${cuj}","success":${!failed},"duration_ms":5,"error":null,"metadata":{}}\n`;
    histories.forEach((runs, cuj) => fs.appendFileSync(file, runs.map((run) => line(`CUJ-${cuj}`, run)).join('')));
    const asked = JSON.stringify({ kind: 'cuj', name: '*', share: GOAL, period_ms: 7 * DAY });
    const answers = workspace.core().ask('replayObjective', asked, START, START + days * DAY);
    return answers.map(({ tiers }) => tiers.map(({ episodes }) => episodes.map(({ from }) => from)));
  } finally {
    workspace.cleanup();
  }
}

/** For each way to alert, the starts of its fires by CUJ. */
function startsOf(histories, days) {
  const own = ours(histories, days);
  return {
    'objective, fast tier': own.map(([fast]) => fast),
    'objective, slow tier': own.map(([, slow]) => slow),
    'objective, either tier': own.map(([fast, slow]) => [...fast, ...slow].sort((a, b) => a - b)),
    ...Object.fromEntries(Object.entries(OTHERS).map(([name, way]) => [name, histories.map(way)])),
  };
}

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

const shown = (ms) =>
  ms === undefined || ms === Infinity
    ? 'never'
    : ms < 2 * DAY
      ? `${Math.round(ms / HOUR)} h`
      : `${(ms / DAY).toFixed(1)} d`;

/** The rows of the table: `{ way, pages (false ones in 90 days), told: [median, p90], later (after the drop) }` over `count` CUJs. */
export function simulateAlerts({ count, perDay, seed = 1 }) {
  const random = randomOf(seed);
  const steady = Array.from({ length: count }, () => simulate(random, DAYS, perDay, () => GOAL));
  const dropped = Array.from({ length: count }, () =>
    simulate(random, DROP.at + DROP.days, perDay, (day) => (day < DROP.at ? DROP.from : DROP.to)),
  );
  const [calm, worse] = [startsOf(steady, DAYS), startsOf(dropped, DROP.at + DROP.days)];
  const moment = START + DROP.at * DAY;
  return Object.keys(calm).map((way) => {
    const pages = calm[way].reduce((sum, starts) => sum + starts.length, 0) / count;
    const waits = worse[way].map((starts) => (starts.find((at) => at >= moment) ?? Infinity) - moment);
    const delays = waits.sort((a, b) => a - b);
    const later = worse[way].reduce((sum, starts) => sum + starts.filter((at) => at >= moment).length, 0) / count;
    return { way, pages, told: [quantile(delays, 0.5), quantile(delays, 0.9)], later };
  });
}

/** The table as Markdown. */
export function tableText(rows) {
  const head = [
    '| alert | false alerts in 90 days | a drop to 80 % is told after (median, 9 of 10) | alerts in the 30 days after it |',
    '| --- | --: | --- | --: |',
  ];
  const row = ({ way, pages, told, later }) =>
    `| ${way} | ${pages.toFixed(2)} | ${told.map(shown).join(', ')} | ${later.toFixed(1)} |`;
  return [...head, ...rows.map(row)].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = 200, perDay = 20, seed = 1] = process.argv.slice(2).map(Number);
  console.log(
    `${count} CUJs, ${perDay} runs a day, seed ${seed}\n\n${tableText(simulateAlerts({ count, perDay, seed }))}`,
  );
}
