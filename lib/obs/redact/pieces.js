// Reads a file in pieces of whole lines, in bounded memory, and has the addon look at each.
'use strict';

const fs = require('node:fs');

const { Complaint } = require('../../cli/complaint.js');
const { loadAddon } = require('../../native.js');

const PIECE = 1024 * 1024;
// Four times what the readers of the records take for a line; memory has to hold one.
const LONGEST = 64 * 1024 * 1024;

/**
 * Yields `{ original, found, text }` for the first `size` bytes of an open file: a stretch of it, `[line, kind]` for each
 * secret, and the stretch without them, `null` when it has none.
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
  for (const original of lines(fd, size)) yield result(original, redactor.lines(original));
}

function result(original, { found, text }) {
  return { original, found: JSON.parse(found), text: text ?? null };
}

function readAll(fd, size) {
  const buffer = Buffer.allocUnsafe(size);
  return buffer.subarray(0, readAt(fd, buffer, 0));
}

/** Buffers of whole lines; only the last may be without its newline. */
function* lines(fd, size) {
  let held = [];
  let heldBytes = 0;
  for (let at = 0; at < size;) {
    const buffer = Buffer.allocUnsafe(Math.min(PIECE, size - at));
    const chunk = buffer.subarray(0, readAt(fd, buffer, at));
    if (chunk.length === 0) break; // it became shorter
    at += chunk.length;
    const end = chunk.lastIndexOf(0x0a) + 1;
    if (end > 0) {
      yield Buffer.concat([...held, chunk.subarray(0, end)]);
      held = [];
      heldBytes = 0;
    }
    held.push(chunk.subarray(end));
    heldBytes += chunk.length - end;
    if (heldBytes > LONGEST) throw new Complaint(`it has a line longer than ${LONGEST / PIECE} MiB`);
  }
  if (heldBytes > 0) yield Buffer.concat(held);
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

module.exports = { redactedPieces };
