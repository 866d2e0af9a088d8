// `obs serve`: the live stream, with replay for a page that was away, and twenty pages at once.
'use strict';

const net = require('node:net');
const path = require('node:path');

const { PACKAGE, start, until } = require('./support/command-line.js');
const { raw, requestText, useServer } = require('./support/page.js');

let root;
let face;
let server;
let cookie;

useServer((made) => ({ root, face, server, cookie } = made));

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

  test('twenty pages get three thousand events of three seconds, from another process, none lost and none twice', async () => {
    const all = Array.from({ length: 20 }, () =>
      listen(server.port, cookie, null, (text) => text.includes('"step":3999')),
    );
    await until(() => server.pages() === 20, 'the pages to be there');
    const wanted = Array.from({ length: 3000 }, (_, index) => 1000 + index);
    const writer = start(['-e', EMIT, path.join(PACKAGE, 'index.js'), root, '1000', '3999']);
    for (const { text } of await Promise.all(all)) {
      const clean = text.replace(/\r\n[0-9a-f]+\r\n/g, '');
      expect(steps(clean).filter((step) => step >= 1000)).toEqual(wanted);
    }
    expect(await writer.done).toMatchObject({ code: 0, stderr: '' });
  }, 60_000);
});

/** Emits the steps from one number to another, fifty in every twentieth of a second. */
const EMIT = `
  const [entry, projectRoot, from, to] = process.argv.slice(1);
  const { configure, emitProgress } = require(entry);
  configure({ projectRoot });
  let step = Number(from);
  const timer = setInterval(() => {
    for (let count = 0; count < 50 && step <= Number(to); count += 1) {
      emitProgress({ runId: 'many', step, status: 'running' });
      step += 1;
    }
    if (step > Number(to)) clearInterval(timer);
  }, 50);
`;
