// Puts a shorter file in the place of a data file beside living writers. Whatever call it is stopped at, nothing is lost: both
// change their names in one step, and the old one's says up to where it was read, until what came behind was carried over. At no
// time has a file two names, for then writers would not trust it, or a name no file, for then they would make one.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

const { Complaint } = require('../terminal/output.js');
const { writersOf } = require('../redact/writers.js');
const { names } = require('./files.js');
const { openNew } = require('../../lib/small-files.js');

// A writer of this package looks at the path every 50 ms, so that it writes to the old file no longer than that.
const SETTLE_MS = 1000;
const NEWLINE = 0x0a;
const OLD = /^\.(.+\.jsonl)\.(\d+)\.(\d+)\.old$/;
const FRESH = /^\.(.+\.jsonl)\.\d+\.pruning$/;

/** Refuses a file that a program of another kind has open: nobody knows whether it ever looks at the path again. */
function checkWriters({ dev, ino }) {
  const foreign = writersOf({ dev, ino }).find(({ pid }) => !hasAddon(pid));
  if (foreign) throw new Complaint(`process ${foreign.pid} (${foreign.name}) has it open for writing: end it first`);
}

function hasAddon(pid) {
  try {
    return /obs-native\.[\w-]+\.node$/m.test(fs.readFileSync(`/proc/${pid}/maps`, 'utf8'));
  } catch {
    return false;
  }
}

/** It is the file that was surveyed, and not shorter than it was. */
function checkSame(stat, { seen, size }) {
  if (stat.dev === seen.dev && stat.ino === seen.ino && stat.size >= size) return;
  throw new Complaint('it was replaced or cut meanwhile: try again');
}

/** Writes what stays beside the file, on the disk, with its owner and mode; gives the name and what `fill` gives. */
function writeFresh({ file, ...surveyed }, fill) {
  const fresh = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.pruning`);
  const old = fs.openSync(file, 'r');
  const out = openNew(fresh);
  try {
    checkSame(fs.fstatSync(old, { bigint: true }), surveyed);
    const filled = fill(old, (stretch) => fs.writeFileSync(out, stretch));
    const { mode, uid, gid } = fs.fstatSync(old);
    const own = fs.fstatSync(out);
    if (own.uid !== uid || own.gid !== gid) fs.fchownSync(out, uid, gid);
    fs.fchmodSync(out, mode & 0o7777);
    fs.fsyncSync(out);
    return { fresh, size: fs.fstatSync(out).size, filled };
  } finally {
    fs.closeSync(out);
    fs.closeSync(old);
  }
}

/**
 * Replaces a surveyed file by what `fill(fd, keep)` keeps of its first `size` bytes; a file of which nothing is kept goes. Gives
 * what `fill` gives.
 */
async function swap(core, surveyed, fill) {
  const { file, size, seen } = surveyed;
  checkWriters(seen);
  const { fresh, size: kept, filled } = writeFresh(surveyed, fill);
  const old = path.join(path.dirname(file), `.${path.basename(file)}.${size}.${kept}.old`);
  try {
    checkSame(fs.statSync(file, { bigint: true }), surveyed);
    if (kept > 0) exchange(core, { file, fresh, old });
    else fs.renameSync(file, old);
  } finally {
    fs.rmSync(fresh, { force: true });
  }
  syncFolder(path.dirname(file));
  await settle(file, old, size);
  return filled;
}

/** The new file has the old one's later name first: how long it is tells which of the two it is, see `finishOne`. */
function exchange(core, { file, fresh, old }) {
  if (process.platform === 'win32') {
    throw new Complaint(
      'Windows cannot exchange two files, so only whole day files go there; this one keeps its old records',
    );
  }
  fs.renameSync(fresh, old);
  try {
    core.call('exchange', file, old);
  } catch (error) {
    fs.rmSync(old, { force: true });
    throw error;
  }
}

/** Carries over what writers still put into the old file, until it has been quiet long enough; then the old file goes. */
async function settle(file, old, size) {
  for (let [read, quiet] = [size, false]; !quiet;) {
    await sleep(SETTLE_MS);
    const late = tail(old, read);
    quiet = late.length === 0;
    if (!quiet) append(file, late);
    read += late.length;
  }
  fs.unlinkSync(old);
  syncFolder(path.dirname(file));
}

function tail(file, from) {
  const fd = fs.openSync(file, 'r');
  try {
    const late = Buffer.alloc(Math.max(0, fs.fstatSync(fd).size - from));
    return late.subarray(0, fs.readSync(fd, late, 0, late.length, from));
  } finally {
    fs.closeSync(fd);
  }
}

/** One write, behind a line end: whoever wrote last may have been cut off. */
function append(file, late) {
  fs.appendFileSync(file, Buffer.concat([Buffer.from(endsLine(file) ? '' : '\n'), late]), { flush: true, mode: 0o600 });
}

function endsLine(file) {
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return size === 0 || tail(file, size - 1)[0] === NEWLINE;
}

function syncFolder(folder) {
  // Windows has no way to sync a folder.
  if (process.platform === 'win32') return;
  const fd = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Ends what a run that was stopped left in a folder. */
async function finishOld(folder) {
  for (const name of names(folder)) {
    const [, of, size, kept] = OLD.exec(name) ?? [];
    if (of !== undefined) await finishOne(path.join(folder, of), path.join(folder, name), Number(size), Number(kept));
    else if (FRESH.test(name)) fs.rmSync(path.join(folder, name), { force: true });
  }
}

async function finishOne(file, old, size, kept) {
  if (kept > 0 && fs.statSync(old).size === kept) {
    // It was stopped before the exchange: this is the new file.
    fs.unlinkSync(old);
    return;
  }
  const there = fs.existsSync(file);
  const carried = there ? carriedOf(tail(old, size), tail(file, kept)) : 0;
  await settle(file, old, size + carried);
}

/** How many bytes of what came late stand in the new file already: whole lines, in the stretches in which they were carried over. */
function carriedOf(late, written) {
  let [done, from] = [0, 0];
  for (;;) {
    let end = late.length;
    let at = -1;
    while (end > done && (at = written.indexOf(late.subarray(done, end), from)) < 0) {
      end = late.subarray(0, end - 1).lastIndexOf(NEWLINE) + 1;
    }
    if (end <= done) return done;
    from = at + end - done;
    done = end;
  }
}

module.exports = { checkSame, checkWriters, finishOld, settle, swap, syncFolder };
