// Rows as CSV (RFC 4180): each scalar a column of its own, named by its path in the JSON.
'use strict';

const { visible } = require('../../lib/visible.js');

/** `{ a: { b: 1 }, c: [1, 2] }` becomes `{ 'a.b': 1, c: '1 2' }`. */
function flat(value, path = '', found = {}) {
  if (Array.isArray(value)) {
    found[path] = value.map((item) => (typeof item === 'object' ? JSON.stringify(item) : String(item))).join(' ');
  } else if (value !== null && typeof value === 'object') {
    for (const [name, member] of Object.entries(value)) flat(member, path === '' ? name : `${path}.${name}`, found);
  } else found[path] = value;
  return found;
}

/** A text that a spreadsheet would take for a formula gets an apostrophe, as OWASP's "CSV injection" advises. */
function cell(value) {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const text = visible(value);
  const harmless = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The lines, the first with the names of the columns; of no rows nothing. */
function csv(rows) {
  const flattened = rows.map((row) => flat(row));
  const names = [...new Set(flattened.flatMap(Object.keys))];
  const lines = flattened.map((row) => names.map((name) => cell(row[name])).join(','));
  return [names.map(cell).join(','), ...lines].join('\n');
}

module.exports = { csv };
