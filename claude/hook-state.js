// How our hooks stand: in which settings, whether what they call is there, and what keeps them from running. Looks, changes nothing.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { EVENTS } = require('./hook-settings.js');
const { readText } = require('../lib/small-files.js');

/** Where an administrator puts settings that nobody overrides, by platform; a folder of more beside it. */
const MANAGED = {
  darwin: '/Library/Application Support/ClaudeCode',
  win32: 'C:\\Program Files\\ClaudeCode',
};
const PROGRAM = /(^|[\\/])obs-hook(\.\w+)?$/;

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `[{ file, kind }]` of all settings that can say something of hooks here, whether they are there or not. */
function settingsFiles(root, { env = process.env, home = os.homedir(), managed } = {}) {
  const user = env.CLAUDE_CONFIG_DIR || path.join(home, '.claude');
  const folder = managed ?? MANAGED[process.platform] ?? '/etc/claude-code';
  const more = path.join(folder, 'managed-settings.d');
  const dropped = namesIn(more).filter((name) => name.endsWith('.json'));
  return [
    { file: path.join(folder, 'managed-settings.json'), kind: 'managed' },
    ...dropped.sort().map((name) => ({ file: path.join(more, name), kind: 'managed' })),
    { file: path.join(user, 'settings.json'), kind: 'user' },
    { file: path.join(root, '.claude', 'settings.json'), kind: 'shared' },
    { file: path.join(root, '.claude', 'settings.local.json'), kind: 'local' },
  ];
}

function namesIn(folder) {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** The settings of a file: an object, `null` where there is none, or `{ unreadable }` with the reason. */
function settingsOf(file) {
  let text;
  try {
    text = readText(file).replace('\ufeff', '');
  } catch (error) {
    return error.code === 'ENOENT' || error.code === 'ENOTDIR' ? null : { unreadable: error.message };
  }
  if (text.trim() === '') return {};
  try {
    const settings = JSON.parse(text);
    return isObject(settings) ? settings : { unreadable: 'it should hold an object' };
  } catch (error) {
    return { unreadable: `it is no JSON (${error.message.split('\n', 1)[0]})` };
  }
}

/** The path of our program in a handler, `null` when it calls another one. Arguments stand for themselves, a command is for a shell. */
function programOf(handler) {
  const args = Array.isArray(handler?.args) ? handler.args : [];
  const called = typeof handler?.command === 'string' ? lastWord(handler.command.trim()) : '';
  return [...args, called].find((word) => typeof word === 'string' && PROGRAM.test(word)) ?? null;
}

/** The last word of a command, quoted or not; a command that is one path may have spaces. */
function lastWord(command) {
  const quoted = /(["'])([^"']*)\1$/.exec(command);
  if (quoted) return quoted[2];
  return /^([A-Za-z]:)?[\\/]/.test(command) ? command : command.split(/\s+/).at(-1);
}

/** `[{ event, program }]` of our handlers in settings. */
function oursIn({ hooks }) {
  return Object.entries(isObject(hooks) ? hooks : {}).flatMap(([event, groups]) =>
    (Array.isArray(groups) ? groups : [])
      .flatMap((group) => (Array.isArray(group?.hooks) ? group.hooks : []))
      .map((handler) => ({ event, program: programOf(handler) }))
      .filter(({ program }) => program !== null),
  );
}

/** Whether a program is where a handler says; what Claude Code puts a path in place of is looked up, or taken for there. */
function isThere(program, root) {
  const file = program.replace(/\$\{CLAUDE_PROJECT_DIR\}|\$CLAUDE_PROJECT_DIR\b/g, () => root);
  if (file.includes('${') || !path.isAbsolute(file)) return true;
  return fs.existsSync(file);
}

/**
 * What settings say about our hooks: `installed`, files with our handlers and which events they miss; `gone`, programs that are
 * not there; `off`, files that keep hooks from running and by which setting; `unreadable`; `plugin`, files that enable it.
 */
function hookState(root, options) {
  const state = { installed: [], gone: [], off: [], unreadable: [], plugin: [] };
  for (const { file, kind } of settingsFiles(root, options)) {
    const settings = settingsOf(file);
    if (settings === null) continue;
    if (settings.unreadable !== undefined) state.unreadable.push({ file, why: settings.unreadable });
    else look(state, { file, kind, settings, root });
  }
  return state;
}

function look(state, { file, kind, settings, root }) {
  const ours = oursIn(settings);
  if (ours.length > 0) {
    const events = new Set(ours.map(({ event }) => event));
    state.installed.push({ file, missing: EVENTS.filter((event) => !events.has(event)) });
  }
  for (const program of new Set(ours.map((one) => one.program))) {
    if (!isThere(program, root)) state.gone.push({ file, program });
  }
  if (settings.disableAllHooks === true) state.off.push({ file, setting: 'disableAllHooks' });
  if (kind === 'managed' && settings.allowManagedHooksOnly === true) {
    state.off.push({ file, setting: 'allowManagedHooksOnly' });
  }
  const enabled = Object.entries(isObject(settings.enabledPlugins) ? settings.enabledPlugins : {});
  if (enabled.some(([name, on]) => on === true && /^obs@/.test(name))) state.plugin.push({ file });
}

module.exports = { hookState, settingsFiles };
