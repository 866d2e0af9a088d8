// Puts our hooks into a settings file of a workspace and takes them out again; what stood there before is kept beside it.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { PROGRAM, readSettings, withHooks, withoutHooks } = require('./hook-settings.js');

const LOCAL = 'settings.local.json';
const SHARED = 'settings.json';
const KEPT = '.before-obs';
const MARK = '\ufeff';
const BIN = path.join(__dirname, '..', 'bin', PROGRAM);
const INSTALLED = `node_modules/@obs/native/bin/${PROGRAM}`;

/** The program as a settings file names it: in one that others share it lies where a workspace has its packages. */
function programFor(root, shared) {
  const isThere = fs.existsSync(path.join(root, INSTALLED));
  // Claude Code puts the folder of the workspace in place of its variable.
  return shared || isThere ? `\${CLAUDE_PROJECT_DIR}/${INSTALLED}` : BIN;
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** A settings file as text without a byte order mark; one that is missing or blank holds an empty object. */
function settingsIn(text) {
  const own = (text ?? '').replace(MARK, '');
  return own.trim() === '' ? '{}\n' : own;
}

function edited(file, before, edit) {
  try {
    const mark = before?.startsWith(MARK) ? MARK : '';
    return mark + edit(settingsIn(before));
  } catch (error) {
    throw new Error(`${file} was left as it is: ${error.message}`, { cause: error });
  }
}

/**
 * What installing would do: `{ file, before, after }`, texts, `before` being `null` where there is no file yet. `shared` is
 * for `.claude/settings.json`, which a team commits.
 */
function planHooks(root, { shared = false } = {}) {
  const file = path.join(root, '.claude', shared ? SHARED : LOCAL);
  const before = read(file);
  const program = programFor(root, shared);
  const after = edited(file, before, (text) => withHooks(text, program));
  return { file, before, after: after === settingsIn(before) && before !== null ? before : after };
}

/** What taking them out would do in each of the two files that has them: `[{ file, before, after }]`, `null` for no file. */
function planRemoval(root) {
  return [LOCAL, SHARED].flatMap((name) => {
    const file = path.join(root, '.claude', name);
    const before = read(file);
    if (before === null || !before.includes(PROGRAM)) return [];
    const after = edited(file, before, withoutHooks);
    const kept = read(file + KEPT);
    if (kept !== null && sameSettings(kept, after)) return [{ file, before, after: kept }];
    const isEmpty = kept === null && Object.keys(readSettings(settingsIn(after))).length === 0;
    return after === before ? [] : [{ file, before, after: isEmpty ? null : after }];
  });
}

/** Whether two texts say the same, so that the older one is what stood there to the byte. */
function sameSettings(kept, after) {
  try {
    return meaningOf(kept) === meaningOf(after);
  } catch {
    return false;
  }
}

/** What settings say as text; lists of hooks that are empty go with ours, and say nothing. */
function meaningOf(text) {
  const { hooks = {}, ...settings } = readSettings(settingsIn(text));
  const full = Object.entries(hooks).filter(([, groups]) => !(Array.isArray(groups) && groups.length === 0));
  return JSON.stringify([settings, full]);
}

/** Carries out one of these; the file is there as it was or as it will be at any moment. */
function applyPlan({ file, before, after }, { keep = false } = {}) {
  if (before === after) return;
  const target = fs.existsSync(file) ? fs.realpathSync(file) : file;
  if (keep && before !== null && !before.includes(PROGRAM)) replace(file + KEPT, before, target);
  if (after === null) fs.rmSync(file);
  else replace(target, after, target);
  if (!keep) fs.rmSync(file + KEPT, { force: true });
}

function replace(target, text, like) {
  const fresh = `${target}.${process.pid}.new`;
  const mode = fs.statSync(like, { throwIfNoEntry: false })?.mode;
  fs.writeFileSync(fresh, text, { flag: 'wx' });
  if (mode !== undefined) fs.chmodSync(fresh, mode & 0o777);
  fs.renameSync(fresh, target);
}

/** The files of a workspace or of its user that switch hooks off. */
function switchedOff(root, home = require('node:os').homedir(), env = process.env) {
  const user = env.CLAUDE_CONFIG_DIR || path.join(home, '.claude');
  const files = [path.join(user, SHARED), ...[SHARED, LOCAL].map((name) => path.join(root, '.claude', name))];
  return files.filter((file) => {
    try {
      return readSettings(settingsIn(read(file))).disableAllHooks === true;
    } catch {
      return false;
    }
  });
}

module.exports = { applyPlan, planHooks, planRemoval, programFor, switchedOff };
