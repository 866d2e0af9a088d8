// The whole state of the page, as it stands in the address: `#/cujs/CUJ-005?w=7d`. A link to it shows the same again.

const SPANS = ['1h', '24h', '7d', '30d', 'all'];
const LISTENERS = new Set();
const ISO = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** What a page shows that is told nothing else; a report puts its own period here. */
let standard = { view: 'now', w: '7d' };

export { SPANS };

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
  if (state.w && !SPANS.includes(state.w)) delete state.w;
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
  return from && to ? { from, to } : { span: w ?? '7d' };
}
