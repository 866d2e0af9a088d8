// The `obs` command: reads its arguments, runs one of its commands, and sets the exit code.
'use strict';

const { readArguments } = require('./options.js');
const { createOutput, exitCode } = require('./terminal/output.js');

const WRONG_USAGE = 2;

/** The whole table; most questions are answered without it. */
const all = () => require('./table.js').OBS;

/** What is asked of a command that shows records, by the table of those alone; `null` where the whole one has to be looked at. */
function askedToShow(argv) {
  const { commands, options } = require('./show/table.js');
  if (!Object.hasOwn(commands, argv[0] ?? '')) return null;
  try {
    const asked = readArguments({ commands, options: { ...options, ...require('./common.js').COMMON } }, argv);
    return asked.help ? null : asked;
  } catch {
    return null; // complaints name what all commands have
  }
}

/** Who types the bare command is also told what this workspace could have at once. */
function help(name, argv) {
  const offered = argv.length === 0 ? require('./claude/offer.js').offer() : '';
  return require('./usage.js').usage('npx @obs/native', all(), name) + offered;
}

/** The bare command, where something is on record: all of it on one page. */
async function overview(output) {
  await all().commands.dashboard.run({ values: [], options: {}, output });
  await output.text('\nnpx @obs/native help names the commands.');
}

/** Runs `obs` with what stands after its name; resolves once the answer is written. */
async function main(argv) {
  let problems = 0;
  const code = await exitCode(
    'obs',
    async () => {
      const output = createOutput();
      if (argv.length === 0 && require('./claude/offer.js').isOnRecord()) {
        await overview(output);
        return;
      }
      const version = argv.length === 1 && argv[0] === '--version';
      const asked = version ? {} : (askedToShow(argv) ?? readArguments(all(), argv));
      if (version) await output.text(require('../package.json').version);
      else if (asked.help) await output.text(help(asked.name, argv));
      else problems = (await asked.command.run({ values: asked.values, options: asked.options, output })) ?? 0;
    },
    WRONG_USAGE,
  );
  // A command counts its problems, or says what its exit code means.
  process.exitCode = code || (problems.exit ?? (problems > 0 ? 1 : 0));
}

module.exports = { main };
