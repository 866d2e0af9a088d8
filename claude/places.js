// Where Claude Code keeps the transcripts of a workspace: the folder of its projects, and which of them are this one's.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { readText } = require('../lib/small-files.js');

const LONGEST = 200;

/** The folder in which each project has one, `~/.claude/projects` unless `CLAUDE_CONFIG_DIR` says otherwise. */
function projectsFolder(env = process.env) {
  return path.join(env.CLAUDE_CONFIG_DIR || path.join(os.homedir(), '.claude'), 'projects');
}

/**
 * The name that Claude Code gives to the folder of a project; of a long one only the beginning, behind which a hash follows.
 *
 * @example slugOf('/home/me/my app') // '-home-me-my-app'
 */
function slugOf(folder) {
  return folder.replace(/[^a-zA-Z0-9]/g, '-');
}

function isSlug(name, slug) {
  return slug.length <= LONGEST ? name === slug : name.startsWith(`${slug.slice(0, LONGEST)}-`);
}

/**
 * The folders of transcripts of a workspace and of all worktrees of its repository; with `all`, of every project.
 *
 * @example projectFolders('/home/me/app') // ['/home/me/.claude/projects/-home-me-app']
 */
function projectFolders(root, { all = false, env = process.env } = {}) {
  const projects = projectsFolder(env);
  if (all) return [projects];
  const slugs = [...new Set(worktreesOf(root).flatMap((folder) => [folder, realPath(folder)]))].map(slugOf);
  const named = env.CLAUDE_CODE_PROJECT_DIR_NAME;
  return namesIn(projects)
    .filter((name) => name === named || slugs.some((slug) => isSlug(name, slug)))
    .map((name) => path.join(projects, name));
}

/** The worktrees of the repository that `root` is one of, itself first, as git's own files name them. */
function worktreesOf(root) {
  const common = commonFolder(root);
  if (common === null) return [root];
  const main = path.basename(common) === '.git' ? [path.dirname(common)] : [];
  const others = namesIn(path.join(common, 'worktrees'))
    .map((name) => readLine(path.join(common, 'worktrees', name, 'gitdir')))
    .filter((file) => file !== null && path.isAbsolute(file))
    .map((file) => path.dirname(file));
  return [...new Set([root, ...main, ...others])];
}

/** The folder that all worktrees share; `null` where there is no repository. */
function commonFolder(root) {
  const place = path.join(root, '.git');
  const stat = fs.statSync(place, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return place;
  const named = stat?.isFile() ? /^gitdir: (.+)$/.exec(readLine(place) ?? '') : null;
  if (named === null) return null;
  const own = path.resolve(root, named[1]);
  const shared = readLine(path.join(own, 'commondir'));
  return shared === null ? null : path.resolve(own, shared);
}

function readLine(file) {
  try {
    return readText(file).split('\n', 1)[0].trim();
  } catch {
    return null;
  }
}

function namesIn(folder) {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

function realPath(file) {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}

module.exports = { projectFolders, projectsFolder, slugOf, worktreesOf };
