// Where alerts keep what they know: the log among the data files, and beside the caches what makes reading it quick.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { withCode } = require('../lib/errors.js');
const { readText, replaceText } = require('../lib/small-files.js');

/** `{ log, folder, file(name) }` of a core's root: the log of changes, and the paths of files in `.claude/context/.obs/`. */
function placesOf(core) {
  const data = core.dataFolder.folder;
  const context = path.join(core.where.root, '.claude', 'context');
  const folder = path.join(context, '.obs');
  // Several data folders of one root have their files side by side.
  const own =
    data === context ? '' : `-${require('node:crypto').createHash('sha1').update(data).digest('hex').slice(0, 8)}`;
  return {
    log: path.join(data, 'analytics', 'alerts.jsonl'),
    folder,
    file: (name) => path.join(folder, name.replace(/(?=\.\w+$)/, own)),
  };
}

function makeFolder(folder) {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Makes `.obs/`, which keeps itself out of version control. */
function makeCacheFolder(folder) {
  makeFolder(folder);
  // What is behind a link is not ours to write to: a checkout may have put it there.
  if (fs.lstatSync(folder).isSymbolicLink()) {
    throw withCode(new Error(`could not make ${folder}: a link stands in its place; remove it`), 'OBS_IO');
  }
  try {
    fs.writeFileSync(path.join(folder, '.gitignore'), '*\n', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

/** The JSON of a file, `null` when there is none that can be read. */
function readJson(file) {
  try {
    return JSON.parse(readText(file));
  } catch {
    return null;
  }
}

/** Replaces a file at once; the caller holds the lock under which it is written. */
function replaceJson(file, value) {
  replaceText(file, JSON.stringify(value));
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for the lock of a file, at most `patience` ms or until `stop()`; the lock, or `null`. */
async function takeLock(core, file, patience, stop = () => false) {
  for (const end = Date.now() + patience; ;) {
    const held = core.call('tryLock', file);
    if (held !== null) return held;
    if (stop() || Date.now() >= end) return null;
    await pause(20);
  }
}

module.exports = { makeCacheFolder, makeFolder, pause, placesOf, readJson, replaceJson, takeLock };
