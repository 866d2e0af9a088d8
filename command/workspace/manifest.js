// Remembers what install did, so that uninstall takes back that and nothing else: the folders it made, the files it replaced.
'use strict';

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const { MODULES, TOOLS, entry } = require('./files.js');

// Beside the files, because a manifest kept elsewhere would outlive them.
const NAME = '.obs-install.json';

const OURS = ['\\.claude', 'tools', NAME.replaceAll('.', '\\.'), ...MODULES.map((module) => `${module}\\.mjs`)];
const LEFT_OVER = new RegExp(
  `^(?:\\.obs-probe-(?=\\d+\\.mjs$)|(?:${OURS.join('|')})\\.(?=\\d+\\.(?:new|old)$))(\\d+)\\.`,
);

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

/**
 * Writes the manifest before what it tells of is done, and makes the folders that are missing. They come into their place
 * with the manifest in them, and the manifest is replaced as a whole: whenever this is interrupted, the old state is there or
 * the new one. Returns the folders that were made.
 */
function writeManifest(root, { made, files }) {
  const missing = ['.claude', TOOLS].filter((folder) => entry(path.join(root, folder)) === null);
  const text = `${JSON.stringify({ made: [...made, ...missing.map(slashed)], files })}\n`;
  const place = path.join(root, missing[0] ?? path.join(TOOLS, NAME));
  const fresh = `${place}.${process.pid}.new`;
  if (missing.length === 0) fs.writeFileSync(fresh, text, { flag: 'wx' });
  else {
    const tools = path.join(fresh, path.relative(missing[0], TOOLS));
    fs.mkdirSync(tools, { recursive: true });
    fs.writeFileSync(path.join(tools, NAME), text);
  }
  fs.renameSync(fresh, place);
  return missing.map(slashed);
}

/** Removes the manifest, and of the folders in `made` those that hold nothing else. Returns the names of those. */
function removeManifest(root, made) {
  const gone = emptyFolders(root, made);
  const place = path.join(root, gone[0] ?? path.join(TOOLS, NAME));
  // First out of the way in one step: half of it in its place would be taken for the user's.
  const old = `${place}.${process.pid}.old`;
  if (entry(place) !== null) fs.renameSync(place, old);
  fs.rmSync(old, { recursive: true, force: true });
  return gone;
}

/** Those of `made`, outermost first, that hold nothing but each other and the manifest. */
function emptyFolders(root, made) {
  const holdsOnly = (folder, name) => {
    const names = entry(path.join(root, folder))?.isDirectory() ? fs.readdirSync(path.join(root, folder)) : null;
    return made.includes(slashed(folder)) && names !== null && names.every((each) => each === name);
  };
  if (!holdsOnly(TOOLS, NAME)) return [];
  const folders = holdsOnly('.claude', path.basename(TOOLS)) ? ['.claude', TOOLS] : [TOOLS];
  return folders.map(slashed);
}

/** Removes what an install or uninstall that was killed left beside its work: files and folders named after its process. */
function sweep(root) {
  for (const folder of ['.', '.claude', TOOLS]) {
    for (const name of listing(path.join(root, folder))) {
      const [, pid] = LEFT_OVER.exec(name) ?? [];
      if (pid !== undefined && !isRunning(Number(pid))) fs.rmSync(path.join(root, folder, name), { recursive: true });
    }
  }
}

function listing(folder) {
  try {
    return fs.readdirSync(folder);
  } catch {
    return []; // not there, or not to be read: then nothing of ours is in it
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** What tells one content from another: a hash, or where a link leads; `null` when nothing stands there. */
function fingerprint(file) {
  const found = entry(file);
  if (found === null) return null;
  if (found.isSymbolicLink()) return `link ${fs.readlinkSync(file)}`;
  return found.isFile() ? `sha256 ${createHash('sha256').update(fs.readFileSync(file)).digest('hex')}` : 'other';
}

function slashed(folder) {
  return folder.replaceAll(path.sep, '/');
}

module.exports = { fingerprint, readManifest, removeManifest, sweep, writeManifest };
