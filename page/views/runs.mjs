// Runs: those in progress first, then those that ended.
import { html, nothing } from 'lit-html';
import { command } from '../command.mjs';
import { agoColumn, nameColumn, numberColumn } from '../parts/columns.mjs';
import { progress } from '../parts/marks.mjs';
import { nothingHere, panel } from '../parts/panel.mjs';
import { table } from '../parts/table.mjs';
import { linkTo, periodOf } from '../state.mjs';
import { ask } from '../store.mjs';
import { duration, shown } from '../words.mjs';

const TONES = { running: 'accent', stalled: 'warn', completed: 'good', failed: 'bad' };
const SIGNS = { running: '●', stalled: '‖', completed: '✓', failed: '✗' };

export const told = (row) => command(['runs', shown(row.run_id)]);

export function stateTag(row) {
  const why = row.state === 'stalled' ? `silent for longer than ${duration(row.stalled_after_ms)}` : '';
  return html`<span class="tag ${TONES[row.state]}" title=${why}>${SIGNS[row.state]} ${row.state}</span>`;
}

/** How far it is: `step 3 of 7`. */
export function stepWords({ step, total_steps: all }) {
  if (step === null || step === undefined) return '–';
  return all === null ? `step ${shown(step)}` : `step ${shown(step)} of ${all}`;
}

/** The time that is left, as a range, or why that cannot be told. */
export function leftWords(row) {
  if (row.state !== 'running' && row.state !== 'stalled') return '';
  if (row.left_ms === null) return 'No earlier runs to tell how long.';
  const [soon, late] = row.left_ms;
  if (late === 0) return `Longer than nine in ten of ${row.expected.runs} runs.`;
  return `About ${duration(soon)} to ${duration(late)} left, as of ${row.expected.runs} runs.`;
}

const columns = (now) => [
  nameColumn(
    'Run',
    (row) => shown(row.run_id),
    (row) => linkTo('runs', shown(row.run_id)),
  ),
  { key: 'state', label: 'State', sort: (row) => row.state, cell: stateTag },
  {
    key: 'cuj',
    label: 'CUJ',
    hide: 'narrow',
    sort: (row) => row.cuj_id,
    cell: (row) => (row.cuj_id ? html`<a href=${linkTo('cujs', row.cuj_id)}>${row.cuj_id}</a>` : '–'),
  },
  {
    key: 'step',
    label: 'Progress',
    hide: 'narrow',
    cell: (row) => html`${progress(row.percentage, stepWords(row))} <small>${stepWords(row)}</small>`,
  },
  numberColumn('elapsed_ms', 'Took', duration, told, 'narrow'),
  {
    key: 'message',
    label: 'Last message',
    hide: 'middle',
    cell: (row) => html`<span class="long">${shown(row.message)}</span>`,
  },
  agoColumn('updated_at', 'Last event', now),
];

export function runTable(rows, now, { sort, caption = 'Runs' } = {}) {
  return table({ caption, columns: columns(now), rows, key: (row) => shown(row.run_id), sort, command: told });
}

const wanted = (rows, word) =>
  rows.filter((row) => `${shown(row.run_id)} ${shown(row.cuj_id)}`.toLowerCase().includes((word ?? '').toLowerCase()));

export function runs(state) {
  return panel(
    'Runs',
    ask('runs', { ...periodOf(state), limit: 200 }),
    (value) =>
      value.runs.length === 0
        ? nothingHere('runs', 'emitProgress({ runId, step, status })')
        : html`${runTable(wanted(value.runs, state.q), Date.parse(value.to), state)}
          ${
            value.total > value.runs.length
              ? html`<p class="note">The latest ${value.runs.length} of ${value.total}.</p>`
              : nothing
          }`,
    { command: (value) => command(['runs'], value) },
  );
}

/** The runs of one CUJ, as far as they tell which it is. */
export function runsOf(state) {
  return panel('Runs with progress events', ask('runs', { ...periodOf(state), limit: 200 }), (value) => {
    const own = value.runs.filter(({ cuj_id: id }) => id === state.id);
    return own.length === 0
      ? html`<p class="empty">None in this window.</p>`
      : runTable(own, Date.parse(value.to), { caption: `Runs of ${state.id}` });
  });
}
