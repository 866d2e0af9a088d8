// Runs other processes for the benchmark: whole Node scripts, the project's command lines, and what memory they took.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { addonFile, stageMain } from '../scripts/packages.mjs';

/** Absolute path of a file of the package. */
export const inPackage = (...parts) => fileURLToPath(new URL(path.posix.join('..', ...parts), import.meta.url));

/** Absolute path of a script in `bench/children/`. */
export const childScript = (name) => inPackage('bench', 'children', name);

/** Runs a Node script to its end and resolves to what it printed; a failing one rejects with its complaint. */
export function runNode(args, { env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => (texts[name] += text));
    }
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(texts.stdout) : reject(new Error(texts.stderr || `exit ${code}`)),
    );
  });
}

/** A contestant that runs `node tools/TOOL.mjs …` in `root`; `words()` gives each turn's arguments. */
export function toolRunner(root, tool, words, { prepare } = {}) {
  const file = inPackage('tools', `${tool}.mjs`);
  return { prepare, run: () => runNode([file, ...words().map(String)], { env: { OBS_PROJECT_ROOT: root } }) };
}

/** A contestant that runs the `obs` command in `root`, of the package as it is published, which is made in `folder`. */
export function obsRunner(folder, root, words) {
  const home = mkdtempSync(path.join(folder, 'package-'));
  stageMain(home);
  copyFileSync(addonFile(), path.join(home, path.basename(addonFile())));
  return { run: () => runNode([path.join(home, 'bin', 'obs.js'), ...words, '--root', root]) };
}

/** The smallest Node process: what whole processes are measured against. */
export const BARE_NODE = { run: () => runNode(['-e', '0']) };

/** Runs a Node script like `runNode` and resolves to the most memory it had at once, in MiB. */
export async function peakMemory(args, options) {
  const text = await runNode(['--require', childScript('peak-memory.cjs'), ...args], options);
  return Number(text.slice(text.lastIndexOf('\0') + 1)) / 1024;
}

/** Source text to be given to `node --import`: the clock stands still at `now`, so that two programs ask about the same window. */
export const frozenAt = (now) => `data:text/javascript,Date.now=()=>${now}`;
