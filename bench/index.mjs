// Runs the benchmark's topics one after the other and prints a table for each.
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import * as processes from './processes.mjs';
import * as questions from './questions.mjs';
import * as recording from './recording.mjs';
import * as startup from './startup.mjs';
import { formatTable, withFolder } from './support.mjs';

// A topic is a module with a `title` and `run({ folder, quick })`, which resolves to rows as `duel` makes them.
const TOPICS = { recording, questions, startup, processes };

const USAGE = `usage: npm run bench -- [--quick] [--only TOPIC,...] [--json FILE] [--dir FOLDER]

  --quick      a smoke run: the numbers mean little
  --only       ${Object.keys(TOPICS).join(', ')}
  --json FILE  the rows as JSON too (times in nanoseconds)
  --dir        where the files are written (default: the system's temporary folder)`;

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  only: { type: 'string' },
  json: { type: 'string' },
  dir: { type: 'string', default: os.tmpdir() },
  help: { type: 'boolean', default: false },
};

function describeMachine() {
  const cpus = os.cpus();
  return { node: process.version, platform: `${os.platform()} ${os.arch()}`, cpu: cpus[0]?.model, cores: cpus.length };
}

async function runTopics(names, { quick, dir }) {
  const results = [];
  for (const name of names) {
    const { title, run } = TOPICS[name];
    console.log();
    const rows = await withFolder(dir, (folder) => run({ folder, quick }));
    console.log(formatTable(title, rows));
    results.push(...rows.map((row) => ({ topic: name, ...row })));
  }
  return results;
}

/** Runs what `argv` asks for; resolves to the exit code. A bar that is missed is shown, not punished. */
export async function runBench(argv) {
  const { values } = parseArgs({ args: argv, options: OPTIONS });
  const names = values.only?.split(',') ?? Object.keys(TOPICS);
  const unknown = names.find((name) => !Object.hasOwn(TOPICS, name));
  if (unknown !== undefined) console.error(`No topic "${unknown}".\n\n${USAGE}`);
  if (values.help) console.log(USAGE);
  if (unknown !== undefined || values.help) return unknown === undefined ? 0 : 1;

  const machine = describeMachine();
  console.log(`Node ${machine.node}, ${machine.platform}, ${machine.cores} x ${machine.cpu}, files in ${values.dir}`);
  const started = new Date().toISOString();
  const rows = await runTopics(names, values);
  const report = { started, quick: values.quick, machine, rows };
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  return 0;
}
