// Counts what was found in one file: by kind, with the numbers of the lines.
'use strict';

// A person reads a few, a program some more; a file may have millions.
const MOST_LINES = 1000;

class Tally {
  secrets = 0;

  #kinds = new Map();

  /** Takes `[line, kind]` pairs in the order of the lines. */
  add(found) {
    for (const [line, kind] of found) {
      if (!this.#kinds.has(kind)) this.#kinds.set(kind, { kind, count: 0, lines: [], more_lines: 0, last: 0 });
      const entry = this.#kinds.get(kind);
      entry.count += 1;
      if (entry.last === line) continue;
      entry.last = line;
      if (entry.lines.length < MOST_LINES) entry.lines.push(line);
      else entry.more_lines += 1;
    }
    this.secrets += found.length;
  }

  /** `[{ kind, count, lines, more_lines }]`, the most frequent kind first; `more_lines` counts those not listed. */
  get kinds() {
    const entries = [...this.#kinds.values()].map(({ last: _last, ...entry }) => entry);
    return entries.sort((a, b) => b.count - a.count);
  }
}

module.exports = { Tally };
