// The `obs` command: reads its arguments, runs one of its commands, and sets the exit code.
'use strict';

const { readArguments } = require('./options.js');
const { createOutput, exitCode } = require('./terminal/output.js');
const { usage } = require('./usage.js');
const commands = require('./workspace/commands.js');
const redact = require('./redact/commands.js');
const alerts = require('./alerts/table.js');
const claude = require('./claude/table.js');

const FILES = [{ name: 'FILE', rest: true }];

const OBS = {
  about:
    'Puts the monitoring tools of @obs/native into an agent workspace, takes them\n' +
    'back, says what is wrong, and takes secrets out of what is already\nrecorded, and alerts.',
  options: {
    'dry-run': { flag: true, about: 'only say what would be done' },
    force: { flag: true, about: 'install: also where a tool that was tried does not run; init: replaces the file' },
    root: { value: 'DIR', about: 'the workspace (otherwise found as the tools find it)' },
    json: { flag: true, about: 'the answer as JSON' },
    ...alerts.options,
    ...claude.options,
  },
  commands: {
    install: {
      options: ['dry-run', 'force', 'root', 'claude-code', 'shared'],
      about: 'puts the five tools into .claude/tools/, keeping what stands there as .orig',
      run: claude.install(commands.install),
    },
    uninstall: {
      options: ['dry-run', 'root', 'claude-code'],
      about: 'takes that back, byte for byte, and our hooks out of the settings of Claude Code',
      run: claude.uninstall(commands.uninstall),
    },
    doctor: {
      options: ['json', 'root'],
      about: 'checks everything recording needs; exit code 1 if something is wrong',
      run: commands.doctor,
    },
    'redact scan': {
      args: FILES,
      options: ['json', 'root'],
      about: 'finds secrets in recorded files (all of the workspace, or these); exit code 1 if there are any',
      run: redact.scan,
    },
    'redact apply': {
      args: FILES,
      options: ['json', 'root', 'dry-run'],
      about: 'takes them out, keeping nothing of the old files; leaves a file alone while others write to it',
      run: redact.apply,
    },
    ...alerts.commands,
    ...claude.commands,
  },
  examples: [
    'install --dry-run',
    'install',
    'doctor',
    'doctor --json',
    'uninstall --root ../other-workspace',
    'redact scan',
    'redact apply --dry-run',
    'redact apply .claude/context/logs/progress.jsonl',
    ...alerts.examples,
    ...claude.examples,
  ],
};

/** Runs `obs` with what stands after its name; resolves once the answer is written. */
async function main(argv) {
  let problems = 0;
  const code = await exitCode('obs', async () => {
    const output = createOutput();
    const version = argv.length === 1 && argv[0] === '--version';
    const asked = version ? {} : readArguments(OBS, argv);
    if (version) await output.text(require('../package.json').version);
    else if (asked.help) await output.text(usage('npx @obs/native', OBS, asked.name));
    else problems = await asked.command.run({ values: asked.values, options: asked.options, output });
  });
  // A command counts its problems, or says what its exit code means.
  process.exitCode = code || (problems?.exit ?? (problems > 0 ? 1 : 0));
}

module.exports = { OBS, main };
