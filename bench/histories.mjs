// Histories to ask about, kept in a folder between runs: large files of varied records over 29 days that end about now.
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { DAY, makeRandom } from './data.mjs';
import { LINES } from './lines.mjs';

const FORMAT = 2; // another one when the lines change
const SEED = 1;
const DAYS = 29;

/** An older history is made anew, so that the window of an hour always cuts through its end. */
const FRESH_MS = 20 * 60_000;

const CONTEXT = path.join('.claude', 'context');
const FILES = {
  executions: () => path.join(CONTEXT, 'analytics', 'cuj-metrics.jsonl'),
  progress: () => path.join(CONTEXT, 'logs', 'progress.jsonl'),
  providers: () => path.join(CONTEXT, 'analytics', 'provider-health.jsonl'),
  skills: (time) => path.join(CONTEXT, 'logs', `skill-invocations-${new Date(time).toISOString().slice(0, 10)}.jsonl`),
};

// Mostly in order; every twentieth is late by up to two days, and one clock had lost its battery. Day files know no late rows.
function timeOf(kind, random, index, { total, until }) {
  const due = until - DAYS * DAY + (index + 1) * ((DAYS * DAY) / total);
  if (kind === 'skills') return Math.round(due);
  const late = random() < 0.05 ? random() * 2 * DAY : 0;
  return index === Math.floor(total / 2) ? 1_000 : Math.round(due - late);
}

/** Collects lines for one file and writes them by the MiB. */
class Output {
  #text = '';
  #fd;

  constructor(file) {
    mkdirSync(path.dirname(file), { recursive: true });
    this.#fd = openSync(file, 'w');
  }

  add(line) {
    this.#text += line;
    if (this.#text.length > 1 << 20) this.#write();
  }

  close() {
    this.#write();
    closeSync(this.#fd);
  }

  #write() {
    writeSync(this.#fd, this.#text);
    this.#text = '';
  }
}

function writeKind(root, kind, span) {
  const random = makeRandom(SEED + kind.length);
  const files = new Set();
  let output = null;
  for (let index = 0; index < span.total; index += 1) {
    const time = timeOf(kind, random, index, span);
    const file = FILES[kind](time);
    if (!files.has(file)) {
      output?.close();
      output = new Output(path.join(root, file));
      files.add(file);
    }
    output.add(LINES[kind](random, time, index));
  }
  output?.close();
  return [...files];
}

const sizesOf = (root, files) => Object.fromEntries(files.map((file) => [file, statSync(path.join(root, file)).size]));

function makeHistory(root, totals) {
  rmSync(root, { recursive: true, force: true });
  const until = Date.now();
  const files = Object.entries(totals).flatMap(([kind, total]) => writeKind(root, kind, { total, until }));
  const made = { format: FORMAT, until, files: sizesOf(root, files) };
  writeFileSync(path.join(root, 'made.json'), JSON.stringify(made));
  return made;
}

/** What was added to the files goes away, and so does what was derived from them; false when something is missing. */
function restore(root, files) {
  rmSync(path.join(root, CONTEXT, '.obs'), { recursive: true, force: true });
  return Object.entries(files).every(([file, size]) => {
    const place = path.join(root, file);
    const found = statSync(place, { throwIfNoEntry: false })?.size ?? 0;
    if (found > size) truncateSync(place, size);
    return found >= size;
  });
}

function reuse(root) {
  try {
    const made = JSON.parse(readFileSync(path.join(root, 'made.json'), 'utf8'));
    const fresh = Math.abs(Date.now() - made.until) < FRESH_MS && made.format === FORMAT;
    return fresh && restore(root, made.files) ? made : null;
  } catch {
    return null;
  }
}

/**
 * A project root below `dir` that holds as many records as `totals` says, `{ executions?, skills?, progress?, providers? }`.
 * The same one is given again to who asks for the same, restored: without a cache of ours or records of the last user.
 * Returns `{ root, file, bytes, total, dropCache() }`, `file` being the first data file.
 */
export function historyOf(dir, totals) {
  const name = Object.entries(totals).map(([kind, total]) => `${kind}-${total}`);
  const root = path.join(dir, 'obs-bench-histories', `${name.join('-')}-seed-${SEED}`);
  const { files } = reuse(root) ?? makeHistory(root, totals);
  const [[first, bytes]] = Object.entries(files);
  const [total] = Object.values(totals);
  const dropCache = () => rmSync(path.join(root, CONTEXT, '.obs'), { recursive: true, force: true });
  return { root, file: path.join(root, first), bytes, total, dropCache };
}

/** Says which history is asked about, as text. */
export function describe({ total, bytes }) {
  const each = Math.round(bytes / total);
  return `History: ${total.toLocaleString('en')} records of ${each} bytes, 20 ids, 29 days, 5 % late, one from 1970`;
}
