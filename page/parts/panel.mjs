// The frame of what a view shows: a heading, the command behind it, and what stands there while there is nothing to show.
import { html, nothing } from 'lit-html';
import { change, readState } from '../state.mjs';
import { windowWords } from '../words.mjs';
import { copyButton } from './number.mjs';

/**
 * @param {string} title
 * @param {{ value?: any, error?: Error, fresh?: boolean } | null} answer
 * @param {(value: any) => unknown} body
 * @param {{ command?: (value: any) => string, note?: unknown }} more
 */
export function panel(title, answer, body, { command, note } = {}) {
  const { value, error, fresh } = answer ?? { value: {}, fresh: true };
  const missing = error && value === undefined;
  const inside = missing ? fault(error) : value === undefined ? html`<p class="empty">…</p>` : body(value);
  return html`<section class="panel" aria-busy=${fresh || error ? 'false' : 'true'}>
    <header>
      <h2>${title}</h2>
      ${note ?? nothing} ${command && value !== undefined ? copyButton(command(value)) : nothing}
    </header>
    ${inside}
  </section>`;
}

function fault(error) {
  return html`<p class="empty" role="alert">${error.message}</p>`;
}

/** What to do where nothing was recorded: in this window, or at all. */
export function nothingHere(what, how) {
  const state = readState();
  const all = state.w === 'all' && !state.from;
  return html`<div class="empty">
    <p>${all ? `No ${what} recorded yet.` : `No ${what} in this window (${windowWords(state)}).`}</p>
    ${
      all
        ? html`<p>Record some with <code>${how}</code>, or see an example: <code>npm start</code>.</p>`
        : html`<p>
            <button type="button" @click=${() => change({ w: 'all', from: undefined, to: undefined })}>
              Show all of history
            </button>
          </p>`
    }
  </div>`;
}
