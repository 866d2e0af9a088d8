// Makes the packages that are published from a checkout: the main one, and the one of this machine's platform, as tarballs.
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { joinedBin } from './joined-bin.mjs';
import { programFile, programName } from './program.mjs';
import { packageRoot, runNpm } from './run.mjs';

const { platformName } = createRequire(import.meta.url)('../lib/addon.js');

/** What stops a package from being made; the message is all that is shown. */
export class PackError extends Error {}

export const readManifest = (folder) => JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
const writeManifest = (folder, manifest) =>
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);

/** The folders in npm/, by platform, with their manifests. */
export function platformPackages(root = packageRoot) {
  const folders = readdirSync(path.join(root, 'npm')).sort();
  return folders.map((platform) => {
    const folder = path.join(root, 'npm', platform);
    return { platform, folder, manifest: readManifest(folder) };
  });
}

export const addonFile = (platform = platformName()) => path.join(packageRoot, `obs-native.${platform}.node`);

/**
 * The manifest that is published: it names the platform packages, and nothing that only a checkout can use. The one in
 * git cannot name them, because `npm ci` fails on packages that are not published yet.
 */
export function publishedManifest(root = packageRoot) {
  const kept = readManifest(root);
  for (const name of ['private', 'scripts', 'devDependencies']) delete kept[name];
  const named = platformPackages(root).map(({ manifest }) => [manifest.name, kept.version]);
  const files = kept.files.filter((name) => !name.endsWith('.node'));
  return { ...kept, files, optionalDependencies: Object.fromEntries(named) };
}

/** Puts what the main package holds into `folder`; `more` is added to its manifest. */
export function stageMain(folder, more = {}) {
  const manifest = publishedManifest();
  for (const name of [...manifest.files, 'README.md', 'LICENSE']) {
    const source = path.join(packageRoot, name);
    if (!existsSync(source)) {
      throw new PackError(`${source} is missing, which the package lists. "npm run build" makes it.`);
    }
    cpSync(source, path.join(folder, name), { recursive: true });
  }
  writeFileSync(path.join(folder, 'bin', 'obs.js'), joinedBin());
  writeManifest(folder, { ...manifest, ...more });
}

/** Puts what the package of `platform` holds into `folder`, with `binary`, the compiled addon, and `program`, `obs-hook`. */
export function stagePlatform(folder, platform, { binary, program }, more = {}) {
  const found = platformPackages().find((each) => each.platform === platform);
  if (!found) throw new PackError(`There is no package for ${platform} in npm/; it cannot be made on this machine.`);
  writeManifest(folder, { ...found.manifest, ...more });
  if (!existsSync(program)) throw new PackError(`${program} is missing. "npm run build" makes it.`);
  copyFileSync(binary, path.join(folder, found.manifest.main));
  const place = path.join(folder, programName(platform));
  copyFileSync(program, place);
  // What carried it here may have lost that it can be run.
  chmodSync(place, 0o755);
  copyFileSync(path.join(packageRoot, 'LICENSE'), path.join(folder, 'LICENSE'));
}

async function packFolder(folder, out) {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', out, folder];
  const { code, output } = await runNpm(args, { show: false });
  if (code !== 0) throw new PackError(`"npm pack" of ${folder} failed:\n${output.trimEnd()}`);
  const { name, version } = readManifest(folder);
  const file = path.join(out, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  return { name, version, file, bytes: statSync(file).size };
}

/** Leaves the tarball of what `stage(folder)` puts together in `out`, and tells of it. */
export async function makePackage(out, stage) {
  const staging = mkdtempSync(path.join(os.tmpdir(), 'obs-pack-'));
  try {
    stage(staging);
    return await packFolder(staging, out);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/**
 * Leaves the two tarballs in `out`, in place of earlier ones, and tells of them: the main package, then the platform's
 * with the compiled addon and program.
 */
export async function makePackages(out, { binary = addonFile(), program = programFile() } = {}) {
  mkdirSync(out, { recursive: true });
  for (const name of readdirSync(out)) if (/^obs-native-.*\.tgz$/.test(name)) rmSync(path.join(out, name));
  const main = await makePackage(out, (folder) => stageMain(folder));
  return [main, await makePackage(out, (folder) => stagePlatform(folder, platformName(), { binary, program }))];
}
