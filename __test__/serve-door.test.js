// `obs serve`: who is let in, over raw sockets: the token, the cookie, hosts and origins.
'use strict';

const { ask, raw, startServer, useServer } = require('./support/page.js');

let root;
let server;
let cookie;

useServer((made) => ({ root, server, cookie } = made));

const get = (target, headers = {}) => ask(server.port, target, { Cookie: cookie, ...headers });

describe('who is let in', () => {
  test('the address opens once; its cookie is for this site and for no script', async () => {
    const fresh = await startServer([root]);
    const target = fresh.url.slice(fresh.url.indexOf('/open'));
    const token = new URL(fresh.url).searchParams.get('token');
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    // Looking at the headers alone does not use it up.
    expect((await ask(fresh.port, target, {}, 'HEAD')).status).toBe(401);
    const first = await ask(fresh.port, target);
    expect(first.status).toBe(200);
    expect(first.headers['set-cookie']).toMatch(/^obs-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(first.headers['set-cookie']).not.toContain(token);
    const again = await ask(fresh.port, target);
    expect([again.status, again.headers['set-cookie']]).toEqual([401, undefined]);
    // Who is in may come by it again.
    const reloaded = await ask(fresh.port, target, { Cookie: first.headers['set-cookie'].split(';')[0] });
    expect([reloaded.status, reloaded.headers['set-cookie']]).toEqual([200, undefined]);
    await fresh.close();
  });

  test.each(['/', '/page.js', '/page.css', '/api/cujs', '/api/live', '/api/workspaces', '/nothing'])(
    'without the cookie %s gives nothing',
    async (target) => {
      const wrong = `obs-${server.port}=${'A'.repeat(43)}`;
      for (const headers of [{}, { Cookie: wrong }, { Cookie: `${cookie}x` }, { Cookie: `${wrong}; ${cookie}` }]) {
        expect((await ask(server.port, target, headers)).status).toBe(401);
      }
    },
  );

  test('another address may be asked for; it takes the place of one that was not used, and the cookie stays', async () => {
    const fresh = await startServer([root]);
    const [first, second] = [fresh.url, fresh.renew()].map((url) => url.slice(url.indexOf('/open')));
    expect((await ask(fresh.port, first)).status).toBe(401);
    const { status, headers } = await ask(fresh.port, second);
    expect(status).toBe(200);
    const third = fresh.renew();
    expect((await ask(fresh.port, '/', { Cookie: headers['set-cookie'].split(';')[0] })).status).toBe(200);
    expect((await ask(fresh.port, third.slice(third.indexOf('/open')))).status).toBe(200);
    await fresh.close();
  });

  test.each(['', '?token=', '?token=x', `?token=${'A'.repeat(43)}`, '?token[]=x', '?TOKEN=x'])(
    'a guessed token is refused (%s)',
    async (query) => {
      const { status, headers } = await ask(server.port, `/open${query}`);
      expect([status, headers['set-cookie']]).toEqual([401, undefined]);
    },
  );

  test('a second server has another secret, and another name for its cookie', async () => {
    const other = await startServer([root]);
    const stolen = cookie.split('=')[1];
    expect((await ask(other.port, '/', { Cookie: cookie })).status).toBe(401);
    expect((await ask(other.port, '/', { Cookie: `obs-${other.port}=${stolen}` })).status).toBe(401);
    await other.close();
  });
});

describe('hosts and origins (H1, H2)', () => {
  test.each([
    'evil.example',
    'evil.example:PORT',
    'localhost.evil.example:PORT',
    '127.0.0.1.evil.example:PORT',
    '127.0.0.1',
    'localhost',
    '127.0.0.1:1',
    '0.0.0.0:PORT',
    '[::1]:PORT',
    '127.1:PORT',
    '2130706433:PORT',
    'user@127.0.0.1:PORT',
    'LOCALHOST:PORT',
    '127.0.0.1:PORT:PORT',
    '',
  ])('a request for the host "%s" is refused, with the cookie too', async (host) => {
    const { status } = await get('/api/cujs', { Host: host.replaceAll('PORT', server.port) });
    expect([400, 403]).toContain(status);
  });

  test('no host and two hosts are refused, and so is HTTP/1.0', async () => {
    const own = `127.0.0.1:${server.port}`;
    expect((await get('/', { Host: undefined })).status).toBe(400);
    expect((await get('/', { Host: [own, 'evil.example'] })).status).toBe(400);
    expect((await get('/', { Host: [own, own] })).status).toBe(400);
    const old = await raw(server.port, `GET / HTTP/1.0\r\nHost: ${own}\r\nCookie: ${cookie}\r\n\r\n`);
    expect(old.text).toMatch(/^HTTP\/1\.1 400/);
    expect((await get('/', { Host: `localhost:${server.port}` })).status).toBe(200);
  });

  test.each(['http://evil.example', 'null', 'http://127.0.0.1', 'https://127.0.0.1:PORT', 'http://localhost:PORT', ''])(
    'a page of the origin "%s" gets nothing',
    async (origin) => {
      const { status, headers } = await get('/api/cujs', { Origin: origin.replace('PORT', server.port) });
      expect(status).toBe(403);
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    },
  );

  test('what a browser says of other sites is believed; a link may lead to the door alone', async () => {
    const site = (value, more = {}) => ({ 'Sec-Fetch-Site': value, ...more });
    const link = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
    for (const each of ['cross-site', 'same-site', 'odd']) {
      expect((await get('/page.js', site(each))).status).toBe(403);
      expect((await get('/', site(each, link))).status).toBe(403);
      expect((await ask(server.port, '/open?token=x', site(each, link))).status).toBe(401);
      expect((await ask(server.port, '/open?token=x', site(each, { 'Sec-Fetch-Mode': 'cors' }))).status).toBe(403);
      const framed = { ...link, 'Sec-Fetch-Dest': 'iframe' };
      expect((await ask(server.port, '/open?token=x', site(each, framed))).status).toBe(403);
    }
    for (const each of ['same-origin', 'none']) expect((await get('/', site(each))).status).toBe(200);
  });

  test('every answer forbids framing, sniffing, inline scripts and reading from elsewhere', async () => {
    for (const target of ['/', '/page.js', '/api/cujs', '/api/nothing', '/nothing']) {
      const { headers } = await get(target);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/);
      expect(headers['content-security-policy']).toMatch(/base-uri 'none'; form-action 'none'; frame-ancestors 'none'/);
      expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
      expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|https?:/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });
});
