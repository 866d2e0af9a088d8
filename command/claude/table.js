// The rows of `obs` about Claude Code; what does them is loaded when one is asked for.
'use strict';

const { Complaint } = require('../terminal/output.js');

const options = {
  from: { value: 'DIR', about: 'import claude: a folder of transcripts, instead of those of this workspace' },
  'all-projects': { flag: true, about: 'import claude: the transcripts of every project of this user' },
  cuj: { value: 'REGEX', about: 'import claude: finds the CUJ that a command of Bash runs, as its first group' },
  'claude-code': { flag: true, about: 'install, uninstall: only the hooks in .claude/settings.local.json' },
  shared: { flag: true, about: 'install: the hooks in .claude/settings.json, which a team shares' },
  duplicates: { flag: true, about: 'import claude: also what this workspace recorded itself, which counts it twice' },
};

const commands = {
  hook: {
    options: [],
    about: 'what Claude Code calls for its hooks (install --claude-code): reads one event from stdin, prints nothing',
    run: () => require('../../claude/hook.js').run(),
  },
  'import claude': {
    options: ['json', 'root', 'dry-run', 'since', 'from', 'all-projects', 'cuj', 'duplicates'],
    about: 'records what the transcripts of Claude Code tell: names, times, counts; never prompts or answers',
    run: (asked) => require('./import.js').importClaude(asked),
  },
};

/** `install` and `uninstall` as they are without Claude Code, and with it. */
const install = (own) => (asked) => {
  const { 'claude-code': hooks, shared } = asked.options;
  if (shared && !hooks) throw new Complaint('--shared is for install --claude-code');
  return hooks ? require('./hooks.js').installHooks(asked) : own(asked);
};

const uninstall = (own) => async (asked) => {
  const hooks = require('./hooks.js').uninstallHooks;
  if (asked.options['claude-code']) return hooks(asked);
  const problems = await own(asked);
  return problems + (await hooks(asked));
};

const examples = [
  'install --claude-code',
  'import claude --dry-run',
  'import claude --since 30d',
  'import claude --all-projects --json',
];

module.exports = { commands, examples, install, options, uninstall };
