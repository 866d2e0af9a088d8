// The rows of `obs` about the page; what does the work is loaded when it is asked for.
'use strict';

const { readCount } = require('../options.js');

const options = {
  port: { value: 'N', read: readCount, about: 'serve: the port (otherwise a free one)' },
  open: { flag: true, about: 'serve, report: opens it in the browser' },
};

const commands = {
  serve: {
    options: ['root', 'port', 'open'],
    many: ['root'],
    about: 'a live page on this machine, until Ctrl-C; --root may be given several times',
    run: (asked) => require('./serve.js').serveCommand(asked),
  },
};

const examples = ['serve --open', 'serve --root . --root ../other-workspace'];

module.exports = { commands, examples, options };
