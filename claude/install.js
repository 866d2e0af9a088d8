// Puts our hooks and our status line into a settings file of a workspace and takes them out again; what stood there before is
// kept beside it.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { readSettings, withHooks, withoutHooks } = require('./hook-settings.js');
const { PROJECT, callFor } = require('./program.js');
const { withStatusLine, withoutStatusLine } = require('./status-settings.js');
const { readText } = require('../lib/small-files.js');

const LOCAL = 'settings.local.json';
const SHARED = 'settings.json';
const KEPT = '.before-obs';
const MARK = '\ufeff';
const PROGRAM = 'obs-hook';

function read(file) {
  try {
    return readText(file);
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

/** The status line that holds in a workspace where its own file of this machine has none. */
function inheritedLine(root, env = process.env) {
  for (const file of [path.join(root, '.claude', SHARED), path.join(userFolder(env), SHARED)]) {
    try {
      const { statusLine } = readSettings(settingsIn(read(file)));
      if (statusLine !== undefined) return statusLine;
    } catch {
      // What cannot be read holds nowhere.
    }
  }
  return undefined;
}

/**
 * What installing would do: `{ file, before, after, call, line }`, texts, `before` being `null` where there is no file yet.
 * `shared` is for `.claude/settings.json`, which a team commits: it has no status line, which is each one's own. `line` tells
 * of that, `{ kept }` or `{ left }` as `withStatusLine` gives it, else `null`; `call` is what is called.
 */
function planHooks(root, { shared = false } = {}) {
  const file = path.join(root, '.claude', shared ? SHARED : LOCAL);
  const before = read(file);
  const call = callFor(root, shared);
  let line = null;
  const after = edited(file, before, (text) => {
    const hooked = withHooks(text, call);
    if (shared) return hooked;
    // No variables are replaced in it.
    const command = call.command.replace(PROJECT, root);
    const args = call.args.map((word) => word.replace(PROJECT, root));
    line = withStatusLine(hooked, { command, args }, inheritedLine(root));
    return line.text;
  });
  return { file, before, after: after === settingsIn(before) && before !== null ? before : after, call, line };
}

/** What taking them out would do in each of the two files that has them: `[{ file, before, after }]`, `null` for no file. */
function planRemoval(root) {
  return [LOCAL, SHARED].flatMap((name) => {
    const file = path.join(root, '.claude', name);
    const before = read(file);
    if (before === null || !before.includes(PROGRAM)) return [];
    const kept = read(file + KEPT);
    const from = { hadNone: !hasLine(kept), inherited: inheritedLine(root) };
    const after = edited(file, before, (text) => withoutStatusLine(withoutHooks(text), from));
    if (kept !== null && sameSettings(kept, after)) return [{ file, before, after: kept }];
    const isEmpty = kept === null && Object.keys(readSettings(settingsIn(after))).length === 0;
    return after === before ? [] : [{ file, before, after: isEmpty ? null : after }];
  });
}

function hasLine(text) {
  try {
    return readSettings(settingsIn(text)).statusLine !== undefined;
  } catch {
    return false;
  }
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

const userFolder = (env, home = os.homedir()) => env.CLAUDE_CONFIG_DIR || path.join(home, '.claude');

/** The files of a workspace or of its user that switch hooks off. */
function switchedOff(root, home = os.homedir(), env = process.env) {
  const files = [
    path.join(userFolder(env, home), SHARED),
    ...[SHARED, LOCAL].map((name) => path.join(root, '.claude', name)),
  ];
  return files.filter((file) => {
    try {
      return readSettings(settingsIn(read(file))).disableAllHooks === true;
    } catch {
      return false;
    }
  });
}

module.exports = { applyPlan, planHooks, planRemoval, switchedOff };
