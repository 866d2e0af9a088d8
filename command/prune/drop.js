// Drops records before a moment from the data files, or says what would go.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { checkSettled, isPacked } = require('../compact/packed.js');
const { repack } = require('../compact/repack.js');
const { withFile } = require('../redact/files.js');
const { DAY, dataFiles } = require('./files.js');
const { sift, survey } = require('./sift.js');
const { swap } = require('./swap.js');

/** The first moment that stays: a whole UTC day at least so long ago, or the day from which on all fits. */
function cutoffOf(surveys, { span, most }) {
  const byAge = span === undefined ? -Infinity : Math.floor((Date.now() - span) / DAY) * DAY;
  if (most === undefined) return byAge;
  const days = new Map();
  for (const { days: own, scale } of surveys) {
    for (const [day, bytes] of own) days.set(day, (days.get(day) ?? 0) + bytes * scale);
  }
  let left = surveys.reduce((sum, { size, scale }) => sum + size * scale, 0);
  let cutoff = -Infinity;
  for (const day of [...days.keys()].sort((a, b) => a - b)) {
    if (left <= most || day >= Math.floor(Date.now() / DAY) * DAY) break;
    left -= days.get(day);
    cutoff = day + DAY;
  }
  return Math.max(byAge, cutoff);
}

/** A link is followed: the file itself is to be replaced. What is no file of records is left as it is, which its `error` says. */
function surveyed({ file, id }) {
  try {
    const target = fs.realpathSync(file);
    checkSettled(target, fs.statSync(target, { bigint: true }));
    return { file: target, id, error: null, ...survey({ file: target, id }) };
  } catch (error) {
    return { file, lines: 0, bytes: 0, error: error.message };
  }
}

/** What goes from each file that has something to go; a file that has to be left as it is has an `error`. */
async function pruned(core, files, cutoff, apply) {
  const results = [];
  for (const each of files) {
    const { file, days } = each;
    if (![...days.keys()].some((day) => day < cutoff)) continue;
    const fill = (fd, keep) => sift(fd, each, cutoff, keep);
    let gone = withFile(file, (fd) => fill(fd, () => {}));
    let error = null;
    const change = isPacked(path.basename(file)) ? repack : swap;
    if (apply && gone.lines > 0) ({ gone, error } = await attempt(() => change(core, each, fill)));
    const { lines, bytes } = gone;
    if (lines > 0 || error !== null) results.push({ file, lines, bytes: Math.round(bytes * each.scale), error });
  }
  return results;
}

async function attempt(work) {
  try {
    return { gone: await work(), error: null };
  } catch (error) {
    return { gone: { lines: 0, bytes: 0 }, error: error.message };
  }
}

/**
 * `{ before, files }`: the first moment that stays, ISO text or `null`, and of each file what went, or would go. To change
 * anything the caller holds the lock.
 *
 * @param {object} core of the workspace
 * @param {{ span?: number, most?: number }} asked how old records may become, in ms, and how many bytes there may be
 * @param {boolean} apply
 */
async function dropOld(core, asked, apply) {
  const all = dataFiles(core.dataFolder.folder).map(surveyed);
  const files = all.filter(({ error }) => error === null);
  const odd = all.filter(({ error }) => error !== null);
  const cutoff = cutoffOf(files, asked);
  const before = Number.isFinite(cutoff) ? new Date(cutoff).toISOString() : null;
  return { before, files: [...(await pruned(core, files, cutoff, apply)), ...odd] };
}

module.exports = { dropOld };
