// Reads a data file line by line: how many bytes each day has, and which stretches stay when all before a moment goes.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { isPacked } = require('../compact/packed.js');
const { linesOf: piecesOf } = require('../redact/pieces.js');
const { withFile } = require('../redact/files.js');
const { DAY, readLine } = require('./files.js');

const NEWLINE = 0x0a;

/** `{ start, end, at, run }` of each whole line of a piece. */
function* linesOf(piece, id) {
  let start = 0;
  for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
    yield { start, end: end + 1, ...readLine(piece.toString('utf8', start, end), id) };
    start = end + 1;
  }
}

/**
 * `{ seen, size, scale, days, runs }`: which file it was, the bytes up to its last whole line, how many bytes of the disk each
 * of them takes (less than one in a compacted file), bytes by UTC day, the latest time of each run.
 */
function survey({ file, id }) {
  const found = { seen: null, size: 0, scale: 1, days: new Map(), runs: new Map() };
  withFile(file, (fd) => {
    const { dev, ino, size } = fs.fstatSync(fd, { bigint: true });
    found.seen = { dev, ino };
    for (const piece of piecesOf(fd, { name: file, size: Number(size) })) {
      for (const line of linesOf(piece, id)) note(found, line);
    }
    if (isPacked(path.basename(file)) && found.size > 0) found.scale = Number(size) / found.size;
  });
  return found;
}

function note(found, { start, end, at, run }) {
  found.size += end - start;
  if (Number.isNaN(at)) return;
  const day = Math.floor(at / DAY) * DAY;
  found.days.set(day, (found.days.get(day) ?? 0) + end - start);
  if (run !== undefined) found.runs.set(run, Math.max(at, found.runs.get(run) ?? -Infinity));
}

/**
 * What of the first `size` bytes stays: hands stretches of whole lines to `keep`, each good until the next, and gives
 * `{ lines, bytes }` of what goes. The events of a run stay together: none goes while the run has one that stays.
 */
function sift(fd, { file, size, id, runs }, cutoff, keep) {
  const gone = { lines: 0, bytes: 0 };
  for (const piece of piecesOf(fd, { name: file, size })) {
    let from = 0;
    for (const { start, end, at, run } of linesOf(piece, id)) {
      const stays = !(at < cutoff) || (run !== undefined && runs.get(run) >= cutoff);
      if (stays) continue;
      if (start > from) keep(piece.subarray(from, start));
      gone.lines += 1;
      gone.bytes += end - start;
      from = end;
    }
    if (piece.length > from) keep(piece.subarray(from));
  }
  return gone;
}

module.exports = { sift, survey };
