// Puts a compacted file in the place of a closed day's file, beside living writers. The compacted file comes first and says of which
// plain file it holds the beginning; then the plain file gets another name; then the compacted one notes that it is gone. Stopped
// at any call, each record is read once, and the next run ends the work.
'use strict';

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const { Complaint } = require('../terminal/output.js');
const { withFile } = require('../redact/files.js');
const { lines } = require('../redact/pieces.js');
const { names } = require('../prune/files.js');
const { checkSame, checkWriters, settle, syncFolder } = require('../prune/swap.js');
const { FIRST, beginningOf, createPacker, forgetPlain, isOurs, isPacked, membersOf } = require('./packed.js');
const { openNew } = require('../../lib/small-files.js');

const FRESH = /^\.skill-invocations-[\d-]+\.jsonl\.gz\.\d+\.compacting$/;
const NEWLINE = 0x0a;

/** Whole lines alone: what somebody is in the middle of writing stays in the plain file. */
function* wholeLines(fd, size, from) {
  for (const piece of lines(fd, size, from)) {
    const whole = piece.subarray(0, piece.lastIndexOf(NEWLINE) + 1);
    if (whole.length > 0) yield whole;
  }
}

/** Copies what is packed already; gives how much of the plain file that is, which is something where a run was stopped. */
function copyPacked(packer, packed, { ino }) {
  if (!fs.existsSync(packed)) return 0n;
  return withFile(packed, (old) => {
    packer.copy(old);
    const { inode, held } = beginningOf(old);
    return inode === ino ? held : 0n;
  });
}

/** Writes what is there already and what is new; gives how much of the plain file it holds then, and the digest of what is new. */
function fill(out, packed, plain, stat) {
  const packer = createPacker(out);
  let held = copyPacked(packer, packed, stat);
  const before = fs.fstatSync(out).size;
  const hash = createHash('sha256');
  for (const piece of wholeLines(plain, Number(stat.size), Number(held))) {
    packer.write(piece);
    hash.update(piece);
    held += BigInt(piece.length);
  }
  packer.finish({ inode: stat.ino, length: held });
  return { held, before, digest: hash.digest('hex') };
}

/** What was written is read back before anything goes. */
function verify(fresh, { before, digest }) {
  const hash = createHash('sha256');
  withFile(fresh, (fd) => {
    beginningOf(fd);
    for (const piece of membersOf(fd, Math.max(FIRST, before))) hash.update(piece);
  });
  if (hash.digest('hex') !== digest) throw new Complaint('what was written did not come back from the disk as it was');
}

/** With the owner, the mode and the time of the plain file, for questions pass over days that were not written to lately. */
function dress(out, { mode, uid, gid, mtime }) {
  const own = fs.fstatSync(out);
  if (own.uid !== Number(uid) || own.gid !== Number(gid)) fs.fchownSync(out, Number(uid), Number(gid));
  fs.fchmodSync(out, Number(mode) & 0o7777);
  fs.futimesSync(out, mtime, mtime);
  fs.fsyncSync(out);
}

/** Where a compacted file is written before it gets its name. */
function freshName(packed) {
  return path.join(path.dirname(packed), `.${path.basename(packed)}.${process.pid}.compacting`);
}

/** Writes the compacted file beside the others; gives what it holds of the plain one. */
function writeFresh(file, packed, fresh) {
  const out = openNew(fresh);
  try {
    return withFile(file, (plain) => {
      const stat = fs.fstatSync(plain, { bigint: true });
      const filled = fill(out, packed, plain, stat);
      dress(out, stat);
      return { seen: { dev: stat.dev, ino: stat.ino }, size: filled.held, filled };
    });
  } finally {
    fs.closeSync(out);
  }
}

/** Puts a compacted file with all whole lines beside the plain one, which stays for now; gives how many bytes of that it holds. */
function place(file) {
  const packed = `${file}.gz`;
  const fresh = freshName(packed);
  try {
    const surveyed = writeFresh(file, packed, fresh);
    if (surveyed.size === 0n) throw new Complaint('it has no whole line');
    verify(fresh, surveyed.filled);
    checkWriters(surveyed.seen);
    checkSame(fs.statSync(file, { bigint: true }), surveyed);
    fs.renameSync(fresh, packed);
    syncFolder(path.dirname(file));
    return Number(surveyed.size);
  } finally {
    fs.rmSync(fresh, { force: true });
  }
}

/**
 * Compacts a day's file; gives `{ bytes, packed, settled }`: how many bytes went, how long the compacted file is now, and a promise
 * of the moment at which what writers still put into the old file was carried over.
 *
 * @throws {Complaint} it is left as it is: somebody else has it open, or it was replaced meanwhile
 */
function pack(file) {
  const packed = `${file}.gz`;
  const bytes = place(file);
  const settled = settle(file, putAway(packed), bytes);
  return { bytes, packed: fs.statSync(packed).size, settled };
}

/** Takes the plain file away of which a compacted one holds the beginning; gives its new name, `null` when it is gone. */
function putAway(packed) {
  const file = packed.slice(0, -'.gz'.length);
  const fd = fs.openSync(packed, 'r+');
  try {
    const { inode, held } = beginningOf(fd);
    if (inode === 0n) return null;
    const { mtime } = fs.fstatSync(fd);
    const old = path.join(path.dirname(file), `.${path.basename(file)}.${held}.0.old`);
    const there = fs.statSync(file, { bigint: true, throwIfNoEntry: false })?.ino === inode;
    if (there) fs.renameSync(file, old);
    syncFolder(path.dirname(file));
    // Not before: its number may be given to another file only when nobody goes by it any more.
    forgetPlain(fd);
    fs.futimesSync(fd, mtime, mtime);
    fs.fsyncSync(fd);
    return there ? old : null;
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Ends a run that was stopped. What was appended since is packed as well, so that each line keeps its place: an export may have read
 * it there. Where that cannot be, all stays as it is, and each record is read once all the same.
 */
function finish(packed) {
  const file = packed.slice(0, -'.gz'.length);
  const { inode, held } = withFile(packed, beginningOf);
  const plain = fs.statSync(file, { bigint: true, throwIfNoEntry: false });
  if (inode !== 0n && plain?.ino === inode && plain.size > held) {
    try {
      place(file);
    } catch {
      return;
    }
  }
  putAway(packed);
}

/** Ends what a run that was stopped left in a folder, but for what prune ends: old files whose last lines are to be carried over. */
function finishPacked(folder) {
  for (const name of names(folder)) {
    if (FRESH.test(name)) fs.rmSync(path.join(folder, name), { force: true });
    else if (isPacked(name) && isOurs(path.join(folder, name))) finish(path.join(folder, name));
  }
}

module.exports = { dress, finishPacked, freshName, pack };
