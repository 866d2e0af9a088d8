// Finds the data files of a workspace, opens one, and tells whether it is still what it was.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { findDataFolder } = require('../../lib/root.js');
const { Complaint } = require('../terminal/output.js');
const { requireWorkspace } = require('../workspace/workspace.js');

const FOLDERS = ['logs', 'analytics'];
// Files that were rotated away under a number, or compacted, hold what they held.
const DATA_FILE = /\.jsonl(\.\d+)?$|^skill-invocations-[\d-]+\.jsonl\.gz$|^(metrics-dashboard|cuj-performance)\.json$/;

/** The named files as they are, or every data file of the workspace: `{ files, root }`, `root` null where there is none. */
function chooseFiles(named, rootOption) {
  if (named.length > 0 && rootOption === undefined) return { files: named, root: null };
  const { root } = requireWorkspace(rootOption);
  return { files: named.length > 0 ? named : dataFiles(root), root };
}

function dataFiles(root) {
  const { folder: data } = findDataFolder(root, process.env.OBS_DATA_DIR);
  const inFolder = (folder) =>
    listing(path.join(data, folder))
      .filter((entry) => entry.isFile() && DATA_FILE.test(entry.name))
      .map((entry) => path.join(data, folder, entry.name));
  return FOLDERS.flatMap(inFolder).sort();
}

function listing(folder) {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  }
}

/** Calls `work(fd)` with the file open for reading. */
function withFile(file, work) {
  // A pipe without a writer would keep the call waiting.
  const fd = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  try {
    if (!fs.fstatSync(fd).isFile()) throw new Complaint('it is not a file');
    return work(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** What changes when anybody writes to a file or puts another in its place. */
function snapshot(stat) {
  const { dev, ino, size, mtimeNs, ctimeNs } = stat;
  return { dev, ino, size, mtimeNs, ctimeNs };
}

function snapshotOf(file) {
  return snapshot(fs.statSync(file, { bigint: true }));
}

function same(a, b) {
  return Object.keys(a).every((key) => a[key] === b[key]);
}

module.exports = { chooseFiles, same, snapshot, snapshotOf, withFile };
