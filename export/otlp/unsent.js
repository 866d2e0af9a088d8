// Whether an export still has to read a data file, for those who would take it away or pack it.
'use strict';

const path = require('node:path');

const { placesOf } = require('../../alerts/places.js');
const { Disk, namesIn } = require('./disk.js');
const { readText } = require('../../lib/small-files.js');

const FOLDER = /^otlp-\w+.*\.d$/;
const PIECE = 16 * 1024;
const NEWLINE = 0x0a;

function kept(file) {
  try {
    return JSON.parse(readText(file)).segments;
  } catch {
    return null;
  }
}

/** Where the last whole line of a file ends; what somebody is in the middle of writing is read when it has its end. */
function endOf(disk, file) {
  const opened = disk.open(file);
  if (opened === null) return 0;
  try {
    for (let to = opened.size; to > 0; to -= PIECE) {
      const from = Math.max(0, to - PIECE);
      const found = opened.read(from, to - from).lastIndexOf(NEWLINE);
      if (found >= 0) return from + found + 1;
    }
    return 0;
  } finally {
    opened.close();
  }
}

/**
 * How many bytes of a data file's whole lines no export has acknowledged yet, of the signal that is behind most; 0 where nothing was ever exported.
 *
 * @example unsentBytes(core, '/app/.claude/context/logs/skill-invocations-2026-01-09.jsonl') // 0
 */
function unsentBytes(core, file) {
  const { folder } = placesOf(core);
  const exports = namesIn(folder).filter((name) => FOLDER.test(name) && isOf(name, file));
  const disk = new Disk(core);
  const stat = exports.length === 0 ? null : disk.statOf(file);
  if (stat === null) return 0;
  const end = endOf(disk, file);
  const left = exports.map((name) => {
    const segments = kept(path.join(folder, name, `${path.basename(file)}.json`)) ?? [];
    const own = segments.find(({ identity }) => identity === stat.identity);
    return end - (own?.position ?? 0);
  });
  return Math.max(0, ...left);
}

/** Progress is no part of traces. */
const isOf = (name, file) => !(name.startsWith('otlp-traces') && path.basename(file) === 'progress.jsonl');

module.exports = { unsentBytes };
