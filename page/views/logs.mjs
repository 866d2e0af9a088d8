// The skill log: filtered, or grouped by error; the latest first, and live.
import { html, nothing } from 'lit-html';
import { command } from '../command.mjs';
import { nothingHere, panel } from '../parts/panel.mjs';
import { change, linkTo, periodOf } from '../state.mjs';
import { ask } from '../store.mjs';
import { duration, shown, time } from '../words.mjs';
import { failures } from './failures.mjs';
import { tone } from './usage.mjs';

const FILTERS = ['skill', 'agent', 'result', 'run', 'cuj'];

function entry(record) {
  return html`<li>
    <details>
      <summary>
        <time datetime=${record.timestamp}>${time(record.timestamp, true)}</time>
        <span class="tag ${tone(record.result)}">${shown(record.result)}</span>
        <strong>${shown(record.skill)}</strong>
        <span class="soft">${duration(record.duration_ms)} · ${shown(record.agent)}</span>
        <span class="long">${record.error === null ? '' : shown(record.error)}</span>
      </summary>
      <p class="note">
        <a href=${linkTo('skills', shown(record.skill))}>This skill</a>
        ${record.run_id ? html` · <a href=${linkTo('runs', record.run_id)}>Its run</a>` : nothing}
        ${record.cuj_id ? html` · <a href=${linkTo('cujs', record.cuj_id)}>Its CUJ</a>` : nothing}
      </p>
      <pre>${JSON.stringify(record, null, 2)}</pre>
    </details>
  </li>`;
}

function filter(state, name) {
  const set = (event) => change({ [name]: event.target.value || undefined });
  return html`<label
    >${name} <input type="text" .value=${state[name] ?? ''} @change=${set} spellcheck="false"
  /></label>`;
}

function form(state) {
  const grouped = state.group === '1';
  return html`<div class="filters" role="group" aria-label="Filters">
    ${FILTERS.map((name) => filter(state, name))}
    <button
      type="button"
      aria-pressed=${grouped ? 'true' : 'false'}
      @click=${() => change({ group: grouped ? undefined : '1' })}
    >
      Group by error
    </button>
  </div>`;
}

export function logs(state) {
  if (state.group === '1') return html`${form(state)} ${failures(state, { source: 'skill', skill: state.skill })}`;
  const chosen = Object.fromEntries(FILTERS.map((name) => [name, state[name]]));
  return html`${form(state)}
  ${panel(
    'Log',
    ask('logs', { ...periodOf(state), ...chosen, grep: state.q, limit: 200 }),
    ({ entries }) =>
      entries.length === 0
        ? nothingHere('entries that match', 'logSkillInvocation({ skill, result })')
        : html`<ol class="log" aria-live="off">
            ${[...entries].reverse().map(entry)}
          </ol>`,
    { command: (value) => command(['logs'], value, { ...chosen, grep: state.q, last: 200 }) },
  )}`;
}
