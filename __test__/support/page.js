// A server of `obs serve` in this process, and requests to it byte by byte, as no browser would make them.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');

const { createFace } = require('../../lib/face.js');
const { PACKAGE, makeFolder, removeFolder } = require('./command-line.js');

/** The page is built by `npm test`; who runs Jest alone gets it here. */
function ensurePage() {
  if (fs.existsSync(path.join(PACKAGE, 'page', 'built', 'page.js'))) return;
  execFileSync(process.execPath, [path.join(PACKAGE, 'scripts', 'page.mjs')], { stdio: 'pipe' });
}

async function startServer(roots, options = {}) {
  ensurePage();
  return require('../../server/main.js').serve({ roots, ...options });
}

/** Sends bytes and reads until the other side closes or `enough(text)` holds: `{ text, status, headers, body, closed }`. */
function raw(port, bytes, { enough = () => false, timeout = 15_000, host = '127.0.0.1' } = {}) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, host);
    let text = '';
    const done = (closed) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ...parsed(text), text, closed });
    };
    const timer = setTimeout(() => done(false), timeout);
    socket.setEncoding('latin1');
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (piece) => {
      text += piece;
      if (enough(text)) done(false);
    });
    socket.on('close', () => done(true));
    socket.on('error', (error) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
  });
}

function parsed(text) {
  const [head, ...body] = text.split('\r\n\r\n');
  const [first, ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => line.split(/: (.*)/s).slice(0, 2)).map(([n, v]) => [n.toLowerCase(), v]),
  );
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0),
    headers,
    body: Buffer.from(body.join('\r\n\r\n'), 'latin1').toString(),
  };
}

/** A whole request as text. `headers` come in place of `Host` and `Connection`, or beside them. */
function requestText(port, target, headers = {}, method = 'GET') {
  const all = { Host: `127.0.0.1:${port}`, Connection: 'close', ...headers };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => [value].flat().map((each) => `${name}: ${each}\r\n`));
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

const ask = (port, target, headers, method) => raw(port, requestText(port, target, headers, method));

/** Goes in by the address with the token; gives the cookie. */
async function enter({ port, url }) {
  const { headers } = await ask(port, new URL(url).pathname + new URL(url).search);
  return headers['set-cookie'].split(';')[0];
}

/** A workspace with some records and a server over it for a whole file; `take` gets `{ root, face, server, cookie }`. */
function useServer(take) {
  let made;
  beforeAll(async () => {
    const root = makeFolder();
    const face = createFace({ projectRoot: root, env: {} });
    for (let i = 0; i < 20; i += 1) {
      face.recordCujExecution('CUJ-001', i !== 7, 100 + i, i === 7 ? 'boom' : null);
    }
    face.logSkillInvocation({ skill: 'deploy', result: 'success', duration: 5 });
    const server = await startServer([root]);
    made = { root, face, server, cookie: await enter(server) };
    take(made);
  });
  afterAll(async () => {
    await made.server.close();
    made.face.close();
    removeFolder(made.root);
  });
}

module.exports = { ask, ensurePage, enter, raw, requestText, startServer, useServer };
