// `obs mcp`: reads messages from stdin line by line and answers each on stdout; nothing else is ever written there.
'use strict';

const { tell } = require('../../lib/faults.js');
const { TOO_LONG, linesOf } = require('./lines.js');
const { createMessages } = require('./messages.js');
const { createMethods } = require('./methods.js');

/**
 * Answers one message after the other until the input ends.
 *
 * @param {{ options: { root?: string }, output: object }} asked
 * @param {AsyncIterable<Buffer>} input
 */
async function serve({ options, output }, input = process.stdin) {
  if (input.isTTY) tell('obs mcp talks with programs, by the Model Context Protocol; Ctrl-D ends it\n');
  const messages = createMessages(createMethods(options));
  for await (const line of linesOf(input)) {
    const reply = line === TOO_LONG ? messages.tooLong() : await messages.reply(line);
    if (reply !== null) await output.write(`${JSON.stringify(reply)}\n`);
  }
  return 0;
}

module.exports = { serve };
