// What is going on: runs in progress, alerts that fire, providers that are not well, and what ended last.
import { html, nothing } from 'lit-html';
import { command } from '../command.mjs';
import { progress } from '../parts/marks.mjs';
import { number } from '../parts/number.mjs';
import { panel } from '../parts/panel.mjs';
import { linkTo, periodOf, readState } from '../state.mjs';
import { ask, source } from '../store.mjs';
import { ago, duration, rate, shown } from '../words.mjs';
import { kinds, stateTag as providerTag } from './providers.mjs';
import { leftWords, runTable, stateTag, stepWords, told } from './runs.mjs';

const VIEWS = { cuj: 'cujs', skill: 'skills', agent: 'agents', provider: 'providers', run: 'runs' };

/** Now is what happened lately; in a file it is the end of its period. */
const lately = () => (source.kind === 'file' ? periodOf(readState()) : { span: '24h' });
const words = () => (source.kind === 'file' ? 'in this window' : 'in the last 24 hours');

function card(row) {
  return html`<li class="card ${row.state}" data-command=${told(row)}>
    <p>
      ${stateTag(row)} <a class="row" href=${linkTo('runs', shown(row.run_id))}>${shown(row.run_id)}</a>
      ${row.cuj_id ? html`<span class="soft">${row.cuj_id}</span>` : nothing}
    </p>
    ${progress(row.percentage, stepWords(row))}
    <p>
      ${stepWords(row)}, ${number(duration(row.elapsed_ms), told(row))} so far. ${leftWords(row)}
      ${row.state === 'stalled' ? html`<strong>Silent for ${duration(row.silent_ms)}.</strong>` : nothing}
    </p>
    <p class="note">
      ${shown(row.message)}
      ${row.skills.length > 0 ? html`<span class="soft">· ${row.skills.join(', ')}</span>` : nothing}
      ${row.agents.length > 0 ? html`<span class="soft">· ${row.agents.join(', ')}</span>` : nothing}
    </p>
  </li>`;
}

function alertItem(alert) {
  const view = VIEWS[alert.kind];
  return html`<li data-command=${command(['alerts', 'show', alert.alert])}>
    <span class="tag ${alert.state === 'firing' ? 'bad' : 'warn'}">${alert.state}</span>
    ${
      view && alert.subject
        ? html`<a class="row" href=${linkTo(view, alert.subject)}>${alert.alert}</a>`
        : html`<strong>${alert.alert}</strong>`
    }
    ${alert.message}
  </li>`;
}

function alerts() {
  return panel(
    'Alerts',
    ask('alerts'),
    (value) => {
      const loud = value.alerts.filter(({ state }) => state === 'firing' || state === 'pending');
      return loud.length === 0
        ? html`<p class="empty">None fires. ${value.alerts.length} are judged.</p>`
        : html`<ul class="plain-list">
            ${loud.map(alertItem)}
          </ul>`;
    },
    { command: () => command(['alerts', 'list']) },
  );
}

function unwell() {
  return panel(
    'Providers',
    ask('providers', lately()),
    (value) => {
      const sick = value.rows.filter(({ state }) => state === 'degraded' || state === 'unhealthy');
      if (sick.length === 0) {
        const many = value.rows.filter(({ total }) => total > 0).length;
        return html`<p class="empty">${many === 0 ? `No calls ${words()}.` : `All ${many} are well ${words()}.`}</p>`;
      }
      const item = (row) =>
        html`<li>
          ${providerTag(row.state)} <a class="row" href=${linkTo('providers', row.provider)}>${row.provider}</a>
          ${number(rate(row), command(['providers'], value))} ${words()} ${kinds(row)}
        </li>`;
      return html`<ul class="plain-list">
        ${sick.map(item)}
      </ul>`;
    },
    { command: (value) => command(['providers'], value) },
  );
}

function running(value) {
  const open = value.runs.filter(({ state }) => state === 'running' || state === 'stalled');
  if (value.runs.length === 0) {
    return html`<div class="empty">
      <p>No runs ${words()}.</p>
      <p>
        A run appears here with its first <code>emitProgress({ runId, step, status })</code>;
        <code>npm start</code> makes some.
      </p>
    </div>`;
  }
  if (open.length === 0) return html`<p class="empty">Nothing is running.</p>`;
  return html`<ul class="cards">
    ${open.map(card)}
  </ul>`;
}

export function now() {
  const runs = ask('runs', { ...lately(), limit: 200 });
  const ended = (runs.value?.runs ?? [])
    .filter(({ state }) => state === 'completed' || state === 'failed')
    .slice(0, 15);
  const seen = Date.parse(runs.value?.to);
  const last = ended[0] ? html`<span class="soft">last ended ${ago(ended[0].updated_at, seen)}</span>` : nothing;
  return html`${panel('Running now', runs, running, { command: (value) => command(['runs'], value), note: last })}
    <div class="columns">${alerts()} ${unwell()}</div>
    ${ended.length === 0 ? nothing : panel('Ended last', runs, () => runTable(ended, seen, { caption: 'Runs that ended' }))}`;
}
