// One run of automatic retention: whichever process comes first on a day drops and compacts what the workspace's file says.
'use strict';

const { packClosed } = require('../compact/closed.js');
const { BUSY, locked } = require('../prune/lock.js');
const { dropOld } = require('../prune/drop.js');
const { FILE, loadRetention } = require('./config.js');
const { isDue, note, readRuns } = require('./log.js');

const NOTHING = { before: null, records: 0, bytes: 0 };

/** `{ before, records, bytes, errors }` of what was dropped. */
async function drop(core, { olderThan, maxBytes }) {
  if (olderThan === null && maxBytes === null) return { ...NOTHING, errors: [] };
  const asked = { ...(olderThan !== null && { span: olderThan }), ...(maxBytes !== null && { most: maxBytes }) };
  const { before, files } = await dropOld(core, asked, true);
  const sum = (key) => files.reduce((total, each) => total + each[key], 0);
  return { before, records: sum('lines'), bytes: sum('bytes'), errors: faults(files) };
}

const faults = (files) =>
  files.filter(({ error }) => error !== null).map(({ file, error }) => ({ file, error: String(error) }));

async function compacted(core, { compactAfter }) {
  if (compactAfter === null) return { bytes: 0, errors: [] };
  const files = await packClosed(core, { span: compactAfter });
  return { bytes: files.reduce((total, { bytes }) => total + bytes, 0), errors: faults(files) };
}

/** A fault that stops one part is told, and the other part goes on. */
async function attempt(part, nothing) {
  try {
    return await part();
  } catch (error) {
    return { ...nothing, errors: [{ file: FILE, error: error.message }] };
  }
}

async function work(core, wanted, now) {
  const dropped = await attempt(() => drop(core, wanted), NOTHING);
  const packed = await attempt(() => compacted(core, wanted), { bytes: 0 });
  return {
    timestamp: new Date(now).toISOString(),
    before: dropped.before,
    dropped_records: dropped.records,
    dropped_bytes: dropped.bytes,
    compacted_bytes: packed.bytes,
    errors: [...dropped.errors, ...packed.errors],
  };
}

/**
 * Does what is due; gives the run, or `null` when nothing is: there is no file, somebody did it today, or is at it.
 *
 * @throws {TypeError} with the code OBS_BAD_RETENTION when the file cannot be used
 */
async function runRetention(core) {
  const wanted = loadRetention(core.where.root);
  const data = core.dataFolder.folder;
  const due = () => isDue(readRuns(data).at(-1), Date.now());
  if (wanted === null || !due()) return null;
  try {
    return await locked(core, async () => {
      // Somebody may have been faster.
      if (!due()) return null;
      const run = await work(core, wanted, Date.now());
      note(data, run);
      return run;
    });
  } catch (error) {
    if (error.code === BUSY) return null;
    throw error;
  }
}

module.exports = { runRetention };
