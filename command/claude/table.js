// The rows of `obs` about Claude Code; what does them is loaded when one is asked for.
'use strict';

const options = {
  from: { value: 'DIR', about: 'import claude: a folder of transcripts, instead of those of this workspace' },
  'all-projects': { flag: true, about: 'import claude: the transcripts of every project of this user' },
  cuj: { value: 'REGEX', about: 'import claude: finds the CUJ that a command of Bash runs, as its first group' },
  duplicates: { flag: true, about: 'import claude: also what this workspace recorded itself, which counts it twice' },
};

const commands = {
  'import claude': {
    options: ['json', 'root', 'dry-run', 'since', 'from', 'all-projects', 'cuj', 'duplicates'],
    about: 'records what the transcripts of Claude Code tell: names, times, counts; never prompts or answers',
    run: (asked) => require('./import.js').importClaude(asked),
  },
};

const examples = ['import claude --dry-run', 'import claude --since 30d', 'import claude --all-projects --json'];

module.exports = { commands, examples, options };
