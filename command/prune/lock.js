// What changes data files as a whole does so one at a time in a workspace, after what an earlier one left is ended.
'use strict';

const path = require('node:path');

const { Complaint } = require('../terminal/output.js');
const { makeCacheFolder, placesOf, takeLock } = require('../../alerts/places.js');
const { finishPacked } = require('../compact/pack.js');
const { finishOld } = require('./swap.js');

const PATIENCE_MS = 5000;
const BUSY = 'OBS_BUSY';

/** Whether nothing may be written, which a program's environment says. */
function checkAllowed(verb) {
  if (['1', 'true'].includes(process.env.OBS_DISABLED)) {
    throw new Complaint(`nothing is written while OBS_DISABLED is set; unset it to ${verb}`);
  }
}

/**
 * Does `work` with the lock of the workspace.
 *
 * @throws {Complaint} with the code OBS_BUSY: somebody else has it for longer than a few seconds
 */
async function locked(core, work) {
  const places = placesOf(core);
  makeCacheFolder(places.folder);
  const lock = await takeLock(core, places.file('prune.lock'), PATIENCE_MS);
  if (lock === null) {
    const words = 'another process prunes or compacts this workspace: try again when it is done';
    throw Object.assign(new Complaint(words), { code: BUSY });
  }
  try {
    const data = core.dataFolder.folder;
    // In this order: what is left of a plain file may go only after the compacted one has noted that it is gone.
    finishPacked(path.join(data, 'logs'));
    for (const folder of ['logs', 'analytics']) await finishOld(path.join(data, folder));
    return await work();
  } finally {
    lock.release();
  }
}

module.exports = { BUSY, checkAllowed, locked };
