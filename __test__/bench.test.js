// The benchmark runs and says what it measured; its numbers are for people to judge and not for this test.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ENTRY =
  "import('./bench/index.mjs').then(async ({ runBench }) => process.exit(await runBench(process.argv.slice(1))))";
const TOPICS = [
  'recording',
  'floor',
  'first',
  'cached',
  'living',
  'dashboard',
  'alerts',
  'breadth',
  'page',
  'watch',
  'claude',
  'startup',
  'processes',
  'growth',
];

function runBench(...args) {
  // Without `--`, Node would take the options for its own.
  const words = ['-e', ENTRY, '--', ...args];
  return spawnSync(process.execPath, words, { cwd: path.resolve(__dirname, '..'), encoding: 'utf8' });
}

const isMeasured = (value) => value === undefined || (Number.isFinite(value) && value >= 0);

describe('a smoke run', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'obs-bench-test-'));
  const [json, chart] = ['rows.json', 'chart.svg'].map((name) => path.join(folder, name));
  const { status, stdout, stderr } = runBench('--quick', '--dir', folder, '--json', json, '--chart', chart);

  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test('measures every topic and leaves its rows as JSON', () => {
    expect([stderr, status]).toEqual(['', 0]);
    const { rows, machine } = JSON.parse(fs.readFileSync(json, 'utf8'));
    expect(machine.node).toBe(process.version);
    expect([...new Set(rows.map((row) => row.topic))]).toEqual(TOPICS);
    for (const row of rows) {
      expect([row.ours, row.base, row.ratio, row.quiet].every(isMeasured)).toBe(true);
      expect(stdout).toContain(row.measure ?? `| ${row.what} `);
    }
  });

  test('draws a line for each cost of growth, with a dot for each size', () => {
    const picture = fs.readFileSync(chart, 'utf8');
    expect(picture.match(/<path class="line /g)).toHaveLength(4);
    expect(picture.match(/<circle /g)).toHaveLength(4 * 2);
    expect(picture).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('leaves only its histories, and finds them without the records of the last run', () => {
    expect(fs.readdirSync(folder).sort()).toEqual(['chart.svg', 'obs-bench-histories', 'rows.json']);
    const again = runBench('--quick', '--only', 'first', '--dir', folder);
    expect([again.stderr, again.status]).toEqual(['', 0]);
    const histories = path.join(folder, 'obs-bench-histories');
    const root = path.join(histories, 'executions-20000-seed-1');
    const { files } = JSON.parse(fs.readFileSync(path.join(root, 'made.json'), 'utf8'));
    const sizes = Object.keys(files).map((file) => fs.statSync(path.join(root, file)).size);
    expect(sizes).toEqual(Object.values(files));
  });
});

test('an unknown topic is named', () => {
  const { status, stderr } = runBench('--only', 'recording,nonsense');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^No topic "nonsense"\./);
});
