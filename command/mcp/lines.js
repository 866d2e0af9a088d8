// Cuts a stream of bytes into lines, none of which may grow without bound.
'use strict';

const NEWLINE = 10;
const LONGEST = 1024 * 1024;

/** What stands in place of a line that is longer; what is left of it is passed over. */
const TOO_LONG = Symbol('too long');

/**
 * The lines of `input` as text, without their ends; the last one also where no end follows.
 *
 * @param {AsyncIterable<Buffer>} input
 * @example for await (const line of linesOf(process.stdin)) if (line !== TOO_LONG) JSON.parse(line);
 */
async function* linesOf(input, longest = LONGEST) {
  let parts = [];
  let length = 0;
  const line = () => {
    const text = length > longest ? TOO_LONG : Buffer.concat(parts).toString('utf8');
    [parts, length] = [[], 0];
    return text;
  };
  const take = (bytes) => {
    length += bytes.length;
    // Of a line that is too long already nothing has to be kept.
    if (length > longest) parts = [];
    else parts.push(bytes);
  };
  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, end));
      yield line();
      start = end + 1;
    }
    take(chunk.subarray(start));
  }
  if (length > 0) yield line();
}

module.exports = { LONGEST, TOO_LONG, linesOf };
