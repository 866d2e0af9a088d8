// Runs other programs for the project's scripts: with their output shown, kept or both, and with the time they took.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const packageRoot = fileURLToPath(new URL('..', import.meta.url));

/** The number of whole and tenths of seconds since `started` (a `performance.now()` value), as text: `12.3 s`. */
export function secondsSince(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

// rustup puts cargo here; a shell that was opened before the installation does not know the folder yet.
function searchPath() {
  const rustup = path.join(process.env.CARGO_HOME ?? path.join(os.homedir(), '.cargo'), 'bin');
  const known = (process.env.PATH ?? '').split(path.delimiter);
  return known.includes(rustup) || !existsSync(rustup) ? process.env.PATH : [...known, rustup].join(path.delimiter);
}

/**
 * Runs `command` in the package's root, or in `cwd`, without stdin. `show` passes its output on as it comes. Resolves to
 * `{ code, output }`; a program that cannot be started has the code 127 and the reason as its output.
 */
export function run(command, args, { show = true, env = {}, shell = false, cwd = packageRoot } = {}) {
  return new Promise((resolve) => {
    const options = { cwd, shell, stdio: ['ignore', 'pipe', 'pipe'] };
    const child = spawn(command, args, { ...options, env: { ...process.env, PATH: searchPath(), ...env } });
    let output = '';
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8');
      child[name].on('data', (text) => {
        output += text;
        if (show) process[name].write(text);
      });
    }
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code, signal) =>
      resolve({ code: code ?? 1, output: signal ? `${output}\n(${signal})` : output }),
    );
  });
}

/** Runs npm itself, also on Windows, where `npm` is a script that only a shell can start. */
export function runNpm(args, options) {
  const self = process.env.npm_execpath;
  // yarn and pnpm set the variable too, to themselves.
  if (self && path.basename(self) === 'npm-cli.js') return run(process.execPath, [self, ...args], options);
  return run('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** The path of a development tool's script below `node_modules`, to be run with `process.execPath`. */
export function tool(...parts) {
  return path.join(packageRoot, 'node_modules', ...parts);
}
