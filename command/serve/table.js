// The rows of `obs` about the page; what does the work is loaded when it is asked for.
'use strict';

const { readCount } = require('../options.js');
const { WrongUsage } = require('../terminal/output.js');

function readPort(name, text) {
  const port = readCount(name, text);
  if (port > 65_535) throw new WrongUsage(`${name} must be from 0 to 65535, not ${port}`);
  return port;
}

const options = {
  port: { value: 'N', read: readPort, about: 'serve: the port (otherwise a free one)' },
  'metrics-token': {
    value: 'FILE',
    about: 'serve: also gives /metrics, to whoever brings the token in this file; it is made if it is not there',
  },
  open: { flag: true, about: 'serve, report: opens it in the browser' },
};

const commands = {
  serve: {
    options: ['root', 'port', 'open', 'metrics-token', 'max-values'],
    many: ['root'],
    about: 'a live page on this machine, until Ctrl-C; --root may be given several times',
    run: (asked) => require('./serve.js').serveCommand(asked),
  },
  report: {
    options: ['root', 'out', 'since', 'from', 'to', 'tz', 'cuj', 'open'],
    about: 'the same page as one file with the records of a period inside (the last 7 days), which needs no server',
    run: (asked) => require('./report.js').reportCommand(asked),
  },
};

const examples = [
  'serve --open',
  'serve --port 9464 --metrics-token obs.token',
  'report --out report.html --since 30d',
  'serve --root . --root ../other-workspace',
];

module.exports = { commands, examples, options };
