// `obs serve`: starts the server, says where it is, and ends it cleanly when the person or the system asks for that.
'use strict';

const { Complaint, WrongUsage } = require('../terminal/output.js');
const { tell } = require('../../lib/faults.js');
const { visible } = require('../../lib/visible.js');
const { findWorkspace, isFolder } = require('../workspace/workspace.js');
const { openInBrowser } = require('./browser.js');

const WHY = {
  EADDRINUSE: (port) => `port ${port} is taken: name another with --port, or leave it out for a free one`,
  EACCES: (port) => `port ${port} may not be used: name one from 1024 on, or leave it out for a free one`,
};

function rootsOf(named) {
  const roots = [...new Set((named ?? [undefined]).map((each) => findWorkspace(each).root))];
  const missing = roots.find((root) => !isFolder(root));
  if (missing !== undefined) throw new Complaint(`${visible(missing)} is not a folder`);
  return roots;
}

async function started(roots, port, metrics) {
  try {
    return await require('../../server/main.js').serve({ roots, port, keep: true, metrics });
  } catch (error) {
    throw WHY[error.code] ? new Complaint(WHY[error.code](port)) : error;
  }
}

/** What Prometheus may have, `null` where nobody asked for it. */
function metricsOf({ 'metrics-token': file, 'max-values': maxValues }) {
  if (file === undefined) {
    if (maxValues !== undefined) throw new WrongUsage('serve: --max-values goes with --metrics-token FILE');
    return null;
  }
  const { readToken } = require('./metrics-token.js');
  return { file, token: readToken(file), maxValues };
}

/** Resolves at Ctrl-C, SIGTERM or SIGHUP; a second Ctrl-C ends the process at once. */
function stopped() {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, resolve);
  });
}

const howOn = () => (process.stdin.isTTY ? 'Enter gives another, ' : '');

/** A person at the terminal asks for another address; who started it in the background does not. */
function onEnter(act) {
  if (!process.stdin.isTTY) return null;
  const lines = require('node:readline').createInterface({ input: process.stdin });
  return lines.on('line', () => void act().catch(() => {}));
}

async function serveCommand({ options, output }) {
  const roots = rootsOf(options.root);
  const metrics = metricsOf(options);
  const server = await started(roots, options.port ?? 0, metrics);
  const stop = stopped();
  await output.write(`${server.url}\n`);
  tell(`Serving ${roots.map(visible).join(', ')}; the address opens once, for one browser (${howOn()}Ctrl-C ends)\n`);
  if (metrics !== null) {
    tell(`Metrics: http://127.0.0.1:${server.port}/metrics, with the token in ${visible(metrics.file)}\n`);
  }
  const lines = onEnter(() => output.write(`${server.renew()}\n`));
  const opened = options.open ? openInBrowser(server.url) : null;
  if (opened?.problem) tell(`obs: ${visible(opened.problem)}; open the address yourself\n`);
  await stop;
  lines?.close();
  opened?.forget();
  await server.close();
  return 0;
}

module.exports = { serveCommand };
