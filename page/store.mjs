// The answers that the page has: asked for when a view wants them, asked for again when the server says that something changed.
import { keyOf, openSource } from './source.mjs';
import { readState } from './state.mjs';

export const source = openSource();

const MOST = 300;
const answers = new Map();
/** The last answer to a question for whatever period: it stays while the next one is on its way, so that nothing jumps. */
const latest = new Map();
let used = new Set();
let incomplete = false;
let listener = () => {};

export function onAnswer(heard) {
  listener = heard;
}

/** Which questions a change of records concerns. Alerts are judged at leisure: that looks at weeks of records. */
const CONCERNS = {
  skills: ['skills', 'unused', 'agents', 'failures', 'slowest', 'logs', 'run', 'timeline'],
  cujs: ['cujs', 'failures', 'timeline', 'run', 'objectives'],
  providers: ['providers', 'failures', 'timeline', 'run'],
  runs: ['runs', 'run', 'progress'],
  alerts: ['alerts'],
};

function placeOf(name, params) {
  return keyOf(name, { ...params, span: undefined, from: undefined, to: undefined });
}

/**
 * `{ value, error, fresh }` of a question: the answer, or the last one to the same question for another period until that
 * comes.
 */
export function ask(name, asked = {}) {
  const params = { ...asked, root: readState().root };
  const key = keyOf(name, params);
  used.add(key);
  const known = answers.get(key);
  if (known === undefined || (known.stale && !known.pending)) void send(name, params, key);
  const { value, error } = answers.get(key);
  const shown = value ?? latest.get(placeOf(name, params));
  if (shown === undefined && error === undefined) incomplete = true;
  return { value: shown, error, fresh: value !== undefined };
}

async function send(name, params, key) {
  const entry = { ...answers.get(key), name, pending: true, stale: false };
  answers.set(key, entry);
  try {
    entry.value = await source.ask(name, params);
    entry.error = undefined;
    latest.set(placeOf(name, params), entry.value);
  } catch (error) {
    entry.error = error;
  }
  entry.pending = false;
  listener();
}

/**
 * Called when a view has asked all that it asks: what it did not use is forgotten in the end. Tells whether an answer is
 * missing for which nothing else can stand.
 */
export function settle() {
  for (const key of answers.keys()) {
    if (answers.size <= MOST) break;
    if (!used.has(key)) answers.delete(key);
  }
  used = new Set();
  const missing = incomplete;
  incomplete = false;
  return missing;
}

/** The answers to these questions, or to all, are asked for again when a view next wants them. */
export function outdate(names) {
  for (const entry of answers.values()) {
    if (names === undefined || names.includes(entry.name)) entry.stale = true;
  }
  listener();
}

export function outdateRecords(changed) {
  outdate(CONCERNS[changed] ?? []);
}
