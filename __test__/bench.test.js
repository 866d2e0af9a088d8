// The benchmark runs and says what it measured; its numbers are for people to judge and not for this test.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ENTRY =
  "import('./bench/index.mjs').then(async ({ runBench }) => process.exit(await runBench(process.argv.slice(1))))";

function runBench(...args) {
  // Without `--`, Node would take the options for its own.
  const words = ['-e', ENTRY, '--', ...args];
  return spawnSync(process.execPath, words, { cwd: path.resolve(__dirname, '..'), encoding: 'utf8' });
}

test('a smoke run measures every topic and leaves its rows as JSON', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'obs-bench-test-'));
  const file = path.join(folder, 'rows.json');
  const { status, stdout, stderr } = runBench('--quick', '--dir', folder, '--json', file);
  expect([stderr, status]).toEqual(['', 0]);
  const { rows, machine } = JSON.parse(fs.readFileSync(file, 'utf8'));
  expect(machine.node).toBe(process.version);
  expect([...new Set(rows.map((row) => row.topic))]).toEqual(['recording', 'questions', 'startup', 'processes']);
  for (const row of rows) {
    expect([row.ours, row.base, row.ratio].every((value) => Number.isFinite(value) && value > 0)).toBe(true);
    expect(stdout).toContain(`| ${row.what} `);
  }
  fs.rmSync(file);
  expect(fs.readdirSync(folder)).toEqual([]); // it cleans up after itself
  fs.rmSync(folder, { recursive: true });
});

test('an unknown topic is named', () => {
  const { status, stderr } = runBench('--only', 'recording,nonsense');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^No topic "nonsense"\./);
});
