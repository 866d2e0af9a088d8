// The keyboard: `/` filters, `j` and `k` go through rows, `[` and `]` move the window, `c` compares, `y` copies, `?` helps.
import { copy } from './parts/number.mjs';
import { change, comparisons, readState, spans, unzoom } from './state.mjs';

export const KEYS = [
  ['/', 'filter what is shown'],
  ['j k', 'next and previous row'],
  ['Enter', 'open the row'],
  ['y', 'copy the command of the row, or of the first panel'],
  ['[ ]', 'the window before, the window after'],
  ['1 2 3 4 5', 'last hour, 24 hours, 7 days, 30 days, all'],
  ['c', 'compare with the window before, the same a week earlier, or nothing'],
  ['g then n c s a p r l', 'go to Now, CUJs, Skills, Agents, Providers, Runs, Logs'],
  ['Esc', 'back from a brushed window; closes this'],
  ['?', 'this help'],
];

const VIEWS = { n: 'now', c: 'cujs', s: 'skills', a: 'agents', p: 'providers', r: 'runs', l: 'logs' };
const SPAN_KEYS = { 1: '1h', 2: '24h', 3: '7d', 4: '30d', 5: 'all' };
const SPANS_MS = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000 };

/** Goes over to the next comparison. */
function compareNext() {
  const state = readState();
  const all = comparisons(state);
  change({ c: all[(all.indexOf(state.c) + 1) % all.length] });
}

/** Moves the window by its own length. */
function shift(direction) {
  const { w, from, to } = readState();
  const end = to ? Date.parse(to) : Date.now();
  const length = from ? end - Date.parse(from) : SPANS_MS[w];
  if (length === undefined) return;
  const iso = (ms) => new Date(ms).toISOString();
  const start = end - length + direction * length;
  change({ w: undefined, from: iso(start), to: iso(start + length), cell: undefined });
}

function step(direction) {
  const rows = [...document.querySelectorAll('a.row')];
  const here = rows.indexOf(document.activeElement);
  const next = here < 0 ? (direction > 0 ? 0 : rows.length - 1) : here + direction;
  rows[Math.min(Math.max(next, 0), rows.length - 1)]?.focus();
}

function copyHere() {
  const row = document.activeElement?.closest('[data-command]') ?? document.querySelector('[data-command]');
  if (row) void copy(row.dataset.command);
}

let going = false;

/** `g` and a letter. */
function go(key) {
  going = false;
  if (VIEWS[key]) change({ view: VIEWS[key], id: undefined, q: undefined, sort: undefined, cell: undefined });
}

function writing(event) {
  return event.target.closest?.('input, select, textarea') !== null && event.target.closest !== undefined;
}

/** @param {{ help(): void, closeHelp(): boolean }} page */
export function listenToKeys(page, fixed) {
  const actions = {
    '/': () => document.querySelector('#filter')?.focus(),
    j: () => step(1),
    k: () => step(-1),
    y: copyHere,
    c: compareNext,
    g: () => (going = true),
    '?': page.help,
  };
  const windows = fixed ? {} : { '[': () => shift(-1), ']': () => shift(1) };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      if (writing(event)) event.target.blur();
      else if (!page.closeHelp()) unzoom();
      return;
    }
    if (writing(event)) return;
    if (going) {
      go(event.key);
      return;
    }
    const span = spans().find((each) => each === SPAN_KEYS[event.key]);
    const act = actions[event.key] ?? windows[event.key];
    if (span) change({ w: span, from: undefined, to: undefined, cell: undefined });
    else if (act) act();
    else return;
    event.preventDefault();
  });
}
