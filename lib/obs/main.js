// The `obs` command: reads its arguments, runs install, uninstall or doctor, and sets the exit code.
'use strict';

const { readArguments } = require('../cli/arguments.js');
const { createOutput } = require('../cli/output.js');
const { exitCode } = require('../cli/run-tool.js');
const { usage } = require('../cli/usage.js');
const commands = require('./commands.js');

const OBS = {
  about: 'Puts the monitoring tools of @obs/native into an agent workspace, takes them back, and says what is wrong.',
  options: {
    'dry-run': { flag: true, about: 'install, uninstall: only say what would be done' },
    root: { value: 'DIR', about: 'the workspace (otherwise found as the tools find it)' },
    json: { flag: true, about: 'doctor: the findings as JSON' },
  },
  commands: {
    install: {
      options: ['dry-run', 'root'],
      about: 'puts the five tools into .claude/tools/, keeping what stands there as .orig',
      run: commands.install,
    },
    uninstall: { options: ['dry-run', 'root'], about: 'takes that back, byte for byte', run: commands.uninstall },
    doctor: {
      options: ['json', 'root'],
      about: 'checks everything recording needs; exit code 1 if something is wrong',
      run: commands.doctor,
    },
  },
  examples: ['install --dry-run', 'install', 'doctor', 'doctor --json', 'uninstall --root ../other-workspace'],
};

/** Runs `obs` with what stands after its name; resolves once the answer is written. */
async function main(argv) {
  let problems = 0;
  const code = await exitCode('obs', async () => {
    const output = createOutput(process.stdout);
    const asked = readArguments(OBS, argv);
    if (asked.help) await output.text(usage('npx obs', OBS));
    else problems = await asked.command.run({ options: asked.options, output });
  });
  process.exitCode = code || (problems > 0 ? 1 : 0);
}

module.exports = { main };
