// The live stream: what is recorded while a page looks on, with replay for one that was away; it sleeps when nobody looks.
'use strict';

const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const TICK_MS = 200;
const HEARTBEAT_MS = 10_000;
/** So long after the last page left, one that comes back gets what it missed. */
const LINGER_MS = 30_000;
const BATCH = 500;
const REPLAY_BYTES = 8 * 1024 * 1024;
const SLOW_BYTES = 4 * 1024 * 1024;

/** The files whose growth a page is told of. The day file of yesterday may still get records of another clock. */
function filesOf(folder, now) {
  const day = (ms) => path.join(folder, 'logs', `skill-invocations-${new Date(ms).toISOString().slice(0, 10)}.jsonl`);
  return {
    skills: [day(now), day(now - 86_400_000)],
    cujs: [path.join(folder, 'analytics', 'cuj-metrics.jsonl')],
    providers: [path.join(folder, 'analytics', 'provider-health.jsonl')],
    runs: [path.join(folder, 'logs', 'progress.jsonl')],
    alerts: [path.join(folder, 'analytics', 'alerts.jsonl')],
  };
}

function stampOf(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.size} ${stat.mtimeMs}` : '';
}

/** Looks at one workspace: `look()` gives the progress events and the names of what has changed since the last look. */
class Watched {
  #follower;
  #folder;
  #stamps = null;

  constructor(face) {
    this.#follower = face.follow('progress');
    this.#folder = face.core().dataFolder.folder;
  }

  look() {
    const stamps = {};
    for (const [name, files] of Object.entries(filesOf(this.#folder, Date.now()))) {
      stamps[name] = files.map((file) => quietly(() => stampOf(file)) ?? '').join();
    }
    const before = this.#stamps ?? stamps;
    this.#stamps = stamps;
    return {
      events: quietly(() => this.#follower.read()) ?? [],
      changed: Object.keys(stamps).filter((name) => stamps[name] !== before[name]),
    };
  }

  close() {
    this.#follower.close();
  }
}

/** A file that cannot be read now may be readable at the next look. */
function quietly(work) {
  try {
    return work();
  } catch {
    return null;
  }
}

/** One stream for every page: messages get a number, and the last ones are kept for those who come back. */
class Live {
  #faces;
  #watched = null;
  #timer = null;
  #left = 0;
  #lastBeat = 0;
  #clients = new Set();
  #epoch = randomBytes(6).toString('hex');
  #count = 0;
  #kept = [];
  #keptBytes = 0;

  constructor(faces) {
    this.#faces = faces;
  }

  /** Adds a page whose stream is open; `lastId` is the last message that it has, if it was here before. */
  add(response, lastId) {
    this.#wake();
    this.#clients.add(response);
    response.on('close', () => this.#remove(response));
    const missed = this.#missedSince(lastId);
    const hello = `retry: 500\nid: ${this.#epoch}-${this.#count}\nevent: ${missed === null ? 'reset' : 'ready'}\ndata: {}\n\n`;
    this.#send(response, missed === null ? hello : missed.join('') + hello);
  }

  /** How many pages look on. */
  get size() {
    return this.#clients.size;
  }

  close() {
    for (const response of this.#clients) response.destroy();
    this.#clients.clear();
    this.#sleep();
  }

  /** The texts behind `lastId`, or `null` when they are not known any more, or it is a page that has nothing yet. */
  #missedSince(lastId) {
    const [, epoch, text] = /^([0-9a-f]{12})-(\d{1,15})$/.exec(lastId ?? '') ?? [];
    const oldest = this.#count - this.#kept.length;
    if (epoch !== this.#epoch || Number(text) < oldest || Number(text) > this.#count) return null;
    return this.#kept.slice(Number(text) - oldest);
  }

  #wake() {
    if (this.#timer !== null) return;
    this.#watched = this.#faces.map((face) => new Watched(face));
    this.#watched.forEach((each) => each.look());
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  #sleep() {
    clearInterval(this.#timer);
    this.#timer = null;
    this.#watched?.forEach((each) => each.close());
    this.#watched = null;
    // What happens from now on is not seen, so nobody can be told that they missed nothing.
    this.#epoch = randomBytes(6).toString('hex');
    this.#kept = [];
    this.#keptBytes = 0;
  }

  #remove(response) {
    this.#clients.delete(response);
    this.#left = Date.now();
  }

  #tick() {
    if (this.#clients.size === 0 && Date.now() - this.#left > LINGER_MS) {
      this.#sleep();
      return;
    }
    this.#watched.forEach((each, root) => {
      const { events, changed } = each.look();
      for (let at = 0; at < events.length; at += BATCH) {
        this.#tell('progress', { root, events: events.slice(at, at + BATCH) });
      }
      if (changed.length > 0) this.#tell('changed', { root, changed });
    });
    if (Date.now() - this.#lastBeat > HEARTBEAT_MS) this.#beat();
  }

  #tell(event, data) {
    this.#count += 1;
    const text = `id: ${this.#epoch}-${this.#count}\nevent: ${event}\ndata: ${JSON.stringify(data).replaceAll('<', '\\u003c')}\n\n`;
    this.#kept.push(text);
    this.#keptBytes += text.length;
    while (this.#keptBytes > REPLAY_BYTES && this.#kept.length > 1) this.#keptBytes -= this.#kept.shift().length;
    for (const response of this.#clients) this.#send(response, text);
  }

  /** Who does not read is sent away, and asks for what it missed when it comes back. */
  #beat() {
    this.#lastBeat = Date.now();
    for (const response of this.#clients) this.#send(response, ': here\n\n');
  }

  #send(response, text) {
    response.write(text);
    if (response.writableLength > SLOW_BYTES) {
      this.#clients.delete(response);
      response.destroy();
    }
  }
}

module.exports = { Live };
