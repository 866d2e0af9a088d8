// Finds the project root, the folder that holds `.claude/`, with the reason why it is that one, and the root's data folder.
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

/** In a bundle this file stands wherever the bundle does, and a bundle of a user's program is that program. */
function isThisPackage(folder) {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).name === '@obs/native';
  } catch {
    return false;
  }
}

function isInstalled(file) {
  return path.dirname(file).split(path.sep).includes('node_modules');
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
  const ours = (isInside(realPath(ourFolder), real) || isInside(ourFolder, typed)) && isThisPackage(ourFolder);
  // A test runner or a compiler below `node_modules` runs the user's files, but says nothing about where they stand.
  if (!ours) return [typed, real].filter((file) => !isInstalled(file)).map((file) => path.dirname(file));
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

// `$NAME`, `${NAME}` and `%NAME%`: a settings file was read by something that expands no variables.
const UNEXPANDED = /\$\{?\w|%\w+%/;

/** The folder that `OBS_PROJECT_ROOT` names: `{ root }`, or `{ fault }` in words; neither when it is not set. */
function namedRoot(value, home = require('node:os').homedir()) {
  if (!value) return {};
  const root = /^~[\\/]/.test(value) ? path.join(home, value.slice(2)) : value;
  if (path.isAbsolute(root) && !UNEXPANDED.test(root)) return { root: path.resolve(root) };
  const wanted = 'an absolute path, or one that begins with ~/, in which nothing is left to be expanded';
  return { fault: `OBS_PROJECT_ROOT must be ${wanted}, got ${JSON.stringify(value)}; ignored` };
}

/** The workspace of a tool file, `WS` of `WS/.claude/tools/NAME`, links not followed; `null` for a file elsewhere. */
function workspaceOf(toolFile) {
  const tools = path.dirname(toolFile);
  const isTool = path.basename(tools) === 'tools' && path.basename(path.dirname(tools)) === '.claude';
  return isTool ? path.dirname(path.dirname(tools)) : null;
}

/**
 * The project root and the reason it was chosen: `{ root, reason }`, `root` absolute, `reason` one of `'OBS_PROJECT_ROOT'`,
 * `'tool-file'` (`given.tool`, the workspace of the tool file through which the package was imported), `'CLAUDE_PROJECT_DIR'`,
 * `'main-script'`, `'working-directory'` (it or a folder above holds `.claude`) and `'fallback'` (the working directory for
 * want of a better one). `configure({ projectRoot })` comes before all of them and is not asked here. An `OBS_PROJECT_ROOT`
 * that cannot be used is passed over; `fault` then says why.
 *
 * @example
 * findProjectRoot(); // { root: '/home/me/app', reason: 'main-script' }
 */
function findProjectRoot(given = {}) {
  const { env = process.env, home } = given;
  const { root, fault } = namedRoot(env.OBS_PROJECT_ROOT, home);
  if (root !== undefined) return { root, reason: 'OBS_PROJECT_ROOT' };
  return fault === undefined ? foundRoot(env, given) : { ...foundRoot(env, given), fault };
}

/** What holds when `OBS_PROJECT_ROOT` names nothing. */
function foundRoot(env, { tool = null, cwd = workingDirectory(), home, script = mainScript() }) {
  if (tool !== null) return { root: tool, reason: 'tool-file' };
  if (env.CLAUDE_PROJECT_DIR) return { root: path.resolve(cwd, env.CLAUDE_PROJECT_DIR), reason: 'CLAUDE_PROJECT_DIR' };
  for (const folder of scriptFolders(script)) {
    const root = findAbove(folder, home);
    if (root) return { root, reason: 'main-script' };
  }
  const root = findAbove(cwd, home);
  return root ? { root, reason: 'working-directory' } : { root: path.resolve(cwd), reason: 'fallback' };
}

const USUAL = path.join('.claude', 'context');
const NEWER = path.join(USUAL, 'runtime');
const SINGLE = [
  path.join('logs', 'progress.jsonl'),
  path.join('analytics', 'cuj-metrics.jsonl'),
  path.join('analytics', 'provider-health.jsonl'),
  path.join('analytics', 'metrics-dashboard.json'),
  path.join('analytics', 'cuj-performance.json'),
];
const DAY_FILE = /^skill-invocations-\d{4}-\d{2}-\d{2}\.jsonl(\.gz)?$/;

function holdsData(folder) {
  if (SINGLE.some((name) => fs.existsSync(path.join(folder, name)))) return true;
  try {
    return fs.readdirSync(path.join(folder, 'logs')).some((name) => DAY_FILE.test(name));
  } catch {
    return false;
  }
}

/**
 * `{ folder, other }`: the data folder of `root`, absolute. `named` is what `configure({ dataDir })` or `OBS_DATA_DIR` says,
 * relative to the root or absolute. Else it is `.claude/context`, unless only `.claude/context/runtime` holds data files,
 * where newer workspaces of the original modules keep them; where both do, `other` is the one that is not used, else `null`.
 */
function findDataFolder(root, named) {
  if (named) return { folder: path.resolve(root, named), other: null };
  const [usual, newer] = [path.join(root, USUAL), path.join(root, NEWER)];
  // One look is enough in a workspace that has no such folder.
  if (!fs.existsSync(newer) || !holdsData(newer)) return { folder: usual, other: null };
  return holdsData(usual) ? { folder: usual, other: newer } : { folder: newer, other: null };
}

module.exports = { findDataFolder, findProjectRoot, workspaceOf };
