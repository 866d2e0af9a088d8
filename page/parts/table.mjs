// Tables: sorted by a click on a head, filtered by `/`, and gone through by `j`, `k` and Enter, as rows are links.
import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { change } from '../state.mjs';

/**
 * @typedef {object} Column
 * @property {string} key
 * @property {string} label
 * @property {(row: any) => unknown} cell
 * @property {(row: any) => unknown} [sort] what it is sorted by; without it, it is not
 * @property {boolean} [right] numbers stand at the right
 * @property {'narrow' | 'middle'} [hide] not shown on narrow screens, or on those of middle width either
 */

function compare(a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

/** `rows` by a word such as `-calls`; what has no value comes last either way. */
export function sorted(rows, columns, word) {
  const column = columns.find(({ key, sort }) => sort && key === word?.replace(/^-/, ''));
  if (column === undefined) return rows;
  const valued = rows.map((row) => [column.sort(row), row]);
  const [none, some] = [true, false].map((wanted) =>
    valued.filter(([v]) => (v === null || v === undefined) === wanted),
  );
  some.sort(([a], [b]) => (word.startsWith('-') ? compare(b, a) : compare(a, b)));
  return [...some, ...none].map(([, row]) => row);
}

function head({ key, label, sort, right, hide }, word) {
  const classes = `${right ? 'right' : ''} ${hide ?? ''}`;
  if (!sort) return html`<th scope="col" class=${classes}>${label}</th>`;
  const way = word === key ? 'ascending' : word === `-${key}` ? 'descending' : 'none';
  const next = word === `-${key}` ? key : `-${key}`;
  const click = () => change({ sort: next }, { replace: true });
  return html`<th scope="col" class=${classes} aria-sort=${way}>
    <button type="button" class="head" @click=${click}>
      ${label}<span aria-hidden="true">${{ ascending: ' ↑', descending: ' ↓', none: '' }[way]}</span>
    </button>
  </th>`;
}

function line(row, columns, command) {
  return html`<tr data-command=${command?.(row) ?? nothing}>
    ${columns.map(({ cell, right, hide }, place) => {
      const classes = `${right ? 'right' : ''} ${hide ?? ''}`;
      return place === 0
        ? html`<th scope="row" class=${classes}>${cell(row)}</th>`
        : html`<td class=${classes}>${cell(row)}</td>`;
    })}
  </tr>`;
}

/**
 * @param {{ caption: string, columns: Column[], rows: any[], key?: (row: any) => unknown, sort?: string,
 *   command?: (row: any) => string }} table `command` prints a row again
 */
export function table({ caption, columns, rows, key = (row) => row, sort, command }) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${caption}>
    <table>
      <caption class="spoken">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => head(column, sort))}
        </tr>
      </thead>
      <tbody>
        ${repeat(sorted(rows, columns, sort), key, (row) => line(row, columns, command))}
      </tbody>
    </table>
  </div>`;
}
