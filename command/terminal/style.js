// Colours for our own words, only where a person looks at a terminal and has not asked for none.
'use strict';

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] };

/**
 * One function per colour for text that goes to `stream`; each returns its text unchanged when the stream takes no colour.
 *
 * @example createStyle(process.stdout).green('ok')
 */
function createStyle(stream, env = process.env) {
  const coloured = takesColour(stream, env);
  const paint =
    ([on, off]) =>
    (text) =>
      coloured ? `\x1b[${on}m${text}\x1b[${off}m` : String(text);
  return Object.fromEntries(Object.entries(CODES).map(([name, code]) => [name, paint(code)]));
}

/** https://no-color.org and https://force-color.org: any non-empty value counts, and who wants none comes first. */
function takesColour(stream, env) {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return !['0', 'false'].includes(env.FORCE_COLOR);
  return Boolean(stream.isTTY) && env.TERM !== 'dumb' && !env.CI;
}

module.exports = { createStyle };
