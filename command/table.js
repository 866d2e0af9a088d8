// The table of `obs`: its commands, options and examples, each room's from the room; what does a command is loaded when one is asked for.
'use strict';

const { COMMON } = require('./common.js');
const alerts = require('./alerts/table.js');
const claude = require('./claude/table.js');
const exported = require('./export/table.js');
const mcp = require('./mcp/table.js');
const compacted = require('./compact/table.js');
const pruned = require('./prune/table.js');
const retention = require('./retention/table.js');
const page = require('./serve/table.js');
const show = require('./show/table.js');

/** What does a command is loaded when it is asked for. */
const workspace = (name) => (asked) => require('./workspace/commands.js')[name](asked);
const redact = (name) => (asked) => require('./redact/commands.js')[name](asked);

const FILES = [{ name: 'FILE', rest: true }];

const OBS = {
  about:
    'What AI agents did in this workspace: tables, runs in progress, a page, objectives and\n' +
    'alerts; installs the five tools of @obs/native, says what is wrong, and takes secrets out of records.\n' +
    'Exit codes: 0 answered, 1 a fault, 2 wrong usage; some commands have more.',
  options: {
    ...page.options,
    ...show.options,
    'dry-run': { flag: true, about: 'only say what would be done' },
    force: { flag: true, about: 'install: also where a tool that was tried does not run; init: replaces the file' },
    ...COMMON,
    ...alerts.options,
    ...claude.options,
    ...exported.options,
    ...pruned.options,
  },
  commands: {
    ...show.commands,
    install: {
      options: ['dry-run', 'force', 'root', 'claude-code', 'shared'],
      about: 'puts the five tools into .claude/tools/, keeping what stands there as .orig',
      run: claude.install(workspace('install')),
    },
    uninstall: {
      options: ['dry-run', 'root', 'claude-code'],
      about: 'takes that back, byte for byte, and our hooks out of the settings of Claude Code',
      run: claude.uninstall(workspace('uninstall')),
    },
    doctor: {
      options: ['json', 'root'],
      about: 'checks everything recording needs; exit code 1 if something is wrong',
      run: workspace('doctor'),
    },
    watch: {
      args: [{ name: 'RUN' }],
      options: ['json', 'root'],
      about: 'the runs in progress, of all processes, as they change; with --json a line for each change',
      run: (asked) => require('./watch/commands.js').watch(asked),
    },
    'redact scan': {
      args: FILES,
      options: ['json', 'root'],
      about: 'finds secrets in recorded files (all of the workspace, or these); exit code 1 if there are any',
      run: redact('scan'),
    },
    'redact apply': {
      args: FILES,
      options: ['json', 'root', 'dry-run'],
      about: 'takes them out, keeping nothing of the old files; leaves a file alone while others write to it',
      run: redact('apply'),
    },
    ...alerts.commands,
    ...claude.commands,
    ...page.commands,
    ...exported.commands,
    ...mcp.commands,
    ...pruned.commands,
    ...compacted.commands,
    ...retention.commands,
  },
  // Their options would fill two screens more.
  brief: true,
  examples: [
    ...show.examples,
    'install --dry-run',
    'install',
    'doctor',
    'doctor --json',
    'uninstall --root ../other-workspace',
    'watch',
    'redact scan',
    'redact apply --dry-run',
    'redact apply .claude/context/logs/progress.jsonl',
    ...alerts.examples,
    ...claude.examples,
    ...page.examples,
    ...exported.examples,
    ...mcp.examples,
    ...pruned.examples,
    ...compacted.examples,
    ...retention.examples,
  ],
};

module.exports = { OBS };
