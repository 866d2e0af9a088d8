// Where a file goes on that took the place of another one: lines may have been taken out of it, and others redacted.
'use strict';

const { CHANGED, hashOf } = require('./segment.js');

const NEWLINE = 0x0a;
const READ_AHEAD = 64 * 1024;
/** So many lines at the beginning of a file may have been redacted before it is another one. */
const MOST_REDACTED = 64;

/** Hands each whole line of an open file to `take(hash, where it ends)`, in pieces. */
function eachLine(file, take) {
  const PIECE = 256 * 1024;
  for (let at = 0, size = PIECE; ;) {
    const bytes = file.read(at, size);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      take(hashOf(bytes.subarray(start, end + 1)), at + end + 1);
      start = end + 1;
    }
    if (bytes.length < size) return;
    // A line longer than the piece is read with a larger one.
    size = start === 0 ? size * 4 : PIECE;
    at += start;
  }
}

/**
 * Up to where an open file was read, by the hashes of the lines that were read last, oldest first: behind the newest that stands
 * there, where most of those before it stand before it. Without them it is where the line stands that was to be read `next`, and else
 * `null`.
 */
function findPlace(file, anchors, next = null) {
  const places = new Map();
  anchors.forEach((hash, place) => places.set(hash, [...(places.get(hash) ?? []), place]));
  const best = { place: -1, run: 0, end: null };
  let [runs, start, ahead] = [new Map(), 0, null];
  eachLine(file, (hash, end) => {
    if (hash === next) ahead ??= start;
    const now = new Map();
    for (const place of places.get(hash) ?? []) {
      const run = (runs.get(place - 1) ?? 0) + 1;
      now.set(place, run);
      if (place > best.place || (place === best.place && run > best.run)) Object.assign(best, { place, run, end });
    }
    [runs, start] = [now, end];
  });
  return best.end ?? ahead;
}

/** The hashes of the first of the lines that are next in a file. */
function nextLines(segment, most) {
  const next = segment.open() ? segment.read(READ_AHEAD) : null;
  const found = [];
  if (next === null || next === CHANGED) return found;
  for (let start = 0; start < next.lines.length && found.length < most;) {
    const behind = next.lines.indexOf(NEWLINE, start) + 1;
    found.push(hashOf(next.lines.subarray(start, behind)));
    start = behind;
  }
  return found;
}

/** Where a file goes on that took the place of `live`; `null` when it holds nothing of it. */
function goesOn(fresh, live) {
  // What was compacted is the same in another form.
  const isSame = live.position > 0 && fresh.size() >= live.least && fresh.find((file) => live.standsIn(file));
  if (isSame) return live.position;
  const [next] = nextLines(live, 1);
  const end = fresh.find((file) => findPlace(file, live.anchors, next));
  if (end !== null || !live.isOpen || fresh.identity === live.identity) return end;
  return unreadIn(fresh, live);
}

/**
 * The same when none of the lines that were read last stands in it, nor the one that was to be read next: they were taken out or
 * redacted. Where one of its first lines was still to be read it is read from its beginning: what comes before that may be redacted
 * lines that were not read, or new ones.
 */
function unreadIn(fresh, live) {
  const wanted = new Set(nextLines(fresh, MOST_REDACTED));
  let found = false;
  live.find((file) =>
    eachLine(file, (hash, end) => {
      if (wanted.delete(hash) && end > live.position) found = true;
    }),
  );
  return found ? 0 : null;
}

module.exports = { goesOn };
