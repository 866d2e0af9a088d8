// The command `obs prune`: drops records before a moment from the data files, or says what it would drop.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { Complaint } = require('../terminal/output.js');
const { requireWorkspace } = require('../workspace/workspace.js');
const { withFile } = require('../redact/files.js');
const { makeCacheFolder, placesOf, takeLock } = require('../../alerts/places.js');
const { visible } = require('../../lib/visible.js');
const { DAY, dataFiles } = require('./files.js');
const { sift, survey } = require('./sift.js');
const { finishOld, swap } = require('./swap.js');

const PATIENCE_MS = 5000;

/** The first moment that stays: a whole UTC day at least so long ago, or the day from which on all fits. */
function cutoffOf(surveys, { 'older-than': span, 'max-bytes': most }) {
  const byAge = span === undefined ? -Infinity : Math.floor((Date.now() - span) / DAY) * DAY;
  if (most === undefined) return byAge;
  const days = new Map();
  for (const { days: own } of surveys) for (const [day, bytes] of own) days.set(day, (days.get(day) ?? 0) + bytes);
  let left = surveys.reduce((sum, { size }) => sum + size, 0);
  let cutoff = -Infinity;
  for (const day of [...days.keys()].sort((a, b) => a - b)) {
    if (left <= most || day >= Math.floor(Date.now() / DAY) * DAY) break;
    left -= days.get(day);
    cutoff = day + DAY;
  }
  return Math.max(byAge, cutoff);
}

function checkOptions({ 'older-than': span, 'max-bytes': most, apply }) {
  if (span === undefined && most === undefined) throw new Complaint('prune needs --older-than SPAN or --max-bytes N');
  if (span !== undefined && span < DAY) throw new Complaint('--older-than must be at least 1d');
  if (apply && ['1', 'true'].includes(process.env.OBS_DISABLED)) {
    throw new Complaint('nothing is written while OBS_DISABLED is set; unset it to prune');
  }
}

/** A link is followed: the file itself is to be replaced. */
function surveyed({ file, id }) {
  const target = fs.realpathSync(file);
  return { file: target, id, ...survey({ file: target, id }) };
}

/** What goes from each file that has something to go; a file that has to be left as it is has an `error`. */
async function pruned(files, cutoff, apply) {
  const results = [];
  for (const each of files) {
    const { file, days } = each;
    if (![...days.keys()].some((day) => day < cutoff)) continue;
    const fill = (fd, keep) => sift(fd, each, cutoff, keep);
    let gone = withFile(file, (fd) => fill(fd, () => {}));
    let error = null;
    if (apply && gone.lines > 0) ({ gone, error } = await attempt(() => swap(each, fill)));
    if (gone.lines > 0 || error !== null) results.push({ file, ...gone, error });
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

/** One at a time in a workspace: with the lock, after what an earlier one left is ended. */
async function locked(core, data, work) {
  const places = placesOf(core);
  makeCacheFolder(places.folder);
  const lock = await takeLock(core, places.file('prune.lock'), PATIENCE_MS);
  if (lock === null) throw new Complaint('another process prunes this workspace: try again when it is done');
  try {
    for (const folder of ['logs', 'analytics']) await finishOld(path.join(data, folder));
    return await work();
  } finally {
    lock.release();
  }
}

/** Exit code 1 when a file was left as it is. */
async function prune({ options, output }) {
  checkOptions(options);
  const { root } = requireWorkspace(options.root);
  const { createFace } = require('../../lib/face.js');
  const core = createFace({ projectRoot: root }).core();
  const data = core.dataFolder.folder;
  const apply = Boolean(options.apply);
  const work = async () => {
    const files = dataFiles(data).map(surveyed);
    const cutoff = cutoffOf(files, options);
    return { cutoff, files: await pruned(files, cutoff, apply) };
  };
  const { cutoff, files } = apply ? await locked(core, data, work) : await work();
  const before = Number.isFinite(cutoff) ? new Date(cutoff).toISOString() : null;
  const answer = { schema: 1, applied: apply, before, files };
  if (options.json) await output.json(answer);
  else await output.text(text(answer));
  return files.filter(({ error }) => error !== null).length;
}

const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

function text({ applied, before, files }) {
  const rows = files.map(({ file, lines, bytes, error }) => {
    const said = error === null ? `${plural(lines, 'record')}, ${plural(bytes, 'byte')}` : `left as it is: ${error}`;
    return `${visible(file)}: ${visible(said)}`;
  });
  const lines = files.reduce((sum, each) => sum + each.lines, 0);
  const done = applied ? 'dropped' : 'would be dropped; --apply drops them';
  const last = before === null || files.length === 0 ? 'Nothing to drop.' : `Before ${before}: ${plural(lines, 'record')} ${done}.`; // prettier-ignore
  return [...rows, last].join('\n');
}

module.exports = { prune };
