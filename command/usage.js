// Lays out the help text of a table of commands, with examples that can be pasted as they stand.
'use strict';

const path = require('node:path');

const WIDTH = 80;

/**
 * @param {string} program how the tool was called, as in `node .claude/tools/metrics-tracker.mjs`
 * @param {{ about: string, commands: object, options?: object, examples: string[] }} tool
 * @param {string | null} name a command to which the text is narrowed, or a first word that several have
 */
function usage(program, tool, name = null) {
  const chosen = Object.entries(tool.commands).filter(([each]) => isAbout(each, name));
  const commands = chosen.map(([each, command]) => [synopsis(each, command), command.about]);
  const brief = tool.brief && name === null;
  const options = Object.entries((!brief && tool.options) || {})
    .filter(([option]) => name === null || chosen.some(([, command]) => command.options?.includes(option) ?? true))
    .map(([option, given]) => [option, (chosen.length === 1 && chosen[0][1].own?.[option]) || given])
    .map(([option, { value, about }]) => [
      value ? `--${option} ${value}` : `--${option}`,
      // Which commands take it is no news in the help of one.
      chosen.length === 1 ? about.replace(/^[a-z, ]+: /, '') : about,
    ]);
  const about = tool.examples.filter((example) => isAbout(example, name));
  // One of each command says what there is.
  const examples = brief
    ? about.filter((each, i) => about.findIndex((other) => first(other) === first(each)) === i)
    : about;
  const shown = chosen.length === 1 ? [] : commands;
  const call = [
    program,
    chosen.length === 1 ? commands[0][0] : 'COMMAND',
    ...(options.length > 0 || brief ? ['[options]'] : []),
  ];
  const width = Math.max(0, ...[...shown, ...options].map(([left]) => left.length));
  return [
    `Usage: ${wrapped(call.join(' '), 'Usage: '.length)}`,
    `\n${wrapped(chosen.length === 1 ? sentence(commands[0][1]) : tool.about, 0)}`,
    ...(shown.length > 0 ? [`\nCommands:\n${rows(shown, width)}`] : []),
    ...(brief ? [`\n${wrapped(`Options and more examples of a command: ${program} COMMAND --help`, 0)}`] : []),
    ...(options.length > 0 ? [`\nOptions:\n${rows(options, width)}`] : []),
    ...(examples.length > 0 ? [`\nExamples:\n${examples.map((each) => `  ${program} ${each}`).join('\n')}`] : []),
  ].join('\n');
}

const first = (example) => example.split(' ')[0];

/** Whether a command or an example is the one named, or begins with its words. */
function isAbout(text, name) {
  return name === null || text === name || text.startsWith(`${name} `);
}

function sentence(about) {
  return `${about[0].toUpperCase()}${about.slice(1)}.`;
}

function synopsis(name, { args = [] }) {
  const shown = ({ name: word, required, rest }) => (required ? word : `[${word}${rest ? ' …' : ''}]`);
  return [name, ...args.map(shown)].join(' ');
}

function rows(pairs, width) {
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}  ${wrapped(right, width + 4)}`).join('\n');
}

/** `text` in lines that end before the 80th column when they begin at `indent`. */
function wrapped(text, indent) {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    if (lines.at(-1).length + word.length >= WIDTH - indent) lines.push('');
    lines.push(`${lines.pop()} ${word}`.trimStart());
  }
  return lines.filter(Boolean).join(`\n${' '.repeat(indent)}`);
}

/** `node SCRIPT` with the shorter of the relative and the absolute path, quoted where a shell would split it. */
function programName(script, cwd) {
  const relative = path.relative(cwd, script);
  const shown = relative !== '' && relative.length < script.length ? relative : script;
  return `node ${/^[\w@%+=:,./\\-]+$/.test(shown) ? shown : `"${shown}"`}`;
}

module.exports = { usage, programName };
