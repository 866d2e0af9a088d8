// Lays out for people what was found in files and what was done to them; never shows a secret.
'use strict';

const path = require('node:path');

const { visible } = require('../../lib/visible.js');
const { redacted } = require('../../lib/errors.js');

const SHOWN_LINES = 8;
const REVOKE = 'Whoever could read the files may have the secrets: revoke them all the same.';

function scanText(results, lines) {
  const parts = results.map((result) => fileText(result, 'with secrets')).filter(Boolean);
  const looked = results.filter(({ error }) => error === null);
  if (lines === 0) return [...parts, `No secrets in ${plural(looked.length, 'file')}.`].join('\n');
  const holding = looked.filter((result) => result.lines > 0).length;
  const sum = `${plural(lines, 'line')} with secrets, in ${holding} of ${plural(looked.length, 'file')}.`;
  return [...parts, '', sum, 'To take them out:  npx @obs/native redact apply', REVOKE].join('\n');
}

function applyText(results, { lines, refused, dryRun }) {
  const done = dryRun ? 'would be redacted' : 'redacted';
  const parts = results.map((result) => fileText(result, done)).filter(Boolean);
  const sum = [`${plural(lines, 'line')} ${done}`];
  if (refused > 0) sum.push(`${plural(refused, 'file')} left as ${refused === 1 ? 'it is' : 'they are'}`);
  const last = dryRun ? 'Dry run: nothing was changed.' : lines > 0 ? REVOKE : '';
  return [...parts, ...(parts.length > 0 ? [''] : []), `${sum.join(', ')}.`, last].join('\n');
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
