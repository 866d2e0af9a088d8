// `obs serve`: odd and hostile requests, over raw sockets, and more connections than it takes.
'use strict';

const { spawn } = require('node:child_process');
const path = require('node:path');

const { until } = require('./support/command-line.js');
const { ask, enter, raw, requestText, startServer, useServer } = require('./support/page.js');

let root;
let face;
let server;
let cookie;

useServer((made) => ({ root, face, server, cookie } = made));

const onPosix = process.platform === 'win32' ? test.skip : test;

const get = (target, headers = {}) => ask(server.port, target, { Cookie: cookie, ...headers });

describe('odd and hostile requests (H5)', () => {
  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    '%s is not answered',
    async (method) => {
      const { status, headers, body } = await ask(server.port, '/api/cujs', { Cookie: cookie }, method);
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
      expect(body).not.toContain('CUJ-001');
    },
  );

  test('CONNECT gets nothing at all, and an upgrade is an ordinary request', async () => {
    expect((await raw(server.port, `CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example:80\r\n\r\n`)).text).toBe('');
    const upgrade = {
      Connection: 'Upgrade, close',
      Upgrade: 'websocket',
      'Sec-WebSocket-Key': 'AAAA',
      'Sec-WebSocket-Version': '13',
    };
    const { status } = await get('/api/workspaces', upgrade);
    expect(status).not.toBe(101);
  });

  test('HEAD gives the headers alone', async () => {
    const { status, headers, body } = await ask(server.port, '/api/cujs', { Cookie: cookie }, 'HEAD');
    expect([status, body]).toEqual([200, '']);
    expect(Number(headers['content-length'])).toBeGreaterThan(100);
  });

  test.each([
    ['a body', { 'Content-Length': '5' }, 'hello'],
    ['a gigabyte that is announced', { 'Content-Length': '1073741824' }, ''],
    ['a body in chunks', { 'Transfer-Encoding': 'chunked' }, '5\r\nhello\r\n0\r\n\r\n'],
    [
      'a length and chunks',
      { 'Content-Length': '5', 'Transfer-Encoding': 'chunked' },
      '0\r\n\r\nGET /api/cujs HTTP/1.1\r\n\r\n',
    ],
    ['two lengths', { 'Content-Length': ['0', '5'] }, 'hello'],
    ['a length that is no number', { 'Content-Length': '+5' }, 'hello'],
    ['a length below nothing', { 'Content-Length': '-1' }, ''],
    ['an odd encoding', { 'Transfer-Encoding': 'xchunked' }, ''],
    ['a body that asks first', { Expect: '100-continue', 'Content-Length': '5' }, ''],
    ['an odd expectation', { Expect: 'the-inquisition' }, ''],
  ])('%s is refused, and the connection ends', async (_name, headers, body) => {
    const bytes = requestText(server.port, '/api/cujs', { Cookie: cookie, Connection: 'keep-alive', ...headers });
    const { text, status, closed } = await raw(server.port, bytes + body);
    expect([400, 413, 417]).toContain(status);
    expect(closed).toBe(true);
    expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(text).not.toMatch(/100 Continue|"rows"/);
  });

  test.each([
    ['a space before the colon', `GET / HTTP/1.1\r\nHost : 127.0.0.1:PORT\r\n\r\n`],
    ['a folded header', `GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nX-A: 1\r\n Cookie: x\r\n\r\n`],
    ['line ends without a return', `GET / HTTP/1.1\nHost: 127.0.0.1:PORT\n\n`],
    ['a header with a NUL', `GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nX: a\0b\r\n\r\n`],
    ['a target of another host', `GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n`],
    ['a target that names a host', `GET //evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n`],
    ['no HTTP at all', `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03`],
    ['a header of nine thousand bytes', `GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nX: ${'a'.repeat(9000)}\r\n\r\n`],
    ['a target of nine thousand bytes', `GET /${'a'.repeat(9000)} HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n`],
    ['headers without an end', `GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n${'X: a\r\n'.repeat(2000)}`],
  ])('%s gives an error and the end of the connection', async (_name, bytes) => {
    const { text, closed } = await raw(server.port, bytes.replaceAll('PORT', server.port));
    expect(text).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
    expect(closed).toBe(true);
  });

  test.each([
    '/../package.json',
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fpackage.json',
    '/page.js/../../main.js',
    '/page.js%00.html',
    '/./page.js',
    '/page.js/',
    '/PAGE.JS',
    '/built/page.js',
    '/api/../page.js',
    '/api/cujs/',
    '/api/__proto__',
    '/api/constructor',
    '/api/toString',
    '/\\..\\main.js',
    '/api',
    '*',
  ])('there is nothing at %s', async (target) => {
    const { status, body } = await get(target);
    expect([400, 404]).toContain(status);
    expect(body).not.toMatch(/root:|"name"|use strict/);
  });

  test('requests in one piece are each answered by themselves', async () => {
    const one = requestText(server.port, '/api/workspaces', { Cookie: cookie, Connection: 'keep-alive' });
    const other = requestText(server.port, '/api/cujs', { Host: 'evil.example', Connection: 'close' });
    const { text } = await raw(server.port, one + other + one);
    // The end of the connection may overtake the refusal; what never comes is an answer to what stands behind it.
    expect(text.match(/HTTP\/1\.1 \d+/g)).toContain('HTTP/1.1 200');
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(1);
  });

  test('a client that sends its headers slowly, and one that sends nothing, are closed', async () => {
    const half = raw(server.port, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n`, { timeout: 20_000 });
    const silent = raw(server.port, '', { timeout: 20_000 });
    expect(await Promise.all([half, silent])).toMatchObject([{ closed: true }, { closed: true }]);
  }, 30_000);

  onPosix(
    'ten thousand connections do no harm: a page that looks on goes on, and who comes later is answered',
    async () => {
      const fresh = await startServer([root]);
      const mine = await enter(fresh);
      const looking = raw(fresh.port, requestText(fresh.port, '/api/live', { Cookie: mine }), {
        enough: (text) => text.includes('after the flood'),
        timeout: 60_000,
      });
      await until(() => fresh.pages() === 1, 'the page to be there');
      const flood = startFlood(fresh.port);
      try {
        await until(
          () => flood.told.includes('left'),
          () => `told ${flood.told}`,
          45_000,
        );
        const [{ wanted }, { opened, refused }, { left }] = flood.told.trim().split('\n').map(JSON.parse);
        expect([refused, opened > wanted / 2, left <= 64]).toEqual([0, true, true]);
        expect(fresh.pages()).toBe(1);
        face.emitProgress({ runId: 'r', step: 1, message: 'after the flood' });
        expect((await looking).text).toContain('after the flood');
      } finally {
        flood.child.stdin.end();
        await flood.done;
      }
      expect((await ask(fresh.port, '/api/cujs', { Cookie: mine })).status).toBe(200);
      await fresh.close();
    },
    60_000,
  );
});

/** As many connections as the system lets one process have, up to ten thousand, from a process of their own. */
function startFlood(port) {
  const script = path.join(__dirname, 'support', 'flood.cjs');
  const shell = `ulimit -n "$(ulimit -Hn)" 2>/dev/null
    most=$(ulimit -n); test "$most" = unlimited && most=20000
    wanted=$((most - 100)); test "$wanted" -gt 10000 && wanted=10000
    echo "{\\"wanted\\":$wanted}"; exec "$0" "$1" "$2" "$wanted" 64`;
  const child = spawn('sh', ['-c', shell, process.execPath, script, String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const flood = { child, told: '', done: new Promise((resolve) => child.on('close', resolve)) };
  child.stdout.setEncoding('utf8').on('data', (text) => (flood.told += text));
  return flood;
}
