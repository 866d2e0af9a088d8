// The command that prints a number again: `obs …` with absolute times, to be pasted into a shell.

/** All of history begins before anything was recorded. */
const BEGINNING = '1970-01-01';
const PLAIN = /^[\w@%+=:,./-]+$/;

/** A word of a shell's command line; a leading dash would be an option. */
export function quoted(word) {
  const safe = String(word);
  return PLAIN.test(safe) ? safe : `'${safe.replaceAll("'", "'\\''")}'`;
}

let root = null;

/** The workspace that commands name, where the page knows it. */
export function setRoot(folder) {
  root = folder;
}

/** A name that begins with a dash would be taken for an option. */
const place = (name) => (name === undefined || name === null ? [] : [String(name)]);

/**
 * @param {string[]} words such as `['cujs', 'CUJ-005']`
 * @param {{ from?: string | null, to?: string }} period as an answer tells it
 * @param {Record<string, string>} options
 */
export function command(words, period = {}, options = {}) {
  const { from, to } = period ?? {};
  const times = to === undefined ? {} : { from: from ?? BEGINNING, to };
  const all = { ...options, ...times, ...(root === null ? {} : { root }) };
  const given = Object.entries(all).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const named = given.map(([name, value]) => `--${name}${String(value).startsWith('-') ? '=' : ' '}${quoted(value)}`);
  return ['obs', ...words.flatMap(place).map(quoted), ...named].join(' ');
}
