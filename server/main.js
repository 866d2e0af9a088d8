// `obs serve`: one process that listens on this machine alone, within bounds, and reads records through the package.
'use strict';

const http = require('node:http');

const { createFace } = require('../lib/face.js');
const { Live } = require('./live.js');
const { refuse } = require('./replies.js');
const { createRoutes } = require('./routes.js');
const { createSession } = require('./session.js');

const HOST = '127.0.0.1';
const MOST_CONNECTIONS = 64;

const LIMITS = {
  maxHeaderSize: 8192,
  headersTimeout: 5000,
  requestTimeout: 5000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
  requireHostHeader: true,
  insecureHTTPParser: false,
};

/** A connection that neither sends nor takes anything for so long is closed. */
const IDLE_MS = 30_000;

function limited(routes) {
  const server = http.createServer(LIMITS, routes);
  server.maxConnections = MOST_CONNECTIONS;
  server.maxHeadersCount = 64;
  server.setTimeout(IDLE_MS, (socket) => socket.destroy());
  // Nothing that is to follow is wanted.
  const unwanted = (_request, response) => refuse(response, [417, 'A request has no body here.']);
  server.on('checkContinue', unwanted).on('checkExpectation', unwanted);
  server.on('connect', (_request, socket) => socket.destroy());
  return server;
}

function listening(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: HOST, exclusive: true }, () => {
      server.removeListener('error', reject);
      // A connection that breaks is no fault of the server.
      server.on('error', () => {});
      resolve();
    });
  });
}

/**
 * Starts the server; rejects with the system's error (`EADDRINUSE`, `EACCES`) when it cannot listen. It does not keep the
 * process alive unless `keep` is true.
 *
 * @param {{ roots: string[], port?: number, keep?: boolean, metrics?: { token: string, maxValues?: number } | null }} options
 *   `port` 0 is a free one; with `metrics`, Prometheus may scrape by this token
 * @returns {Promise<{ url: string, renew: () => string, port: number, pages: () => number, close: () => Promise<void> }>} `url`
 *   opens once; `renew` gives another such address, for another browser
 * @example const { url, close } = await serve({ roots: ['/home/me/workspace'] });
 */
async function serve({ roots, port = 0, keep = false, metrics = null }) {
  const faces = roots.map((projectRoot) => createFace({ projectRoot }));
  const session = createSession();
  const live = new Live(faces);
  const server = limited(createRoutes({ faces, roots, session, live, metrics, port: () => server.address()?.port }));
  await listening(server, port);
  const taken = server.address().port;
  if (!keep) server.unref();
  const address = () => `http://${HOST}:${taken}/open?token=${session.issue()}`;
  return {
    url: address(),
    renew: address,
    port: taken,
    pages: () => live.size,
    async close() {
      live.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      faces.forEach((face) => face.close());
    },
  };
}

module.exports = { serve };
