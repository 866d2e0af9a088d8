// A port of this machine that nobody listened on a moment ago, for servers that want to be told one.
'use strict';

const net = require('node:net');

async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

module.exports = { freePort };
