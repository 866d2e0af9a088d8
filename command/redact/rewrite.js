// Puts a file without its secrets in the place of one with them, unless somebody else writes to it.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

const { checkSettled, createPacker, isPacked } = require('../compact/packed.js');
const { Complaint } = require('../terminal/output.js');
const { loadAddon } = require('../../lib/addon.js');
const { same, snapshot, snapshotOf, withFile } = require('./files.js');
const { redactedPieces } = require('./pieces.js');
const { Tally } = require('./tally.js');
const { writersOf } = require('./writers.js');

// Who opens the file anew for each record is seen only by what it changes while one looks.
const QUIET_MS = 250;

/** The file as it stands now, to be given to `rewrite`; links are followed, since the file itself is to be replaced. */
function watch(file) {
  const target = fs.realpathSync(file);
  return { target, seen: snapshotOf(target), since: performance.now() };
}

/**
 * Rewrites a watched file. Gives its tally, empty when there was nothing to do.
 *
 * @throws {Complaint} Somebody else writes to it, or it cannot be replaced as a whole; then nothing was changed.
 */
async function rewrite({ target, seen, since }, { dryRun }) {
  const tally = withFile(target, (fd) => count(fd, target, seen));
  if (tally.lines === 0) return tally;
  checkQuiet(target, seen);
  if (dryRun) return tally;
  const fresh = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.redacting`);
  try {
    withFile(target, (fd) => writeFresh(fd, target, seen, fresh));
    await sleep(Math.max(0, QUIET_MS - (performance.now() - since)));
    replace(target, seen, fresh);
  } finally {
    fs.rmSync(fresh, { force: true });
  }
  return tally;
}

function count(fd, target, seen) {
  const tally = new Tally();
  for (const { found, unreadable } of redactedPieces(fd, { name: target, size: Number(seen.size) })) {
    tally.add(found);
    tally.unreadable += unreadable;
  }
  return tally;
}

/** Refuses as soon as there is any sign of another writer. */
function checkQuiet(target, seen) {
  const stat = fs.statSync(target, { bigint: true });
  const [writer] = writersOf(seen);
  if (writer) throw new Complaint(`process ${writer.pid} (${writer.name}) has it open for writing: end it first`);
  if (!same(seen, snapshot(stat))) throw new Complaint('it was changed meanwhile: try again when nothing writes to it');
  checkSettled(target, stat);
  // The other name would go on holding the secrets.
  if (stat.nlink > 1n) throw new Complaint(`it has ${stat.nlink} names (hard links): remove the others first`);
}

/** The new content, on the disk, with owner and mode of the old. */
function writeFresh(fd, target, { size }, fresh) {
  const out = fs.openSync(fresh, 'wx', 0o600);
  try {
    const packer = isPacked(path.basename(target)) ? createPacker(out) : null;
    for (const { original, text } of redactedPieces(fd, { name: target, size: Number(size) })) {
      if (packer === null) fs.writeFileSync(out, text ?? original);
      else packer.write(Buffer.from(text ?? original));
    }
    packer?.finish();
    const { mode, uid, gid } = fs.fstatSync(fd);
    const own = fs.fstatSync(out);
    if (own.uid !== uid || own.gid !== gid) fs.fchownSync(out, uid, gid);
    fs.fchmodSync(out, mode & 0o7777);
    fs.fsyncSync(out);
  } finally {
    fs.closeSync(out);
  }
}

/** A crash before the rename leaves the old file, one after it the new one. */
function replace(target, seen, fresh) {
  // Windows replaces no file that is open; there, nobody else can have written to it either.
  if (process.platform === 'win32') {
    checkQuiet(target, seen);
    fs.renameSync(fresh, target);
    return;
  }
  withFile(target, (old) => {
    checkQuiet(target, seen);
    fs.renameSync(fresh, target);
    syncFolder(path.dirname(target));
    carryOver(old, seen, target);
  });
}

function syncFolder(folder) {
  const fd = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Lines that came between the last look and the rename went to the old file; they follow. */
function carryOver(old, seen, target) {
  const { size, mtimeNs } = fs.fstatSync(old, { bigint: true });
  if (size === seen.size && mtimeNs === seen.mtimeNs) return;
  if (size <= seen.size) throw new Complaint('it was changed at the moment it was replaced; that change is lost');
  const late = Buffer.allocUnsafe(Number(size - seen.size));
  const length = fs.readSync(old, late, 0, late.length, Number(seen.size));
  const { NativeRedactor } = loadAddon();
  const whole = late.subarray(0, length);
  fs.appendFileSync(target, new NativeRedactor().lines(whole).text ?? whole, { flush: true });
}

module.exports = { count, rewrite, watch };
