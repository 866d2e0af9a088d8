// Prints how many kinds of published lists of key formats the table of formats covers, and which it leaves out and why.
import { readFileSync } from 'node:fs';

const here = (name) => new URL(name, import.meta.url);
const lists = JSON.parse(readFileSync(here('key-formats.json'), 'utf8'));
const table = readFileSync(here('../src/redact/formats.rs'), 'utf8');

/** The prefixes of the table's rows. */
export const rows = [...table.matchAll(/^ {4}rule\("([^"]+)"/gm)].map(([, prefix]) => prefix);

const isCovered = (prefix) => rows.some((row) => prefix.startsWith(row));

/** What becomes of each kind of a list: `{ kind, prefixes?, rule?, missing?, why? }`. */
export function coverage(list) {
  return list.kinds.map(({ kind, prefixes, rule, 'left out': why }) => {
    const missing = (prefixes ?? []).filter((prefix) => !isCovered(prefix));
    return { kind, prefixes, rule, why, missing };
  });
}

function print(list) {
  const kinds = coverage(list);
  const covered = kinds.filter(({ prefixes, missing }) => prefixes && missing.length === 0);
  const ruled = kinds.filter(({ rule }) => rule);
  const named = list['behind a name only'];
  console.log(`${list.source} of ${list.date}, read ${list.read}: ${kinds.length + named.length} kinds`);
  console.log(`${covered.length} by ${rows.length} rows of the table, ${ruled.length} by other rules`);
  if (named.length > 0) {
    console.log(`${named.length} have no prefix and are found only behind a name that tells of a secret`);
  }
  for (const { kind, missing } of kinds.filter((each) => each.missing.length > 0)) {
    console.log(`MISSING ${kind}: ${missing.join(', ')}`);
  }
  for (const { kind, why } of kinds.filter((each) => each.why)) console.log(`left out: ${kind}: ${why}`);
}

if (process.argv[1] === here('key-formats.mjs').pathname) lists.forEach(print);
