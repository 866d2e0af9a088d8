// One run: its steps on a time line with skill and provider calls beneath, resources, and the records themselves.
import { html, nothing, svg } from 'lit-html';
import { command } from '../command.mjs';
import { progress } from '../parts/marks.mjs';
import { number } from '../parts/number.mjs';
import { panel } from '../parts/panel.mjs';
import { table } from '../parts/table.mjs';
import { linkTo } from '../state.mjs';
import { ask } from '../store.mjs';
import { count, duration, shown, time } from '../words.mjs';
import { outcome } from './failures.mjs';
import { leftWords, stateTag, stepWords } from './runs.mjs';
import { callTable, tone } from './usage.mjs';

const WIDTH = 900;
const ROW = 22;
const NAMES = 190;
const TONES = { completed: 'good', failed: 'bad', running: 'plain', skipped: 'rest', pending: 'rest' };

/** What has a time: rows `{ label, from, to, tone, words }` of the time line. A call is recorded when it ends. */
function bars({ steps: done, skill_calls: skills, provider_calls: providers }) {
  const ended = (at, ms) => [Date.parse(at) - (ms ?? 0), Date.parse(at)];
  const all = [
    ...done.map((step) => {
      const label = `step ${shown(step.step)}`;
      return [label, Date.parse(step.started_at), Date.parse(step.updated_at), TONES[step.status], shown(step.status)];
    }),
    ...skills.map((call) => [
      call.skill,
      ...ended(call.at, call.duration_ms),
      tone(call.result) || 'plain',
      shown(call.result),
    ]),
    ...providers.map((call) => {
      return [call.provider, ...ended(call.at, call.latency_ms), call.success ? 'good' : 'bad', shown(call.error)];
    }),
  ];
  return all.filter(([, from, to]) => Number.isFinite(from) && Number.isFinite(to));
}

function timeLine(value) {
  const rows = bars(value).slice(0, 120);
  if (rows.length === 0) return html`<p class="empty">Nothing with a time.</p>`;
  const start = Math.min(...rows.map(([, from]) => from));
  const end = Math.max(...rows.map(([, , to]) => to), start + 1);
  const place = (at) => NAMES + ((at - start) / (end - start)) * (WIDTH - NAMES - 4);
  const height = rows.length * ROW;
  const bar = (
    [label, from, to, kind, words],
    number_,
  ) => svg`<text x="0" y=${number_ * ROW + 15}>${label.slice(0, 28)}</text>
    <rect class=${kind ?? 'plain'} x=${place(from)} y=${number_ * ROW + 4} rx="2" height=${ROW - 8}
      width=${Math.max(3, place(to) - place(from))}><title>${label}: ${duration(to - from)}, ${words}</title></rect>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Time line of the run">
    <svg class="line" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Steps and calls over time; tables below">
      ${rows.map(bar)}
    </svg>
    <p class="ends" aria-hidden="true">
      <span>${time(new Date(start).toISOString(), true)}</span> <span>${time(new Date(end).toISOString(), true)}</span>
    </p>
  </div>`;
}

function steps(rows) {
  return table({
    caption: 'Steps',
    columns: [
      { key: 'step', label: 'Step', cell: (row) => shown(row.step) },
      {
        key: 'status',
        label: 'Status',
        cell: (row) => html`<span class="tag ${TONES[row.status] ?? ''}">${shown(row.status)}</span>`,
      },
      { key: 'took', label: 'Took', right: true, cell: (row) => duration(row.duration_ms) },
      { key: 'at', label: 'Began', hide: 'narrow', cell: (row) => time(row.started_at, true) },
      { key: 'message', label: 'Message', cell: (row) => html`<span class="long">${shown(row.message)}</span>` },
    ],
    rows,
  });
}

function providerCalls(rows) {
  return table({
    caption: 'Provider calls',
    columns: [
      { key: 'at', label: 'Time', cell: (row) => time(row.at, true) },
      {
        key: 'provider',
        label: 'Provider',
        cell: (row) => html`<a href=${linkTo('providers', row.provider)}>${row.provider}</a>`,
      },
      { key: 'ok', label: 'Result', cell: (row) => outcome(row.success) },
      { key: 'ms', label: 'Took', right: true, cell: (row) => duration(row.latency_ms) },
      { key: 'error', label: 'Error', cell: (row) => html`<span class="long">${shown(row.error)}</span>` },
    ],
    rows,
  });
}

function executions(rows) {
  const resource =
    (place, unit) =>
    ({ resources }) =>
      typeof resources?.[place] === 'number' ? `${count(resources[place])} ${unit}` : '–';
  return table({
    caption: 'Executions and what they used',
    columns: [
      { key: 'at', label: 'Time', cell: (row) => time(row.at, true) },
      { key: 'cuj', label: 'CUJ', cell: (row) => html`<a href=${linkTo('cujs', row.cuj_id)}>${row.cuj_id}</a>` },
      { key: 'ok', label: 'Result', cell: (row) => outcome(row.success) },
      { key: 'ms', label: 'Took', right: true, cell: (row) => duration(row.duration_ms) },
      { key: 'memory', label: 'Memory', right: true, hide: 'narrow', cell: resource(0, 'MB') },
      { key: 'heap', label: 'Heap', right: true, hide: 'middle', cell: resource(1, 'MB') },
      { key: 'cpu', label: 'CPU', right: true, hide: 'narrow', cell: resource(2, 'ms') },
      {
        key: 'error',
        label: 'Error',
        hide: 'narrow',
        cell: (row) => html`<span class="long">${shown(row.error)}</span>`,
      },
    ],
    rows,
  });
}

function about(row) {
  if (row === null) return html`<p class="note">No progress event has this id; what else has it stands below.</p>`;
  return html`<p>
      ${stateTag(row)} ${progress(row.percentage, stepWords(row))} ${stepWords(row)},
      ${number(duration(row.elapsed_ms), command(['runs', shown(row.run_id)]), { stop: true })}
      ${row.silent_ms === null ? 'in all.' : 'so far.'} ${leftWords(row)}
    </p>
    <p class="note">
      ${row.cuj_id ? html`CUJ <a href=${linkTo('cujs', row.cuj_id)}>${row.cuj_id}</a>. ` : nothing} Last message:
      ${shown(row.message)}
    </p>`;
}

function records(state) {
  const [events, entries] = [ask('progress', { run: state.id }), ask('logs', { run: state.id, span: 'all' })];
  const list = [...(events.value?.events ?? []), ...(entries.value?.entries ?? [])];
  return html`<details>
    <summary>Records (${list.length})</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Records of the run">
      ${list.map((record) => html`<pre>${JSON.stringify(record, null, 2)}</pre>`)}
    </div>
  </details>`;
}

export function run(state) {
  const part = (title, rows, shape) =>
    rows.length === 0
      ? nothing
      : html`<h3>${title}</h3>
          ${shape(rows)}`;
  return panel(
    state.id,
    ask('run', { id: state.id }),
    (value) => {
      const { joined } = value;
      return html`${about(value.run)} ${timeLine(value)} ${part('Steps', value.steps, steps)}
        ${part('Skill calls', value.skill_calls, (rows) => callTable(rows, 'Skill calls', { run: false }))}
        ${part('Provider calls', value.provider_calls, providerCalls)}
        ${part('Executions', value.executions, executions)}
        <p class="note">
          Joined by its id: ${joined.progress} progress events, ${joined.skill_invocations} skill calls,
          ${joined.provider_calls} provider calls, ${joined.cuj_executions} executions.
        </p>
        ${records(state)}`;
    },
    { command: () => command(['runs', state.id]) },
  );
}
