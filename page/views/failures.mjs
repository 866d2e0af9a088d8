// Failures grouped by what their errors say, with first and last seen; and the executions of a cell of a heat map.
import { html, nothing } from 'lit-html';
import { command } from '../command.mjs';
import { number } from '../parts/number.mjs';
import { panel } from '../parts/panel.mjs';
import { table } from '../parts/table.mjs';
import { linkTo, periodOf } from '../state.mjs';
import { ask } from '../store.mjs';
import { ago, count, duration, time } from '../words.mjs';

const VIEWS = { cuj: 'cujs', skill: 'skills', provider: 'providers' };

function subjects(group) {
  return group.subjects.map(({ name, count: times }, place) => [
    place > 0 ? ', ' : '',
    html`<a href=${linkTo(VIEWS[group.source], group.source === 'provider' ? undefined : name)}>${name}</a> (${times})`,
  ]);
}

const columns = (told, now) => [
  {
    key: 'text',
    label: 'Error',
    cell: (group) =>
      html`<details class="error">
        <summary>${group.text}</summary>
        <pre>${group.example}</pre>
      </details>`,
  },
  {
    key: 'count',
    label: 'Times',
    right: true,
    sort: (group) => group.count,
    cell: (group) => number(count(group.count), told),
  },
  {
    key: 'kind',
    label: 'Kind',
    hide: 'narrow',
    sort: (group) => group.kind,
    cell: (group) => group.kind.replace('_', ' '),
  },
  { key: 'who', label: 'Who', hide: 'narrow', cell: subjects },
  {
    key: 'first',
    label: 'First seen',
    hide: 'middle',
    sort: (group) => group.first_seen,
    cell: (group) => html`<span class="when">${time(group.first_seen)}</span>`,
  },
  {
    key: 'last',
    label: 'Last seen',
    sort: (group) => group.last_seen,
    cell: (group) => html`<span class="when" title=${time(group.last_seen, true)}>${ago(group.last_seen, now)}</span>`,
  },
];

/** @param {Record<string, string>} of `{ cuj }`, `{ skill }`, `{ provider }`, `{ source }` or nothing */
export function failures(state, of = {}) {
  const told = (value) => command(['failures'], value, { cuj: of.cuj, skill: of.skill, provider: of.provider });
  return panel(
    'Failures',
    ask('failures', { ...periodOf(state), ...of }),
    (value) => {
      if (value.groups.length === 0) return html`<p class="empty">No failures in this window.</p>`;
      return html`<p class="note">
          ${number(count(value.total), told(value), { stop: true })} failures of ${count(value.group_count)} kinds
        </p>
        ${table({
          caption: 'Failures by what their errors say',
          columns: columns(told(value), Date.parse(value.to)),
          rows: value.groups,
          key: ({ source, text, kind }) => `${source} ${kind} ${text}`,
          command: () => told(value),
        })}`;
    },
    { command: told },
  );
}

/** The executions in a cell of the heat map. */
export function inCell(cell, of) {
  if (cell === null) return nothing;
  const { from, to, min, max } = cell;
  return panel(
    'Runs in this cell',
    ask('timeline', { ...of, from, to, min, max, parts: 1, limit: 100, runs: 1 }),
    (value) =>
      table({
        caption: 'Runs in the chosen cell',
        columns: [
          { key: 'at', label: 'Time', cell: ({ at }) => time(at, true) },
          { key: 'success', label: 'Result', cell: ({ success }) => outcome(success) },
          { key: 'ms', label: 'Took', right: true, cell: (row) => duration(row.duration_ms) },
          {
            key: 'run',
            label: 'Run',
            cell: ({ run_id: id }) => (id ? html`<a class="row" href=${linkTo('runs', id)}>${id}</a>` : '–'),
          },
        ],
        rows: value.last,
        key: (row) => row,
      }),
  );
}

export function outcome(success) {
  if (success === null || success === undefined) return '–';
  return html`<span class="tag ${success ? 'good' : 'bad'}">${success ? '✓ success' : '✗ failed'}</span>`;
}
