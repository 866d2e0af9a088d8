// `obs serve` as a process: its address, its end, its refusals.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { PACKAGE, start, until } = require('./support/command-line.js');
const { ask, ensurePage, enter, raw, requestText, useServer } = require('./support/page.js');

let root;
let server;

useServer((made) => ({ root, server } = made));

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
