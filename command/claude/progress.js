// A bar on a terminal that says how far a long work is: percent, megabytes a second, the time that is left.
'use strict';

const EVERY_MS = 100;
const WIDTH = 24;
const MB = 1_000_000;

/** `{ show({ bytes, of_bytes }), end() }`; where nobody looks at a terminal both do nothing. */
function createProgress(stream, now = () => performance.now()) {
  if (!stream?.isTTY) return { show: () => {}, end: () => {} };
  const began = now();
  let shown = -Infinity;
  return {
    show({ bytes, of_bytes: all }) {
      const at = now();
      if (at - shown < EVERY_MS) return;
      shown = at;
      stream.write(`\r${barOf(bytes, all, at - began)}\x1b[K`);
    },
    end() {
      if (shown > -Infinity) stream.write('\r\x1b[K');
    },
  };
}

/** @example barOf(50e6, 200e6, 1000) // '######                   25 %, 50 MB/s, 3 s left' */
function barOf(bytes, all, ms) {
  const part = all === 0 ? 1 : bytes / all;
  const rate = bytes / Math.max(ms, 1);
  const left = rate > 0 ? Math.ceil((all - bytes) / rate / 1000) : 0;
  const bar = '#'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH);
  return `${bar} ${Math.floor(part * 100)} %, ${Math.round((rate * 1000) / MB)} MB/s, ${left} s left`;
}

module.exports = { barOf, createProgress };
