// The rows of `obs` about Claude Code; what does them is loaded when one is asked for.
'use strict';

const { options: period } = require('../show/period.js');
const { WrongUsage } = require('../terminal/output.js');

// Other commands have these, too, and mean something else by them.
const own = {
  since: { ...period.since, about: 'only what began in this time, such as 7d, -3h, today' },
  from: { value: 'DIR', about: 'a folder of transcripts, instead of those of this workspace' },
  cuj: { value: 'REGEX', about: 'finds the CUJ that a command of Bash runs, as its first group' },
};

const options = {
  'all-projects': { flag: true, about: 'import claude: the transcripts of every project of this user' },
  'claude-code': {
    flag: true,
    about: 'install, uninstall: only the hooks and the status line in .claude/settings.local.json',
  },
  wrap: { value: 'COMMAND', about: 'statusline: another command for a status line, whose words stay above ours' },
  shared: { flag: true, about: 'install: the hooks in .claude/settings.json, which a team shares' },
  duplicates: { flag: true, about: 'import claude: also what this workspace recorded itself, which counts it twice' },
};

const commands = {
  hook: {
    options: [],
    about: 'what Claude Code calls for its hooks (install --claude-code): reads one event from stdin, prints nothing',
    run: () => require('../../claude/hook.js').run(),
  },
  statusline: {
    options: ['wrap'],
    about: "the line under Claude Code's prompt (install --claude-code): the run in progress, the last day, alerts",
    run: ({ options: { wrap } }) => require('../../claude/status-line.js').show(wrap),
  },
  'import claude': {
    own,
    options: ['json', 'root', 'dry-run', 'since', 'tz', 'from', 'all-projects', 'cuj', 'duplicates'],
    about: 'records what the transcripts of Claude Code tell: names, times, counts; never prompts or answers',
    run: (asked) => require('./import.js').importClaude(asked),
  },
};

/** `install` and `uninstall` as they are without Claude Code, and with it. */
const install = (tools) => (asked) => {
  const { 'claude-code': hooks, shared } = asked.options;
  if (shared && !hooks) throw new WrongUsage('--shared is for install --claude-code');
  return hooks ? require('./hooks.js').installHooks(asked) : tools(asked);
};

const uninstall = (tools) => async (asked) => {
  const hooks = require('./hooks.js').uninstallHooks;
  if (asked.options['claude-code']) return hooks(asked);
  const problems = await tools(asked);
  return problems + (await hooks(asked));
};

const examples = [
  'install --claude-code',
  'import claude --dry-run',
  'import claude --since 30d',
  'import claude --all-projects --json',
];

module.exports = { commands, examples, install, options, uninstall };
