// Lists the rows of the fault list that no test names: a test carries the ids of its rows at the start of its name.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

// How many rows each letter has: writes, crashes, concurrency, data, index, time.
const ROWS = { W: 21, C: 9, K: 8, D: 16, I: 7, T: 3 };

// Rows that need no test, and why.
const NOT_TESTED = {
  W21: 'network file systems are documented as unsupported, not detected',
};

function filesBelow(folder, ending) {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

// `fn w2_c1_what_it_shows` behind `#[test]` names W2 and C1.
function rustNames(text) {
  return [...text.matchAll(/#\[test\]\s+fn (\w+)/g)].map(([, name]) => name.split('_'));
}

// `test('W2 C1 what it shows'` and `it.each(…)('W2, C1: …'` do so too: titles are the texts that begin with an id.
function javaScriptNames(text) {
  return [...text.matchAll(/['"`]([WCKDIT]\d+[\s,:][^'"`]*)/g)].map(([, title]) => title.split(/[\s,:]+/));
}

// The ids at the start of a name; the first word that is none ends them (`to` is allowed between two: `w1_to_w12`).
function* rowsOf(words) {
  let from = null;
  for (const word of words) {
    const [, letter, number] = /^([WCKDIT])(\d+)$/i.exec(word) ?? [];
    if (letter === undefined) {
      if (word === 'to' && from !== null) continue;
      return;
    }
    yield letter.toUpperCase() + Number(number);
    from = word;
  }
}

const tested = new Map();
for (const [folder, ending, names] of [
  ['tests', '.rs', rustNames],
  ['src', '.rs', rustNames],
  ['__test__', '.js', javaScriptNames],
]) {
  for (const file of filesBelow(folder, ending)) {
    for (const words of names(readFileSync(file, 'utf8'))) {
      for (const row of rowsOf(words)) tested.set(row, (tested.get(row) ?? 0) + 1);
    }
  }
}

const rows = Object.entries(ROWS).flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
);
const missing = rows.filter((row) => !tested.has(row) && NOT_TESTED[row] === undefined);
for (const row of missing) console.log(`${row}: no test names it`);
for (const [row, why] of Object.entries(NOT_TESTED)) {
  if (tested.has(row)) console.log(`${row}: listed as not tested (${why}), but a test names it`);
}
const named = rows.filter((row) => tested.has(row)).length;
console.log(`${named} of ${rows.length} rows are named by tests, ${Object.keys(NOT_TESTED).length} need none`);
console.log(`${rows.length - missing.length} passed, ${missing.length} failed`);
process.exitCode = missing.length > 0 ? 1 : 0;
