// How the recorded files stand: sizes, ages, whether they can be read and written, and how much room is left.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { findDataFolder } = require('../../lib/root.js');
const { isOurs, isPacked } = require('../compact/packed.js');
const { entry } = require('../workspace/files.js');
const { age, finding, size } = require('./finding.js');
const { nearest, refusal } = require('./road.js');

const SECTION = 'Files';
const LOGS = 'logs';
const ANALYTICS = 'analytics';
const DAY_FILE = /^skill-invocations-\d{4}-\d{2}-\d{2}\.jsonl(\.gz)?$/;
const LITTLE_ROOM = 100 * 1024 * 1024;

function records(root, now = Date.now()) {
  const { folder: data, other } = findDataFolder(root, process.env.OBS_DATA_DIR);
  const single = [
    path.join(LOGS, 'progress.jsonl'),
    path.join(ANALYTICS, 'cuj-metrics.jsonl'),
    path.join(ANALYTICS, 'provider-health.jsonl'),
    path.join(ANALYTICS, 'metrics-dashboard.json'),
  ];
  return [
    dataFolder(data, other),
    dayFiles(data, now),
    ...strangers(data),
    ...single.map((name) => summary(path.basename(name), [path.join(data, name)], now)),
    ...[LOGS, ANALYTICS].map((folder) => writeTest(data, folder)),
    room(data),
  ];
}

function dataFolder(data, other) {
  if (other === null) return finding(SECTION, 'data folder', 'ok', data, { data: { folder: data } });
  const advice = `${other} holds data files too, which no answer counts: move them over, or choose it with OBS_DATA_DIR`;
  return finding(SECTION, 'data folder', 'warn', data, { advice, data: { folder: data, other } });
}

function dayFiles(data, now) {
  const folder = path.join(data, LOGS);
  const names = listing(folder).filter((name) => DAY_FILE.test(name));
  return summary(
    'skill-invocations',
    names.sort().map((name) => path.join(folder, name)),
    now,
  );
}

/** Files with the name of a compacted day whose lines no question finds. */
function strangers(data) {
  const folder = path.join(data, LOGS);
  return listing(folder)
    .filter((name) => isPacked(name) && !isOurs(path.join(folder, name)))
    .map((name) =>
      finding(SECTION, name, 'warn', 'was not made by obs compact, so its records are not counted', {
        advice: 'unpack it (gunzip), then compact with obs',
      }),
    );
}

function listing(folder) {
  try {
    return fs.readdirSync(folder);
  } catch {
    return []; // not there yet; one that cannot be read shows in the write test
  }
}

/** One finding for one file or for all day files together. */
function summary(name, files, now) {
  const found = files.map(look).filter(({ missing }) => !missing);
  if (found.length === 0) return finding(SECTION, name, 'ok', 'nothing recorded yet', { data: { files: [] } });
  const data = { files: found.map(({ file, size: bytes, modified }) => ({ file, size: bytes, modified })) };
  const { refused } = found.find((each) => each.refused) ?? {};
  if (refused) return finding(SECTION, name, 'fail', refused.why, { advice: refused.advice, data });
  const total = found.reduce((sum, each) => sum + each.size, 0);
  const newest = Math.max(...found.map(({ modified }) => Date.parse(modified)));
  const days = found.length > 1 ? `${found.length} days, ` : '';
  return finding(SECTION, name, 'ok', `${days}${size(total)}, last written ${age(now - newest)}`, { data });
}

/** `{ file, size, modified, refused }`, where `refused` says why it cannot be used; `{ missing: true }` when it is not there. */
function look(file) {
  const stat = entry(file);
  if (stat === null) return { missing: true };
  return { file, size: stat.size, modified: stat.mtime.toISOString(), refused: refusal(file, stat) };
}

/** Writes, reads back and removes a small file where records go, or in the folder in which that folder would be made. */
function writeTest(data, folder) {
  const name = `writing to ${path.basename(folder)}`;
  const { place, dangling } = nearest(path.join(data, folder));
  if (dangling) {
    return finding(SECTION, name, 'fail', `${place} is a link that leads nowhere`, {
      advice: 'make the folder that it leads to, or remove the link; records meant for it are dropped',
    });
  }
  const file = path.join(place, `.obs-write-test-${process.pid}`);
  try {
    fs.writeFileSync(file, 'ok\n', { flag: 'wx', flush: true });
    const same = fs.readFileSync(file, 'utf8') === 'ok\n';
    return finding(
      SECTION,
      name,
      same ? 'ok' : 'fail',
      same ? 'written, read back and removed' : 'read back something else',
    );
  } catch (error) {
    return finding(SECTION, name, 'fail', error.message, { advice: adviceFor(error.code, place) });
  } finally {
    removeQuietly(file);
  }
}

function adviceFor(code, place) {
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return 'make room on this disk: records are held in memory and dropped when there are too many';
  }
  if (code === 'EROFS') return 'this file system is read-only: set OBS_PROJECT_ROOT to a folder elsewhere';
  if (code === 'ENOTDIR') return `${place} is not a folder: move it away`;
  return `give this user the right to write to ${place}`;
}

function removeQuietly(file) {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // The finding has already said that this place takes no writes.
  }
}

function room(data) {
  try {
    const { bavail, bsize } = fs.statfsSync(nearest(data).place);
    const little = bavail * bsize < LITTLE_ROOM;
    const advice = little ? 'make room, or records will be held in memory and then dropped' : undefined;
    return finding(SECTION, 'free space', little ? 'warn' : 'ok', size(bavail * bsize), {
      advice,
      data: { bytes: bavail * bsize },
    });
  } catch (error) {
    return finding(SECTION, 'free space', 'warn', `unknown: ${error.message}`);
  }
}

module.exports = { records };
