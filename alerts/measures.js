// The measures that are not rates of runs: the silence of runs in progress, records dropped, room on the disk.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { percent, spanText } = require('./span.js');

const MINUTE = 60_000;
const DAY = 86_400_000;
const TAIL = 1024 * 1024;
/** Until so many runs have ended nothing is learned, and no run is stalled before it was silent for so long. */
const LEAST_RUNS = 5;
const FLOOR = 10 * MINUTE;

/** The records of the last MiB of a file: what is in progress stands there, however long the history. */
function lastRecords(file) {
  let fd;
  try {
    fd = fs.openSync(file, 'r');
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  try {
    const { size } = fs.fstatSync(fd);
    const bytes = Buffer.alloc(Math.min(size, TAIL));
    fs.readSync(fd, bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString('utf8').split('\n');
    return lines.slice(size > TAIL ? 1 : 0).flatMap(parsed);
  } finally {
    fs.closeSync(fd);
  }
}

function parsed(line) {
  try {
    const event = JSON.parse(line);
    return Number.isFinite(event?.timestamp) && event.run_id !== null && event.run_id !== undefined ? [event] : [];
  } catch {
    return [];
  }
}

/** Each run with its last event, the longest time between two of its events, and whether it is over. */
function runsOf(events) {
  const runs = new Map();
  for (const { run_id, timestamp, status, percentage } of events) {
    const { last = timestamp, longest = 0 } = runs.get(run_id) ?? {};
    // A step that was completed is not the end of its run, unless nothing is left to do.
    const ended = status === 'failed' || (status !== 'running' && percentage >= 100);
    runs.set(run_id, { last: timestamp, longest: Math.max(longest, timestamp - last), ended });
  }
  return runs;
}

/** One finding for each run in progress, and for those that ended while they were told of. */
function silence(core, { name, silence_ms: asked }, now, states) {
  const runs = runsOf(lastRecords(path.join(core.dataFolder.folder, 'logs', 'progress.jsonl')));
  const ended = [...runs.values()].filter((run) => run.ended);
  const learned = ended.length < LEAST_RUNS ? FLOOR : Math.max(FLOOR, ...ended.map(({ longest }) => longest));
  const most = asked ?? learned;
  return [...runs].flatMap(([id, { last, ended: isOver }]) => {
    // Programs may give whatever they like as an id, also an object whose text cannot be had.
    const subject = typeof id === 'object' ? JSON.stringify(id) : String(id);
    const silent = now - last;
    const told = states.of(`${name}/${subject}`).state === 'firing';
    if ((isOver || silent > DAY + most) && !told) return [];
    const verdict = isOver || silent <= most ? 'calm' : silent > DAY + most ? 'no_data' : 'burning';
    const words = isOver ? 'ended' : `no event for ${spanText(silent)}, the longest pause so far was ${spanText(most)}`;
    return [{ subject, verdict, message: `${subject}: ${words}`, silent_ms: silent, most_ms: most }];
  });
}

/** Records that this process could not keep. One that recorded nothing leaves what another said; what was switched off is not missed. */
function dropped(core, { most }) {
  const { attempted, dropped: lost } = core.ask('health');
  if (attempted === 0) return [{ verdict: 'no_runs', message: 'this process recorded nothing' }];
  const { disabled = 0, ...by_reason } = lost.by_reason;
  const total = lost.total - disabled;
  const reasons = Object.entries(by_reason).map(([reason, count]) => `${count} ${reason}`);
  const words = `${total} ${total === 1 ? 'record was' : 'records were'} dropped: ${reasons.join(', ')}`;
  const message = total === 0 ? 'no record was dropped' : words;
  return [{ verdict: total > most ? 'burning' : 'calm', message, total, by_reason }];
}

/** The free part of the disk on which the records are; it has to grow by a quarter above the limit to be well again. */
function free(core, { least }) {
  const { bavail, blocks, bsize } = fs.statfsSync(nearest(core.dataFolder.folder));
  const room = { bytes: bavail * bsize, share: blocks === 0 ? 1 : bavail / blocks };
  const [left, limit] = least.share === undefined ? [room.bytes, least.bytes] : [room.share, least.share];
  const verdict = left < limit ? 'burning' : left < limit * 1.25 ? 'between' : 'calm';
  const message = `${Number((room.bytes / 1e9).toPrecision(3))} GB (${percent(room.share)}) of the disk are free`;
  return [{ verdict, message, free_bytes: room.bytes, free_share: room.share }];
}

function nearest(folder) {
  return fs.existsSync(folder) ? folder : nearest(path.dirname(folder));
}

module.exports = { measures: { silence, dropped, free } };
