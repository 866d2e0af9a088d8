// What a workspace without records is offered: the history that lies in the transcripts of Claude Code.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { projectFolders } = require('../../claude/places.js');
const { loadAddon } = require('../../lib/addon.js');
const { findDataFolder, findProjectRoot } = require('../../lib/root.js');

const DAY = 86_400_000;

function hasRecords(folder) {
  return ['logs', 'analytics'].some((name) => {
    try {
      return fs.readdirSync(path.join(folder, name)).some((file) => file.endsWith('.jsonl'));
    } catch {
      return false;
    }
  });
}

/** Whether the workspace that the tools would find has anything on record. */
function isOnRecord(env = process.env) {
  const { root, reason } = findProjectRoot({ env });
  return reason !== 'fallback' && hasRecords(findDataFolder(root, env.OBS_DATA_DIR).folder);
}

/** The words of the offer with an empty line before them, or nothing where there are records, or nothing to import. */
function offer(env = process.env) {
  const { root, reason } = findProjectRoot({ env });
  if (reason === 'fallback' || hasRecords(findDataFolder(root, env.OBS_DATA_DIR).folder)) return '';
  const folders = JSON.stringify(projectFolders(root, { env }));
  const { sessions, oldest } = JSON.parse(loadAddon().NativeClaude.countSessions(folders));
  if (sessions === 0) return '';
  const days = Math.max(1, Math.ceil((Date.now() - oldest) / DAY));
  const [many, long] = [sessions === 1 ? 'session' : 'sessions', days === 1 ? 'day' : 'days'];
  return [
    '\n\nNothing is on record here yet, but Claude Code left transcripts of',
    `${sessions} ${many} of ${days} ${long}. To have them (names, times, counts; nothing leaves the machine):`,
    '  npx @obs/native import claude',
  ].join('\n');
}

module.exports = { isOnRecord, offer };
