// What stands around every view: where one is, the window, the filter, the link to the server, help, and what was just copied.
import { html, nothing } from 'lit-html';
import { KEYS } from './keys.mjs';
import { change, comparisons, linkTo, periodOf, spans } from './state.mjs';
import { source } from './store.mjs';
import { windowWords } from './words.mjs';
import { cuj, cujs } from './views/cujs.mjs';
import { logs } from './views/logs.mjs';
import { now } from './views/now.mjs';
import { provider, providers } from './views/providers.mjs';
import { run } from './views/run.mjs';
import { runs } from './views/runs.mjs';
import { oneUsage, usage } from './views/usage.mjs';

/** By the first word of the address: its name, the view of all, and the view of one. */
const VIEWS = {
  now: ['Now', now, now],
  cujs: ['CUJs', cujs, cuj],
  skills: ['Skills', (state) => usage(state, 'skills'), (state) => oneUsage(state, 'skills')],
  agents: ['Agents', (state) => usage(state, 'agents'), (state) => oneUsage(state, 'agents')],
  providers: ['Providers', providers, provider],
  runs: ['Runs', runs, run],
  logs: ['Logs', logs, logs],
};

const THEMES = { undefined: ['dark', 'Dark'], dark: ['light', 'Light'], light: [undefined, 'As the system'] };

function navigation(state) {
  return html`<nav aria-label="Views">
    ${Object.entries(VIEWS).map(
      ([view, [name]]) =>
        html`<a href=${linkTo(view)} aria-current=${state.view === view ? 'page' : nothing}>${name}</a>`,
    )}
  </nav>`;
}

function windows(state) {
  // Now is now, and a run is as long as it is.
  if (state.view === 'now' || (state.view === 'runs' && state.id !== undefined)) return nothing;
  const held = source.kind === 'file' ? source.about : null;
  const choose = (w) => () => change({ w, from: undefined, to: undefined, cell: undefined });
  const pressed = (w) => (state.w === w && !state.from) || (held !== null && state.from === held.windows[w].from);
  const button = (w) =>
    html`<button type="button" aria-pressed=${pressed(w) ? 'true' : 'false'} @click=${choose(w)}>${w}</button>`;
  return html`<div class="windows" role="group" aria-label="Window">
      ${spans().map(button)} ${held === null ? nothing : whole(state, held, spans().some(pressed))}
      ${state.from || held ? html`<span class="note">${windowWords(held ? periodOf(state) : state)}</span>` : nothing}
    </div>
    ${compared(state)}`;
}

/** The period of a report, where it is none of the usual windows. */
function whole(state, { from, to, windows: held }, usual) {
  if (from === null || Object.values(held).some((window) => window.from === from)) return nothing;
  const choose = () => change({ w: undefined, from, to, cell: undefined });
  return html`<button type="button" aria-pressed=${usual ? 'false' : 'true'} @click=${choose}>whole report</button>`;
}

const WITH_TABLES = ['cujs', 'skills', 'agents', 'providers'];
const COMPARISONS = { undefined: 'the window before', week: 'the same a week earlier', 0: 'nothing' };

/** What the numbers of the window are compared with. */
function compared(state) {
  if (!WITH_TABLES.includes(state.view) || state.w === 'all') return nothing;
  const choose = ({ target }) => change({ c: target.value === 'undefined' ? undefined : target.value });
  return html`<label class="compared"
    >Compared with
    <select @change=${choose}>
      ${comparisons(state).map(
        (c) => html`<option value=${String(c)} .selected=${state.c === c}>${COMPARISONS[c]}</option>`,
      )}
    </select></label
  >`;
}

function link({ up }) {
  if (up === null) return nothing;
  const words = up ? 'live' : 'not connected';
  return html`<span class="link ${up ? 'up' : ''}" role="status">${words}</span>`;
}

function workspaces(state, { roots }) {
  if (roots.length < 2) return nothing;
  const choose = (event) => change({ root: event.target.value === '0' ? undefined : event.target.value });
  return html`<select aria-label="Workspace" @change=${choose}>
    ${roots.map(
      (root, place) => html`<option value=${place} ?selected=${String(place) === (state.root ?? '0')}>${root}</option>`,
    )}
  </select>`;
}

const filterable = (state) => (state.id === undefined && state.view !== 'now') || state.view === 'logs';

function filter(state) {
  if (!filterable(state)) return nothing;
  const log = state.view === 'logs';
  const set = (event) => change({ q: event.target.value || undefined }, { replace: true });
  const what = log ? 'Text of entries (a regular expression)' : 'Filter by name';
  // An entry of the log is searched for by the server: only when the pattern is whole.
  return log
    ? html`<input
        id="filter"
        type="search"
        placeholder="Search  /"
        aria-label=${what}
        .value=${state.q ?? ''}
        @change=${set}
      />`
    : html`<input
        id="filter"
        type="search"
        placeholder="Filter  /"
        aria-label=${what}
        .value=${state.q ?? ''}
        @input=${set}
      />`;
}

const bar = (chosen, search) =>
  chosen === nothing && search === nothing ? nothing : html`<div class="bar">${chosen} ${search}</div>`;

function help(page, { toggleHelp }) {
  if (!page.help) return nothing;
  return html`<div class="help" role="dialog" aria-modal="true" aria-label="Keys">
    <h2>Keys</h2>
    <dl>
      ${KEYS.map(
        ([key, words]) =>
          html`<dt><kbd>${key}</kbd></dt>
            <dd>${words}</dd>`,
      )}
    </dl>
    <p class="note">A click on a number copies the command that prints it. Brush a chart to zoom into a window.</p>
    <button type="button" @click=${() => toggleHelp(false)}>Close</button>
  </div>`;
}

/** An address may name anything, `constructor` too. */
const own = (table, key) => (Object.hasOwn(table, String(key)) ? table[key] : undefined);

export function frame(state, page, actions) {
  const [name, all, one] = own(VIEWS, state.view) ?? VIEWS.now;
  const theme = own(THEMES, state.theme) ?? THEMES.undefined;
  document.title = `${state.id ?? name} · obs`;
  return html`<a class="skip" href="#content" @click=${skip}>To the content</a>
    <header class="top">
      <a class="brand" href=${linkTo('now')}>obs</a>
      ${navigation(state)} ${link(page)} ${workspaces(state, page)}
      <span class="tools">
        <button
          type="button"
          class="quiet"
          title="Colours: ${theme[1]}"
          @click=${() => change({ theme: theme[0] }, { replace: true })}
        >
          ${theme[1]}
        </button>
        <button type="button" class="quiet" aria-label="Keys and help" @click=${() => actions.toggleHelp()}>?</button>
      </span>
    </header>
    ${bar(windows(state), filter(state))}
    <main id="content" tabindex="-1">
      <h1 class="spoken">${state.id ?? name}</h1>
      ${(state.id === undefined ? all : one)(state)}
    </main>
    ${help(page, actions)}
    <p class="said ${page.said ? 'there' : ''}" role="status">${page.said}</p>`;
}

function skip(event) {
  event.preventDefault();
  document.getElementById('content').focus();
}
