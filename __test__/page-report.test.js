// `obs report`: the page as one file in a real browser, from disk and without a network.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const { openPage, settled, show } = require('./support/browser.js');
const { EVIL_VIEWS, VIEWS, cellsOf, inBrowser, usePage } = require('./support/browser-page.js');
const { PACKAGE, run } = require('./support/command-line.js');
const { ensurePage } = require('./support/page.js');

let root;
let face;
let browser;

usePage((made) => ({ root, face, browser } = made));

inBrowser(
  'a report is the same page from disk without a network, asks for nothing, and is the same bytes again',
  async () => {
    ensurePage();
    const to = new Date().toISOString();
    const make = (name, more = []) =>
      run([
        path.join(PACKAGE, 'bin', 'obs.js'),
        'report',
        '--root',
        root,
        '--out',
        path.join(root, name),
        '--to',
        to,
        ...more,
      ]);
    expect(await make('report #1.html')).toMatchObject({ code: 0 });
    expect(await make('again.html')).toMatchObject({ code: 0 });
    const file = path.join(root, 'report #1.html');
    expect(fs.readFileSync(file).equals(fs.readFileSync(path.join(root, 'again.html')))).toBe(true);
    expect(fs.statSync(file).mode & 0o077).toBe(0);

    const { page, faults, asked, context } = await openPage(browser, { offline: true });
    await page.goto(pathToFileURL(file).href);
    await page.exposeFunction('canary', () => faults.push('the canary sang'));
    await settled(page);
    const row = face.getCujTable({ to }).rows.find((each) => each.cuj_id === 'CUJ-001');
    expect((await cellsOf(page, 'CUJ-001'))[2]).toContain(`${row.successful} of ${row.total}`);
    for (const view of [...VIEWS.filter((each) => !each.includes('?')), ...EVIL_VIEWS]) {
      await show(page, `#/${view}`);
      expect([view, await page.$$eval('[role=alert]', (all) => all.map((each) => each.textContent))]).toEqual([
        view,
        [],
      ]);
    }
    expect(await page.evaluate(() => location.protocol)).toBe('file:');
    expect(faults).toEqual([]);
    expect(asked.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
    await context.close();
  },
);

inBrowser('a report of one CUJ opens at it; of nothing it stays small', async () => {
  const { page, context, faults } = await openPage(browser, { offline: true });
  const out = path.join(root, 'one.html');
  await run([path.join(PACKAGE, 'bin', 'obs.js'), 'report', '--root', root, '--out', out, '--cuj', 'CUJ-001']);
  await page.goto(pathToFileURL(out).href);
  await settled(page);
  expect(await page.textContent('h2')).toBe('CUJ-001');
  expect(fs.readFileSync(out, 'utf8')).not.toContain('CUJ-002');
  expect(faults).toEqual([]);
  await context.close();
  const empty = fs.mkdtempSync(path.join(root, 'nothing-'));
  await run([path.join(PACKAGE, 'bin', 'obs.js'), 'report', '--root', empty, '--out', path.join(root, 'empty.html')]);
  expect(fs.statSync(path.join(root, 'empty.html')).size).toBeLessThan(400 * 1024);
});

inBrowser('a report holds the usual windows that lie in its period, and its page changes between them', async () => {
  const out = path.join(root, 'windows.html');
  await run([path.join(PACKAGE, 'bin', 'obs.js'), 'report', '--root', root, '--out', out, '--since', '3d']);
  const { page, context, faults } = await openPage(browser, { offline: true });
  await page.goto(pathToFileURL(out).href);
  await settled(page);
  const buttons = () => page.$$eval('.windows button', (all) => all.map((each) => each.textContent.trim()));
  expect(await buttons()).toEqual(['1h', '24h', 'whole report']);
  const pressed = () => page.textContent('.windows button[aria-pressed=true]');
  expect((await pressed()).trim()).toBe('whole report');
  for (const view of VIEWS.filter((each) => !each.includes('?') && !each.startsWith('now'))) {
    for (const span of ['1h', '24h']) {
      await show(page, `#/${view}?w=${span}`);
      expect([view, await page.$$eval('[role=alert]', (all) => all.length)]).toEqual([view, 0]);
    }
  }
  await show(page, '#/cujs?w=24h');
  expect((await pressed()).trim()).toBe('24h');
  await page.click('text=whole report');
  await page.waitForFunction(() => /from=/.test(location.hash));
  await settled(page);
  expect(await page.$$eval('[role=alert]', (all) => all.length)).toBe(0);
  // Keys choose what is there, and nothing else.
  await page.keyboard.press('4');
  await page.keyboard.press('1');
  await page.waitForFunction(() => /w=1h/.test(location.hash));
  expect(faults).toEqual([]);
  await context.close();
});

inBrowser('a report of all of history holds every window', async () => {
  const out = path.join(root, 'all.html');
  expect(
    await run([path.join(PACKAGE, 'bin', 'obs.js'), 'report', '--root', root, '--out', out, '--since', 'all']),
  ).toMatchObject({ code: 0 });
  const { page, context, faults } = await openPage(browser, { offline: true });
  await page.goto(pathToFileURL(out).href);
  await settled(page);
  expect((await page.textContent('.windows button[aria-pressed=true]')).trim()).toBe('all');
  const row = face.getCujTable({ from: null }).rows.find((each) => each.cuj_id === 'CUJ-001');
  expect((await cellsOf(page, 'CUJ-001'))[2]).toContain(`${row.successful} of ${row.total}`);
  for (const span of ['1h', '24h', '7d', '30d', 'all']) {
    await show(page, `#/cujs/CUJ-001?w=${span}`);
    expect([span, await page.$$eval('[role=alert]', (all) => all.length)]).toEqual([span, 0]);
  }
  expect(faults).toEqual([]);
  await context.close();
});
