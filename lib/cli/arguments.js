// Reads an argument list against a tool's table of commands: what was asked, or one complaint that names what is wrong.
'use strict';

const { parseArgs } = require('node:util');

const { Complaint, didYouMean } = require('./complaint.js');
const { visible } = require('./visible.js');

/**
 * @param {{ commands: object, options?: object }} tool the table (see `tools/`)
 * @param {string[]} argv what stands after the script
 * @returns {{ help: true } | { command: object, values: unknown[], options: object }}
 */
function readArguments(tool, argv) {
  const { options, words, help } = split(tool, argv);
  if (help || (words.length === 0 && Object.keys(options).length === 0) || words[0] === 'help') return { help: true };
  const name = commandName(tool, words);
  const command = findCommand(tool, name, words);
  refuseForeign(name, command, options);
  const rest = words.slice(name.split(' ').length);
  return { command, values: readWords(name, command, rest), options: readOptions(tool, options) };
}

/** Node's parser does the splitting; its lenient mode, because its own complaints take several lines. */
function split(tool, argv) {
  const known = Object.fromEntries(Object.entries(tool.options ?? {}).map(([name, { flag }]) => [name, kind(flag)]));
  const { tokens } = parseArgs({
    args: argv,
    options: { ...known, help: { type: 'boolean', short: 'h' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const found = { options: {}, words: [], help: false };
  const negatives = new Set();
  for (const token of tokens) take(token, argv, tool, found, negatives);
  if (found.unknown && !found.help) throw found.unknown;
  return found;
}

function kind(flag) {
  return { type: flag ? 'boolean' : 'string' };
}

function take(token, argv, tool, found, negatives) {
  if (token.kind === 'positional') found.words.push(token.value);
  else if (token.kind !== 'option') return;
  else if (/^-[.\d]/.test(argv[token.index])) takeNegative(token.index, argv, found, negatives);
  else if (token.name === 'help') found.help = true;
  else if (Object.hasOwn(tool.options ?? {}, token.name) && token.rawName.startsWith('--')) {
    takeOption(token, tool, found);
  } else found.unknown ??= unknownOption(token, tool);
}

/** `-5` is a number that may be wrong, not five options: the parser makes one token of each of its letters. */
function takeNegative(index, argv, found, negatives) {
  if (!negatives.has(index)) found.words.push(argv[index]);
  negatives.add(index);
}

function takeOption({ name, value, inlineValue }, tool, found) {
  const swallowed = !inlineValue && typeof value === 'string' && /^-[^.\d]/.test(value);
  if (!tool.options[name].flag && (value === undefined || swallowed)) {
    found.unknown ??= new Complaint(
      `--${name} needs a value${swallowed ? ` (or write --${name}=${visible(value)})` : ''}`,
    );
  } else found.options[name] = value ?? true;
}

function unknownOption({ rawName }, tool) {
  const known = [...Object.keys(tool.options ?? {}), 'help'].map((name) => `--${name}`);
  return new Complaint(`unknown option '${visible(rawName)}'${didYouMean(rawName, known)}`);
}

/** Some commands have two words, as `redact scan`: after a first word that only they have, the second belongs to the name. */
function commandName(tool, [first, second]) {
  const grouped = Object.keys(tool.commands).some((name) => name.startsWith(`${first} `));
  return grouped && second !== undefined ? `${first} ${second}` : first;
}

function findCommand(tool, name, words) {
  const known = Object.keys(tool.commands);
  if (name === undefined) throw new Complaint(`a command is missing: ${known.join(', ')}`);
  if (Object.hasOwn(tool.commands, name)) return tool.commands[name];
  const grouped = known.filter((each) => each.startsWith(`${name} `));
  if (grouped.length > 0) throw new Complaint(`${name} needs one more word: ${grouped.join(', ')}`);
  const guess = didYouMean(name, known) || didYouMean(words.slice(0, 2).join(' '), known);
  throw new Complaint(`unknown command '${visible(name)}'${guess}`);
}

/** A command that lists its `options` takes no others of its tool; one that does not takes them all. */
function refuseForeign(name, command, options) {
  const foreign = Object.keys(options).find((option) => command.options && !command.options.includes(option));
  if (foreign !== undefined) throw new Complaint(`${name} takes no option '--${foreign}'`);
}

/** The arguments of a command in their order; one that was left out at the end is `undefined`. A `rest` takes any number. */
function readWords(name, { args = [] }, words) {
  if (args.at(-1)?.rest) return words;
  if (words.length > args.length) throw new Complaint(`${name}: unexpected argument '${visible(words[args.length])}'`);
  return args.map((argument, i) => readWord(name, argument, words[i]));
}

function readWord(command, { name, required, read }, word) {
  if (required && (word === undefined || word === '')) throw new Complaint(`${command}: ${name} is missing`);
  return word === undefined || !read ? word : read(name, word);
}

function readOptions(tool, options) {
  const read = ([name, value]) => [name, tool.options[name].read ? tool.options[name].read(`--${name}`, value) : value];
  return Object.fromEntries(Object.entries(options).map(read));
}

module.exports = { readArguments };
