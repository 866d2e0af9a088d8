// A registry of npm packages on this machine, for the time of a check: it gives what `npm run pack` made, as the real one would.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const hash = (bytes, algorithm, encoding) => createHash(algorithm).update(bytes).digest(encoding);

function packument({ manifest, file }, url) {
  const bytes = readFileSync(file);
  const tarball = `${url}/tarball/${path.basename(file)}`;
  const dist = { tarball, shasum: hash(bytes, 'sha1', 'hex'), integrity: `sha512-${hash(bytes, 'sha512', 'base64')}` };
  const { name, version } = manifest;
  // As if it had long been there: some managers take nothing that is new.
  const time = { [version]: '2020-01-01T00:00:00.000Z' };
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } }, time };
}

function answer(packages, url, request, response) {
  const asked = decodeURIComponent(request.url.slice(1));
  const found = packages.find(({ manifest }) => manifest.name === asked);
  const tarball = packages.find(({ file }) => asked === `tarball/${path.basename(file)}`);
  if (tarball) return response.writeHead(200).end(readFileSync(tarball.file));
  if (!found) return response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}');
  const body = JSON.stringify(packument(found, url));
  return response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}

/** Serves packages, `{ manifest, file }` each, on the loopback address; resolves to `{ url, close }`. */
export async function serveRegistry(packages) {
  const server = http.createServer((request, response) => answer(packages, url, request, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  return { url, close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())) };
}
