// What of the data files one signal has not sent yet, file by file, and the records that stand there.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { clock } = require('../../lib/clock.js');
const { makeCacheFolder, placesOf } = require('../../alerts/places.js');
const { Disk, namesIn } = require('./disk.js');
const { replaceText } = require('../../lib/small-files.js');
const { Track } = require('./track.js');

const DAY_FILE = /^skill-invocations-\d{4}-\d\d-\d\d\.jsonl/;
/** Files of days before yesterday get records from imports alone: one look of so many is at them. */
const SELDOM = 30;
const RECENT_MS = 2 * 86_400_000;
const dayName = (at) => `skill-invocations-${new Date(at).toISOString().slice(0, 10)}.jsonl`;
const SINGLE = {
  executions: ['analytics', 'cuj-metrics.jsonl'],
  providers: ['analytics', 'provider-health.jsonl'],
  progress: ['logs', 'progress.jsonl'],
};

/** The names of a stream's data files, relative to the data folder: those that are there, and those that always count. */
function filesOf(data, stream) {
  if (stream !== 'skills') return [SINGLE[stream]];
  // One that was rotated had this name for a while.
  const names = namesIn(path.join(data, 'logs')).map((name) => DAY_FILE.exec(name)?.[0]);
  return [...new Set(names.filter(Boolean))].sort().map((name) => ['logs', name]);
}

class Source {
  #core;
  #data;
  #folder;
  #streams;
  #disk;
  #replacing;
  /** By name of the data file: `{ stream, where, track, isKnown }`. */
  #tracks = new Map();
  #looks = 0;
  /** A fault of one file keeps nobody from reading the others. */
  #fault = null;
  /** Somebody replaced data files when it was looked at them last: nothing was read. */
  waits = false;

  /** What is acknowledged is remembered in a folder of the signal's own, a file for each data file. */
  constructor(core, signal, streams) {
    const places = placesOf(core);
    this.#core = core;
    this.#data = core.dataFolder.folder;
    this.#streams = [...streams];
    this.#folder = places.file(`otlp-${signal}.d`);
    this.#disk = new Disk(core);
    this.#replacing = places.file('prune.lock');
    makeCacheFolder(places.folder);
    fs.mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /**
   * Looks what became of the files; of those of days that are over, seldom, unless it shall be at `all`. The first time, with `fromNow`,
   * what is there counts as sent.
   */
  look(how) {
    this.#fault = null;
    this.#undisturbed(() => this.#look(how));
  }

  /**
   * Does `work` while nobody prunes or compacts. What is written meanwhile gets its place in the new file later, maybe behind lines that
   * came after it: nothing of that may have been read in the old one.
   */
  #undisturbed(work) {
    const lock = this.#core.call('tryLock', this.#replacing);
    this.waits = lock === null;
    if (lock === null) return null;
    try {
      return work();
    } finally {
      lock.release();
    }
  }

  #look({ fromNow = false, all = false } = {}) {
    const began = path.join(this.#folder, 'began');
    const first = !fs.existsSync(began);
    const seldom = this.#looks++ % SELDOM === 0 || all || first;
    const since = dayName(clock() - RECENT_MS);
    for (const stream of this.#streams) this.#find(stream);
    for (const [name, { track, isKnown }] of this.#tracks) {
      if (isKnown && !seldom && DAY_FILE.test(name) && name < since) continue;
      this.#tracks.get(name).isKnown = true;
      const isGone = this.#attempt(() => track.look({ first, fromNow }));
      track.save();
      if (isGone && DAY_FILE.test(name)) {
        track.forget();
        this.#tracks.delete(name);
      }
    }
    if (first) replaceText(began, '', { flush: true });
  }

  /** What `work` gives; `null` when the disk does not let it, which is told when nothing is left that can be read. */
  #attempt(work) {
    try {
      return work();
    } catch (error) {
      this.#fault ??= error;
      return null;
    }
  }

  /** The files that are there, and those of which something is remembered. */
  #find(stream) {
    const kept = namesIn(this.#folder).filter((name) => DAY_FILE.test(name) && name.endsWith('.json'));
    const older = stream === 'skills' ? kept.map((name) => ['logs', name.slice(0, -'.json'.length)]) : [];
    for (const [folder, name] of [...older, ...filesOf(this.#data, stream)]) {
      if (this.#tracks.has(name)) continue;
      const file = path.join(this.#data, folder, name);
      const where = `${folder}/${name}`;
      const options = { file, kept: path.join(this.#folder, `${name}.json`), clock };
      this.#tracks.set(name, { stream, where, track: new Track(this.#disk, options), isKnown: false });
    }
  }

  /**
   * The next lines of any file, about `want` bytes, with their records: `{ stream, records: [{ where, record }], … }`; `null` when there
   * are none, or while somebody replaces files, which `waits` tells.
   *
   * @throws {Error} what is left is in a file that cannot be read
   */
  next(want) {
    // Each stream has its turn, so that none waits for one that is written to all the time.
    for (const stream of [...this.#streams]) {
      this.#streams.push(this.#streams.shift());
      const given = this.#nextOf(stream, want);
      if (given !== null || this.waits) return given;
    }
    if (this.#fault !== null) throw this.#fault;
    return null;
  }

  #nextOf(stream, want) {
    const read = this.#undisturbed(() => this.#read(stream, want));
    if (read === null) return null;
    const { where, track, given } = read;
    const found = JSON.parse(this.#core.call('records', stream, given.lines));
    const records = found.map(([offset, record]) => ({ where: `${where} ${given.start + offset}`, record }));
    return { stream, records, acknowledge: () => track.acknowledge(given) };
  }

  /** The next lines of the first file of a stream that has some. */
  #read(stream, want) {
    for (const { stream: own, where, track } of this.#tracks.values()) {
      const given = own === stream ? this.#attempt(() => track.next(want)) : null;
      if (given !== null) return { where, track, given };
    }
    return null;
  }

  close() {
    for (const { track } of this.#tracks.values()) track.close();
  }
}

module.exports = { Source };
