// What goes by itself: the file of retention, and what its last run did.
'use strict';

const { findDataFolder } = require('../../lib/root.js');
const { wantedText } = require('../retention/commands.js');
const { loadRetention } = require('../retention/config.js');
const { readRuns } = require('../retention/log.js');
const { age, finding } = require('./finding.js');

const SECTION = 'Retention';
const NAME = 'retention.json';
const DAY = 86_400_000;

function retention(root, now = Date.now()) {
  let wanted;
  try {
    wanted = loadRetention(root);
  } catch (error) {
    return [finding(SECTION, NAME, 'fail', error.message, { advice: 'until it is mended, nothing goes by itself' })];
  }
  if (wanted === null) return [finding(SECTION, NAME, 'ok', 'there is none: records stay until somebody prunes')];
  const { folder } = findDataFolder(root, process.env.OBS_DATA_DIR);
  return [finding(SECTION, NAME, 'ok', wantedText(wanted), { data: wanted }), lastRun(readRuns(folder).at(-1), now)];
}

function lastRun(run, now) {
  const advice =
    'a timer calls `retention run` (see `schedule print`), and so do the hooks of Claude Code when a session ends';
  if (run === undefined) return finding(SECTION, 'last run', 'warn', 'there was none yet', { advice });
  const since = now - Date.parse(run.timestamp);
  const done = `${age(since)}: ${run.dropped_records} records dropped, ${run.compacted_bytes} bytes compacted`;
  const [fault] = run.errors;
  if (fault !== undefined) {
    return finding(SECTION, 'last run', 'warn', `${done}; ${fault.file} was left as it is`, {
      advice: fault.error,
      data: run,
    });
  }
  const late = since > 3 * DAY;
  return finding(SECTION, 'last run', late ? 'warn' : 'ok', done, { advice: late ? advice : undefined, data: run });
}

module.exports = { retention };
