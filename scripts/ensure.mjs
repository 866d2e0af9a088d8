// Brings a fresh clone to the point where it runs: installs npm dependencies and builds the native addon if need be.
import { existsSync, readFileSync, readdirSync, realpathSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage, whyBuildPage } from './page.mjs';
import { programFile } from './program.mjs';
import { packageRoot, run, runNpm, secondsSince } from './run.mjs';

const OLDEST_NODE = 20;
const SOURCES = ['src', 'Cargo.toml', 'Cargo.lock', 'build.rs'];

/** What a newcomer can mend; the message is all that is shown, without a stack. */
class SetupError extends Error {}

const say = (text) => console.log(`[setup] ${text}`);

function checkNode() {
  const [major] = process.versions.node.split('.');
  if (Number(major) >= OLDEST_NODE) return;
  throw new SetupError(`Node ${process.versions.node} is too old: this package needs Node ${OLDEST_NODE} or newer.`);
}

function readLock(...parts) {
  try {
    return JSON.parse(readFileSync(path.join(packageRoot, ...parts), 'utf8')).packages;
  } catch {
    return null;
  }
}

// npm notes what it installed in a lock file of its own. Packages for other platforms are absent by design.
function whyInstall() {
  const installed = readLock('node_modules', '.package-lock.json');
  if (!installed) return 'they are not there yet';
  const wanted = Object.entries(readLock('package-lock.json') ?? {});
  const stale = wanted.find(
    ([name, entry]) => name !== '' && !entry.optional && installed[name]?.version !== entry.version,
  );
  return stale ? `${stale[0].replace(/^.*node_modules\//, '')} is not the version that package-lock.json names` : null;
}

async function ensureDependencies() {
  const why = whyInstall();
  if (!why) return false;
  const started = performance.now();
  say(`Installing the npm dependencies with "npm ci", because ${why}. They are needed to build and to test.`);
  const { code } = await runNpm(['ci', '--no-audit', '--no-fund']);
  if (code !== 0) throw new SetupError('"npm ci" failed; its own words stand above. Mend that, then run this again.');
  say(`The npm dependencies are installed (${secondsSince(started)}).`);
  return true;
}

function newest(file) {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(file).map((name) => newest(path.join(file, name))));
}

// A checkout that is shared with a container may hold addons for another system, or for another C library.
function addonFile() {
  const { glibcVersionRuntime } = process.report.getReport().header;
  const libc = process.platform === 'linux' ? (glibcVersionRuntime ? '-gnu' : '-musl') : '';
  const start = `obs-native.${process.platform}-${process.arch}${libc}`;
  return readdirSync(packageRoot).find((name) => name.startsWith(start) && name.endsWith('.node'));
}

function whyBuild() {
  const addon = addonFile();
  if (!addon || ![path.join(packageRoot, 'binding.js'), programFile()].every(existsSync)) return 'it is not there yet';
  const built = statSync(path.join(packageRoot, addon)).mtimeMs;
  const changed = SOURCES.find((name) => newest(path.join(packageRoot, name)) > built);
  return changed ? `${changed} has changed since it was built` : null;
}

function oldestRust() {
  return /^rust-version = "(.*)"/m.exec(readFileSync(path.join(packageRoot, 'Cargo.toml'), 'utf8'))[1];
}

const isOlder = (version, wanted) => version.localeCompare(wanted, 'en', { numeric: true }) < 0;

async function checkCargo() {
  const { code, output } = await run('cargo', ['--version'], { show: false });
  const wanted = oldestRust();
  if (code !== 0) {
    const where = 'Install Rust from https://rustup.rs, open a new terminal and run this again.';
    throw new SetupError(`The native addon has to be built, and that needs cargo, which was not found. ${where}`);
  }
  const [version] = /\d+\.\d+\.\d+/.exec(output) ?? [wanted];
  if (!isOlder(version, wanted)) return;
  throw new SetupError(`cargo ${version} is too old: Rust ${wanted} or newer is needed. "rustup update" brings it.`);
}

// A build that found nothing to compile may leave the old file with its old time; it is up to date all the same.
function markBuilt() {
  const addon = addonFile();
  if (!addon) throw new SetupError('The build ended well but left no addon for this platform.');
  const now = new Date();
  utimesSync(path.join(packageRoot, addon), now, now);
}

async function ensureAddon() {
  const why = whyBuild();
  if (!why) return false;
  await checkCargo();
  await ensureDependencies();
  const started = performance.now();
  say(`Building the native addon with "npm run build", because ${why}. The first time takes some minutes.`);
  const { code } = await runNpm(['run', 'build']);
  if (code !== 0) throw new SetupError('"npm run build" failed; the compiler\'s words stand above.');
  markBuilt();
  say(`The native addon is built (${secondsSince(started)}).`);
  return true;
}

/** The page goes with the addon: what can be asked can be looked at. */
async function ensurePage() {
  const why = whyBuildPage();
  if (!why) return false;
  await ensureDependencies();
  say(`Building the page, because ${why}.`);
  try {
    await buildPage();
  } catch (error) {
    throw new SetupError(`The page could not be built: ${error.message}`);
  }
  return true;
}

async function ensureParts({ dependencies, addon }) {
  checkNode();
  const installed = dependencies ? await ensureDependencies() : false;
  const built = addon ? [await ensureAddon(), await ensurePage()].includes(true) : false;
  const parts = [dependencies && 'the npm dependencies are installed', addon && 'the native addon is up to date'];
  if (!installed && !built) say(`Nothing to do: ${parts.filter(Boolean).join(', ')}.`);
}

/**
 * Makes sure that the parts asked for are there, and says what it does and why. What it cannot mend it explains on
 * stderr, and ends the process with the code 1.
 */
export async function ensure(parts = { dependencies: true, addon: true }) {
  try {
    await ensureParts(parts);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`[setup] ${error.message}`);
    process.exit(1);
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))) await ensure();
