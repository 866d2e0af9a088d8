// Compacted day files: gzip files of members that each hold whole lines and say how long they are, so that the addon finds any
// place in one without reading what comes before. `src/store/compacted/` reads them, and says what the numbers mean.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');

const { Complaint } = require('../terminal/output.js');

const PACKED = /^skill-invocations-\d{4}-\d\d-\d\d\.jsonl\.gz$/;
const GZIP = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff];
const BEGINNING = Buffer.from([...GZIP, 28, 0, 0x4f, 0x62, 24, 0]);
const MEMBER = Buffer.from([...GZIP, 12, 0, 0x4f, 0x6d, 8, 0]);
/** Deflate of nothing, and gzip's checksum and size of it. */
const NOTHING = Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const HEADER = MEMBER.length + 8;
const FIRST = BEGINNING.length + 24 + NOTHING.length;
const INODE_AT = BEGINNING.length + 8;
/** Gzip's own header, which `zlib` writes. */
const PLAIN_HEADER = 10;
const NEWLINE = 0x0a;
/** So much is unpacked to read one line. */
const PIECE = 256 * 1024;

/** Whether a file name is that of a compacted day file. */
const isPacked = (name) => PACKED.test(name);

function readAt(fd, length, position) {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, fs.readSync(fd, buffer, 0, length, position));
}

/**
 * `{ size, inode, held }` (bigints) of an open compacted file: how many bytes it stands for, and of which plain file it holds the
 * first bytes while that is there (0n for none), and how many.
 */
function beginningOf(fd) {
  const bytes = readAt(fd, FIRST, 0);
  if (bytes.length < FIRST || !bytes.subarray(0, BEGINNING.length).equals(BEGINNING)) {
    throw new Complaint('it was not made by obs compact: unpack it to have its records counted');
  }
  const number = (place) => bytes.readBigUInt64LE(BEGINNING.length + 8 * place);
  return { size: number(0), inode: number(1), held: number(2) };
}

/** Whether the addon reads what stands in a compacted file. */
function isOurs(file) {
  try {
    const fd = fs.openSync(file, 'r');
    try {
      return beginningOf(fd) !== null;
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return false;
  }
}

/** What each member of an open compacted file stands for, which is whole lines; from a place of the file on. */
function* membersOf(fd, from = FIRST) {
  const { size } = fs.fstatSync(fd);
  for (let at = from; at < size;) {
    const header = readAt(fd, HEADER, at);
    const ours = header.length === HEADER && header.subarray(0, MEMBER.length).equals(MEMBER);
    if (!ours) throw new Complaint('the compacted file is damaged: restore it, or move it away');
    const length = header.readUInt32LE(MEMBER.length);
    yield zlib.gunzipSync(readAt(fd, length, at));
    at += length;
  }
}

/** One member that stands for some bytes. */
function memberOf(bytes) {
  const packed = zlib.gzipSync(bytes).subarray(PLAIN_HEADER);
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(HEADER + packed.length, 0);
  sizes.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([MEMBER, sizes, packed]);
}

/** Stretches of whole lines, each a little longer than `PIECE` at most, unless a line is. */
function* slices(lines) {
  for (let at = 0; at < lines.length;) {
    const near = lines.length - at <= PIECE ? lines.length - 1 : lines.lastIndexOf(NEWLINE, at + PIECE - 1);
    const end = near >= at ? near : lines.indexOf(NEWLINE, at);
    yield lines.subarray(at, end + 1);
    at = end + 1;
  }
}

/**
 * Writes a compacted file into an open, empty one: `write(lines)` takes whole lines, `flush()` ends a member with them,
 * `copy(fd)` the members of another one, and
 * `finish({ inode, length })` says what of the plain file it holds.
 */
function createPacker(out) {
  let size = 0n;
  let held = Buffer.alloc(0);
  const flush = () => {
    for (const slice of slices(held)) fs.writeFileSync(out, memberOf(slice));
    size += BigInt(held.length);
    held = Buffer.alloc(0);
  };
  fs.writeFileSync(out, Buffer.alloc(FIRST));
  return {
    flush,
    write(lines) {
      held = Buffer.concat([held, lines]);
      if (held.length >= PIECE) flush();
    },
    copy(fd) {
      const { size: length } = fs.fstatSync(fd);
      for (let at = FIRST; at < length; at += PIECE) {
        fs.writeFileSync(out, readAt(fd, Math.min(PIECE, length - at), at));
      }
      size += beginningOf(fd).size;
    },
    finish({ inode = 0n, length = 0n } = {}) {
      flush();
      const numbers = Buffer.alloc(24);
      [size, inode, length].forEach((number, place) => numbers.writeBigUInt64LE(number, 8 * place));
      fs.writeSync(out, Buffer.concat([BEGINNING, numbers, NOTHING]), 0, FIRST, 0);
    },
  };
}

/** Notes in an open compacted file that the plain one is gone of which it held the beginning. */
function forgetPlain(fd) {
  fs.writeSync(fd, Buffer.alloc(16), 0, 16, INODE_AT);
}

/** Refuses a file whose other form has the same records until `obs compact` is through with it; `seen` is a bigint stat of it. */
function checkSettled(file, seen) {
  const own = isPacked(path.basename(file));
  const packed = own ? file : `${file}.gz`;
  if (!isPacked(path.basename(packed)) || !fs.existsSync(packed)) return;
  const plain = own ? fs.statSync(file.slice(0, -3), { bigint: true, throwIfNoEntry: false }) : seen;
  const fd = fs.openSync(packed, 'r');
  try {
    if (beginningOf(fd).inode !== plain?.ino) return;
  } finally {
    fs.closeSync(fd);
  }
  throw new Complaint('compacting it was interrupted: obs compact --apply ends that first');
}

module.exports = { FIRST, beginningOf, checkSettled, createPacker, forgetPlain, isOurs, isPacked, membersOf };
