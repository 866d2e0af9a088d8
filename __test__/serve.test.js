// `obs serve`: who is let in, what is answered, and what is refused, over raw sockets.
'use strict';

const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');

const { PACKAGE, makeFolder, removeFolder, start, until } = require('./support/command-line.js');
const { ask, ensurePage, enter, raw, requestText, startServer } = require('./support/page.js');
const { createFace } = require('../lib/face.js');

let root;
let face;
let server;
let cookie;

beforeAll(async () => {
  root = makeFolder();
  face = createFace({ projectRoot: root, env: {} });
  for (let i = 0; i < 20; i += 1) {
    face.recordCujExecution('CUJ-001', i !== 7, 100 + i, i === 7 ? 'boom' : null);
  }
  face.logSkillInvocation({ skill: 'deploy', result: 'success', duration: 5 });
  server = await startServer([root]);
  cookie = await enter(server);
});

afterAll(async () => {
  await server.close();
  face.close();
  removeFolder(root);
});

const get = (target, headers = {}) => ask(server.port, target, { Cookie: cookie, ...headers });
const json = async (target) => JSON.parse((await get(target)).body);

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

  test('a thousand connections do no harm: what is too many is closed, and who comes later is answered', async () => {
    const fresh = await startServer([root]);
    const mine = await enter(fresh);
    const sockets = Array.from({ length: 1000 }, () => net.connect(fresh.port, '127.0.0.1').on('error', () => {}));
    let open = sockets.length;
    for (const socket of sockets) socket.on('close', () => (open -= 1));
    await until(
      () => open <= 64,
      () => `${open} still open`,
    );
    for (const socket of sockets) socket.destroy();
    await until(() => open === 0, 'all closed');
    let status = 0;
    for (let tries = 0; tries < 100 && status !== 200; tries += 1) {
      ({ status } = await ask(fresh.port, '/api/cujs', { Cookie: mine }));
    }
    expect(status).toBe(200);
    await fresh.close();
  });
});

describe('answers', () => {
  test('each question answers what its function does', async () => {
    const from = '2020-01-01T00:00:00.000Z';
    const to = new Date().toISOString();
    const window = `from=${from}&to=${to}`;
    const asked = { from, to };
    expect(await json(`/api/cujs?${window}`)).toEqual(face.getCujTable(asked));
    expect(await json(`/api/cujs?${window}&cuj=CUJ-001`)).toEqual(face.getCujTable({ ...asked, cujId: 'CUJ-001' }));
    expect(await json(`/api/skills?${window}&by=agent`)).toEqual(face.getSkillTable({ ...asked, by: 'agent' }));
    expect(await json(`/api/agents?${window}`)).toEqual(face.getAgentTable(asked));
    expect(await json(`/api/providers?${window}`)).toEqual(face.getProviderTable(asked));
    expect(await json(`/api/failures?${window}&limit=3`)).toEqual(face.getFailures({ ...asked, limit: 3 }));
    expect(await json(`/api/slowest?${window}`)).toEqual(face.getSlowestCalls(asked));
    expect(await json(`/api/runs?${window}`)).toEqual(face.getRuns(asked));
    expect(await json(`/api/timeline?${window}&cuj=CUJ-001&parts=9`)).toEqual(
      face.getTimeline({ ...asked, cujId: 'CUJ-001', parts: 9 }),
    );
    expect((await json('/api/logs?skill=deploy')).entries).toEqual(face.getLatestLogs({ skill: 'deploy' }));
    expect((await json('/api/alerts')).schema).toBe(1);
    expect(await json('/api/workspaces')).toEqual({ schema: 1, roots: [root] });
    expect((await json('/api/cujs?span=all')).from).toBe(null);
  });

  test.each([
    '/api/cujs?span=9d',
    '/api/cujs?from=yesterday',
    '/api/cujs?from=2026-02-01&to=2026-01-01',
    '/api/cujs?root=1',
    '/api/cujs?root=-1',
    '/api/cujs?root=__proto__',
    '/api/cujs?odd=1',
    '/api/cujs?cuj=a&cuj=b',
    '/api/runs?limit=0',
    '/api/runs?limit=1e9',
    '/api/runs?limit=-5',
    '/api/run',
    '/api/skills?by=odd',
    '/api/logs?grep=(',
    '/api/nothing',
    '/api/failures?cuj=a&skill=b',
  ])('%s is told what is wrong with it', async (target) => {
    const { status, body } = await get(target);
    expect(status).toBe(400);
    expect(JSON.parse(body).error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
  });

  test('what was recorded crosses as text of JSON, never as markup', async () => {
    const evil = '</script><img src=x onerror=alert(1)>';
    face.recordCujExecution(evil, false, 1, evil);
    const { headers, body } = await get('/api/failures?span=all');
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(body).not.toContain('<img');
    expect(JSON.stringify(JSON.parse(body))).toContain('<img');
  });
});

describe('the live stream', () => {
  const events = (text, name) =>
    [...text.matchAll(/^id: (.*)\nevent: (.*)\ndata: (.*)$/gm)].filter(([, , event]) => event === name);
  const steps = (text) =>
    events(text, 'progress').flatMap(([, , , data]) => JSON.parse(data).events.map((e) => e.step));
  const listen = (port, mine, lastId, enough) =>
    raw(port, requestText(port, '/api/live', { Cookie: mine, ...(lastId ? { 'Last-Event-ID': lastId } : {}) }), {
      enough: (text) => enough(text.replaceAll('\r\n', '\n').replace(/\n[0-9a-f]+\n/g, '\n')),
    });

  test('tells what other writers record, replays what was missed, and says where it cannot', async () => {
    const open = listen(server.port, cookie, null, (text) => text.includes('"step":3') && /event: changed/.test(text));
    await until(() => server.pages() === 1, 'the page to be there');
    for (let step = 1; step <= 3; step += 1) face.emitProgress({ runId: 'r', step, status: 'running' });
    const { text } = await open;
    expect(steps(text)).toEqual([1, 2, 3]);
    expect(events(text, 'reset')).toHaveLength(1);
    expect(events(text, 'changed').map(([, , , data]) => JSON.parse(data))).toContainEqual({
      root: 0,
      changed: ['runs'],
    });
    const [, lastId] = events(text, 'progress').at(-1);

    await until(() => server.pages() === 0, 'the page to be gone');
    for (let step = 4; step <= 6; step += 1) face.emitProgress({ runId: 'r', step, status: 'running' });
    const again = await listen(server.port, cookie, lastId, (more) => more.includes('"step":6'));
    expect(steps(again.text)).toEqual([4, 5, 6]);
    expect(events(again.text, 'reset')).toHaveLength(0);

    for (const strange of ['000000000000-1', 'x', lastId.replace(/\d+$/, '999999')]) {
      const lost = await listen(server.port, cookie, strange, (more) => /event: (reset|ready)/.test(more));
      expect(events(lost.text, 'reset')).toHaveLength(1);
    }
  });

  test('a page that does not read is closed before much waits for it, and the others go on', async () => {
    const deaf = net.connect(server.port, '127.0.0.1').on('error', () => {});
    deaf.pause();
    deaf.write(requestText(server.port, '/api/live', { Cookie: cookie }));
    await until(() => server.pages() === 1, 'the page to be there');
    const good = listen(server.port, cookie, null, (text) => text.includes('the last of them'));
    await until(() => server.pages() === 2, 'the other page to be there');
    const message = 'x'.repeat(4000);
    for (let step = 0; step < 8000 && server.pages() === 2; step += 1) {
      face.emitProgress({ runId: 'deaf', step, message });
      if (step % 200 === 0) await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await until(() => server.pages() === 1, 'the page that does not read to be closed');
    face.emitProgress({ runId: 'deaf', step: 1, message: 'the last of them' });
    expect((await good).text).toContain('the last of them');
    deaf.destroy();
  }, 60_000);

  test('twenty pages get a thousand events each, none lost and none twice', async () => {
    const all = Array.from({ length: 20 }, () =>
      listen(server.port, cookie, null, (text) => text.includes('"step":1999')),
    );
    await until(() => server.pages() === 20, 'the pages to be there');
    const wanted = Array.from({ length: 1000 }, (_, index) => 1000 + index);
    for (const step of wanted) face.emitProgress({ runId: 'many', step, status: 'running' });
    for (const { text } of await Promise.all(all)) {
      const clean = text.replace(/\r\n[0-9a-f]+\r\n/g, '');
      expect(steps(clean).filter((step) => step >= 1000)).toEqual(wanted);
    }
  }, 30_000);
});

describe('the process', () => {
  const serveCommand = (args, env = {}) => {
    ensurePage();
    return start([path.join(PACKAGE, 'bin', 'obs.js'), 'serve', ...args], { cwd: root, env });
  };

  test.each(['SIGINT', 'SIGTERM'])(
    'obs serve tells its address, and ends cleanly at %s with pages open',
    async (signal) => {
      const running = serveCommand(['--root', root]);
      await until(
        () => running.stdout.includes('\n'),
        () => running.stderr,
      );
      const url = new URL(running.stdout.trim());
      const mine = await enter({ port: url.port, url: url.href });
      const stream = raw(url.port, requestText(url.port, '/api/live', { Cookie: mine }));
      await until(() => running.stderr.includes('Serving'), 'words');
      running.child.kill(signal);
      expect(await running.done).toMatchObject({ code: 0, signal: null });
      expect((await stream).closed).toBe(true);
      expect(running.stderr).toMatch(/^Serving .*\n$/);
    },
  );

  test('a taken port, a wrong one and a folder that is none are told in one line', async () => {
    const cases = [
      [['--port', String(server.port)], /port \d+ is taken/, 1],
      [['--port', '70000'], /--port must be from 0 to 65535/, 2],
      [['--port', 'x'], /--port must be a number, not 'x'/, 2],
      [['--root', path.join(root, 'nowhere')], /is not a folder/, 1],
    ];
    for (const [args, words, exit] of cases) {
      const { code, stdout, stderr } = await serveCommand(args).done;
      expect([code, stdout]).toEqual([exit, '']);
      expect(stderr).toMatch(words);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });

  test('several workspaces stand side by side', async () => {
    const other = fs.mkdtempSync(path.join(root, 'other-'));
    const running = serveCommand(['--root', root, '--root', other, '--root', root]);
    await until(
      () => running.stdout.includes('\n'),
      () => running.stderr,
    );
    const url = new URL(running.stdout.trim());
    const mine = await enter({ port: url.port, url: url.href });
    const { body } = await ask(url.port, '/api/workspaces', { Cookie: mine });
    expect(JSON.parse(body).roots).toEqual([root, other]);
    expect(JSON.parse((await ask(url.port, '/api/cujs?root=1&span=all', { Cookie: mine })).body).rows).toEqual([]);
    running.child.kill('SIGTERM');
    await running.done;
  });

  const onLinux = process.platform === 'linux' ? test : test.skip;

  onLinux(
    '--open hands the address over in a file of the person alone, not in arguments, and takes it away',
    async () => {
      const programs = fs.mkdtempSync(path.join(root, 'programs-'));
      const told = path.join(programs, 'told');
      fs.writeFileSync(
        path.join(programs, 'xdg-open'),
        `#!/bin/sh\nprintf %s "$*" > '${told}.part'; mv '${told}.part' '${told}'\n`,
        {
          mode: 0o755,
        },
      );
      const running = serveCommand(['--open'], { PATH: `${programs}:${process.env.PATH}` });
      await until(
        () => fs.existsSync(told),
        () => running.stderr,
      );
      const file = fs.readFileSync(told, 'utf8');
      expect(file).toMatch(/open\.html$/);
      expect(fs.statSync(file).mode & 0o777).toBe(0o600);
      expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
      expect(fs.readFileSync(file, 'utf8')).toContain(running.stdout.trim());
      running.child.kill('SIGTERM');
      expect(await running.done).toMatchObject({ code: 0 });
      expect(fs.existsSync(path.dirname(file))).toBe(false);
    },
  );

  test('it listens on this machine alone', async () => {
    const addresses = Object.values(require('node:os').networkInterfaces()).flat();
    const outside = addresses.find(({ internal, family }) => !internal && family === 'IPv4');
    if (outside === undefined) return;
    await expect(raw(server.port, 'GET / HTTP/1.1\r\n\r\n', { host: outside.address })).rejects.toThrow(/ECONNREFUSED/);
  });
});
