// `npm run pack`: makes tarballs of the main package and of this machine's platform package that can be installed elsewhere.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensure } from './ensure.mjs';
import { OLDEST_GLIBC, askedOfGlibc } from './glibc.mjs';
import { PackError, addonFile, makePackages } from './packages.mjs';
import { buildPortable } from './portable.mjs';
import { programFile } from './program.mjs';
import { packageRoot } from './run.mjs';

const USAGE = `Usage: npm run pack -- [--out FOLDER] [--portable] [--check]

  --out FOLDER  where the tarballs go (default: dist/)
  --portable    builds against glibc ${OLDEST_GLIBC}, so that older Linux systems can load it (needs cargo-zigbuild and zig)
  --check       then installs them with each package manager into a fresh workspace, records there and asks`;

function readOptions() {
  const boolean = { type: 'boolean', default: false };
  const options = { out: { type: 'string', default: 'dist' }, portable: boolean, check: boolean, help: boolean };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new PackError(`${error.message}\n${USAGE}`);
  }
}

function tellPackages(packages) {
  for (const { file, bytes } of packages) console.log(`[pack] ${file} (${(bytes / 1024).toFixed(0)} KiB)`);
  const quoted = packages.map(({ file }) => (/^[\w@%+=:,./-]+$/.test(file) ? file : JSON.stringify(file)));
  console.log(`[pack] In a workspace:  npm install --ignore-scripts ${quoted.join(' ')}`);
}

async function tellGlibc(binary) {
  if (process.platform !== 'linux') return true;
  const name = path.basename(binary);
  const { skipped, newest, tooNew } = await askedOfGlibc(binary);
  if (skipped) console.log(`[pack] Not checked which glibc ${name} needs: ${skipped}`);
  else console.log(`[pack] ${name} needs glibc ${newest ?? '(none)'} or newer.`);
  if (!tooNew?.length) return true;
  console.log(
    `[pack] Newer than ${OLDEST_GLIBC} is ${tooNew.join(', ')}: older systems cannot load it. See --portable.`,
  );
  return false;
}

async function check(packages, failedBefore) {
  const { checkPackages } = await import('./pack-check.mjs');
  const { passed, failed, skipped } = await checkPackages(packages);
  if (skipped) console.log(`[check] ${skipped} of the ways could not be tried here.`);
  console.log(`${passed} passed, ${failed + failedBefore} failed`);
  process.exitCode = failed + failedBefore > 0 ? 1 : 0;
}

async function main() {
  const options = readOptions();
  if (options.help) return console.log(USAGE);
  await ensure({ addon: true });
  const built = options.portable ? await buildPortable() : { binary: addonFile(), program: programFile() };
  const packages = await makePackages(path.resolve(packageRoot, options.out), built);
  tellPackages(packages);
  const runsOnOld = (await Promise.all(Object.values(built).map(tellGlibc))).every(Boolean);
  // A plain build is for this machine and its like; only one that was to be portable must be.
  const failed = options.portable && !runsOnOld ? 1 : 0;
  if (options.check) await check(packages, failed);
  else process.exitCode = failed;
  return undefined;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof PackError)) throw error;
  console.error(`[pack] ${error.message}`);
  process.exitCode = 1;
}
