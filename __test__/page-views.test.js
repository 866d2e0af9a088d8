// Every view of the page in a real browser: commands that can be copied, hostile records, small screens, axe, empty states.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { OBS } = require('../command/table.js');
const { readArguments } = require('../command/options.js');
const { openPage, settled, show } = require('./support/browser.js');
const { EVIL, EVIL_VIEWS, VIEWS, enc, inBrowser, usePage } = require('./support/browser-page.js');
const { PACKAGE, run } = require('./support/command-line.js');
const { startServer } = require('./support/page.js');

const OBS_SCRIPT = path.join(PACKAGE, 'bin', 'obs.js');

let root;
let server;
let browser;
let open;

usePage((made) => ({ root, server, browser, open } = made));

inBrowser('each number copies a command that obs takes, with absolute times and the workspace', async () => {
  const { page } = open;
  const commands = new Set();
  for (const view of VIEWS) {
    await show(page, `#/${view.includes('?') ? view : `${view}?w=24h`}`);
    const titles = await page.$$eval('button[title]', (all) =>
      all.map(({ title }) => title.replace('Copy command: ', '')),
    );
    for (const title of titles.filter((each) => each.startsWith('obs '))) commands.add(title);
  }
  expect(commands.size).toBeGreaterThan(10);
  for (const command of commands) {
    expect(command).toContain(`--root '${root}'`);
    const parts = (await run(['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', ...wordsOf(command)]))
      .stdout;
    const words = JSON.parse(parts);
    expect(readArguments(OBS, words)).toHaveProperty('command');
  }
  // Each command once, with whatever subject it came.
  const kinds = new Map([...commands].map((command) => [wordsOf(command)[0], wordsOf(command)]));
  expect([...kinds.keys()].sort()).toEqual([
    'agents',
    'alerts',
    'cujs',
    'failures',
    'logs',
    'providers',
    'runs',
    'skills',
  ]);
  for (const words of kinds.values()) {
    expect([words, await run([OBS_SCRIPT, ...words])]).toEqual([
      words,
      expect.objectContaining({ code: 0, stderr: '' }),
    ]);
  }
  await show(page, '#/cujs/CUJ-001?w=24h');
  await page.click('.figure .number');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^obs cujs CUJ-001 --from \S+Z --to \S+Z --root '/);
  const printed = JSON.parse((await run([OBS_SCRIPT, ...wordsOf(copied), '--json'])).stdout);
  const { successful, total } = printed.rows?.[0] ?? printed.cuj ?? printed;
  expect(await page.textContent('.figure .number')).toContain(`${successful} of ${total}`);
  await page.waitForFunction((text) => document.querySelector('.said').textContent.includes(text), copied);
});

/** The words that a shell makes of a command, without its first. */
function wordsOf(command) {
  const { execFileSync } = require('node:child_process');
  const text = execFileSync('sh', ['-c', `obs() { for word; do printf '%s\\0' "$word"; done; }; ${command}`], {
    encoding: 'utf8',
  });
  return text.split('\0').slice(0, -1);
}

inBrowser('hostile records are text in every view, and no request leaves the origin', async () => {
  const { page, faults, asked } = open;
  await page.exposeFunction('canary', () => faults.push('the canary sang'));
  for (const view of [...VIEWS, ...EVIL_VIEWS]) {
    await show(page, `#/${view}${view.includes('?') ? '&' : '?'}w=all`);
    await page.$$eval('summary', (all) => all.forEach((each) => each.click()));
    expect(await page.$$eval('img, iframe, object, embed, form, [onerror], [onload]', (all) => all.length)).toBe(0);
    expect(await page.$$eval('script', (all) => all.length)).toBe(1);
    expect(
      await page.$$eval('a', (all) => all.filter(({ href }) => !href.startsWith('http://127.0.0.1:')).length),
    ).toBe(0);
  }
  await show(page, `#/cujs/${enc(EVIL)}?w=all`);
  expect(await page.textContent('h2')).toContain('onerror=canary()');
  for (const hash of [
    '#/__proto__',
    '#/constructor/x',
    '#/cujs?w=odd&from=x',
    '#/cujs/%',
    '#/cujs?cell=a~b~c~d&w=7d',
    '#/cujs?theme=evil',
  ]) {
    await show(page, hash);
  }
  expect(faults.filter((fault) => !/400 \(Bad Request\)/.test(fault))).toEqual([]);
  expect(asked.filter((url) => !url.startsWith(`http://127.0.0.1:${server.port}/`) && url !== 'about:blank')).toEqual(
    [],
  );
});

inBrowser('no view is wider than a small screen, and axe finds nothing serious in either theme', async () => {
  const { page } = open;
  const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  const found = [];
  for (const [theme, width] of [
    ['light', 1280],
    ['dark', 360],
  ]) {
    await page.setViewportSize({ width, height: 800 });
    for (const view of VIEWS) {
      await show(page, `#/${view}${view.includes('?') ? '&' : '?'}w=24h&theme=${theme}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      expect([view, wide]).toEqual([view, false]);
      // Not by a script element, which the page forbids.
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      for (const { id, impact, nodes } of violations) {
        if (impact === 'serious' || impact === 'critical') {
          found.push(`${view} ${theme}: ${id} ${nodes[0].html.slice(0, 120)}`);
        }
      }
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  expect(found).toEqual([]);
});

inBrowser('nothing jumps: neither in a view that is come to, nor when the window changes', async () => {
  const { page, context } = open;
  const other = await context.newPage();
  await other.addInitScript(() => {
    window.moved = 0;
    const add = (entry) => (window.moved += entry.hadRecentInput ? 0 : entry.value);
    new PerformanceObserver((list) => list.getEntries().forEach(add)).observe({ type: 'layout-shift', buffered: true });
  });
  await other.goto(`http://127.0.0.1:${server.port}/`);
  for (const view of ['now', 'cujs', 'cujs/CUJ-001', 'skills', 'providers', 'runs', 'logs']) {
    await other.evaluate(() => (window.moved = 0));
    for (const window_ of ['24h', '1h']) await show(other, `#/${view}?w=${window_}`);
    await other.waitForTimeout(200);
    // Below a tenth is what browsers' makers call good.
    expect([view, await other.evaluate(() => window.moved < 0.1)]).toEqual([view, true]);
  }
  await other.close();
  await page.bringToFront();
});

inBrowser('an empty workspace says what to do', async () => {
  const empty = fs.mkdtempSync(path.join(root, 'empty-'));
  const other = await startServer([empty]);
  const { page, faults, context } = await openPage(browser);
  await page.goto(other.url);
  await settled(page);
  expect(await page.textContent('main')).toMatch(/emitProgress/);
  for (const view of ['cujs', 'skills', 'agents', 'providers', 'runs', 'logs']) {
    await show(page, `#/${view}?w=all`);
    expect(await page.textContent('main')).toMatch(/recorded yet[^]*npm start/);
  }
  expect(faults).toEqual([]);
  await context.close();
  await other.close();
});
