// Remembers what install did, so that uninstall takes back that and nothing else: the folders it made, the files it replaced.
'use strict';

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const { TOOLS, entry } = require('./files.js');

// Beside the files, because a manifest kept elsewhere would outlive them.
const NAME = '.obs-install.json';

/**
 * `{ made, files }`: the folders that install made, outermost first, and by file name `{ was }`, the fingerprint of what
 * stood there, `null` where nothing did. `files` is `null` for an installation of the time before there were manifests.
 */
function readManifest(root) {
  try {
    const { made = [], files = null } = JSON.parse(fs.readFileSync(path.join(root, TOOLS, NAME), 'utf8'));
    // Only these two, whatever it says: it is a file that anybody may have written.
    return { made: ['.claude', slashed(TOOLS)].filter((folder) => made.includes(folder)), files };
  } catch {
    return { made: [], files: null };
  }
}

/** Replaces the manifest as a whole, so that a reader finds the old one or the new one. */
function writeManifest(root, manifest) {
  const file = path.join(root, TOOLS, NAME);
  const fresh = `${file}.${process.pid}.new`;
  fs.writeFileSync(fresh, `${JSON.stringify(manifest)}\n`, { flag: 'wx' });
  fs.renameSync(fresh, file);
}

function removeManifest(root) {
  fs.rmSync(path.join(root, TOOLS, NAME), { force: true });
}

/** What tells one content from another: a hash, or where a link leads; `null` when nothing stands there. */
function fingerprint(file) {
  const found = entry(file);
  if (found === null) return null;
  if (found.isSymbolicLink()) return `link ${fs.readlinkSync(file)}`;
  return found.isFile() ? `sha256 ${createHash('sha256').update(fs.readFileSync(file)).digest('hex')}` : 'other';
}

/** Makes `.claude/tools`. Returns the folders that were not there before, outermost first. */
function makeFolders(root) {
  const made = ['.claude', TOOLS].filter((folder) => entry(path.join(root, folder)) === null);
  fs.mkdirSync(path.join(root, TOOLS), { recursive: true });
  return made.map(slashed);
}

/** Removes those of the folders that are empty, the innermost first. Returns the names of those that are gone. */
function removeFolders(root, made) {
  return [...made].reverse().filter((folder) => removeEmpty(path.join(root, folder)));
}

function removeEmpty(folder) {
  try {
    fs.rmdirSync(folder);
    return true;
  } catch {
    return false; // something else was put there since
  }
}

function slashed(folder) {
  return folder.replaceAll(path.sep, '/');
}

module.exports = { fingerprint, makeFolders, readManifest, removeFolders, removeManifest, writeManifest };
