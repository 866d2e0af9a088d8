// Builds `obs-hook`, the program without Node, and leaves it beside the addon in the checkout.
import { copyFileSync, existsSync, realpathSync, renameSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot, run } from './run.mjs';

/** What cargo is told beside the target: the program's own profile and features, among which Node's is not. */
export const PROGRAM_ARGS = [
  '--bin',
  'obs-hook',
  '--profile',
  'program',
  '--no-default-features',
  '--features',
  'program',
];

/** The program's name on a platform such as `win32-x64-msvc`; by default on this machine. */
export const programName = (platform = process.platform) =>
  platform.startsWith('win32') ? 'obs-hook.exe' : 'obs-hook';

/** Where the checkout has it. */
export const programFile = (platform) => path.join(packageRoot, programName(platform));

/** Puts a program that was built in the place of an older one, which may be running. */
export function placeProgram(built, place = programFile()) {
  copyFileSync(built, `${place}.new`);
  renameSync(`${place}.new`, place);
}

async function main() {
  const { code } = await run('cargo', ['build', ...PROGRAM_ARGS]);
  if (code !== 0) {
    console.error('[build] "cargo build" of obs-hook failed; its own words stand above.');
    process.exitCode = 1;
    return;
  }
  const target = process.env.CARGO_TARGET_DIR ?? path.join(packageRoot, 'target');
  placeProgram(path.resolve(packageRoot, target, 'program', programName()));
}

/** Whether this file is what was started; the first argument of an evaluated script is no file. */
function isStarted() {
  const started = process.argv[1] ?? '';
  return existsSync(started) && realpathSync(started) === realpathSync(fileURLToPath(import.meta.url));
}

if (isStarted()) await main();
