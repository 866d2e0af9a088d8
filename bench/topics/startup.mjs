// What it costs to load the package: `require('@obs/native')` beside an empty module, each in a fresh process; and its size.
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { inPackage, runNode } from '../children.mjs';
import { distance } from '../rounds.mjs';

export const title = 'Loading';

// Times the require alone: starting Node takes a hundred times as long and would drown it.
const TIMER = `
const started = process.hrtime.bigint();
require(process.argv[1]);
console.log(String(process.hrtime.bigint() - started));
`;

const requirer = (file) => ({ run: async () => Number(await runNode(['-e', TIMER, file])) });

// The addon as it is shipped: the release build is stripped.
function addonSize() {
  const name = readdirSync(inPackage('.')).find((file) => file.endsWith('.node'));
  return { what: `size of ${name}`, unit: 'MB', ours: statSync(inPackage(name)).size / 1e6, bar: 3, aim: 2 };
}

/** Resolves to the topic's rows. */
export async function run({ folder, quick }) {
  const empty = path.join(folder, 'empty.js');
  writeFileSync(empty, '');
  const main = createRequire(import.meta.url).resolve('@obs/native');
  const limits = { bar: 5e6, aim: 2e6 };
  const options = { ours: requirer(main), base: requirer(empty), rounds: quick ? 5 : 41, warmup: 1, ...limits };
  return [await distance("require('@obs/native') over an empty module", options), addonSize()];
}
