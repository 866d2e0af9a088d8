// Skills and agents: how much they were used and how that went, those that are unused too; and one of them.
import { html, nothing } from 'lit-html';
import { command } from '../command.mjs';
import { agoColumn, numberColumn } from '../parts/columns.mjs';
import { readCell } from '../parts/heat.mjs';
import { spark } from '../parts/marks.mjs';
import { before, number } from '../parts/number.mjs';
import { overTime } from '../parts/over-time.mjs';
import { nothingHere, panel } from '../parts/panel.mjs';
import { table } from '../parts/table.mjs';
import { comparedOf, compares, linkTo, periodOf } from '../state.mjs';
import { ask, source } from '../store.mjs';
import { chanceWords, count, duration, percent, rate, shown, time } from '../words.mjs';
import { timelineOf } from './cujs.mjs';
import { failures, inCell } from './failures.mjs';

const KINDS = {
  skills: { key: 'skill', title: 'Skills', one: 'skill' },
  agents: { key: 'agent', title: 'Agents', one: 'agent' },
};

const nameOf = (row, { key }) => row[key];
const printing = ({ title }, name, value) => command([title.toLowerCase(), name], value);
const outcomes = (row) => ({ total: row.calls, successful: row.successful, rate: row.success_rate });
const earlier = (row) =>
  row.before && row.before.calls > 0
    ? { total: row.before.calls, successful: row.before.successful, rate: row.before.success_rate }
    : null;

function nameCell(row, kind) {
  const name = nameOf(row, kind);
  // Records that name no agent are no agent.
  if (name === null) return html`<span class="soft">(none named)</span>`;
  return html`<a class="row" href=${linkTo(kind.title.toLowerCase(), name)}>${name}</a>`;
}

function successCell(row, made, compared) {
  const then = earlier(row);
  return html`${number(rate(outcomes(row)), made)}${
    compared && then
      ? html`${before(row.success_rate, then.rate, rate(then), { chance: row.chance })}
          <small class="before">${chanceWords(row.chance)}</small>`
      : nothing
  }`;
}

function callsColumn(told, compared) {
  const then = (row) => before(row.calls, row.before?.calls, count(row.before?.calls), { better: 'none' });
  const cell = (row) => html`${number(count(row.calls), told(row))}${compared ? then(row) : nothing}`;
  return { key: 'calls', label: 'Calls', right: true, sort: (row) => row.calls, cell };
}

function columns(value, state, kind) {
  const compared = compares(state);
  const told = (row) => printing(kind, nameOf(row, kind), value);
  const name = (row) => nameOf(row, kind);
  return [
    { key: 'name', label: kind.title.slice(0, -1), sort: name, cell: (row) => nameCell(row, kind) },
    callsColumn(told, compared),
    { key: 'trend', label: 'Trend', hide: 'narrow', cell: (row) => spark(row.spark, row.spark_failed) },
    {
      key: 'success',
      label: 'Success',
      sort: (row) => (row.calls > 0 ? row.success_rate : null),
      cell: (row) => successCell(row, told(row), compared),
    },
    numberColumn('p50_ms', 'p50', duration, told, 'middle'),
    numberColumn('p95_ms', 'p95', duration, told, 'narrow'),
    kind.key === 'agent'
      ? numberColumn('skills', 'Skills', count, told, 'middle')
      : numberColumn('cache_hits', 'Cache hits', count, told, 'middle'),
    agoColumn('last_used', 'Last used', Date.parse(value.to)),
  ];
}

const IDLE = [
  {
    key: 'name',
    label: 'Skill',
    cell: (row) => html`<a class="row" href=${linkTo('skills', row.skill)}>${row.skill}</a>`,
  },
  { key: 'last', label: 'Last used', cell: (row) => (row.last_used === null ? 'never' : time(row.last_used)) },
];

const wanted = (rows, kind, word) =>
  rows.filter((row) =>
    String(nameOf(row, kind) ?? '')
      .toLowerCase()
      .includes((word ?? '').toLowerCase()),
  );

function list(value, state, kind) {
  const rows = wanted(value.rows, kind, state.q);
  const [used, unused] = [rows.filter((row) => row.calls > 0), rows.filter((row) => row.calls === 0)];
  if (value.rows.length === 0) return nothingHere(`${kind.one} calls`, 'logSkillInvocation({ skill, result })');
  const shared = {
    columns: columns(value, state, kind),
    sort: state.sort,
    key: (row) => nameOf(row, kind),
    command: (row) => printing(kind, nameOf(row, kind), value),
  };
  return html`${table({ ...shared, caption: kind.title, rows: used })}
  ${
    unused.length === 0
      ? nothing
      : html`<h3>Used in the window before, and not in this one</h3>
          ${table({ ...shared, caption: `Unused ${kind.title}`, rows: unused })}`
  }`;
}

export function usage(state, view) {
  const kind = KINDS[view];
  const of = { kind: kind.key };
  return html`${panel(kind.title, ask(view, comparedOf(state)), (value) => list(value, state, kind), {
    command: (value) => command([view], value),
  })}
  ${panel(`All ${view} over time`, timelineOf(state, of), (value) => overTime(value, state))}
  ${inCell(readCell(state.cell), of)}
  ${view === 'skills' ? [failures(state, { source: 'skill' }), idle(state)] : nothing}`;
}

/** Skills that are installed in the workspace, and not used: those that never were come first. */
function idle(state) {
  const told = command(['skills'], {}, { unused: state.w === 'all' ? '36500d' : state.w });
  return panel(
    'Installed, and not used in this window',
    ask('unused', periodOf(state)),
    ({ installed, unused }) => {
      if (installed === 0) return html`<p class="empty">No skills are installed in <code>.claude/skills</code>.</p>`;
      if (unused.length === 0) return html`<p class="empty">All ${installed} installed skills were used.</p>`;
      return html`<p class="note">${unused.length} of ${installed} installed skills</p>
        ${table({ caption: 'Skills that are installed and not used', columns: IDLE, rows: unused, key: (row) => row.skill })}`;
    },
    { command: state.from || source.kind === 'file' ? undefined : () => told },
  );
}

function slowest(state) {
  return panel('Slowest calls', ask('slowest', { ...periodOf(state), skill: state.id }), (value) =>
    value.calls.length === 0
      ? html`<p class="empty">None with a duration.</p>`
      : callTable(value.calls, 'Slowest calls'),
  );
}

/** The columns of calls of skills. */
const CALL = [
  { key: 'at', label: 'Time', cell: (row) => time(row.at, true) },
  { key: 'skill', label: 'Skill', cell: (row) => html`<a href=${linkTo('skills', row.skill)}>${row.skill}</a>` },
  {
    key: 'result',
    label: 'Result',
    cell: (row) => html`<span class="tag ${tone(row.result)}">${shown(row.result)}</span>`,
  },
  { key: 'ms', label: 'Took', right: true, cell: (row) => duration(row.duration_ms) },
  { key: 'agent', label: 'Agent', hide: 'narrow', cell: (row) => shown(row.agent) },
  {
    key: 'run',
    label: 'Run',
    hide: 'narrow',
    cell: (row) => (row.run_id ? html`<a href=${linkTo('runs', row.run_id)}>${row.run_id}</a>` : '–'),
  },
  {
    key: 'error',
    label: 'Error',
    hide: 'middle',
    cell: (row) => html`<span class="long">${shown(row.error)}</span>`,
  },
];

/** Calls of skills as a table. */
export function callTable(rows, caption, { run = true } = {}) {
  return table({ caption, columns: CALL.filter(({ key }) => run || key !== 'run'), rows });
}

export const tone = (result) => ({ success: 'good', failure: 'bad' })[result] ?? '';

function head(row, made, compared) {
  const figure = (label, words, more) =>
    html`<div class="figure">
      <dt>${label}</dt>
      <dd>${number(words, made, { stop: true })}${more ?? nothing}</dd>
    </div>`;
  const then = compared ? earlier(row) : null;
  return html`<dl class="figures">
    ${figure('Calls', count(row.calls), compared && before(row.calls, row.before?.calls, count(row.before?.calls), { better: 'none' }))}
    ${figure(
      'Success',
      rate(outcomes(row)),
      then &&
        html`${before(row.success_rate, then.rate, rate(then), { chance: row.chance })}
          <small class="before">${chanceWords(row.chance)}</small>`,
    )}
    ${figure('p50', duration(row.p50_ms))}
    ${figure('p95', duration(row.p95_ms), row.error_bound > 0 ? html`<small class="before">± ${percent(row.error_bound)}</small>` : nothing)}
  </dl>`;
}

export function oneUsage(state, view) {
  const kind = KINDS[view];
  const of = { [kind.key]: state.id };
  const params = kind.key === 'skill' ? { skill: state.id } : {};
  const made = (value) => printing(kind, state.id, value);
  return html`${panel(
    state.id,
    ask(view, { ...comparedOf(state), ...params }),
    (value) => {
      const row = value.rows.find((each) => nameOf(each, kind) === state.id);
      return row === undefined
        ? nothingHere(`calls of ${state.id}`, 'logSkillInvocation({ skill, result })')
        : head(row, made(value), compares(state));
    },
    { command: made },
  )}
  ${panel('Over time', timelineOf(state, of), (value) => overTime(value, state))} ${inCell(readCell(state.cell), of)}
  ${kind.key === 'skill' ? [failures(state, of), slowest(state)] : agentLog(state)}`;
}

function agentLog(state) {
  const link = linkTo('logs', undefined, { agent: state.id });
  return html`<p class="note"><a href=${link}>The log of ${state.id}</a></p>`;
}
