// `node scripts/runtimes.mjs` installs Node 20, 22 and 24, Bun and Deno from npm, outside of the checkout, and runs the smoke suite in each.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packageRoot, run, runNpm } from './run.mjs';

const FOLDER = path.join(os.homedir(), '.cache', 'obs-native-tests', 'runtimes');
const place = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const suffix = process.platform === 'win32' ? '.exe' : '';
const installed = (...parts) => path.join(FOLDER, 'node_modules', ...parts) + suffix;
const DENO = { 'linux-x64': 'linux-x64-glibc', 'linux-arm64': 'linux-arm64-glibc' };

/** `[name, what npm is asked for, the program, arguments before the script]`; the packages hold the programs themselves. */
const RUNTIMES = [
  ...[20, 22, 24].map((version) => [
    `Node ${version}`,
    `node-${version}@npm:node-${place}@${version}`,
    installed(`node-${version}`, 'bin', 'node'),
    [],
  ]),
  ['Bun', `@oven/bun-${process.platform}-${process.arch === 'arm64' ? 'aarch64' : 'x64'}`, null, []],
  ['Deno', `@deno/${DENO[place] ?? `${process.platform}-${process.arch}`}`, null, ['run', '-A']],
].map(([name, spec, program, args]) => [
  name,
  spec,
  program ?? installed(...spec.split('/'), ...(name === 'Bun' ? ['bin', 'bun'] : ['deno'])),
  args,
]);

/** Brings what is missing; one that cannot be had is left out. */
async function install() {
  mkdirSync(FOLDER, { recursive: true });
  if (!existsSync(path.join(FOLDER, 'package.json'))) {
    writeFileSync(path.join(FOLDER, 'package.json'), '{"private":true}');
  }
  for (const [name, spec, program] of RUNTIMES) {
    if (existsSync(program)) continue;
    const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', spec];
    const { code, output } = await runNpm(args, { cwd: FOLDER, show: false });
    if (code !== 0) console.log(`${name} cannot be installed: ${output.trim().split('\n')[0]}`);
  }
}

/** `{ code, output }` of the smoke suite in one of them. */
export async function smoke([, , program, args]) {
  const root = mkdtempSync(path.join(os.tmpdir(), 'obs-runtime-'));
  mkdirSync(path.join(root, '.claude'));
  const script = path.join(packageRoot, '__test__', 'support', 'smoke.cjs');
  const env = { OBS_PROJECT_ROOT: root, OBS_DURABILITY: '', OBS_DISABLED: '', OBS_DATA_DIR: '', NODE_OPTIONS: '' };
  try {
    return await run(program, [...args, script], { show: false, env });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Those that are there. */
export const present = () => RUNTIMES.filter(([, , program]) => existsSync(program));

export const names = RUNTIMES.map(([name]) => name);

async function main() {
  await install();
  let failed = 0;
  for (const runtime of present()) {
    const { code, output } = await smoke(runtime);
    console.log(code === 0 ? output.trim() : `${runtime[0]}: FAILED\n${output}`);
    failed += code === 0 ? 0 : 1;
  }
  process.exitCode = failed > 0 ? 1 : 0;
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === import.meta.filename) await main();
