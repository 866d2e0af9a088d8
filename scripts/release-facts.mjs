// Reads from a checkout what a release must agree on (versions, targets, changelog), and says what does not.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PackError, platformPackages, readManifest } from './packages.mjs';
import { programName } from './program.mjs';
import { packageRoot } from './run.mjs';

const SYSTEMS = { linux: 'linux', darwin: 'darwin', windows: 'win32' };
const MACHINES = { x86_64: 'x64', aarch64: 'arm64' };

/** `linux-x64-gnu` of `x86_64-unknown-linux-gnu`: the name of a Rust target in our files and packages. */
export function platformOf(target) {
  const [machine, , system, abi] = target.split('-');
  return [SYSTEMS[system], MACHINES[machine], abi].filter(Boolean).join('-');
}

/** What the program of a platform is called among those of all. */
export const releasedProgram = (platform) => programName(platform).replace('obs-hook', `obs-hook.${platform}`);

/** Where the addons and programs that are to be published are left, and nothing else is. */
export const RELEASE_BINARIES = path.join(packageRoot, 'target', 'release-binaries');

/** The target in the arguments of `script`. */
export function readTarget(script) {
  const { targets } = readManifest(packageRoot).napi;
  const target = process.argv[2];
  if (targets.includes(target)) return target;
  throw new PackError(`Usage: node scripts/${script} TARGET\n\n  TARGET  one of ${targets.join(', ')}`);
}

const read = (...parts) => readFileSync(path.join(packageRoot, ...parts), 'utf8');
const firstMatch = (text, pattern) => pattern.exec(text)?.[1] ?? '(none)';

/** Every place that names the version, with the one it names. */
function versions(platforms) {
  const lock = JSON.parse(read('package-lock.json'));
  return [
    ['package-lock.json', lock.version],
    ['package-lock.json, packages[""]', lock.packages?.['']?.version],
    ['Cargo.toml', firstMatch(read('Cargo.toml'), /^\[package\][^[]*?^version = "(.*)"/m)],
    ['Cargo.lock', firstMatch(read('Cargo.lock'), /^name = "obs-native"\nversion = "(.*)"/m)],
    ...platforms.map(({ platform, manifest }) => [`npm/${platform}/package.json`, manifest.version]),
  ];
}

/** The release as the checkout describes it: `{ name, version, platforms, faults }`; with faults there must be none. */
export function readRelease(env = process.env) {
  const main = readManifest(packageRoot);
  const platforms = platformPackages();
  const wanted = main.napi.targets.map(platformOf);
  const folders = platforms.map(({ platform }) => platform);
  const faults = versions(platforms)
    .filter(([, version]) => version !== main.version)
    .map(([place, version]) => `${place} says version ${version}, package.json says ${main.version}.`);
  for (const [index, platform] of wanted.entries()) {
    if (folders.includes(platform)) continue;
    faults.push(`package.json#napi.targets names ${main.napi.targets[index]}, but there is no npm/${platform}.`);
  }
  for (const folder of folders.filter((each) => !wanted.includes(each))) {
    faults.push(`There is npm/${folder}, but package.json#napi.targets names no target for it.`);
  }
  if (env.GITHUB_REF_TYPE === 'tag' && env.GITHUB_REF_NAME !== `v${main.version}`) {
    faults.push(`The tag is ${env.GITHUB_REF_NAME}, but package.json says version ${main.version}: v${main.version}.`);
  }
  return { name: main.name, version: main.version, platforms, faults };
}

/** The field that provenance is checked against: of package.json, or else of the repository that the workflow runs in. */
export function repositoryField(env = process.env) {
  const { repository } = readManifest(packageRoot);
  if (repository) return { repository };
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = env;
  return server && name ? { repository: { type: 'git', url: `git+${server}/${name}.git` } } : {};
}

/** Whether CHANGELOG.md has a section for `version` with a date. */
export function isInChangelog(version) {
  if (!existsSync(path.join(packageRoot, 'CHANGELOG.md'))) return false;
  return read('CHANGELOG.md').includes(`\n## [${version}] - 20`);
}
