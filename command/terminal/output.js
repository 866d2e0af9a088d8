// What a person gets to read: answers at the reader's pace, complaints of one line, and the exit code.
'use strict';

const fs = require('node:fs');

const { visible, visibleJson, visibleLines } = require('../../lib/visible.js');

const STDOUT = 1;
const PIECE = 64 * 1024;
const READER_GONE = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);

/** A fault of the person's own input: its message is the whole complaint, in one line. */
class Complaint extends Error {}

/** The command line itself cannot be understood; `obs` has an exit code of its own for it. */
class WrongUsage extends Complaint {}

/** Thrown when nobody reads any more (`… | head -1`): a reason to stop, not a fault. */
class ReaderGone extends Error {}

/**
 * Standard output; every method resolves once the text is taken. It is written to the descriptor, because opening the stream
 * takes longer than most answers, until somebody asks for the `stream` or the descriptor takes no more at the moment.
 */
function createOutput() {
  let stream = null;
  const open = () => (stream ??= openStream());
  const write = async (text) => {
    const rest = stream === null ? writeDirectly(Buffer.from(text)) : text;
    if (rest.length > 0) await writeTo(open(), rest);
  };
  return {
    get stream() {
      return open();
    },
    /** What says whether a person looks, and at how many columns: the stream, or that there is none. */
    get terminal() {
      return stream !== null || mayBeTerminal() ? open() : { isTTY: false };
    },
    write,
    json: (value) => writePieces(write, jsonPieces(value)),
    text: (text) => write(`${visibleLines(text).replace(/\n*$/, '')}\n`),
  };
}

/** Only a character device can be a terminal; what Windows has in place of one only the stream knows. */
function mayBeTerminal() {
  if (process.platform === 'win32') return true;
  try {
    return fs.fstatSync(STDOUT).isCharacterDevice();
  } catch {
    return true;
  }
}

function openStream() {
  // Faults arrive through the callback of `write`; without a listener they would also end the process with a stack.
  return process.stdout.on('error', () => {});
}

/** What of `bytes` is still to be written. A Windows console takes text only through the stream. */
function writeDirectly(bytes) {
  if (process.platform === 'win32') return bytes;
  let done = 0;
  try {
    while (done < bytes.length) done += fs.writeSync(STDOUT, bytes, done);
  } catch (error) {
    if (error.code !== 'EAGAIN') throw writeFault(error);
  }
  return bytes.subarray(done);
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

/** 0 when `work` is done, or when its reader left; 1 (or `wrongUsage`) after one line on stderr saying why it is not. */
async function exitCode(name, work, wrongUsage = 1) {
  try {
    await work();
    return 0;
  } catch (error) {
    if (error instanceof ReaderGone) return 0;
    // Some messages of the package take several lines; a complaint takes one.
    const message = String(error?.message ?? error).replace(/\s*\n\s*/g, ' ');
    // What was typed may hold a secret, and stderr is often logged.
    const { redacted } = require('../../lib/errors.js');
    require('../../lib/faults.js').tell(`${name}: ${visible(redacted(message) ?? message)}\n`);
    return error instanceof WrongUsage ? wrongUsage : 1;
  }
}

module.exports = { Complaint, ReaderGone, WrongUsage, createOutput, exitCode, jsonPieces };
