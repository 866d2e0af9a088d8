// Providers: how well they are, why calls failed, and their calls over time.
import { html, nothing } from 'lit-html';
import { command } from '../command.mjs';
import { agoColumn, nameColumn, numberColumn } from '../parts/columns.mjs';
import { readCell } from '../parts/heat.mjs';
import { interval } from '../parts/marks.mjs';
import { before, number } from '../parts/number.mjs';
import { overTime } from '../parts/over-time.mjs';
import { nothingHere, panel } from '../parts/panel.mjs';
import { table } from '../parts/table.mjs';
import { comparedOf, compares, linkTo } from '../state.mjs';
import { ask } from '../store.mjs';
import { chanceWords, count, duration, rate, shown, time } from '../words.mjs';
import { figures, timelineOf } from './cujs.mjs';
import { failures, inCell } from './failures.mjs';

const ALL = { kind: 'provider' };
const TONES = { healthy: 'good', degraded: 'warn', unhealthy: 'bad', unknown: '' };

export const stateTag = (state) => html`<span class="tag ${TONES[state]}">${state}</span>`;

/** The kinds of failures that there are, most first. */
export function kinds(row) {
  const some = Object.entries(row.kinds).filter(([, times]) => times > 0);
  if (some.length === 0) return html`<span class="soft">none</span>`;
  return some
    .sort(([, a], [, b]) => b - a)
    .map(([kind, times]) => html`<span class="tag">${times} ${kind.replace('_', ' ')}</span> `);
}

const success = (told, compared) => ({
  key: 'success',
  label: 'Success',
  sort: (row) => (row.total > 0 ? row.rate : null),
  cell: (row) =>
    html`${number(rate(row), told())}
    ${interval(row)}${
      compared && row.before?.total > 0
        ? html`${before(row.rate, row.before.rate, rate(row.before), { chance: row.chance })}
            <small class="before">${chanceWords(row.chance)}</small>`
        : nothing
    }`,
});

function columns(value, state) {
  const told = () => command(['providers'], value);
  const worst = (row) => (row.total > 0 ? row.rate : null);
  const name = (row) => row.provider;
  return [
    nameColumn('Provider', name, (row) => linkTo('providers', name(row))),
    { key: 'state', label: 'State', sort: worst, cell: (row) => stateTag(row.state) },
    success(told, compares(state)),
    numberColumn('total', 'Calls', count, told),
    numberColumn('p50_ms', 'p50', duration, told, 'narrow'),
    numberColumn('p95_ms', 'p95', duration, told, 'narrow'),
    { key: 'kinds', label: 'Failures', hide: 'narrow', cell: kinds },
    agoColumn('last_call', 'Last call', Date.parse(value.to), 'middle'),
  ];
}

export function providers(state) {
  return html`${panel(
    'Providers',
    ask('providers', comparedOf(state)),
    (value) =>
      value.rows.length === 0
        ? nothingHere('provider calls', 'recordProviderCall(provider, success, ms)')
        : table({
            caption: 'Providers',
            columns: columns(value, state),
            rows: value.rows.filter((row) => row.provider.includes((state.q ?? '').toLowerCase())),
            key: (row) => row.provider,
            sort: state.sort,
            command: () => command(['providers'], value),
          }),
    { command: (value) => command(['providers'], value) },
  )}
  ${panel('All providers over time', timelineOf(state, ALL), (value) => overTime(value, state))}
  ${inCell(readCell(state.cell), ALL)} ${failures(state, { source: 'provider' })}`;
}

export function provider(state) {
  const of = { provider: state.id };
  const told = (value) => command(['providers'], value);
  return html`${panel(
    state.id,
    ask('providers', comparedOf(state)),
    (value) => {
      const row = value.rows.find((each) => each.provider === state.id);
      if (row === undefined) return nothingHere(`calls of ${state.id}`, 'recordProviderCall(provider, success, ms)');
      return html`<p>${stateTag(row.state)} ${kinds(row)}</p>
        ${figures(row, told(value), { compared: compares(state) })}
        ${
          row.last_failure
            ? html`<p class="note">
                Last failure ${time(row.last_failure.at, true)}: ${shown(row.last_failure.error)}
              </p>`
            : nothing
        }`;
    },
    { command: told },
  )}
  ${panel('Over time', timelineOf(state, of), (value) => overTime(value, state))} ${inCell(readCell(state.cell), of)}
  ${failures(state, of)}`;
}
