// One data file through all its lives: written to, compacted, renamed by a rotation, cut, replaced by a copy without its old or secret
// lines. What was acknowledged is remembered on disk, and nothing before it is given again.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { namesIn } = require('./disk.js');
const { goesOn } = require('./place.js');
const { CHANGED, Segment } = require('./segment.js');
const { readText, replaceText } = require('../../lib/small-files.js');

const VERSION = 1;
/** Who has a file open goes on writing to it for a while after its name was taken; programs that look at the path, for 50 ms. */
const LATE_MS = 60_000;
/** The endings that a rotation gives, such as `.1` or `-20260105`; what is compressed has other bytes. */
const ROTATED = /^[.-]\d[\w.:+-]*$/;
const COMPRESSED = /\.(gz|bz2|xz|zst|lz4|zip)$/;

class Track {
  #disk;
  #file;
  #kept;
  /** Oldest first; the last may be the data file itself. */
  #segments = [];
  /** Identities of files beside it that are none of its lives, or were read to their end. */
  #known = new Set();
  #clock;
  #saved = null;
  /** All was read that the last look found. */
  #isRead = false;

  /**
   * `file` is the data file, `kept` where is remembered what of it was acknowledged. Whoever asks sees to it that nobody replaces data
   * files meanwhile.
   */
  constructor(disk, { file, kept, clock }) {
    this.#disk = disk;
    this.#file = file;
    this.#kept = kept;
    this.#clock = clock;
    this.#load();
  }

  get name() {
    return path.basename(this.#file);
  }

  #load() {
    let kept;
    try {
      kept = JSON.parse(readText(this.#kept));
    } catch (error) {
      if (error.code === 'ENOENT' || error instanceof SyntaxError) return;
      throw error;
    }
    if (kept.version !== VERSION) return;
    this.#segments = kept.segments.map((each) => new Segment(this.#disk, each));
    this.#known = new Set(kept.known);
    this.#saved = JSON.stringify(kept);
  }

  forget() {
    fs.rmSync(this.#kept, { force: true });
  }

  save() {
    const value = { version: VERSION, segments: this.#segments, known: [...this.#known] };
    const text = JSON.stringify(value);
    if (text !== this.#saved) replaceText(this.#kept, text, { flush: true });
    this.#saved = text;
  }

  get #live() {
    const last = this.#segments.at(-1);
    return last !== undefined && last.retired === null ? last : null;
  }

  /**
   * Looks what became of the file. `first` says that this signal is sent for the first time: then what lies beside the file is none
   * of its lives, and with `fromNow` what stands in it counts as read. Gives whether nothing of it is there any more.
   */
  look({ first = false, fromNow = false } = {}) {
    const stat = this.#disk.statOf(this.#file);
    this.#isRead = false;
    if (first) this.#known = new Set(this.#siblings().map(({ identity }) => identity));
    const live = this.#live;
    live?.refresh();
    if (live === null) this.#begin(this.#siblings(), first && fromNow);
    else if (stat === null) {
      const siblings = this.#siblings();
      if (this.#retire(live, siblings)) this.#between(siblings);
    } else if (stat.identity !== live.identity || stat.size < live.least) this.#replaced(live);
    // It may have been written to, copied and cut since it was seen with nothing in it.
    else if (live.head === null) this.#between(this.#siblings());
    this.#follow();
    this.#dropOld();
    return this.#segments.length === 0 && stat === null;
  }

  /** Rotations go on: what was `.1` is `.2` the next time. */
  #follow() {
    const isLost = ({ retired, isOpen, path: place, identity }) =>
      retired !== null && !isOpen && this.#disk.statOf(place)?.identity !== identity;
    const lost = this.#segments.filter(isLost);
    const siblings = lost.length === 0 ? [] : this.#siblings();
    for (const segment of lost) {
      segment.path = siblings.find(({ identity }) => identity === segment.identity)?.file ?? segment.path;
    }
  }

  /** The file as it is now, after those that were it for a while when nobody looked. */
  #begin(siblings, fromNow = false) {
    this.#between(siblings);
    const stat = this.#disk.statOf(this.#file);
    if (stat === null) return;
    const segment = new Segment(this.#disk, { path: this.#file, identity: stat.identity });
    if (segment.open()) {
      if (fromNow) segment.moveToEnd();
      segment.note();
      segment.close();
    }
    this.#segments.push(segment);
  }

  /** The files beside it that begin with its name. */
  #siblings() {
    const [folder, base] = [path.dirname(this.#file), this.name];
    const isOurs = (name) => name.startsWith(base) && name !== base && !COMPRESSED.test(name);
    const files = namesIn(folder).filter(isOurs).map((name) => path.join(folder, name)); // prettier-ignore
    return files.map((file) => ({ file, ...this.#disk.statOf(file) })).filter(({ identity }) => identity !== undefined);
  }

  /**
   * Its name was taken, or it was copied and then cut, as some rotations do: its rest is read where it stands now. Without a name it is
   * read as long as it is open. Gives whether it has a name.
   */
  #retire(live, siblings) {
    live.retired = this.#clock();
    const isSame = ({ identity }) => identity === live.identity;
    const fits = ({ file, identity, size }) =>
      size >= live.least && !this.#known.has(identity) && this.#holds(file, live);
    const found = live.head === null ? siblings.find(isSame) : siblings.find((each) => isSame(each) && fits(each)) ?? siblings.find(fits); // prettier-ignore
    const place = this.#segments.indexOf(live);
    if (found === undefined && !live.isOpen) this.#segments.splice(place, 1);
    if (found === undefined) return false;
    if (isSame(found)) live.path = found.file;
    else {
      live.close();
      this.#segments[place] = new Segment(this.#disk, { ...live.toJSON(), path: found.file, identity: found.identity });
    }
    return true;
  }

  /** Another file has its name, or it was cut. */
  #replaced(live) {
    if (this.#relocate(live)) return;
    const siblings = this.#siblings();
    this.#begin(this.#retire(live, siblings) ? siblings : []);
    const ours = new Set(this.#segments.map(({ identity }) => identity));
    this.#known = new Set(siblings.map(({ identity }) => identity).filter((each) => !ours.has(each)));
  }

  /** A copy from which lines were taken out goes on where the lines stand that were read last. */
  #relocate(live) {
    const stat = this.#disk.statOf(this.#file);
    if (stat === null || (live.anchors.length === 0 && !live.isOpen)) return false;
    const fresh = new Segment(this.#disk, { path: this.#file, identity: stat.identity });
    if (!fresh.open()) return false;
    const end = goesOn(fresh, live);
    if (end === null) {
      fresh.close();
      return false;
    }
    fresh.moveTo(end);
    // More of those lines may stand there than behind the place.
    fresh.anchors = live.anchors;
    live.close();
    this.#segments[this.#segments.indexOf(live)] = fresh;
    return true;
  }

  /** Files that were the data file for a while when nobody looked. */
  #between(siblings) {
    const ours = new Set(this.#segments.map(({ identity }) => identity));
    const isLife = ({ file, identity }) =>
      ROTATED.test(path.basename(file).slice(this.name.length)) && !this.#known.has(identity) && !ours.has(identity);
    const isCopy = ({ file }) => this.#segments.some((each) => each.head !== null && this.#holds(file, each));
    const lives = siblings.filter(isLife).filter((each) => !isCopy(each));
    for (const { file, identity } of lives.sort((a, b) => a.changed - b.changed)) {
      const place = this.#segments.length - (this.#live === null ? 0 : 1);
      this.#segments.splice(place, 0, new Segment(this.#disk, { path: file, identity, retired: this.#clock() }));
    }
  }

  /** Whether a file holds what was read of a segment. */
  #holds(file, segment) {
    const opened = this.#disk.open(file);
    try {
      return opened !== null && segment.standsIn(opened);
    } finally {
      opened?.close();
    }
  }

  #dropOld() {
    const isOld = ({ retired }) => retired !== null && this.#clock() - retired > LATE_MS;
    const done = (each) => {
      if (!isOld(each)) return false;
      // One that nobody can open any more has nothing to give.
      return !each.open() || each.size() <= each.position;
    };
    for (const segment of this.#segments.filter(done)) {
      segment.close();
      this.#known.add(segment.identity);
      this.#segments.splice(this.#segments.indexOf(segment), 1);
    }
  }

  /** The next lines, `{ segment, lines, start, … }`, oldest first; `null` when there are none. */
  next(want) {
    if (this.#isRead) return null;
    for (const segment of [...this.#segments]) {
      const found = this.#read(segment, want);
      if (found === CHANGED) {
        if (segment !== this.#live) this.#segments.splice(this.#segments.indexOf(segment), 1);
        else this.#replaced(segment);
        return this.next(want);
      }
      if (found !== null) return { ...found, segment, start: segment.position };
      // What may still get late lines stays open while it has no name.
      if (segment.retired === null) segment.close();
    }
    this.#isRead = true;
    return null;
  }

  #read(segment, want) {
    const stat = segment === this.#live ? this.#disk.statOf(this.#file) : null;
    const isEnd = stat?.size === segment.position;
    // Another file may have the number and the size of the one that was.
    if (isEnd && stat.version === segment.seen) return null;
    const found = segment.open() ? segment.read(want) : null;
    if (isEnd && found === null) segment.seen = stat.version;
    return found;
  }

  /** The collector has what `next` gave: it is never given again. */
  acknowledge(given) {
    given.segment.advance(given);
    this.save();
  }

  close() {
    this.#segments.forEach((each) => each.close());
  }
}

module.exports = { Track };
