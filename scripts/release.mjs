// Publishes every package of a version, the platforms' first; with `--dry-run` it only says what it would do.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PackError, clearTarballs, makeMain, makePlatform, platformPackages, readManifest } from './packages.mjs';
import { packageRoot, runNpm } from './run.mjs';

const USAGE = `Usage: node scripts/release.mjs [--dry-run] [--binaries FOLDER] [--tag vX.Y.Z]

  --dry-run          says what would be published, in which order, and what is missing
  --binaries FOLDER  where the compiled addons lie, obs-native.PLATFORM.node (default: the checkout)
  --tag vX.Y.Z       the tag that is being released; it has to name the version`;

// The name that a compiler's target has in our packages.
const PLATFORMS = {
  'x86_64-unknown-linux-gnu': 'linux-x64-gnu',
  'aarch64-unknown-linux-gnu': 'linux-arm64-gnu',
  'x86_64-unknown-linux-musl': 'linux-x64-musl',
  'aarch64-unknown-linux-musl': 'linux-arm64-musl',
  'x86_64-apple-darwin': 'darwin-x64',
  'aarch64-apple-darwin': 'darwin-arm64',
  'x86_64-pc-windows-msvc': 'win32-x64-msvc',
  'aarch64-pc-windows-msvc': 'win32-arm64-msvc',
};

/** What does not fit together in the checkout at `root`, in words; empty when it can be released. */
export function disagreements(root = packageRoot, tag = undefined) {
  const { version, napi } = readManifest(root);
  const faults = [];
  const [, cargo] = /^version = "(.*)"/m.exec(readFileSync(path.join(root, 'Cargo.toml'), 'utf8')) ?? [];
  if (cargo !== version) faults.push(`Cargo.toml has the version ${cargo}, package.json ${version}`);
  const packages = platformPackages(root);
  for (const { platform, manifest } of packages) {
    if (manifest.version !== version) {
      faults.push(`npm/${platform} has the version ${manifest.version}, not ${version}`);
    }
  }
  const built = napi.targets.map((target) => PLATFORMS[target] ?? target).sort();
  const named = packages.map(({ platform }) => platform).sort();
  if (built.join() !== named.join()) {
    faults.push(`package.json builds ${built.join(', ')}, npm/ has ${named.join(', ')}`);
  }
  if (tag !== undefined && tag !== `v${version}`) faults.push(`the tag is ${tag}, the version ${version}`);
  return faults;
}

/** What is published, in order: no package may name another that is not there yet. */
export function plan(binaries, root = packageRoot) {
  const platforms = platformPackages(root).map(({ platform, manifest }) => {
    const binary = path.join(binaries, manifest.main);
    return { name: manifest.name, platform, binary, missing: !existsSync(binary) };
  });
  return [...platforms, { name: readManifest(root).name, platform: null, binary: null, missing: false }];
}

const publishArguments = (file) => ['publish', file, '--provenance', '--access', 'public'];

async function publish({ name, platform, binary }, out) {
  const { file } = platform === null ? await makeMain(out) : await makePlatform(out, platform, binary);
  const { code } = await runNpm(publishArguments(file));
  if (code !== 0) throw new PackError(`"npm publish" of ${name} failed; those before it are published.`);
}

async function main() {
  const text = { type: 'string' };
  const options = { 'dry-run': { type: 'boolean' }, binaries: { ...text, default: packageRoot }, tag: text };
  const { 'dry-run': dryRun, binaries, tag } = parseArgs({ options }).values;
  const steps = plan(path.resolve(binaries));
  const missing = steps.filter((step) => step.missing).map(({ name, binary }) => `${name}: there is no ${binary}`);
  const faults = [...disagreements(packageRoot, tag), ...(dryRun ? [] : missing)];
  if (faults.length > 0) throw new PackError(faults.map((fault) => `- ${fault}`).join('\n'));
  const out = path.join(packageRoot, 'dist');
  if (!dryRun) clearTarballs(out);
  for (const step of steps) {
    const state = step.missing ? '  (no binary here)' : '';
    console.log(
      `[release] npm ${publishArguments(`${step.name}@${readManifest(packageRoot).version}`).join(' ')}${state}`,
    );
    if (!dryRun) await publish(step, out);
  }
  if (dryRun) console.log(`[release] Dry run: nothing was published. ${missing.length} binaries are missing here.`);
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof PackError) && !String(error.code).startsWith('ERR_PARSE_ARGS')) throw error;
    console.error(`[release] ${error.message}${error instanceof PackError ? '' : `\n${USAGE}`}`);
    process.exitCode = 1;
  }
}
