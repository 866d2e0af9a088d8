// Builds the addon and the program for a Linux target with zig's linker: against an old C library, so that it also loads on older systems.
import path from 'node:path';
import { OLDEST_GLIBC } from './glibc.mjs';
import { PackError } from './packages.mjs';
import { PROGRAM_ARGS, programName } from './program.mjs';
import { packageRoot, run } from './run.mjs';

const HOSTS = { x64: 'x86_64-unknown-linux-gnu', arm64: 'aarch64-unknown-linux-gnu' };

/** Builds, and gives the paths of both, `{ binary, program }`; what the checkout itself loads stays as it is. */
export async function buildWithZig(target) {
  const found = await run('cargo-zigbuild', ['--version'], { show: false });
  if (found.code !== 0) {
    throw new PackError(
      'This build needs cargo-zigbuild and zig:  pip install cargo-zigbuild ziglang  brings both ' +
        '("cargo install cargo-zigbuild" the first of them).',
    );
  }
  const isGlibc = target.endsWith('-gnu');
  const output = path.join(packageRoot, 'target', 'portable');
  const wanted = isGlibc ? `${target}.${OLDEST_GLIBC}` : target;
  // Rust links musl statically unless told otherwise, and then makes no libraries that could be loaded.
  const env = isGlibc ? {} : { RUSTFLAGS: '-C target-feature=-crt-static' };
  const place = ['--locked', '--target', wanted, '--target-dir', output];
  for (const [what, more] of [
    [['--release', '--lib'], env],
    // A program need not load anything: on musl it holds all of it.
    [PROGRAM_ARGS, {}],
  ]) {
    const { code } = await run('cargo', ['zigbuild', ...what, ...place], { env: more });
    if (code !== 0) throw new PackError(`"cargo zigbuild" for ${wanted} failed; its own words stand above.`);
  }
  return {
    binary: path.join(output, target, 'release', 'libobs_native.so'),
    program: path.join(output, target, 'program', programName()),
  };
}

/** Builds for this machine's kind of system, as far back as we serve it. */
export async function buildPortable() {
  const target = HOSTS[process.arch];
  const { glibcVersionRuntime } = process.report.getReport().header;
  if (!target || !glibcVersionRuntime) throw new PackError('--portable is for Linux with glibc, on x64 or arm64.');
  return buildWithZig(target);
}
