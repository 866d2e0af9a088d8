// Connects an official client to `obs mcp`, lists and calls, and prints what it got. Arguments: folder of the clients, mode, root.
'use strict';

const { createRequire } = require('node:module');
const path = require('node:path');

const [, , folder, mode, root] = process.argv;
const from = createRequire(path.join(folder, 'any.js'));
const server = {
  command: process.execPath,
  args: [path.join(__dirname, '..', '..', 'bin', 'obs.js'), 'mcp', '--root', root],
  stderr: 'inherit',
};
const self = { name: 'test', version: '1' };

function connectorOf() {
  if (mode === 'v1') {
    const { Client } = from('@modelcontextprotocol/sdk/client/index.js');
    const { StdioClientTransport } = from('@modelcontextprotocol/sdk/client/stdio.js');
    return [new Client(self), new StdioClientTransport(server)];
  }
  const { Client } = from('@modelcontextprotocol/client');
  const { StdioClientTransport } = from('@modelcontextprotocol/client/stdio');
  const negotiation = mode === 'pin' ? { pin: '2026-07-28' } : mode;
  return [new Client(self, { versionNegotiation: { mode: negotiation } }), new StdioClientTransport(server)];
}

async function main() {
  const [client, transport] = connectorOf();
  await client.connect(transport);
  const { tools } = await client.listTools();
  const call = (name, given) => client.callTool({ name, arguments: given });
  const results = [await call('obs_skills', { since: 'all' }), await call('obs_skills', { sinc: '7d' })];
  const unknown = await call('obs_nothing', {}).catch((error) => ({ code: error.code }));
  const version = client.getNegotiatedProtocolVersion?.() ?? null;
  const told = client.getServerVersion();
  await client.close();
  console.log(JSON.stringify({ version, server: told, tools, results, unknown }));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
