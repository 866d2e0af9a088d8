// Builds the addon and the program of one target of package.json#napi.targets as they are published, and leaves them in the checkout and in target/release-binaries/.
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { ensure } from './ensure.mjs';
import { askedOfGlibc } from './glibc.mjs';
import { PackError, addonFile } from './packages.mjs';
import { buildWithZig } from './portable.mjs';
import { PROGRAM_ARGS, placeProgram, programFile, programName } from './program.mjs';
import { RELEASE_BINARIES, platformOf, readTarget, releasedProgram } from './release-facts.mjs';
import { packageRoot, run } from './run.mjs';

const LIBRARY = { darwin: 'libobs_native.dylib', win32: 'obs_native.dll' };

// Without rustup it may be there all the same; if not, cargo says so.
async function addTarget(target) {
  const { code, output } = await run('rustup', ['target', 'add', target], { show: false });
  if (code !== 0) console.log(`[build] "rustup target add ${target}" failed: ${output.trim().split('\n').at(-1)}`);
}

async function buildWithCargo(target) {
  const output = path.join(packageRoot, 'target', 'release-builds');
  const place = ['--locked', '--target', target, '--target-dir', output];
  for (const what of [['--release', '--lib'], PROGRAM_ARGS]) {
    const { code } = await run('cargo', ['build', ...what, ...place]);
    if (code !== 0) throw new PackError(`"cargo build" for ${target} failed; its own words stand above.`);
  }
  const platform = platformOf(target);
  return {
    binary: path.join(output, target, 'release', LIBRARY[platform.split('-')[0]]),
    program: path.join(output, target, 'program', programName(platform)),
  };
}

async function main() {
  const target = readTarget('release-build.mjs');
  // Makes binding.js too; where the target is this machine's, its addon is replaced below by the one to be published.
  await ensure();
  await addTarget(target);
  const built = target.includes('-linux-') ? await buildWithZig(target) : await buildWithCargo(target);
  for (const file of target.endsWith('-linux-gnu') ? Object.values(built) : []) {
    const { skipped, tooNew } = await askedOfGlibc(file);
    if (skipped || tooNew.length > 0) throw new PackError(`${file} is not for old systems: ${skipped ?? tooNew}`);
  }
  leave(platformOf(target), built);
}

/** Both in the checkout, and under names that tell their platform among what is to be published. */
function leave(platform, { binary, program }) {
  const addon = addonFile(platform);
  mkdirSync(RELEASE_BINARIES, { recursive: true });
  placeProgram(program, programFile(platform));
  for (const [built, place] of [
    [binary, addon],
    [binary, path.join(RELEASE_BINARIES, path.basename(addon))],
    [program, path.join(RELEASE_BINARIES, releasedProgram(platform))],
  ]) {
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
