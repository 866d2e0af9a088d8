// The log of changes, `analytics/alerts.jsonl`: each change of an alert's state is one line of it, and the states are what
// its lines add up to. A snapshot of them saves reading it from the start.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { withCode } = require('../lib/errors.js');
const { makeFolder, readJson, replaceJson } = require('./places.js');

const VERSION = 1;
const NEWLINE = 10;
// A line is appended to the log itself, never through a link that somebody laid there.
const APPEND = fs.constants.O_APPEND | fs.constants.O_RDWR | fs.constants.O_CREAT | (fs.constants.O_NOFOLLOW ?? 0);

/** A name, or a pattern in which `*` stands for anything, as an expression. */
function fitting(pattern) {
  const words = pattern.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|/-]/g, '\\$&'));
  return new RegExp(`^${words.join('[^]*')}$`);
}

/** What the lines add up to: the state of each alert, and the silences, the last one for a pattern. */
class States {
  constructor({ alerts = [], silences = [] } = {}) {
    this.alerts = new Map(alerts);
    this.silences = new Map(silences);
  }

  /** Takes in one line of the log. */
  add(line) {
    if (typeof line?.alert !== 'string') return;
    if (line.silenced_until !== undefined && line.state === undefined) {
      this.silences.set(line.alert, line.silenced_until);
    } else if (typeof line.state === 'string') {
      const silenced_until = line.silenced_until ?? null;
      this.alerts.set(line.alert, { state: line.state, since: line.timestamp, message: line.message, silenced_until });
    }
  }

  /** The state of an alert; one that never changed is quiet. */
  of(alert) {
    return this.alerts.get(alert) ?? { state: 'quiet', since: null, message: null, silenced_until: null };
  }

  /** Until when an alert is silenced at a moment, ISO text, or `null`. */
  silenced(alert, now) {
    const until = [...this.silences].filter(([pattern]) => fitting(pattern).test(alert)).map(([, end]) => end);
    return until.filter((end) => Date.parse(end) > now).sort().at(-1) ?? null; // prettier-ignore
  }

  toJSON() {
    return { alerts: [...this.alerts], silences: [...this.silences] };
  }
}

/** The whole lines of a log from an offset on: `{ lines: [{ value, end }], end, size, ino }`. */
function readLines(file, known) {
  let fd;
  try {
    fd = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if (error.code === 'ENOENT') return { lines: [], end: 0, size: 0, ino: null };
    throw error;
  }
  try {
    const { ino, size } = fs.fstatSync(fd);
    // Another file, or one that was cut, is read from its start.
    const from = known?.ino === ino && known.end <= size ? known.end : 0;
    const bytes = Buffer.alloc(size - from);
    const read = fs.readSync(fd, bytes, 0, bytes.length, from);
    return { ...split(bytes.subarray(0, read), from), size, ino };
  } finally {
    fs.closeSync(fd);
  }
}

function split(bytes, from) {
  const lines = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    lines.push({ value: parsed(bytes.toString('utf8', start, end)), end: from + end + 1 });
    start = end + 1;
  }
  return { lines, end: from + start };
}

/** A line that was torn when its writer was killed says nothing: what it was about is judged anew. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What a full disk cut off is torn, and the next checker records it anew. */
function writeWhole(fd, bytes, file) {
  const written = fs.writeSync(fd, bytes);
  if (written < bytes.length) throw withCode(new Error(`could not write ${file}: the disk took only a part`), 'OBS_IO');
}

/** The log of one root. `read` may be called at any time, the rest only by who holds the lock. */
class AlertLog {
  constructor(places) {
    this.file = places.log;
    this.snapshot = places.file('alerts.json');
  }

  /** The states as they are on record. */
  read() {
    const kept = readJson(this.snapshot);
    const known = kept?.version === VERSION ? kept : null;
    const { lines, end, size, ino } = readLines(this.file, known);
    const states = new States(known?.states);
    for (const { value } of lines) states.add(value);
    return { states, position: { ino, end }, torn: size > end, fresh: lines.length > 0 };
  }

  /** Appends changes and takes them into what was read. */
  append(read, changes) {
    if (changes.length > 0) {
      makeFolder(path.dirname(this.file));
      const fd = fs.openSync(this.file, APPEND, 0o600);
      try {
        const text = changes.map((change) => `${JSON.stringify(change)}\n`).join('');
        writeWhole(fd, Buffer.from(read.torn ? `\n${text}` : text), this.file);
        const { ino, size } = fs.fstatSync(fd);
        Object.assign(read, { position: { ino, end: size }, torn: false });
      } finally {
        fs.closeSync(fd);
      }
      for (const change of changes) read.states.add(change);
    }
    return read;
  }

  /** Keeps what was read for the next reader. */
  keep({ states, position }) {
    replaceJson(this.snapshot, { version: VERSION, ...position, states });
  }
}

module.exports = { AlertLog, States, fitting, readLines };
