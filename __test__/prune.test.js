// `obs prune`: what it drops and what it never drops, also beside living writers.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const Ajv = require('ajv');

const { PACKAGE, run, start } = require('./support/command-line.js');
const { writeHistory } = require('./support/histories.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');

const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const DAY = 86_400_000;
const CUJS = '.claude/context/analytics/cuj-metrics.jsonl';
const LONG = process.env.OBS_LONG === '1';
const workspace = useWorkspace();
// One moment for the records and for the command, or a midnight in between would be one day more to drop.
const NOW = Date.now();
const FROZEN = ['--require', path.join(__dirname, 'support', 'frozen-clock.cjs')];

const prune = (...args) =>
  run([...FROZEN, OBS, 'prune', ...args, '--root', workspace().root], { env: { OBS_TEST_NOW: String(NOW) } });
const daysAgo = (days) => new Date(NOW - days * DAY);
const execution = (days, cujId, more = {}) => ({ timestamp: daysAgo(days).toISOString(), cuj_id: cujId, success: true, duration_ms: 1, error: null, metadata: {}, ...more }); // prettier-ignore
const hidden = (folder) => fs.readdirSync(workspace().path(folder)).filter((name) => name.startsWith('.'));

function files() {
  const context = workspace().path('.claude/context');
  const folders = ['logs', 'analytics'].filter((folder) => fs.existsSync(path.join(context, folder)));
  const names = folders.flatMap((folder) => fs.readdirSync(path.join(context, folder)).map((name) => path.join(folder, name))); // prettier-ignore
  return Object.fromEntries(names.map((name) => [name, fs.readFileSync(path.join(context, name), 'utf8')]));
}

/** What questions say of the kept days. */
function answers(now) {
  jest.spyOn(Date, 'now').mockReturnValue(now);
  const { getAllCujMetrics, getCujTrending, getCujPerformanceTrend, getFailureAnalysis, getSkillTable, getRuns, getLatestLogs, getProviderTable } = workspace(); // prettier-ignore
  const from = new Date(Math.floor((now - 2 * DAY) / DAY) * DAY);
  const found = {
    metrics: getAllCujMetrics(now - from),
    trend: getCujTrending(null, 2, DAY),
    performance: getCujPerformanceTrend('CUJ-005', 2, DAY),
    failures: getFailureAnalysis(null, now - from),
    statistics: workspace()
      .getLogger()
      .getStatistics({ startDate: from, endDate: new Date(now) }),
    skills: getSkillTable({ from: now - DAY, to: now }),
    logs: getLatestLogs({ startDate: from, limit: 1000 }),
    // In the order of first appearance, which goes with the older ones.
    providers: Object.fromEntries(
      getProviderTable({ from: now - DAY, to: now }).rows.map((row) => [row.provider, row]),
    ),
    runs: getRuns({ from, limit: 100 }).rows,
  };
  jest.restoreAllMocks();
  return found;
}

test('no answer about the kept days changes, and nothing older is left', async () => {
  const seed = seedOfTest();
  writeHistory(workspace(), createRandom(seed), 600, NOW);
  const before = answers(NOW);
  const old = files();
  const dry = await prune('--older-than', '2d', '--json');
  expect({ seed, code: dry.code, files: files() }).toEqual({ seed, code: 0, files: old });
  const done = await prune('--older-than', '2d', '--json', '--apply');
  expect([done.code, done.stderr]).toEqual([0, '']);
  const answer = JSON.parse(done.stdout);
  expect({ ...JSON.parse(dry.stdout), applied: true }).toEqual(answer);
  expect(new Ajv().validate(require('../schemas/prune.schema.json'), answer)).toBe(true);
  expect({ seed, ...answers(NOW) }).toEqual({ seed, ...before });
  const cutoff = Math.floor((NOW - 2 * DAY) / DAY) * DAY;
  const left = Object.values(files()).flatMap((text) => text.split('\n').filter(Boolean).map((line) => JSON.parse(line)));
  expect(left.length).toBeLessThan(1700);
  expect(left.filter(({ timestamp }) => new Date(timestamp) < cutoff)).toEqual([]);
  expect([...hidden('.claude/context/logs'), ...hidden('.claude/context/analytics')]).toEqual([]);
  expect((await prune('--older-than', '2d')).stdout).toBe('Nothing to drop.\n');
}, 60_000); // prettier-ignore

test('what is in doubt stays: damaged lines, times that cannot be read, objects of others, a last line without its end', async () => {
  const lines = [
    JSON.stringify(execution(9, 'old')),
    '',
    '{"timestamp":"2001-01-01T00:00:00Z","cuj_id":"torn"',
    JSON.stringify(execution(9, 'old', { timestamp: 'long ago' })),
    JSON.stringify(execution(9, 'old', { timestamp: '2001-01-01' })),
    JSON.stringify({ timestamp: '2001-01-01T00:00:00Z', note: 'not ours' }),
    JSON.stringify(execution(9, 'old')) + JSON.stringify(execution(9, 'old')),
    JSON.stringify(execution(1, 'new')),
  ];
  writeLines(workspace(), CUJS, lines);
  fs.appendFileSync(workspace().path(CUJS), JSON.stringify(execution(9, 'cut')));
  expect((await prune('--older-than', '7d', '--apply')).code).toBe(0);
  const kept = fs.readFileSync(workspace().path(CUJS), 'utf8').split('\n');
  expect(kept).toEqual([...lines.slice(1), expect.stringContaining('"cut"')]);
}, 60_000); // prettier-ignore

test('the events of a run stay together, and other files in the folders stay as they are', async () => {
  const event = (days, runId) => ({ timestamp: daysAgo(days).getTime(), run_id: runId, step: days, status: 'running' });
  const others = {
    '.claude/context/logs/skill-invocations-2001-01-01.jsonl.1': '{"timestamp":"2001-01-01T00:00:00Z","skill":"a"}\n',
    '.claude/context/logs/notes-2001-01-01.jsonl': '{"timestamp":"2001-01-01T00:00:00Z","skill":"a"}\n',
    '.claude/context/analytics/alerts.jsonl': '{"timestamp":1,"alert":"x"}\n',
  };
  writeLines(workspace(), '.claude/context/logs/progress.jsonl', [event(30, 'long'), event(29, 'over'), event(2, 'long')]); // prettier-ignore
  writeLines(workspace(), CUJS, [execution(30, 'gone')]);
  writeLines(workspace(), '.claude/context/logs/skill-invocations-2001-01-01.jsonl', [
    { timestamp: '2001-01-01T00:00:00Z', skill: 'old' },
  ]);
  for (const [name, text] of Object.entries(others)) fs.writeFileSync(workspace().path(name), text);
  expect((await prune('--older-than', '7d', '--apply')).code).toBe(0);
  expect(workspace().lines('.claude/context/logs/progress.jsonl').map(({ run_id: id, step }) => [id, step])).toEqual([['long', 30], ['long', 2]]);
  for (const [name, text] of Object.entries(others)) expect(fs.readFileSync(workspace().path(name), 'utf8')).toBe(text);
  // Files of which nothing stays are gone.
  expect(fs.existsSync(workspace().path(CUJS))).toBe(false);
  expect(fs.existsSync(workspace().path('.claude/context/logs/skill-invocations-2001-01-01.jsonl'))).toBe(false);
}, 60_000); // prettier-ignore

test('--max-bytes drops the oldest days until the rest fits, and never the present day', async () => {
  const lines = Array.from({ length: 100 }, (_, i) => execution((99 - i) / 10, `run ${i}`));
  writeLines(workspace(), CUJS, lines);
  const size = () => fs.statSync(workspace().path(CUJS), { throwIfNoEntry: false })?.size ?? 0;
  const most = Math.floor(size() / 2);
  expect((await prune('--max-bytes', String(most), '--apply')).code).toBe(0);
  expect(size()).toBeLessThanOrEqual(most);
  expect(size()).toBeGreaterThan(most / 2);
  const today = lines.filter(({ timestamp }) => timestamp.slice(0, 10) === daysAgo(0).toISOString().slice(0, 10));
  await prune('--max-bytes', '0', '--apply');
  expect(workspace().lines(CUJS).slice(-today.length)).toEqual(today);
}, 60_000); // prettier-ignore

test.each([
  [[], /^obs: prune needs --older-than SPAN or --max-bytes N\n$/],
  [['--older-than', '1h'], /^obs: --older-than must be at least 1d\n$/],
  [['--older-than', 'x'], /^obs: --older-than must be a time span/],
])('prune %p is refused in one line', async (args, said) => {
  const { code, stderr } = await prune(...args);
  expect([code, stderr]).toEqual([2, expect.stringMatching(said)]);
});

const linux = process.platform === 'linux' ? test : test.skip;

linux(
  'a file that a program of another kind has open for writing is left as it is',
  async () => {
    writeLines(workspace(), CUJS, [execution(30, 'old'), execution(1, 'new')]);
    const before = files();
    const holder = spawn('sh', ['-c', 'exec sleep 60 >> "$0"', workspace().path(CUJS)]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { code, stdout } = await prune('--older-than', '7d', '--apply');
    holder.kill();
    expect([code, stdout]).toEqual([1, expect.stringMatching(/left as it is: process \d+ \(sleep\) has it open for writing/)]); // prettier-ignore
    expect(files()).toEqual(before);
    expect((await prune('--older-than', '7d', '--apply')).code).toBe(0);
    expect(workspace().lines(CUJS).map(({ cuj_id: id }) => id)).toEqual(['new']); // prettier-ignore
  },
  60_000,
);

/** Writes numbered executions, one burst each so many milliseconds, until it is told to stop, and prints how many. */
const WRITER = `
  const obs = require(${JSON.stringify(path.join(PACKAGE, 'index.js'))});
  obs.configure({ projectRoot: process.argv[1] });
  let n = 0;
  const timer = setInterval(() => { for (let i = 0; i < 5; i += 1) obs.recordCujExecution(process.argv[2], true, n++); }, Number(process.argv[3]));
  process.on('SIGTERM', () => { clearInterval(timer); console.log(n, JSON.stringify(obs.getStoreHealth().dropped.total)); process.exit(); });
  console.log('ready');
`;

test.each([2, 37])('beside living writers that write each %p ms not a record is lost or doubled, again and again', async (pause) => {
  writeLines(workspace(), CUJS, Array.from({ length: 2000 }, (_, i) => execution(30 - i / 1000, 'old')));
  const writers = ['w0', 'w1', 'w2'].map((name) => start(['-e', WRITER, workspace().root, name, String(pause)]));
  for (const writer of writers) while (!writer.stdout.includes('ready')) await new Promise((resolve) => setTimeout(resolve, 20));
  for (let round = 0; round < (LONG ? 20 : 3); round += 1) {
    // Something to drop each time.
    fs.appendFileSync(workspace().path(CUJS), `${JSON.stringify(execution(30, 'old'))}\n`);
    expect(await prune('--older-than', '7d', '--apply')).toMatchObject({ code: 0, stderr: '' });
  }
  writers.forEach(({ child }) => child.kill('SIGTERM'));
  const counts = {};
  for (const [place, writer] of writers.entries()) {
    await writer.done;
    const [, count, dropped] = /(\d+) (\d+)\n$/.exec(writer.stdout);
    expect(Number(dropped)).toBe(0);
    counts[`w${place}`] = Number(count);
  }
  const found = workspace().lines(CUJS);
  const numbers = (name) => found.filter(({ cuj_id: id }) => id === name).map(({ duration_ms: n }) => n).sort((a, b) => a - b);
  for (const [name, count] of Object.entries(counts)) expect([name, numbers(name)]).toEqual([name, Array.from({ length: count }, (_, i) => i)]);
  expect(found.filter(({ cuj_id: id }) => id === 'old')).toEqual([]);
  expect(hidden('.claude/context/analytics')).toEqual([]);
}, LONG ? 300_000 : 60_000); // prettier-ignore
