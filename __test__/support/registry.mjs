// Serves the tarballs of a folder as npm's registry would, on this machine alone; prints its address, ends with its stdin.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const folder = process.argv[2];
const packages = new Map();

const server = http.createServer((request, response) => {
  const name = decodeURIComponent(request.url.split('?')[0]).slice(1);
  if (name.startsWith('-/')) {
    response.end(readFileSync(path.join(folder, path.basename(name))));
    return;
  }
  response.statusCode = packages.has(name) ? 200 : 404;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(packages.get(name) ?? {}));
});

server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  for (const file of readdirSync(folder).filter((each) => each.endsWith('.tgz'))) {
    const bytes = readFileSync(path.join(folder, file));
    const manifest = JSON.parse(execFileSync('tar', ['-xOzf', path.join(folder, file), 'package/package.json']));
    const hash = (algorithm, form) => createHash(algorithm).update(bytes).digest(form);
    const dist = {
      tarball: `${url}/-/${file}`,
      integrity: `sha512-${hash('sha512', 'base64')}`,
      shasum: hash('sha1', 'hex'),
    };
    const { name, version } = manifest;
    packages.set(name, { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } });
  }
  console.log(url);
});

process.stdin.resume().on('end', () => process.exit());
