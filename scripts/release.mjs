// `npm run release`: publishes the platform packages, then the main one, when all that a release needs is there and agrees.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { askedOfGlibc } from './glibc.mjs';
import { PackError, makePackage, publishedManifest, stageMain, stagePlatform } from './packages.mjs';
import { isInChangelog, readRelease, releasedProgram, repositoryField } from './release-facts.mjs';
import { packageRoot, runNpm } from './run.mjs';

const USAGE = `Usage: npm run release -- [--binaries FOLDER] [--dry-run]

  --binaries FOLDER  where the compiled addons and programs of all targets are (default: the checkout)
  --dry-run          checks that versions and targets agree, and lists what would be published; publishes nothing`;

const PUBLISH = ['--provenance', '--access', 'public'];
const tarball = (name, version) => `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;

function readOptions() {
  const boolean = { type: 'boolean', default: false };
  const options = { binaries: { type: 'string', default: '.' }, 'dry-run': boolean, help: boolean };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new PackError(`${error.message}\n${USAGE}`);
  }
}

/** The packages in the order of publication: nobody may get a main package whose binaries are not there yet. */
function inOrder({ name, version, platforms }, binaries) {
  const more = repositoryField();
  const ofPlatforms = platforms.map(({ platform, manifest }) => {
    const binary = path.join(binaries, manifest.main);
    const program = path.join(binaries, releasedProgram(platform));
    const stage = (folder) => stagePlatform(folder, platform, { binary, program }, more);
    return { name: manifest.name, version: manifest.version, built: { binary, program }, stage };
  });
  return [...ofPlatforms, { name, version, stage: (folder) => stageMain(folder, more) }];
}

/** What keeps a file that was compiled from being published. */
async function faultsOf(name, what, file) {
  if (!existsSync(file)) return [`${name} has no ${what}: ${file} is not there.`];
  if (!/-gnu(\.node)?$/.test(file)) return [];
  const { skipped, tooNew = [] } = await askedOfGlibc(file);
  if (skipped) return [`It cannot be seen which glibc ${file} needs: ${skipped}`];
  return tooNew.length > 0 ? [`${file} needs glibc ${tooNew.join(', ')}: build it with release-build.mjs.`] : [];
}

/** What keeps the packages from being published now, though the checkout agrees with itself. */
async function missing({ version }, packages) {
  const reasons = [];
  for (const { name, built = {} } of packages) {
    for (const [what, file] of Object.entries(built)) reasons.push(...(await faultsOf(name, what, file)));
  }
  // Found out before the first package is published, not at the last.
  for (const name of publishedManifest().files) {
    if (!existsSync(path.join(packageRoot, name))) reasons.push(`${name} is missing: "npm run build" makes it.`);
  }
  if (!repositoryField().repository) {
    reasons.push('Provenance needs a repository: in package.json, or GITHUB_SERVER_URL and GITHUB_REPOSITORY.');
  }
  if (!isInChangelog(version)) reasons.push(`CHANGELOG.md has no "## [${version}] - DATE".`);
  return reasons;
}

function tell(release, packages, reasons) {
  console.log(`[release] ${release.name} ${release.version}: ${packages.length} packages, in this order:`);
  for (const [index, { name, version }] of packages.entries()) {
    console.log(`[release] ${index + 1}. ${name}@${version}`);
    console.log(`[release]    npm publish ${tarball(name, version)} ${PUBLISH.join(' ')}`);
  }
  for (const reason of reasons) console.log(`[release] Not yet ready: ${reason}`);
}

// A release that broke off is finished by running it again: what is published stays, because a version is given once.
async function publish({ name, version, stage }, out) {
  const { code, output } = await runNpm(['view', `${name}@${version}`, 'version'], { show: false });
  if (code === 0 && output.includes(version)) return console.log(`[release] ${name}@${version} is published already.`);
  const { file } = await makePackage(out, stage);
  const published = await runNpm(['publish', file, ...PUBLISH]);
  if (published.code === 0) return undefined;
  throw new PackError(`"npm publish" of ${name}@${version} failed; its words stand above. Mend it and run this again.`);
}

async function publishAll(packages) {
  const out = mkdtempSync(path.join(os.tmpdir(), 'obs-release-'));
  try {
    for (const each of packages) await publish(each, out);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

async function main() {
  const options = readOptions();
  if (options.help) return console.log(USAGE);
  const release = readRelease();
  if (release.faults.length > 0) throw new PackError(`Not released:\n  ${release.faults.join('\n  ')}`);
  const packages = inOrder(release, path.resolve(packageRoot, options.binaries));
  const reasons = await missing(release, packages);
  if (options['dry-run']) return tell(release, packages, reasons);
  if (reasons.length > 0) throw new PackError(`Not released:\n  ${reasons.join('\n  ')}`);
  return publishAll(packages);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof PackError)) throw error;
  console.error(`[release] ${error.message}`);
  process.exitCode = 1;
}
