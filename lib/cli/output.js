// Writes answers to a stream at the reader's pace, in pieces, and stops quietly when the reader has gone.
'use strict';

const { Complaint } = require('./complaint.js');
const { visibleJson, visibleLines } = require('./visible.js');

const PIECE = 64 * 1024;
const READER_GONE = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);

/** Thrown when nobody reads any more (`… | head -1`): a reason to stop, not a fault. */
class ReaderGone extends Error {}

/** An output bound to `stream`; every method resolves once the stream has taken the text. */
function createOutput(stream) {
  // Faults arrive through the callback of `write`; without a listener they would also end the process with a stack.
  stream.on('error', () => {});
  const write = (text) => writeTo(stream, text);
  return {
    stream,
    write,
    json: (value) => writePieces(write, jsonPieces(value)),
    text: (text) => write(`${visibleLines(text).replace(/\n*$/, '')}\n`),
  };
}

function writeTo(stream, text) {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(writeFault(error)) : resolve()));
  });
}

function writeFault(error) {
  if (READER_GONE.has(error.code)) return new ReaderGone();
  return new Complaint(`the answer could not be written: ${error.message}`);
}

async function writePieces(write, pieces) {
  let held = '';
  for (const piece of pieces) {
    held += visibleJson(piece);
    if (held.length >= PIECE) {
      await write(held);
      held = '';
    }
  }
  await write(`${held}\n`);
}

/**
 * The text of `JSON.stringify(value, null, 2)`, one member of the outermost list or object at a time: a month of records
 * would not fit into one string.
 */
function* jsonPieces(value) {
  if (Array.isArray(value)) yield* members('[', ']', value, (item) => indented(item));
  else if (value !== null && typeof value === 'object') {
    const names = Object.keys(value).filter((name) => value[name] !== undefined);
    yield* members('{', '}', names, (name) => `${JSON.stringify(name)}: ${indented(value[name])}`);
  } else yield JSON.stringify(value) ?? 'null';
}

function* members(open, close, items, text) {
  if (items.length === 0) {
    yield open + close;
    return;
  }
  let before = `${open}\n  `;
  for (const item of items) {
    yield before + text(item);
    before = ',\n  ';
  }
  yield `\n${close}`;
}

/** Line ends inside JSON text are always its layout, never part of a string. */
function indented(value) {
  return (JSON.stringify(value, null, 2) ?? 'null').replaceAll('\n', '\n  ');
}

module.exports = { createOutput, jsonPieces, ReaderGone };
