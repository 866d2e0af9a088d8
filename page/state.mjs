// The whole state of the page, as it stands in the address: `#/cujs/CUJ-005?w=7d`. A link to it shows the same again.

const SPANS = ['1h', '24h', '7d', '30d', 'all'];
const LISTENERS = new Set();
const ISO = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

const WEEK = 604_800_000;
const LENGTHS = { '1h': 3_600_000, '24h': 86_400_000, '7d': WEEK };

/** What a page shows that is told nothing else; a report puts its own period here. */
let standard = { view: 'now', w: '7d' };

/** In a report the times of the windows that it holds, by their names; `null` where any window may be asked for. */
let held = null;

/** The windows that may be chosen. */
export const spans = () => (held === null ? SPANS : SPANS.filter((span) => Object.hasOwn(held, span)));

/** Only these windows are there. */
export function hold(windows) {
  held = windows;
}

/** What the window may be compared with: the one before, the same a week earlier where they do not overlap, or nothing. */
export function comparisons({ w, from, to }) {
  const length = from && to ? Date.parse(to) - Date.parse(from) : LENGTHS[w];
  const week = held === null && length < WEEK ? ['week'] : [];
  return [undefined, ...week, '0'];
}

/** Whether anything is compared. */
export const compares = (state) => state.c !== '0';

export function setStandard(more) {
  standard = { ...standard, ...more };
}

/** `{ view, id, … }` of an address; what cannot be read is left out. */
export function readState(hash = location.hash) {
  const [where = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [view, ...rest] = where.split('/');
  const state = { ...Object.fromEntries(new URLSearchParams(query)) };
  if (view) state.view = view;
  if (rest.length > 0) state.id = decoded(rest.join('/'));
  if (state.w && !spans().includes(state.w)) delete state.w;
  if (!ISO.test(state.from ?? '') || !ISO.test(state.to ?? '')) {
    delete state.from;
    delete state.to;
  }
  const fallback = state.w || state.from ? { view: standard.view } : standard;
  return { ...fallback, ...state };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a state. */
export function hashOf({ view, id, ...rest }) {
  const query = new URLSearchParams(Object.entries(rest).filter(([, value]) => value !== undefined && value !== ''));
  query.sort();
  const where = id === undefined ? view : `${view}/${encodeURIComponent(id)}`;
  return `#/${where}${query.size > 0 ? `?${query}` : ''}`;
}

/** What belongs to the page as a whole goes along from view to view; filters and sorting stay behind. */
export function linkTo(view, id, more = {}) {
  const { w, from, to, root, theme, c } = readState();
  return hashOf({ view, id, w, from, to, root, theme, c, ...more });
}

/** Changes parts of the state; `undefined` takes one away. `replace` leaves no entry to go back to. */
export function change(patch, { replace = false, mark } = {}) {
  const next = hashOf({ ...readState(), ...patch });
  if (next === location.hash) return;
  history[replace ? 'replaceState' : 'pushState'](mark ?? null, '', next);
  tell();
}

/** Another window, to which Esc comes back. */
export function zoom(from, to) {
  change({ from, to, w: undefined, cell: undefined }, { mark: 'zoomed' });
}

/** Goes back from a window that was brushed; tells whether there was one. */
export function unzoom() {
  if (history.state !== 'zoomed') return false;
  history.back();
  return true;
}

export function onChange(listener) {
  LISTENERS.add(listener);
}

function tell() {
  for (const listener of LISTENERS) listener();
}

window.addEventListener('popstate', tell);
window.addEventListener('hashchange', tell);

/** The window as a question takes it. */
export function periodOf({ w, from, to }) {
  if (held !== null && w && !from) return held[w];
  return to ? { from, to } : { span: w ?? '7d' };
}

/** The same, with what it is compared with. */
export function comparedOf(state) {
  const week = state.c === 'week' && comparisons(state).includes('week');
  return { ...periodOf(state), back: week ? WEEK : undefined };
}
