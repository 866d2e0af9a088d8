// The files of closed days: which there are, and compacting them.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { unsentBytes } = require('../../export/otlp/unsent.js');
const { Complaint } = require('../terminal/output.js');
const { DAY, dayOf, names } = require('../prune/files.js');
const { pack } = require('./pack.js');

/** A smaller file takes a block of the disk in any form. */
const LEAST = 4096;

/** The files of days that ended before a moment, oldest first. */
function closedFiles(data, before) {
  const logs = path.join(data, 'logs');
  return (
    names(logs)
      .filter((name) => dayOf(name) < before)
      .sort()
      .map((name) => path.join(logs, name))
      // Of a link, what is beside it would be compacted, and questions would not find it.
      .filter((file) => fs.lstatSync(file).isFile())
      .map((file) => ({ file, bytes: fs.statSync(file).size }))
      .filter(({ bytes }) => bytes >= LEAST)
  );
}

/** One after the other; what comes late for any of them is carried over for all at once. */
async function packAll(core, files) {
  const results = [];
  for (const { file } of files) {
    try {
      refuseUnsent(core, file);
      results.push({ file, error: null, ...pack(file) });
    } catch (error) {
      results.push({ file, bytes: 0, packed: null, error: error.message });
    }
  }
  await Promise.all(results.map(({ settled }) => settled));
  return results.map(({ settled: _settled, ...result }) => result);
}

/** What waits to be sent stays where every reader of the plain files finds it. */
function refuseUnsent(core, file) {
  const bytes = unsentBytes(core, file);
  if (bytes > 0) throw new Error(`left as it is: ${bytes} bytes of it were not exported yet (obs export otlp)`);
}

/** The first day that stays when days that ended at least `span` ms ago are compacted, epoch ms. */
const firstOpen = (span) => Math.floor((Date.now() - span) / DAY) * DAY;

/**
 * The files of days that ended at least `span` ms ago, each `{ file, bytes, packed, error }`, the last two `null`.
 *
 * @param {object} core of the workspace
 */
function findClosed(core, { span }) {
  const files = closedFiles(core.dataFolder.folder, firstOpen(span));
  return files.map((each) => ({ ...each, packed: null, error: null }));
}

/** @throws {Complaint} the system cannot do it */
function checkSystem() {
  if (process.platform !== 'win32') return;
  throw new Complaint('files cannot be compacted on Windows: it has no way to tell an open file from its successor');
}

/** Compacts them; the caller holds the lock. The same, of what was done. */
async function packClosed(core, { span }) {
  checkSystem();
  return packAll(core, closedFiles(core.dataFolder.folder, firstOpen(span)));
}

module.exports = { checkSystem, findClosed, firstOpen, packClosed };
