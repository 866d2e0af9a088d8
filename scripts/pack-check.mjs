// Installs the tarballs of `npm run pack` into fresh workspaces, as users would, and records and asks in each.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { waysToInstall } from './pack-ways.mjs';
import { run, secondsSince } from './run.mjs';

/** Code that records and asks back, and throws if the answer is another; `name` is what it requires. */
export const asking = (name) => `const obs = require('${name}');
obs.logSkillInvocation({ skill: 'check', result: 'success' });
obs.recordCujExecution('CUJ-001', true, 5);
const found = [obs.getLogger().queryLogs().length, obs.getCujSuccessRate('CUJ-001').total];
if (found.join() !== '1,1') throw new Error('asked back: ' + found);`;

/** Keeps what package managers share between projects in `folder`, so that nothing is left behind and nothing helps. */
function sharedIn(folder) {
  const names = ['npm_config_cache', 'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'PNPM_HOME'];
  names.push('YARN_GLOBAL_FOLDER', 'YARN_CACHE_FOLDER', 'BUN_INSTALL', 'BUN_INSTALL_CACHE_DIR');
  const places = names.map((name) => [name, path.join(folder, name.toLowerCase())]);
  return {
    ...Object.fromEntries(places),
    // Without a network the reason is told at once, not after a minute of attempts.
    npm_config_fetch_retries: '0',
    // Where CI is set, yarn 4 refuses to write the lock file that a fresh workspace does not have.
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
  };
}

async function inWorkspace({ folder, env }, [command, ...args]) {
  const words = [command, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  return run('sh', ['-c', `cd '${folder}' && ${words}`], { show: false, env });
}

const FAILED = (why) => ({ result: 'FAILED', why: why.trimEnd() });

// The doctor may well find faults in an empty workspace; what counts is that it could be started and answers.
async function asksDoctor({ obs }, place) {
  const { output } = await inWorkspace(place, [...obs, 'doctor', '--json']);
  const answers = output.includes('"section"') && !output.includes('ERR_MODULE_NOT_FOUND');
  return answers ? { result: 'works' } : FAILED(`"${obs.at(-1)} doctor --json" says:\n${output}`);
}

async function records(way, place) {
  const { code, output } = await inWorkspace(place, [...way.node, '-e', asking('@obs/native')]);
  if (way.wanted === undefined) return code === 0 ? asksDoctor(way, place) : FAILED(output);
  return output.includes(way.wanted) ? { result: 'works' } : FAILED(`no "${way.wanted}" in:\n${output}`);
}

/** `{ result: 'works' | 'skipped' | 'FAILED', why }` of one way to install. */
async function tryWay(way, place) {
  mkdirSync(path.join(place.folder, '.claude'), { recursive: true });
  for (const [name, text] of Object.entries(way.files)) writeFileSync(path.join(place.folder, name), text);
  if (way.needs) {
    const { code, output } = await inWorkspace(place, [...way.needs, '--version']);
    if (code !== 0) return { result: 'skipped', why: `"${way.needs.join(' ')}": ${output.trim().split('\n')[0]}` };
  }
  for (const command of way.commands) {
    const { code, output } = await inWorkspace(place, command);
    if (code !== 0) return FAILED(output);
  }
  return records(way, place);
}

/** Tries every way with the packages that were made, and tells of each; how many passed, failed and were skipped. */
export async function checkPackages(packages) {
  const shop = mkdtempSync(path.join(os.tmpdir(), 'obs-pack-check-'));
  const env = sharedIn(path.join(shop, 'shared'));
  const counts = { works: 0, FAILED: 0, skipped: 0 };
  try {
    for (const [index, way] of waysToInstall(packages).entries()) {
      const started = performance.now();
      const { result, why } = await tryWay(way, { folder: path.join(shop, String(index)), env });
      const time = secondsSince(started).padStart(7);
      console.log(`[check] ${result.padEnd(7)} ${time}  ${way.name}${why ? `: ${why}` : ''}`);
      counts[result] += 1;
    }
  } finally {
    rmSync(shop, { recursive: true, force: true });
  }
  return { passed: counts.works, failed: counts.FAILED, skipped: counts.skipped };
}
