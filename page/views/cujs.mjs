// CUJs: the list, sorted by how much of their objective is left, and one of them.
import { html, nothing } from 'lit-html';
import { command } from '../command.mjs';
import { interval, strip } from '../parts/marks.mjs';
import { before, number } from '../parts/number.mjs';
import { overTime } from '../parts/over-time.mjs';
import { nothingHere, panel } from '../parts/panel.mjs';
import { sorted, table } from '../parts/table.mjs';
import { comparedOf, compares, linkTo, periodOf } from '../state.mjs';
import { ask } from '../store.mjs';
import { ago, chanceWords, count, duration, rate, time } from '../words.mjs';
import { readCell } from '../parts/heat.mjs';
import { failures, inCell } from './failures.mjs';
import { runsOf } from './runs.mjs';

/** So many of its last runs a CUJ shows as a strip. */
const STRIP = 50;

export const timelineOf = (state, of) => ask('timeline', { ...periodOf(state), ...of });

const ALL = { kind: 'cuj' };

const told = (row, value) => command(['cujs', row.cuj_id], value);

function goalOf(row, objectives) {
  return objectives.find(({ kind, subject, goal }) => kind === 'cuj' && goal === 'success' && subject === row.cuj_id);
}

function rateColumns(value, state, objectives) {
  const compared = compares(state);
  return [
    {
      key: 'rate',
      label: 'Success',
      sort: (row) => (row.total > 0 ? row.rate : null),
      cell: (row) =>
        html`${number(rate(row), told(row, value))}
        ${interval(row, goalOf(row, objectives)?.share)}${
          compared && row.before
            ? before(row.rate, row.before.total > 0 ? row.before.rate : null, rate(row.before), { chance: row.chance })
            : nothing
        }
        ${compared && row.chance !== null ? html`<small class="before">${chanceWords(row.chance)}</small>` : nothing}`,
    },
    {
      key: 'total',
      label: 'Runs',
      right: true,
      hide: 'narrow',
      sort: (row) => row.total,
      cell: (row) => number(count(row.total), told(row, value)),
    },
  ];
}

function timeColumns(value) {
  const took = (key) => (row) => number(duration(row[key]), told(row, value));
  return [
    { key: 'strip', label: 'Last runs', hide: 'narrow', cell: (row) => strip(row.strip) },
    { key: 'p50', label: 'p50', right: true, hide: 'narrow', sort: (row) => row.p50_ms, cell: took('p50_ms') },
    { key: 'p95', label: 'p95', right: true, hide: 'middle', sort: (row) => row.p95_ms, cell: took('p95_ms') },
    {
      key: 'last',
      label: 'Last run',
      right: true,
      hide: 'middle',
      sort: (row) => row.last_run,
      cell: (row) => html`<span title=${time(row.last_run, true)}>${ago(row.last_run, Date.parse(value.to))}</span>`,
    },
  ];
}

function columns(value, state, objectives) {
  return [
    {
      key: 'name',
      label: 'CUJ',
      sort: (row) => row.cuj_id,
      cell: (row) => html`<a class="row" href=${linkTo('cujs', row.cuj_id)}>${row.cuj_id}</a>`,
    },
    {
      key: 'left',
      label: 'Objective',
      sort: (row) => goalOf(row, objectives)?.left,
      cell: (row) => goalCell(goalOf(row, objectives)),
    },
    ...rateColumns(value, state, objectives),
    ...timeColumns(value),
  ];
}

function goalCell(goal) {
  if (goal === undefined) return html`<small class="soft">none</small>`;
  const tone = goal.left < 0 ? 'bad' : goal.left === 0 ? 'warn' : 'good';
  const words = goal.left < 0 ? 'missed' : goal.left === 0 ? 'none may fail' : `${goal.left} may fail`;
  return html`<span class="tag ${tone}" title=${goal.words}>${words}</span>`;
}

const named = (rows, word) => rows.filter(({ cuj_id: id }) => id.toLowerCase().includes((word ?? '').toLowerCase()));

export function cujs(state) {
  const objectives = ask('objectives').value?.objectives ?? [];
  const sort = state.sort ?? 'left';
  return html`${panel(
    'CUJs',
    ask('cujs', { ...comparedOf(state), strip: STRIP }),
    (value) => {
      if (value.rows.length === 0) return nothingHere('CUJ runs', 'recordCujExecution(id, success, ms)');
      const list = columns(value, state, objectives);
      // Without objectives the worst comes first.
      const rows = sorted(named(value.rows, state.q), list, 'rate');
      return table({
        caption: 'CUJs',
        columns: list,
        rows,
        key: (row) => row.cuj_id,
        sort,
        command: (row) => told(row, value),
      });
    },
    { command: (value) => command(['cujs'], value) },
  )}
  ${panel('All CUJs over time', timelineOf(state, ALL), (value) => overTime(value, state))}
  ${inCell(readCell(state.cell), ALL)} ${failures(state, { source: 'cuj' })}`;
}

/** The figures at the head of one CUJ or provider. */
export function figures(row, made, { goal, compared = true } = {}) {
  const figure = (label, words, more) =>
    html`<div class="figure">
      <dt>${label}</dt>
      <dd>${number(words, made, { stop: true })}${more ?? nothing}</dd>
    </div>`;
  const then = compared && row.before?.total > 0 ? row.before : null;
  return html`<dl class="figures">
    ${figure(
      'Success',
      rate(row),
      html`${interval(row, goal)}${then ? before(row.rate, then.rate, rate(then), { chance: row.chance }) : nothing}
        <small class="before">${then ? chanceWords(row.chance) : ''}</small>`,
    )}
    ${figure('Failed', count(row.failed))} ${figure('p50', duration(row.p50_ms))} ${figure('p95', duration(row.p95_ms))}
  </dl>`;
}

export function cuj(state) {
  const of = { cuj: state.id };
  const goal = (ask('objectives').value?.objectives ?? []).filter(({ subject }) => subject === state.id);
  return html`${panel(
    state.id,
    ask('cujs', { ...comparedOf(state), ...of, strip: STRIP }),
    (value) => {
      const [row] = value.rows;
      if (row === undefined) return nothingHere(`runs of ${state.id}`, 'recordCujExecution(id, success, ms)');
      return html`${figures(row, told(row, value), { goal: goalOf(row, goal)?.share, compared: compares(state) })}
        <p>${strip(row.strip)}</p>
        ${goal.map(({ words }) => html`<p class="note">${words}</p>`)}`;
    },
    { command: (value) => command(['cujs', state.id], value) },
  )}
  ${panel('Over time', timelineOf(state, of), (value) => overTime(value, state))} ${inCell(readCell(state.cell), of)}
  ${failures(state, of)} ${runsOf(state)}`;
}
