// The columns that most tables have: a name that leads on, a number with its command, how long ago something was.
import { html } from 'lit-html';
import { ago, time } from '../words.mjs';
import { number } from './number.mjs';

/** The first column: a link to what the row is about. */
export const nameColumn = (label, name, href) => ({
  key: 'name',
  label,
  sort: name,
  cell: (row) => html`<a class="row" href=${href(row)}>${name(row)}</a>`,
});

/** A number of the row, in `words`, that copies the command `told(row)`. */
export const numberColumn = (key, label, words, told, hide) => ({
  key,
  label,
  hide,
  right: true,
  sort: (row) => row[key],
  cell: (row) => number(words(row[key]), told(row)),
});

/** When something was, seen from `now`. */
export const agoColumn = (key, label, now, hide) => ({
  key,
  label,
  hide,
  right: true,
  sort: (row) => row[key],
  cell: (row) => html`<span title=${time(row[key], true)}>${ago(row[key], now)}</span>`,
});
