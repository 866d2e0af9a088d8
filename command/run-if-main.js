// Lets a module that is imported for its functions also answer as a command line when it is the script that was run.
'use strict';

// The rest is loaded where it is needed: importing a tool for its functions must not pay for its command line.
const fs = require('node:fs');
const { fileURLToPath } = require('node:url');
const { shared } = require('../lib/face.js');
const { workspaceOf } = require('../lib/root.js');

const TOOLS = {
  'structured-logger': () => require('./tools/structured-logger.js'),
  'metrics-tracker': () => require('./tools/metrics-tracker.js'),
  'progress-emitter': () => require('./tools/progress-emitter.js'),
  'metrics-dashboard': () => require('./tools/metrics-dashboard.js'),
  'provider-health': () => require('./tools/provider-health.js'),
};

/**
 * Runs the command line of `tool` when the module of `importMetaUrl` is the main script; does nothing when it was imported.
 * The answer is under way when this returns; the process ends by itself, with its exit code set, when all is written.
 *
 * @param {string} importMetaUrl the caller's `import.meta.url`
 * @param {string} tool 'structured-logger', 'metrics-tracker', 'progress-emitter', 'metrics-dashboard' or 'provider-health'
 * @example
 * import { runIfMain } from '@obs/native/cli';
 * runIfMain(import.meta.url, 'structured-logger');
 */
function runIfMain(importMetaUrl, tool) {
  noteWorkspace(importMetaUrl);
  if (isMain(importMetaUrl)) void runTool(tool, process.argv.slice(2), process.argv[1]);
}

/** A tool file knows where it stands: its workspace is the root, also for a script from elsewhere that imports it. */
function noteWorkspace(importMetaUrl) {
  try {
    const workspace = workspaceOf(fileURLToPath(importMetaUrl));
    if (workspace !== null) shared().internals.importedBy(workspace);
  } catch {
    // A module that is no file stands in no workspace.
  }
}

/** Compares real paths: the script may have been called through a symlink, by a relative path, or in another letter case. */
function isMain(importMetaUrl) {
  if (isWorker() || !process.argv[1]) return false;
  try {
    return fs.realpathSync.native(fileURLToPath(importMetaUrl)) === fs.realpathSync.native(process.argv[1]);
  } catch {
    return false; // `node -`, a bundle, a file that is gone: nobody's command line
  }
}

/**
 * A worker may have the argv of its process, but is not what the person ran. Node marks there what no worker may do;
 * loading `node:worker_threads` only to ask would take longer than most answers.
 */
function isWorker() {
  return process.abort.disabled === true;
}

/** Sets `process.exitCode` (0 answered, 1 not) rather than exiting, so that everything written reaches its reader. */
async function runTool(name, argv, script) {
  const { createOutput, exitCode } = require('./terminal/output.js');
  const { readArguments } = require('./options.js');
  process.exitCode = await exitCode(name, async () => {
    const tool = tableOf(name);
    const output = createOutput();
    const asked = readArguments(tool, argv);
    return asked.help ? help(tool, script, output, asked.name) : answer(name, asked, output);
  });
}

function tableOf(name) {
  if (Object.hasOwn(TOOLS, name)) return TOOLS[name]();
  const { Complaint } = require('./terminal/output.js');
  const { didYouMean } = require('./nearest.js');
  throw new Complaint(`no such tool${didYouMean(name, Object.keys(TOOLS))}`);
}

function help(tool, script, output, name) {
  const { programName, usage } = require('./usage.js');
  return output.text(usage(programName(script, process.cwd()), tool, name));
}

/** A command returns `{ json }` or `{ text }`; one that prints by itself (`watch`) returns nothing. */
async function answer(name, { command, values, options }, output) {
  if (options.table) {
    await showTable(name, command, { values, options }, output);
    return;
  }
  const api = shared()[name];
  const result = await command.run({ api, values, options, output });
  if (result === undefined) return;
  await ('json' in result ? output.json(result.json) : output.text(result.text));
}

/** `--table`: what `obs` shows of the same records, over the same time. */
async function showTable(name, command, { values, options: given }, output) {
  const { WrongUsage } = require('./terminal/output.js');
  const options = Object.fromEntries(Object.entries(given).filter(([option]) => option !== 'table'));
  if (!command.table) throw new WrongUsage('this command has no table');
  const asked = command.table(values, options);
  const { commands } = require('./show/table.js');
  await commands[asked.view].run({ values: asked.values ?? [], options: asked.options ?? {}, output });
}

module.exports = { runIfMain };
