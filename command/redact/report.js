// Lays out for people what was found in files and what was done to them; never shows a secret.
'use strict';

const path = require('node:path');

const { visible } = require('../../lib/visible.js');
const { redacted } = require('../../lib/errors.js');

const SHOWN_LINES = 8;
const REVOKE = 'Whoever could read the files may have the secrets: revoke them all the same.';

function scanText(results, { lines, unreadable }) {
  const parts = results.map((result) => fileText(result, 'with secrets')).filter(Boolean);
  const looked = results.filter(({ error }) => error === null);
  const blind = unreadable > 0 ? [unreadableText(unreadable)] : [];
  if (lines === 0) return [...parts, `No secrets in ${plural(looked.length, 'file')}.`, ...blind].join('\n');
  const holding = looked.filter((result) => result.lines > 0).length;
  const sum = `${plural(lines, 'line')} with secrets, in ${holding} of ${plural(looked.length, 'file')}.`;
  return [...parts, '', sum, ...blind, 'To take them out:  npx @obs/native redact apply', REVOKE].join('\n');
}

/** What cannot be read as text may hide what is not found. */
function unreadableText(lines) {
  return `${plural(lines, 'line')} could not be read as UTF-8 text: looked into as UTF-16 where it is that, else byte by byte.`;
}

function applyText(results, { lines, unreadable, refused, dryRun }) {
  const done = dryRun ? 'would be redacted' : 'redacted';
  const parts = results.map((result) => fileText(result, done)).filter(Boolean);
  const sum = [`${plural(lines, 'line')} ${done}`];
  if (refused > 0) sum.push(`${plural(refused, 'file')} left as ${refused === 1 ? 'it is' : 'they are'}`);
  const last = dryRun ? 'Dry run: nothing was changed.' : lines > 0 ? REVOKE : '';
  const blind = unreadable > 0 ? [unreadableText(unreadable)] : [];
  return [...parts, ...(parts.length > 0 ? [''] : []), `${sum.join(', ')}.`, ...blind, last].join('\n');
}

/** A heading and a row for each kind; nothing for a file without anything to tell. */
function fileText({ file, lines: all, kinds, error }, done) {
  const name = shown(file);
  if (error !== null) return `${name}: ${visible(error)}`;
  if (kinds.length === 0) return '';
  const width = Math.max(...kinds.map(({ kind }) => kind.length));
  const digits = String(kinds[0].count).length;
  const rows = kinds.map(
    ({ kind, count, lines, more_lines: more }) =>
      `  ${kind.padEnd(width)}  ${String(count).padStart(digits)}  ${linesText(lines, more)}`,
  );
  return [`${name}: ${plural(all, 'line')} ${done}`, ...rows].join('\n');
}

function linesText(lines, more) {
  const rest = lines.length - SHOWN_LINES + more;
  const listed = lines.slice(0, SHOWN_LINES).join(', ');
  return `${lines.length === 1 ? 'line' : 'lines'} ${listed}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** A file's name, which may itself hold a secret, from the working directory where that is shorter. */
function shown(file) {
  const relative = path.relative('', file);
  const name = relative !== '' && relative.length < file.length ? relative : file;
  return visible(redacted(name) ?? name);
}

function plural(count, word) {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

module.exports = { applyText, scanText };
