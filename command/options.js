// Reads an argument list against a tool's table of commands, and its words as numbers, times and truth values.
'use strict';

const { WrongUsage } = require('./terminal/output.js');

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const SPAN = /^(\d+(\.\d+)?(ms|s|m|h|d|w))+$/i;
const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A word of the person's for a complaint, which alone needs what makes it safe to show. */
function shown(word) {
  return require('../lib/visible.js').visible(word);
}

/**
 * @param {{ commands: object, options?: object }} tool the table (see `tools/`)
 * @param {string[]} argv what stands after the script
 * @returns {{ help: true, name: string | null } | { command: object, values: unknown[], options: object }}
 */
function readArguments(tool, argv) {
  const { options, words, help } = split(tool, argv);
  if (words[0] === 'help') return helpFor(tool, words.slice(1));
  if (help || (words.length === 0 && Object.keys(options).length === 0)) return helpFor(tool, words);
  const name = commandName(tool, words);
  const command = findCommand(tool, name, words);
  refuseForeign(name, command, options);
  const rest = words.slice(name.split(' ').length);
  return { command, values: readWords(name, command, rest), options: readOptions(tool, command, options) };
}

/** Help for the command that was named, or for them all; of `redact` alone it is those that begin with it. */
function helpFor(tool, words) {
  const name = words.length > 0 ? commandName(tool, words) : null;
  const known = Object.keys(tool.commands).some((each) => each === name || each.startsWith(`${name} `));
  return { help: true, name: known ? name : null };
}

/** Node's parser does the splitting; its lenient mode, because its own complaints take several lines. */
function split(tool, argv) {
  // Most command lines are words alone, and loading that parser takes as long as reading a few of our files.
  if (!argv.some((word) => word.startsWith('-'))) return { options: {}, words: argv, help: false };
  const known = Object.fromEntries(Object.entries(tool.options ?? {}).map(([name, option]) => [name, kind(option)]));
  const { tokens } = require('node:util').parseArgs({
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

function kind({ flag, short }) {
  return { type: flag ? 'boolean' : 'string', ...(short && { short }) };
}

function take(token, argv, tool, found, negatives) {
  if (token.kind === 'positional') found.words.push(token.value);
  else if (token.kind !== 'option') return;
  else if (/^-[.\d]/.test(argv[token.index])) takeNegative(token.index, argv, found, negatives);
  else if (token.name === 'help') found.help = true;
  else if (Object.hasOwn(tool.options ?? {}, token.name) && isOurs(token, tool)) {
    takeOption(token, tool, found);
  } else found.unknown ??= unknownOption(token, tool);
}

/** Written out, or by its one letter. */
function isOurs({ name, rawName }, tool) {
  return rawName.startsWith('--') || rawName === `-${tool.options[name].short}`;
}

/** `-5` is a number that may be wrong, not five options: the parser makes one token of each of its letters. */
function takeNegative(index, argv, found, negatives) {
  if (!negatives.has(index)) found.words.push(argv[index]);
  negatives.add(index);
}

function takeOption({ name, value, inlineValue }, tool, found) {
  const swallowed = !inlineValue && typeof value === 'string' && /^-[^.\d]/.test(value);
  if (!tool.options[name].flag && (value === undefined || swallowed)) {
    found.unknown ??= new WrongUsage(
      `--${name} needs a value${swallowed ? ` (or write --${name}=${shown(value)})` : ''}`,
    );
  } else (found.options[name] ??= []).push(value ?? true);
}

function unknownOption({ rawName }, tool) {
  const known = [...Object.keys(tool.options ?? {}), 'help'].map((name) => `--${name}`);
  return new WrongUsage(`unknown option '${shown(rawName)}'${require('./nearest.js').didYouMean(rawName, known)}`);
}

/** Some commands have two words, as `redact scan`: after a first word that only they have, the second belongs to the name. */
function commandName(tool, [first, second]) {
  const grouped = Object.keys(tool.commands).some((name) => name.startsWith(`${first} `));
  return grouped && second !== undefined ? `${first} ${second}` : first;
}

function findCommand(tool, name, words) {
  const known = Object.keys(tool.commands);
  if (name === undefined) throw new WrongUsage(`a command is missing: ${known.join(', ')}`);
  if (Object.hasOwn(tool.commands, name)) return tool.commands[name];
  const grouped = known.filter((each) => each.startsWith(`${name} `));
  if (grouped.length > 0) throw new WrongUsage(`${name} needs one more word: ${grouped.join(', ')}`);
  const { didYouMean } = require('./nearest.js');
  const guess = didYouMean(name, known) || didYouMean(words.slice(0, 2).join(' '), known);
  throw new WrongUsage(`unknown command '${shown(name)}'${guess}`);
}

/** A command that lists its `options` takes no others of its tool; one that does not takes them all. */
function refuseForeign(name, command, options) {
  const foreign = Object.keys(options).find((option) => command.options && !command.options.includes(option));
  if (foreign !== undefined) throw new WrongUsage(`${name} takes no option '--${foreign}'`);
}

/** The arguments of a command in their order; one that was left out at the end is `undefined`. A `rest` takes any number. */
function readWords(name, { args = [] }, words) {
  if (args.at(-1)?.rest) return words;
  if (words.length > args.length) throw new WrongUsage(`${name}: unexpected argument '${shown(words[args.length])}'`);
  return args.map((argument, i) => readWord(name, argument, words[i]));
}

function readWord(command, { name, required, read }, word) {
  if (required && (word === undefined || word === '')) throw new WrongUsage(`${command}: ${name} is missing`);
  return word === undefined || !read ? word : read(name, word);
}

/** The last of an option that was given again, or all of one that the command takes several times (`many`). */
/** A command may have a meaning of its `own` for an option that others of its tool have as well. */
function readOptions(tool, { many = [], own = {} }, options) {
  const read = (name, value) => {
    const option = own[name] ?? tool.options[name];
    return option.read ? option.read(`--${name}`, value) : value;
  };
  const chosen = ([name, all]) => [
    name,
    many.includes(name) ? all.map((value) => read(name, value)) : read(name, all.at(-1)),
  ];
  return Object.fromEntries(Object.entries(options).map(chosen));
}

/** A number such as `3600000`, `2.5` or `1e6`; `parseInt` would have taken `12abc` for 12. */
function readNumber(name, text) {
  const value = NUMBER.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) throw wrong(name, 'a number', text);
  return value;
}

/** A whole number from 0 on. */
function readCount(name, text) {
  const value = readNumber(name, text);
  if (!Number.isSafeInteger(value) || value < 0) throw wrong(name, 'a whole number, 0 or more', text);
  return value;
}

/** A span such as `7d`, `12h` or `1h30m`, in milliseconds. */
function readSpan(name, text) {
  if (!SPAN.test(text)) throw wrong(name, 'a time span such as 30m, 12h, 7d or 2w', text);
  let total = 0;
  for (const [, amount, , unit] of text.matchAll(/(\d+(\.\d+)?)(ms|s|m|h|d|w)/gi)) {
    total += Number(amount) * UNIT_MS[unit.toLowerCase()];
  }
  return total;
}

/** Milliseconds, as a number or as a span. */
function readDuration(name, text) {
  if (SPAN.test(text)) return readSpan(name, text);
  const value = NUMBER.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) throw wrong(name, 'a number of milliseconds or a span such as 90m, 24h or 7d', text);
  return value;
}

/** ISO text as it stands (the functions read it), or epoch milliseconds, which are recognised by their length. */
function readTime(name, text) {
  if (/^-?\d{9,}$/.test(text)) return Number(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(Date.parse(text))) {
    throw wrong(name, 'a date (2026-05-05), a time (2026-05-05T12:00:00Z) or epoch milliseconds', text);
  }
  return text;
}

function readTruth(name, text) {
  if (text !== 'true' && text !== 'false') throw wrong(name, 'true or false', text);
  return text === 'true';
}

function wrong(name, wanted, text) {
  return new WrongUsage(`${name} must be ${wanted}, not '${shown(text)}'`);
}

module.exports = { readArguments, readCount, readDuration, readNumber, readSpan, readTime, readTruth };
