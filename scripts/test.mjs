// `npm test`: builds what is missing, runs the Rust and the Jest tests, and ends with `N passed, M failed` over both.
// `npm run test:long` (`--long`) runs a hundred times as many random sequences, all the kills, the tests of time and size, and the
// smoke suite in other runtimes.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensure } from './ensure.mjs';
import { packageRoot, run, secondsSince, tool } from './run.mjs';

// A group that ends badly without naming a failed test did not get as far as its tests: that is one failure.
function settle({ passed, failed }, code) {
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
}

async function rustTests() {
  const ignored = long ? ['--', '--include-ignored'] : [];
  const { code, output } = await run('cargo', ['test', '--no-default-features', '--no-fail-fast', ...ignored]);
  const counts = { passed: 0, failed: 0 };
  for (const [, passed, failed] of output.matchAll(/^test result: .*?(\d+) passed; (\d+) failed;/gm)) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
  }
  return settle(counts, code);
}

function readJestReport(file) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    return { passed: report.numPassedTests, failed: report.numFailedTests + report.numRuntimeErrorTestSuites };
  } catch {
    return { passed: 0, failed: 0 }; // Jest died before it could write one
  }
}

async function jestTests(args) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'obs-jest-'));
  const file = path.join(folder, 'report.json');
  const jest = [tool('jest', 'bin', 'jest.js'), '--json', `--outputFile=${file}`, ...args];
  const { code } = await run(process.execPath, jest);
  const counts = settle(readJestReport(file), code);
  rmSync(folder, { recursive: true, force: true });
  return counts;
}

async function runGroup(name, group) {
  const started = performance.now();
  console.log(`\n== ${name}`);
  const counts = await group();
  return { name, ...counts, time: secondsSince(started) };
}

const long = process.argv[2] === '--long';
if (long) process.env.OBS_LONG = '1';
await ensure();
// What the smoke suite runs in, beside the Node at hand; where one cannot be had its test is skipped by name.
if (long) await run(process.execPath, [path.join(packageRoot, 'scripts', 'runtimes.mjs')]);
// Arguments go to Jest: `npm test -- __test__/watch.test.js` runs that file and leaves the Rust tests out.
const args = process.argv.slice(long ? 3 : 2);
const groups = args.length > 0 ? [] : [await runGroup('Rust tests (cargo test --no-default-features)', rustTests)];
groups.push(await runGroup('JavaScript tests (Jest)', () => jestTests(args)));

console.log();
for (const { name, passed, failed, time } of groups) {
  console.log(`${name}: ${passed} passed, ${failed} failed, ${time}`);
}
const sum = (key) => groups.reduce((total, group) => total + group[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
