// A number that can be asked for again: a click copies the command that prints it.
import { html, nothing } from 'lit-html';

let say = () => {};

/** Who shows what was copied. */
export function onCopied(shown) {
  say = shown;
}

export async function copy(command) {
  try {
    await navigator.clipboard.writeText(command);
    say(`Copied: ${command}`);
  } catch {
    // No permission, or a file from disk: it can still be read and taken by hand.
    say(command);
  }
}

const copied = (command) => (event) => {
  event.stopPropagation();
  void copy(command);
};

/** `words` with the command behind them. In tables it is no stop of the tab key: `y` copies the command of the row. */
export function number(words, command, { tone, stop = false } = {}) {
  return html`<button
    type="button"
    class="number ${tone ?? ''}"
    tabindex=${stop ? '0' : '-1'}
    title="Copy command: ${command}"
    @click=${copied(command)}
  >
    ${words}
  </button>`;
}

/** The button of a whole panel. */
export function copyButton(command) {
  return html`<button type="button" class="quiet" title=${command} @click=${copied(command)}>Copy command</button>`;
}

/** What it was in the window before: a direction, the number and whether it could be chance. Nothing is computed here. */
export function before(now, then, words, { chance, better = 'more' } = {}) {
  if (then === null || then === undefined || now === null || now === undefined) return nothing;
  const way = now > then ? 'up' : now < then ? 'down' : 'same';
  const sure = chance === undefined || (chance !== null && chance < 0.05);
  const good = (way === 'up') === (better === 'more');
  const tone = way === 'same' || !sure || better === 'none' ? '' : good ? 'good' : 'bad';
  const sign = { up: '▲', down: '▼', same: '=' }[way];
  const spoken = { up: 'up from', down: 'down from', same: 'as before:' }[way];
  return html`<small class="before ${tone}"
    ><span aria-hidden="true">${sign} </span><span class="spoken">${spoken} </span>was ${words}</small
  >`;
}
