// Counts what was found in one file: lines with secrets, and by kind how often, with the numbers of the lines.
'use strict';

// A person reads a few, a program some more; a file may have millions.
const MOST_LINES = 1000;

/** Numbers of lines in their order, each once, the first of them kept. */
class Lines {
  kept = [];
  count = 0;
  #last = 0;

  add(line) {
    if (line === this.#last) return;
    this.#last = line;
    this.count += 1;
    if (this.kept.length < MOST_LINES) this.kept.push(line);
  }
}

class Tally {
  #all = new Lines();
  #kinds = new Map();

  /** How many lines are no text of UTF-8. */
  unreadable = 0;

  /** Takes `[line, kind]` pairs in the order of the lines. One secret may be of several kinds: a key behind `Bearer`. */
  add(found) {
    for (const [line, kind] of found) {
      if (!this.#kinds.has(kind)) this.#kinds.set(kind, { count: 0, lines: new Lines() });
      const entry = this.#kinds.get(kind);
      entry.count += 1;
      entry.lines.add(line);
      this.#all.add(line);
    }
  }

  /** How many lines have a secret. */
  get lines() {
    return this.#all.count;
  }

  /** `[{ kind, count, lines, more_lines }]`, the most frequent kind first; `more_lines` counts those not listed. */
  get kinds() {
    const entries = [...this.#kinds].map(
      ([
        kind,
        {
          count,
          lines: { kept, count: all },
        },
      ]) => {
        return { kind, count, lines: kept, more_lines: all - kept.length };
      },
    );
    return entries.sort((a, b) => b.count - a.count);
  }
}

module.exports = { Tally };
