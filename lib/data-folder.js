// Finds the folder that holds `logs/` and `analytics/` of a project root.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const USUAL = path.join('.claude', 'context');
const NEWER = path.join(USUAL, 'runtime');
const SINGLE = [
  path.join('logs', 'progress.jsonl'),
  path.join('analytics', 'cuj-metrics.jsonl'),
  path.join('analytics', 'provider-health.jsonl'),
  path.join('analytics', 'metrics-dashboard.json'),
  path.join('analytics', 'cuj-performance.json'),
];
const DAY_FILE = /^skill-invocations-\d{4}-\d{2}-\d{2}\.jsonl$/;

function holdsData(folder) {
  if (SINGLE.some((name) => fs.existsSync(path.join(folder, name)))) return true;
  try {
    return fs.readdirSync(path.join(folder, 'logs')).some((name) => DAY_FILE.test(name));
  } catch {
    return false;
  }
}

/**
 * `{ folder, other }`: the data folder of `root`, absolute. `named` is what `configure({ dataDir })` or `OBS_DATA_DIR` says,
 * relative to the root or absolute. Else it is `.claude/context`, unless only `.claude/context/runtime` holds data files,
 * where newer workspaces of the original modules keep them; where both do, `other` is the one that is not used, else `null`.
 */
function findDataFolder(root, named) {
  if (named) return { folder: path.resolve(root, named), other: null };
  const [usual, newer] = [path.join(root, USUAL), path.join(root, NEWER)];
  // One look is enough in a workspace that has no such folder.
  if (!fs.existsSync(newer) || !holdsData(newer)) return { folder: usual, other: null };
  return holdsData(usual) ? { folder: usual, other: newer } : { folder: newer, other: null };
}

module.exports = { findDataFolder };
