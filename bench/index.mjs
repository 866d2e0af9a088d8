// Runs the benchmark's topics one after the other and prints a table for each.
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { growthChart } from './chart.mjs';
import { withFolder } from './folders.mjs';
import { formatTable, verdict } from './table.mjs';
import * as alerts from './topics/alerts.mjs';
import * as breadth from './topics/breadth.mjs';
import * as cached from './topics/cached.mjs';
import * as claude from './topics/claude.mjs';
import * as dashboard from './topics/dashboard.mjs';
import * as first from './topics/first.mjs';
import * as floor from './topics/floor.mjs';
import * as growth from './topics/growth.mjs';
import * as living from './topics/living.mjs';
import * as page from './topics/page.mjs';
import * as processes from './topics/processes.mjs';
import * as recording from './topics/recording.mjs';
import * as startup from './topics/startup.mjs';
import * as watch from './topics/watch.mjs';

// A topic is a module with a `title` and `run({ folder, dir, quick, full })`, which resolves to rows as `duel` makes them;
// and perhaps `format(title, rows)`, where the usual table does not suit.
const TOPICS = {
  recording,
  floor,
  first,
  cached,
  living,
  dashboard,
  alerts,
  breadth,
  page,
  watch,
  claude,
  startup,
  processes,
  growth,
};

const USAGE = `usage: npm run bench -- [--quick | --full] [--only TOPIC,...] [--json FILE] [--chart FILE] [--dir FOLDER]

  --quick       a smoke run: the numbers mean little
  --full        histories of 10,000,000 executions too (3 GB on disk, many minutes)
  --only        ${Object.keys(TOPICS).join(', ')}
  --json FILE   the rows as JSON too (times in nanoseconds)
  --chart FILE  growth as an SVG picture
  --dir         where files are written (default: the system's temporary folder); histories stay there for the next run`;

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  full: { type: 'boolean', default: false },
  only: { type: 'string' },
  json: { type: 'string' },
  chart: { type: 'string' },
  dir: { type: 'string', default: os.tmpdir() },
  help: { type: 'boolean', default: false },
};

function describeMachine() {
  const cpus = os.cpus();
  const load = os.loadavg().map((value) => Number(value.toFixed(2)));
  const platform = `${os.platform()} ${os.release()} ${os.arch()}`;
  return { node: process.version, platform, cpu: cpus[0]?.model, cores: cpus.length, load };
}

function introduce({ node, platform, cores, cpu, load }, dir) {
  console.log(`Node ${node}, ${platform}, ${cores} x ${cpu}, files in ${dir}`);
  console.log(
    `Load average at the start ${load.join(', ')}: whatever else this machine does is in the numbers too. Rounds are ` +
      'interleaved; values are medians, results medians of the ratios of each round, with their middle half; ' +
      '"quiet" compares only the best tenth of the turns of each side.',
  );
}

async function runTopics(names, options) {
  const results = [];
  for (const name of names) {
    const { title, run, format = formatTable } = TOPICS[name];
    console.log();
    const rows = await withFolder(options.dir, (folder) => run({ ...options, folder }));
    console.log(`${format(title, rows)}\n`);
    results.push(...rows.map((row) => ({ topic: name, ...row })));
  }
  return results;
}

function conclude(rows, started) {
  const judged = rows.map(verdict).filter((word) => word !== '');
  const count = (word) => judged.filter((each) => each === word).length;
  const seconds = Math.round((performance.now() - started) / 1000);
  const parts = [`${count('aim')} reach the aim`, `${count('bar')} the bar`, `${count('MISSED')} miss it`];
  console.log(`${judged.length} figures: ${parts.join(', ')}. ${seconds} s`);
}

async function measure(names, values) {
  const machine = describeMachine();
  introduce(machine, values.dir);
  const [started, date] = [performance.now(), new Date().toISOString()];
  const rows = await runTopics(names, values);
  conclude(rows, started);
  const report = { started: date, quick: values.quick, full: values.full, machine, rows };
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  if (values.chart) writeFileSync(values.chart, growthChart(rows.filter((row) => row.topic === 'growth')));
}

/** Runs what `argv` asks for; resolves to the exit code. A bar that is missed is shown, not punished. */
export async function runBench(argv) {
  const { values } = parseArgs({ args: argv, options: OPTIONS });
  const names = values.only?.split(',') ?? Object.keys(TOPICS);
  const unknown = names.find((name) => !Object.hasOwn(TOPICS, name));
  if (unknown !== undefined) console.error(`No topic "${unknown}".\n\n${USAGE}`);
  if (values.help) console.log(USAGE);
  if (unknown !== undefined || values.help) return unknown === undefined ? 0 : 1;
  await measure(names, values);
  return 0;
}
