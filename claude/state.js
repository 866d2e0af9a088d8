// Remembers which transcripts were imported, so that only what is new is read; it may be deleted at any time.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { withCode } = require('../lib/errors.js');

// Another number means that everything is read again.
const VERSION = 2;
const NAME = 'import-claude';

/** What is remembered for a core's workspace, and the lock under which it is written. */
class ImportState {
  #file;
  #lock = null;
  #data;
  #sessions;
  #rules;

  /** `rules` is a text of the settings by which events are found. */
  constructor(core, rules) {
    this.#file = path.join(core.where.root, '.claude', 'context', '.obs', `${NAME}.json`);
    this.#data = core.dataFolder.folder;
    this.#rules = rules;
    this.#sessions = this.#read();
  }

  #read() {
    try {
      const { version, data, rules, sessions } = JSON.parse(fs.readFileSync(this.#file, 'utf8'));
      if (version === VERSION && data === this.#data && rules === this.#rules) return new Map(sessions);
    } catch {
      // There is none yet, or it is none of ours: everything is read.
    }
    return new Map();
  }

  /** Whether nothing can be new in a session at a moment. */
  isKnown({ name, files }, since, now) {
    const known = this.#sessions.get(name);
    if (known === undefined || known.seen !== seenOf(files)) return false;
    return known.since <= (since ?? 0) && (known.waits === null || now < known.waits);
  }

  /**
   * Notes that a session was imported from a time on; `waits` is when more can be said of it, `odd` what was not understood of it:
   * `{ damaged, unknown_types }`.
   */
  note({ name, files }, since, waits, odd = { damaged: 0, unknown_types: {} }) {
    const isOdd = odd.damaged > 0 || Object.keys(odd.unknown_types).length > 0;
    this.#sessions.set(name, { seen: seenOf(files), since: since ?? 0, waits, ...(isOdd && { odd }) });
  }

  /** What was not understood of all sessions that are remembered: `{ sessions, damaged, unknown_types }`. */
  oddities() {
    const found = { sessions: this.#sessions.size, damaged: 0, unknown_types: {} };
    const counts = new Map();
    for (const { odd } of this.#sessions.values()) {
      found.damaged += odd?.damaged ?? 0;
      for (const [name, count] of Object.entries(odd?.unknown_types ?? {})) {
        counts.set(name, (counts.get(name) ?? 0) + count);
      }
    }
    return { ...found, unknown_types: Object.fromEntries(counts) };
  }

  /** Nobody else imports into this workspace until `release()`. */
  lock(core) {
    const folder = path.dirname(this.#file);
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#lock = core.call('tryLock', path.join(folder, `${NAME}.lock`));
    if (this.#lock === null) {
      const busy = 'another import into this workspace is running; try again when it is done';
      throw withCode(new Error(busy), 'OBS_BUSY');
    }
    this.#sessions = this.#read();
  }

  release() {
    this.#lock?.release();
    this.#lock = null;
  }

  /** Writes what is remembered; without it the next import reads everything again, which changes nothing but its time. */
  save() {
    const next = `${this.#file}.new`;
    const sessions = [...this.#sessions];
    try {
      const text = JSON.stringify({ version: VERSION, data: this.#data, rules: this.#rules, sessions });
      fs.writeFileSync(next, text, { mode: 0o600 });
      fs.renameSync(next, this.#file);
    } catch {
      fs.rmSync(next, { force: true });
    }
  }
}

function seenOf(files) {
  return files.map(({ path: file, seen }) => `${path.basename(file)}:${seen}`).join('|');
}

module.exports = { ImportState };
