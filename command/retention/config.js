// What a workspace wants of retention: `.claude/context/config/retention.json`, read and checked.
'use strict';

const path = require('node:path');

const { createShape, wrong } = require('../../alerts/shape.js');
const { spanMs } = require('../../alerts/span.js');
const { DAY } = require('../prune/files.js');
const { readText } = require('../../lib/small-files.js');

const FILE = path.join('.claude', 'context', 'config', 'retention.json');
const CODE = 'OBS_BAD_RETENTION';
const GOALS = ['older_than', 'max_bytes', 'compact_after'];
const SPAN = 'a span of a day or more, such as "90d"';

function readSpan(shape, name, value) {
  if (value === undefined) return null;
  return shape.check(spanMs(value) >= DAY, name, SPAN, value) && spanMs(value);
}

/** Checks the value of a file: `{ olderThan, maxBytes, compactAfter }`, in ms and bytes, each `null` where it is not wanted. */
function readRetention(file, value) {
  const shape = createShape(file, CODE);
  shape.object('the file', value, ['$schema', ...GOALS]);
  if (GOALS.every((name) => value[name] === undefined)) throw wrong(file, `has none of ${GOALS.join(', ')}`, CODE);
  const { older_than: olderThan, max_bytes: maxBytes, compact_after: compactAfter } = value;
  const good = maxBytes === undefined || (Number.isSafeInteger(maxBytes) && maxBytes > 0);
  shape.check(good, 'max_bytes', 'a whole number of bytes, 1 or more', maxBytes);
  return {
    olderThan: readSpan(shape, 'older_than', olderThan),
    maxBytes: maxBytes ?? null,
    compactAfter: readSpan(shape, 'compact_after', compactAfter),
  };
}

/**
 * What a workspace wants, `null` where there is no file.
 *
 * @throws {TypeError} with the code OBS_BAD_RETENTION: the file says what cannot be, and where
 */
function loadRetention(root) {
  const file = path.join(root, FILE);
  let text;
  try {
    text = readText(file);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  }
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const { line, column } = require('../../alerts/json-fault.js').jsonFault(text) ?? { line: 1, column: 1 };
    throw Object.assign(wrong(file, `line ${line}, column ${column}: this is not JSON`, CODE), { cause: error });
  }
  return readRetention(file, value);
}

module.exports = { FILE, loadRetention };
