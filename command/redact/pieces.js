// Reads a file in pieces of whole lines, in bounded memory, and has the addon look at each.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { beginningOf, isPacked, membersOf } = require('../compact/packed.js');
const { Complaint } = require('../terminal/output.js');
const { loadAddon } = require('../../lib/addon.js');

const PIECE = 1024 * 1024;
// Four times what the readers of the records take for a line; memory has to hold one.
const LONGEST = 64 * 1024 * 1024;

/**
 * Yields `{ original, found, text, unreadable }` for the first `size` bytes of an open file: a stretch of it, `[line, kind]` for each
 * secret, the stretch without them, `null` when it has none, and how many lines are no text of UTF-8. A stretch is good until the next is asked for.
 */
function* redactedPieces(fd, { name, size }) {
  const { NativeRedactor } = loadAddon();
  const whole = name.endsWith('.json') && size <= LONGEST ? readAll(fd, size) : null;
  // A file of JSON may be laid out over many lines, none of which is JSON by itself.
  const document = whole && new NativeRedactor().document(whole);
  if (document) {
    yield result(whole, document);
    return;
  }
  const redactor = new NativeRedactor();
  for (const original of linesOf(fd, { name, size })) yield result(original, redactor.lines(original));
}

function result(original, { found, text, unreadable }) {
  return { original, found: JSON.parse(found), text: text ?? null, unreadable };
}

function readAll(fd, size) {
  const buffer = Buffer.allocUnsafe(size);
  return buffer.subarray(0, readAt(fd, buffer, 0));
}

/** The lines of a file under its name: of a compacted one those that it stands for, all of them. */
function linesOf(fd, { name, size }) {
  if (!isPacked(path.basename(name))) return lines(fd, size);
  beginningOf(fd);
  return membersOf(fd);
}

/**
 * Buffers of whole lines; only the last may be without its newline. Each is good until the next is asked for: the same
 * memory is used again and again, and grows only with the longest line. A line begins at `from`.
 */
function* lines(fd, size, from = 0) {
  let buffer = Buffer.allocUnsafe(Math.min(PIECE, size));
  let held = 0; // bytes of an unfinished line at the front of the buffer
  for (let at = from; at < size;) {
    if (held === buffer.length) buffer = grown(buffer);
    const count = readAt(fd, buffer.subarray(held, held + Math.min(buffer.length - held, size - at)), at);
    if (count === 0) break; // it became shorter
    at += count;
    const filled = buffer.subarray(0, held + count);
    const end = filled.lastIndexOf(0x0a) + 1;
    if (end > 0) yield filled.subarray(0, end);
    held = buffer.copy(buffer, 0, end, filled.length);
  }
  if (held > 0) yield buffer.subarray(0, held);
}

function grown(buffer) {
  if (buffer.length >= LONGEST) throw new Complaint(`it has a line longer than ${LONGEST / PIECE} MiB`);
  return Buffer.concat([buffer], Math.min(LONGEST, buffer.length * 2));
}

function readAt(fd, buffer, position) {
  let filled = 0;
  while (filled < buffer.length) {
    const count = fs.readSync(fd, buffer, filled, buffer.length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

module.exports = { lines, linesOf, redactedPieces };
