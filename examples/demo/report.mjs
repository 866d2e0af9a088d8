// Prints what the recorded files say after the demonstration, and the command lines that ask them again.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  formatDashboard,
  generateMetricsDashboard,
  getCujSuccessRate,
  getFailureAnalysis,
  saveDashboard,
} from '@obs/native';
import { shortened } from './live.mjs';

const OBS = fileURLToPath(new URL('../../bin/obs.js', import.meta.url));
const TOOLS = fileURLToPath(new URL('../../tools/', import.meta.url));

const COMMANDS = [
  ['metrics-tracker.mjs', 'rate CUJ-001'],
  ['metrics-tracker.mjs', 'failures CUJ-004'],
  ['metrics-tracker.mjs', 'percentiles CUJ-002'],
  ['structured-logger.mjs', 'stats --cujId CUJ-001'],
  ['structured-logger.mjs', 'query --result failure --limit 1'],
  ['progress-emitter.mjs', 'current CUJ-004-run-7'],
  ['provider-health.mjs', 'compare'],
  ['metrics-dashboard.mjs', 'view'],
];

const heading = (text) => console.log(`\n${text}\n${'-'.repeat(text.length)}`);

function printRates(lanes) {
  heading('Success rates, from cuj-metrics.jsonl');
  console.log(`${'CUJ'.padEnd(38)} runs   ok  failed    rate    average`);
  for (const { id, name } of lanes) {
    const { total, successful, failed, rate, avg_duration_ms: average } = getCujSuccessRate(id);
    const counts = [total, successful, failed].map((count, index) => String(count).padStart([4, 4, 7][index]));
    const share = `${(rate * 100).toFixed(1)} %`.padStart(8);
    console.log(
      `${`${id}  ${name}`.padEnd(38)} ${counts.join(' ')} ${share} ${`${Math.round(average)} ms`.padStart(9)}`,
    );
  }
}

function printFailures(lanes) {
  heading('Failure analysis');
  for (const { id, name } of lanes) {
    const { total_failures: total, unique_errors: unique, top_errors: errors } = getFailureAnalysis(id);
    if (total === 0) continue;
    console.log(`${id}  ${name}: ${total} failed, ${unique} different error${unique === 1 ? '' : 's'}`);
    for (const { error, count } of errors) console.log(shortened(`  ${count} x ${error}`));
  }
}

function printDashboard() {
  heading('Dashboard');
  const dashboard = generateMetricsDashboard();
  saveDashboard(dashboard);
  console.log(formatDashboard(dashboard));
}

// For PowerShell on Windows, for sh elsewhere.
function quote(text) {
  if (process.platform === 'win32') return `'${text.replaceAll("'", "''")}'`;
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

// To be pasted into the shell that `npm start` was typed into, wherever that stands.
function fromHere(place) {
  return quote(path.relative(process.env.INIT_CWD ?? process.cwd(), place));
}

function printCommands(folder) {
  heading('Ask the records yourself');
  const root = fromHere(folder);
  console.log(process.platform === 'win32' ? `$env:OBS_PROJECT_ROOT = ${root}` : `export OBS_PROJECT_ROOT=${root}`);
  for (const [tool, words] of COMMANDS) console.log(`node ${fromHere(path.join(TOOLS, tool))} ${words}`);
}

// What the person may look at: a file that is there already, and the live page.
function printPage(folder) {
  heading('Look at it');
  const file = path.join(folder, 'report.html');
  const { status, stderr } = spawnSync(process.execPath, [OBS, 'report', '--root', folder, '--out', file]);
  if (status === 0) console.log(`Open in a browser: ${fromHere(file)}`);
  else console.error(`The report could not be made: ${stderr}`);
  console.log(`In the terminal:   node ${fromHere(OBS)} cujs --root ${fromHere(folder)}`);
  console.log(`Live:              node ${fromHere(OBS)} serve --root ${fromHere(folder)} --open`);
}

// Every run must have left exactly one record, and no process may have broken down.
function checkRecords(lanes) {
  const faults = [];
  for (const { id, attempts, results, complaints } of lanes) {
    const { total } = getCujSuccessRate(id);
    if (total !== attempts) faults.push(`${id}: ${attempts} runs, but ${total} records`);
    if (results.includes(null)) faults.push(`${id}: a process broke down`);
    if (complaints) faults.push(`${id}: ${complaints}`);
  }
  for (const fault of faults) console.error(fault);
  return faults.length === 0;
}

/** Prints everything; returns whether the records agree with the runs. */
export function printReport(folder, lanes) {
  printRates(lanes);
  printFailures(lanes);
  printDashboard();
  printCommands(folder);
  printPage(folder);
  return checkRecords(lanes);
}
