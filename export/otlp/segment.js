// A file that is being read, by who it is and what stands in it: where it was read up to, and whether that is still what stands there.
'use strict';

const { createHash } = require('node:crypto');

/** As many bytes are compared as the package's own reader compares. */
const HEAD = 4096;
const TAIL = 512;
/** So many of the last lines are remembered, to find the place again in a file from which others were taken out. */
const ANCHORS = 32;
/** A longer line is no record. */
const LONGEST_LINE = 16 * 1024 * 1024;
/** So much is read twice without asking whether the file changed, which costs as much. */
const READ_TWICE = 16 * 1024;
const NEWLINE = 0x0a;

const CHANGED = Symbol('what was read of the file stands there no longer');

const hashOf = (bytes) => createHash('sha1').update(bytes).digest('hex').slice(0, 16);

/** The hashes of the last lines of a text that ends with a line. */
function lastLines(text, most = ANCHORS) {
  const found = [];
  for (let end = text.length; end > 0 && found.length < most;) {
    const start = end > 1 ? text.lastIndexOf(NEWLINE, end - 2) + 1 : 0;
    found.push(hashOf(text.subarray(start, end)));
    end = start;
  }
  return found.reverse();
}

class Segment {
  #disk;
  #file = null;
  /** The beginning was compared since the file was opened. */
  #compared = false;

  /** What `toJSON` gave, or who a file is and its path: a new segment begins at the start. */
  constructor(disk, { path, identity, position = 0, head = null, before = null, anchors = [], retired = null }) {
    this.#disk = disk;
    this.path = path;
    this.identity = identity;
    this.position = position;
    this.head = head;
    this.before = before;
    this.anchors = anchors;
    /** When its name was taken from it, epoch ms; `null` while it is the data file itself. */
    this.retired = retired;
    /** The version of the file (see `disk.js`) that had no more than was read; nobody has to remember it. */
    this.seen = null;
  }

  toJSON() {
    const { path, identity, position, head, before, anchors, retired } = this;
    return { path, identity, position, head, before, anchors, retired };
  }

  /** So many bytes of it are known. */
  get least() {
    return Math.max(this.position, this.head?.length ?? 0);
  }

  get isOpen() {
    return this.#file !== null;
  }

  /** `false` when another file has the name by now, or none. */
  open() {
    if (this.#file !== null) return true;
    const file = this.#disk.open(this.path);
    if (file === null) return false;
    if (file.identity !== this.identity) {
      file.close();
      return false;
    }
    this.#file = file;
    this.#compared = false;
    return true;
  }

  close() {
    this.#file?.close();
    this.#file = null;
  }

  /** A plain file that was made beside a compacted one since it was opened is seen when it is opened again. */
  refresh() {
    if (this.#file?.isPacked) this.close();
  }

  size() {
    return this.#file.size;
  }

  /** What `look` finds in the open file. */
  find(look) {
    return look(this.#file);
  }

  /** Whether what was read of this segment stands in an open file. */
  standsIn(file) {
    const is = (known, position) => known === null || hashOf(file.read(position, known.length)) === known.hash;
    return is(this.head, 0) && is(this.before, this.position - (this.before?.length ?? 0));
  }

  /**
   * The next whole lines, about `want` bytes of them: `{ bytes, lines, end }`; `null` when there are none yet; `CHANGED` when
   * what was read stands there no longer.
   */
  read(want) {
    const size = this.size();
    if (size < this.least) return CHANGED;
    if (!this.#compared && !this.standsIn(this.#file)) return CHANGED;
    this.#compared = true;
    if (size === this.position) return null;
    const known = this.before?.length ?? 0;
    const from = this.position - known;
    const bytes = this.#file.read(from, known + Math.min(want, size - this.position));
    if (known > 0 && hashOf(bytes.subarray(0, known)) !== this.before.hash) return CHANGED;
    if (!this.#isOfOneMoment(bytes, from, size)) return CHANGED;
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > known) return { bytes: bytes.subarray(0, end), lines: bytes.subarray(known, end), end: from + end };
    if (this.position + want >= size) return null;
    return want > LONGEST_LINE ? this.#skipLine(size) : this.read(Math.min(want * 4, LONGEST_LINE + 1));
  }

  /** One copy of bytes may span a cut and what was appended behind it; read again, the old ones are gone. */
  #isOfOneMoment(bytes, from, size) {
    if (bytes.length > READ_TWICE && this.size() === size) return true;
    return this.#file.read(from, bytes.length).equals(bytes);
  }

  /** A line that is too long counts for nothing: what comes behind it is next. */
  #skipLine(size) {
    for (let at = this.position; at < size; at += READ_TWICE) {
      const found = this.#file.read(at, READ_TWICE).indexOf(NEWLINE);
      if (found >= 0) {
        const end = at + found + 1;
        return { bytes: this.#file.read(Math.max(0, end - TAIL), Math.min(TAIL, end)), lines: Buffer.alloc(0), end };
      }
    }
    return null;
  }

  /** Remembers how the file begins, also before anything was taken: what is cut and written anew is known by that. */
  note() {
    const length = Math.min(HEAD, this.size());
    if ((this.head?.length ?? 0) >= length) return;
    this.head = { length, hash: hashOf(this.#file.read(0, length)) };
  }

  /** What `read` gave was taken: the next begins behind it. */
  advance({ bytes, lines, end }) {
    this.position = end;
    const tail = bytes.subarray(-Math.min(TAIL, end));
    this.before = { length: tail.length, hash: hashOf(tail) };
    this.note();
    const fresh = lastLines(lines.length > 0 ? lines : tail);
    this.anchors = [...this.anchors, ...fresh].slice(-ANCHORS);
  }

  /** Goes to a place at which a line ends, as if all before had been read. */
  moveTo(end) {
    const bytes = this.#file.read(Math.max(0, end - READ_TWICE), Math.min(READ_TWICE, end));
    this.anchors = [];
    this.head = null;
    if (end > 0) this.advance({ bytes, lines: bytes, end });
    else [this.position, this.before] = [0, null];
  }

  /** Goes behind the last whole line. */
  moveToEnd() {
    for (let to = this.size(); to > 0; to -= READ_TWICE) {
      const from = Math.max(0, to - READ_TWICE);
      const found = this.#file.read(from, to - from).lastIndexOf(NEWLINE);
      if (found >= 0) return this.moveTo(from + found + 1);
    }
    return this.moveTo(0);
  }
}

module.exports = { CHANGED, Segment, hashOf };
