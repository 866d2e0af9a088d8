// The row of `obs` for agents that ask: the MCP server; what does it is loaded when it is asked for.
'use strict';

const commands = {
  mcp: {
    options: ['root'],
    about: 'answers agents by the Model Context Protocol on stdin and stdout, until stdin ends; reads, never writes',
    run: (asked) => require('./serve.js').serve(asked),
  },
};

const examples = ['mcp', 'mcp --root ../other-workspace'];

module.exports = { commands, examples };
