// Tests the addon that release-build.mjs left for a target: all tests where it runs on this machine, musl in a container.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { asking } from './pack-check.mjs';
import { PackError, addonFile } from './packages.mjs';
import { platformOf, readTarget } from './release-facts.mjs';
import { packageRoot, run, runNpm } from './run.mjs';

const { platformName } = createRequire(import.meta.url)('../lib/addon.js');

// The tests need the development tools and a compiler; that it loads, records and answers is what musl could change.
function inAlpine() {
  const workspace = '/tmp/workspace';
  const mounts = ['--volume', `${packageRoot}:/checkout:ro`, '--env', `OBS_PROJECT_ROOT=${workspace}`];
  const code = `require('node:fs').mkdirSync('${workspace}/.claude', { recursive: true });\n${asking('/checkout')}`;
  return run('docker', ['run', '--rm', ...mounts, 'node:20-alpine', 'node', '-e', code]);
}

function test(platform) {
  if (platform.endsWith('-musl')) return inAlpine();
  if (platform === platformName()) return runNpm(['test']);
  return { code: 1 };
}

async function main() {
  const platform = platformOf(readTarget('release-test.mjs'));
  if (!existsSync(addonFile(platform))) {
    throw new PackError(`${addonFile(platform)} is not there. "node scripts/release-build.mjs TARGET" makes it.`);
  }
  const { code } = await test(platform);
  if (code !== 0) throw new PackError(`${platform} was not shown to work on this machine, ${platformName()}.`);
  console.log(`[test] ${platform} works.`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof PackError)) throw error;
  console.error(`[test] ${error.message}`);
  process.exitCode = 1;
}
