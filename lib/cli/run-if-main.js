// Lets a module that is imported for its functions also answer as a command line when it is the script that was run.
'use strict';

const fs = require('node:fs');
const { fileURLToPath } = require('node:url');
const { isMainThread } = require('node:worker_threads');

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
  if (!isMain(importMetaUrl)) return;
  // Loaded only now: importing a tool for its functions must not pay for its command line.
  const { runTool } = require('./run-tool.js');
  void runTool(tool, process.argv.slice(2), process.argv[1]);
}

/** Compares real paths: the script may have been called through a symlink, by a relative path, or in another letter case. */
function isMain(importMetaUrl) {
  // A worker has the argv of its process, but is not what the person ran.
  if (!isMainThread || !process.argv[1]) return false;
  try {
    return fs.realpathSync.native(fileURLToPath(importMetaUrl)) === fs.realpathSync.native(process.argv[1]);
  } catch {
    return false; // `node -`, a bundle, a file that is gone: nobody's command line
  }
}

module.exports = { runIfMain };
