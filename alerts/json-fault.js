// Finds where a text stops being JSON, as line and column; `JSON.parse` tells that only sometimes.
'use strict';

const SPACE = /[ \t\r\n]*/y;
const SCALAR =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y; // eslint-disable-line no-control-regex -- strings hold none

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  skip() {
    SPACE.lastIndex = this.at;
    SPACE.test(this.text);
    this.at = SPACE.lastIndex;
  }

  /** Takes one character if it comes next. */
  takes(mark) {
    this.skip();
    const found = this.text[this.at] === mark;
    if (found) this.at += 1;
    return found;
  }

  scalar() {
    this.skip();
    SCALAR.lastIndex = this.at;
    const found = SCALAR.test(this.text);
    if (found) this.at = SCALAR.lastIndex;
    return found;
  }

  /** Whether a value was read; where not, `at` stands at what is wrong. */
  value() {
    if (this.takes('[')) return this.list(']', () => this.value());
    if (!this.takes('{')) return this.scalar();
    return this.list('}', () => this.text[this.at] === '"' && this.scalar() && this.takes(':') && this.value());
  }

  list(end, item) {
    if (this.takes(end)) return true;
    do {
      this.skip();
      if (!item()) return false;
    } while (this.takes(','));
    return this.takes(end);
  }
}

/** `{ line, column }`, counted from 1, of the first character that cannot stand there; `null` when the text is JSON. */
function jsonFault(text) {
  const reader = new Reader(text);
  const read = reader.value();
  reader.skip();
  if (read && reader.at === text.length) return null;
  const before = text.slice(0, reader.at).split('\n');
  return { line: before.length, column: before.at(-1).length + 1 };
}

module.exports = { jsonFault };
