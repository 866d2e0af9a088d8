// Builds the addon of a Linux machine against an old C library, with zig's linker, so that it also loads on older systems.
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { OLDEST_GLIBC } from './glibc.mjs';
import { PackError, addonFile } from './packages.mjs';
import { packageRoot, run } from './run.mjs';

const TARGETS = { x64: 'x86_64-unknown-linux-gnu', arm64: 'aarch64-unknown-linux-gnu' };

/** Builds, and gives the path of the binary in dist/; what the checkout itself loads stays as it is. */
export async function buildPortable() {
  const target = TARGETS[process.arch];
  const { glibcVersionRuntime } = process.report.getReport().header;
  if (!target || !glibcVersionRuntime) throw new PackError('--portable is for Linux with glibc, on x64 or arm64.');
  const found = await run('cargo-zigbuild', ['--version'], { show: false });
  if (found.code !== 0) {
    throw new PackError('--portable needs cargo-zigbuild and zig:  pip install cargo-zigbuild ziglang  brings both.');
  }
  const output = path.join(packageRoot, 'target', 'portable');
  const args = ['zigbuild', '--release', '--lib', '--target', `${target}.${OLDEST_GLIBC}`, '--target-dir', output];
  const { code } = await run('cargo', args);
  if (code !== 0) throw new PackError('"cargo zigbuild" failed; its own words stand above.');
  const binary = path.join(packageRoot, 'dist', path.basename(addonFile()));
  mkdirSync(path.dirname(binary), { recursive: true });
  copyFileSync(path.join(output, target, 'release', 'libobs_native.so'), binary);
  return binary;
}
