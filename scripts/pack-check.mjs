// Installs the tarballs of `npm run pack` into fresh workspaces, as users would, and records and asks in each.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packageRoot, run } from './run.mjs';

const ASK = `const obs = require('@obs/native');
obs.logSkillInvocation({ skill: 'check', result: 'success' });
obs.recordCujExecution('CUJ-001', true, 5);
const found = [obs.getLogger().queryLogs().length, obs.getCujSuccessRate('CUJ-001').total];
if (found.join() !== '1,1') throw new Error('asked back: ' + found);`;

const QUIET = ['--no-audit', '--no-fund', '--ignore-scripts'];

/** Every way to install: a name, the commands that install in an empty workspace, and the error wanted, if one is. */
function ways([main, platform]) {
  const npm = (...args) => ['npm', 'install', ...QUIET, ...args];
  const pnpm = ['npm', 'exec', '--yes', 'pnpm@9', '--'];
  return [
    { name: 'npm, both tarballs', commands: [npm(main.file, platform.file)] },
    { name: 'npm, the checkout as a link', commands: [npm(packageRoot)] },
    { name: 'npm --install-links', commands: [npm('--install-links', packageRoot)] },
    {
      name: 'npm --omit=optional: its clear error',
      commands: [npm('--omit=optional', main.file)],
      wanted: `npm install ${platform.name}@${platform.version}`,
    },
    {
      name: 'pnpm, both tarballs',
      commands: [[...pnpm, 'add', main.file, platform.file]],
      needs: [...pnpm, '--version'],
    },
  ];
}

async function inWorkspace(folder, [command, ...args]) {
  const words = [command, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  return run('sh', ['-c', `cd '${folder}' && ${words}`], { show: false });
}

/** `{ result: 'works' | 'skipped' | 'FAILED', why }` of one way to install. */
async function tryWay({ commands, wanted, needs }, folder) {
  mkdirSync(path.join(folder, '.claude'), { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "name": "workspace", "private": true }\n');
  if (needs && (await inWorkspace(folder, needs)).code !== 0) {
    return { result: 'skipped', why: `no ${needs.join(' ')}` };
  }
  for (const command of commands) {
    const { code, output } = await inWorkspace(folder, command);
    if (code !== 0) return { result: 'FAILED', why: output.trimEnd() };
  }
  const { code, output } = await inWorkspace(folder, ['node', '-e', ASK]);
  if (wanted === undefined) return code === 0 ? { result: 'works' } : { result: 'FAILED', why: output.trimEnd() };
  return output.includes(wanted) ? { result: 'works' } : { result: 'FAILED', why: `no "${wanted}" in:\n${output}` };
}

/** Tries every way with the packages that were made, and tells of each; whether none failed. */
export async function checkPackages(packages) {
  const shop = mkdtempSync(path.join(os.tmpdir(), 'obs-pack-check-'));
  let failed = 0;
  try {
    for (const [index, way] of ways(packages).entries()) {
      const { result, why } = await tryWay(way, path.join(shop, String(index)));
      console.log(`[check] ${result.padEnd(7)}  ${way.name}${why ? `: ${why}` : ''}`);
      failed += result === 'FAILED' ? 1 : 0;
    }
  } finally {
    rmSync(shop, { recursive: true, force: true });
  }
  return failed === 0;
}
