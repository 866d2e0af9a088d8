// Lays out the help text of a table of commands, with examples that can be pasted as they stand.
'use strict';

const path = require('node:path');

/**
 * @param {string} program how the tool was called, as in `node .claude/tools/metrics-tracker.mjs`
 * @param {{ about: string, commands: object, options?: object, examples: string[] }} tool
 */
function usage(program, tool) {
  const commands = Object.entries(tool.commands).map(([name, command]) => [synopsis(name, command), command.about]);
  const options = Object.entries(tool.options ?? {}).map(([name, { value, about }]) => [
    value ? `--${name} ${value}` : `--${name}`,
    about,
  ]);
  const width = Math.max(...[...commands, ...options].map(([left]) => left.length));
  return [
    `Usage: ${program} COMMAND${options.length > 0 ? ' [options]' : ''}`,
    `\n${tool.about}`,
    `\nCommands:\n${rows(commands, width)}`,
    ...(options.length > 0 ? [`\nOptions:\n${rows(options, width)}`] : []),
    `\nExamples:\n${tool.examples.map((example) => `  ${program} ${example}`).join('\n')}`,
  ].join('\n');
}

function synopsis(name, { args = [] }) {
  const shown = ({ name: word, required, rest }) => (required ? word : `[${word}${rest ? ' …' : ''}]`);
  return [name, ...args.map(shown)].join(' ');
}

function rows(pairs, width) {
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

/** `node SCRIPT` with the shorter of the relative and the absolute path, quoted where a shell would split it. */
function programName(script, cwd) {
  const relative = path.relative(cwd, script);
  const shown = relative !== '' && relative.length < script.length ? relative : script;
  return `node ${/^[\w@%+=:,./\\-]+$/.test(shown) ? shown : `"${shown}"`}`;
}

module.exports = { usage, programName };
