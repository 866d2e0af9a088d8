// Whether an export still has to read a data file, for those who would take it away or pack it.
'use strict';

const path = require('node:path');

const { placesOf } = require('../../alerts/places.js');
const { namesIn, statOf } = require('./disk.js');
const { readText } = require('../../lib/small-files.js');

const FOLDER = /^otlp-\w+.*\.d$/;

function kept(file) {
  try {
    return JSON.parse(readText(file)).segments;
  } catch {
    return null;
  }
}

/**
 * How many bytes of a data file no export has acknowledged yet, of the signal that is behind most; 0 where nothing was ever exported.
 *
 * @example unsentBytes(core, '/app/.claude/context/logs/skill-invocations-2026-01-09.jsonl') // 0
 */
function unsentBytes(core, file) {
  const stat = statOf(file);
  if (stat === null) return 0;
  const { folder } = placesOf(core);
  const left = namesIn(folder)
    .filter((name) => FOLDER.test(name))
    .map((name) => {
      const segments = kept(path.join(folder, name, `${path.basename(file)}.json`)) ?? [];
      const own = segments.find(({ identity }) => identity === stat.identity);
      return isOf(name, file) ? stat.size - (own?.position ?? 0) : 0;
    });
  return Math.max(0, ...left);
}

/** Progress is no part of traces. */
const isOf = (name, file) => !(name.startsWith('otlp-traces') && path.basename(file) === 'progress.jsonl');

module.exports = { unsentBytes };
