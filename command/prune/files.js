// The data files that may be pruned: their names, and what a line of each has to be to be ours and old.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const DAY = 86_400_000;
const DAY_FILE = /^skill-invocations-(\d{4}-\d\d-\d\d)\.jsonl(?:\.gz)?$/;
const SINGLE = [
  { folder: 'analytics', name: 'cuj-metrics.jsonl', id: 'cuj_id' },
  { folder: 'analytics', name: 'provider-health.jsonl', id: 'provider' },
  { folder: 'logs', name: 'progress.jsonl', id: null },
];
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/;

function names(folder) {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  }
}

/** The first moment of the day that a plain day file is of; `NaN` for any other name. */
function dayOf(name) {
  const [, day] = (name.endsWith('.jsonl') && DAY_FILE.exec(name)) || [];
  return Date.parse(day);
}

/** `{ file, id }` of the data files that are there; `id` is what its lines must have, `null` where any object is a record. */
function dataFiles(data) {
  const logs = path.join(data, 'logs');
  const days = names(logs).filter((name) => DAY_FILE.test(name)).map((name) => ({ file: path.join(logs, name), id: 'skill' })); // prettier-ignore
  const single = SINGLE.map(({ folder, name, id }) => ({ file: path.join(data, folder, name), id }));
  return [...days.sort((a, b) => (a.file < b.file ? -1 : 1)), ...single.filter(({ file }) => fs.existsSync(file))];
}

/** Epoch ms of a stored time; `NaN` in doubt, for what is in doubt is kept. */
function timeOf(value) {
  if (typeof value === 'number') return value;
  const [whole, zone] = (typeof value === 'string' && TIME.exec(value)) || [];
  return whole === undefined ? NaN : Date.parse(zone === undefined ? `${whole}Z` : whole);
}

/** `{ at, run }` of a line, `at` NaN when it is none of ours or has no time: damaged lines may hold records, so they stay. */
function readLine(text, id) {
  try {
    const record = JSON.parse(text);
    const ours = record !== null && typeof record === 'object' && !Array.isArray(record) && (id === null || record[id]);
    return { at: ours ? timeOf(record.timestamp) : NaN, run: id === null && ours ? record.run_id : undefined };
  } catch {
    return { at: NaN, run: undefined };
  }
}

module.exports = { DAY, dataFiles, dayOf, names, readLine };
