// Finds the project root, the folder that holds `.claude/`, and remembers why that folder was chosen.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

function isFolder(folder) {
  try {
    return fs.statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

function realPath(file) {
  try {
    return fs.realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}

function isInside(folder, file) {
  const way = path.relative(folder, file);
  return way === '' || (way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way));
}

/**
 * The nearest folder at or above `start` that holds a `.claude` folder, or `null`. The home folder's `.claude` belongs to
 * the agent itself, so home is taken only when the walk starts there.
 */
function findAbove(start, home) {
  for (let folder = path.resolve(start), parent; ; folder = parent) {
    const found = isFolder(path.join(folder, '.claude'));
    if (found && (folder === path.resolve(start) || !isHome(folder, home))) return folder;
    parent = path.dirname(folder);
    if (parent === folder) return null;
  }
}

/** `home` is asked for late: where the walk begins in the project itself it is not needed. */
function isHome(folder, home = require('node:os').homedir()) {
  return [path.resolve(home), realPath(home)].includes(folder);
}

/** The file Node was started with, as it was typed where that is known, or `null` (REPL, `node -e`: no script there). */
function mainScript() {
  const evaluated = process.execArgv.some((flag) => /^(-e|-p|-pe|--eval|--print)(=|$)/.test(flag));
  const typed = evaluated || !process.argv[1] ? null : process.argv[1];
  const main = require.main?.filename ?? null;
  // CommonJS names the main module by its real path, and test runners give every test file a main module of its own.
  return main === null || (typed !== null && realPath(typed) === realPath(main)) ? typed : main;
}

/**
 * The folders from which to look upwards for a main script. A script inside this package does not count, but a link to one
 * in a workspace's `.claude` does: there the place of the link is what the user means.
 */
function scriptFolders(script) {
  if (!script) return [];
  const typed = path.resolve(script);
  const real = realPath(typed);
  const ourFolder = path.join(__dirname, '..');
  const ours = isInside(realPath(ourFolder), real) || isInside(ourFolder, typed);
  if (!ours) return [path.dirname(typed), path.dirname(real)];
  const linked = typed !== real && !isInside(ourFolder, typed);
  return linked && typed.split(path.sep).includes('.claude') ? [path.dirname(typed)] : [];
}

function workingDirectory() {
  try {
    return process.cwd();
  } catch {
    return require('node:os').tmpdir(); // the working directory was removed under us; records must go somewhere
  }
}

/**
 * The project root and the reason it was chosen: `{ root, reason }`, `root` absolute, `reason` one of `'OBS_PROJECT_ROOT'`,
 * `'CLAUDE_PROJECT_DIR'`, `'main-script'`, `'working-directory'` (it or a folder above holds `.claude`) and `'fallback'`
 * (the working directory for want of a better one). `configure({ projectRoot })` comes before all of them and is not asked here.
 *
 * @example
 * findProjectRoot(); // { root: '/home/me/app', reason: 'main-script' }
 */
function findProjectRoot(given = {}) {
  const { env = process.env, cwd = workingDirectory(), home } = given;
  for (const name of ['OBS_PROJECT_ROOT', 'CLAUDE_PROJECT_DIR']) {
    if (env[name]) return { root: path.resolve(cwd, env[name]), reason: name };
  }
  const { script = mainScript() } = given;
  for (const folder of scriptFolders(script)) {
    const root = findAbove(folder, home);
    if (root) return { root, reason: 'main-script' };
  }
  const root = findAbove(cwd, home);
  return root ? { root, reason: 'working-directory' } : { root: path.resolve(cwd), reason: 'fallback' };
}

module.exports = { findProjectRoot };
