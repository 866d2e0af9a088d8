// Our status line in a settings file of Claude Code: how it gets in, around another one where there is one, and out again.
'use strict';

const { append, member, parseSpans, remove } = require('./json-text.js');

const REFRESH_S = 5;
const OURS = /(^|[\\/"'\s])obs-hook(\.exe|\.js)?["']? statusline($| )/;

/** A word as `sh` reads it. */
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The word that `quoted` gave, which a text begins with. */
function unquoted(text) {
  if (!text.startsWith("'")) return text;
  return text.slice(1, -1).replaceAll("'\\''", "'");
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isOurs = (line) => isObject(line) && typeof line.command === 'string' && OURS.test(line.command);

/** The words of a command line that call us; `call` is `{ command, args }` with paths that are absolute. */
function commandOf({ command, args }, wrapped) {
  const words = [command, ...args].map(quoted).join(' ');
  return `${words} statusline${wrapped === null ? '' : ` --wrap ${quoted(wrapped)}`}`;
}

/** The command that ours has within it; `null` when there is none. */
function wrappedIn(command) {
  const at = command.indexOf(' statusline --wrap ');
  return at === -1 ? null : unquoted(command.slice(at + ' statusline --wrap '.length));
}

/** `text` with `value` in place of what stands from one place to another. */
function put(text, { start, end }, value) {
  return text.slice(0, start) + JSON.stringify(value) + text.slice(end);
}

/** The command of a status line that can be kept within ours; `null` when that is none. */
function commandIn(line) {
  return isObject(line) && line.type === 'command' && typeof line.command === 'string' ? line.command : null;
}

/**
 * The text of a settings file with our status line, `inherited` being the one that holds where this file has none.
 * `{ text, kept }`: `kept` is the command of another one that ours shows, too; or, where that one cannot be shown,
 * `{ text, left: true }` with nothing changed.
 */
function withStatusLine(text, call, inherited) {
  const settings = JSON.parse(text);
  const own = settings.statusLine;
  const line = own === undefined ? inherited : own;
  const theirs = isOurs(line) ? wrappedIn(line.command) : commandIn(line);
  if (theirs === null && !isOurs(line) && line !== undefined) return { text, left: true };
  const command = commandOf(call, theirs);
  if (own?.command === command) return { text, kept: theirs };
  const root = parseSpans(text);
  if (own !== undefined) {
    return { text: put(text, member(member(root, 'statusLine'), 'command'), command), kept: theirs };
  }
  const value = theirs === null ? { type: 'command', command, refreshInterval: REFRESH_S } : { ...inherited, command };
  return { text: append(text, root, { key: 'statusLine', value, depth: 0 }), kept: theirs };
}

/**
 * The text without our status line. One that it has within it stands there again, unless the file `hadNone` of its own and
 * it is the `inherited` one.
 */
function withoutStatusLine(text, { hadNone, inherited }) {
  const own = JSON.parse(text).statusLine;
  if (!isOurs(own)) return text;
  const root = parseSpans(text);
  const theirs = wrappedIn(own.command);
  if (theirs !== null && !(hadNone && theirs === commandIn(inherited))) {
    return put(text, member(member(root, 'statusLine'), 'command'), theirs);
  }
  return remove(
    text,
    root,
    root.items.findLastIndex(({ key }) => key === 'statusLine'),
  );
}

module.exports = { commandIn, withStatusLine, withoutStatusLine };
