// Builds the addon of one target of package.json#napi.targets as it is published, and leaves it in the checkout and in target/release-binaries/.
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { ensure } from './ensure.mjs';
import { askedOfGlibc } from './glibc.mjs';
import { PackError, addonFile } from './packages.mjs';
import { buildWithZig } from './portable.mjs';
import { RELEASE_BINARIES, platformOf, readTarget } from './release-facts.mjs';
import { packageRoot, run } from './run.mjs';

const LIBRARY = { darwin: 'libobs_native.dylib', win32: 'obs_native.dll' };

// Without rustup it may be there all the same; if not, cargo says so.
async function addTarget(target) {
  const { code, output } = await run('rustup', ['target', 'add', target], { show: false });
  if (code !== 0) console.log(`[build] "rustup target add ${target}" failed: ${output.trim().split('\n').at(-1)}`);
}

async function buildWithCargo(target) {
  const output = path.join(packageRoot, 'target', 'release-builds');
  const args = ['build', '--release', '--lib', '--locked', '--target', target, '--target-dir', output];
  const { code } = await run('cargo', args);
  if (code !== 0) throw new PackError(`"cargo build" for ${target} failed; its own words stand above.`);
  return path.join(output, target, 'release', LIBRARY[platformOf(target).split('-')[0]]);
}

async function main() {
  const target = readTarget('release-build.mjs');
  // Makes binding.js too; where the target is this machine's, its addon is replaced below by the one to be published.
  await ensure();
  await addTarget(target);
  const built = target.includes('-linux-') ? await buildWithZig(target) : await buildWithCargo(target);
  if (target.endsWith('-linux-gnu')) {
    const { skipped, tooNew } = await askedOfGlibc(built);
    if (skipped || tooNew.length > 0) throw new PackError(`${built} is not for old systems: ${skipped ?? tooNew}`);
  }
  const addon = addonFile(platformOf(target));
  mkdirSync(RELEASE_BINARIES, { recursive: true });
  for (const place of [addon, path.join(RELEASE_BINARIES, path.basename(addon))]) {
    copyFileSync(built, place);
    console.log(`[build] ${place}`);
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof PackError)) throw error;
  console.error(`[build] ${error.message}`);
  process.exitCode = 1;
}
