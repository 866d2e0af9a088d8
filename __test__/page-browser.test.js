// The page in a real browser: its numbers, live, brushed, compared, from a number to the record, by keyboard.
'use strict';

const { settled, show } = require('./support/browser.js');
const { cellsOf, inBrowser, usePage } = require('./support/browser-page.js');
const { PACKAGE, run, until } = require('./support/command-line.js');

const HOUR = 3_600_000;

let root;
let face;
let server;
let open;

usePage((made) => ({ root, face, server, open } = made));

inBrowser('the numbers are those of the functions', async () => {
  const { page, faults } = open;
  await show(page, '#/cujs?w=all');
  const row = face.getCujTable({ from: null }).rows.find((each) => each.cuj_id === 'CUJ-001');
  const cells = await cellsOf(page, 'CUJ-001');
  expect(cells[2]).toContain(`${row.successful} of ${row.total}`);
  expect(cells[3]).toBe(String(row.total));
  expect(cells[5]).toBe(`${row.p50_ms} ms`);
  expect(cells[6]).toBe(`${row.p95_ms} ms`);
  await show(page, '#/skills?w=all');
  const skill = face.getSkillTable({ from: null, skill: 'deploy' }).rows[0];
  const shown = await cellsOf(page, 'deploy');
  expect([shown[1], shown[3]]).toEqual([
    String(skill.calls),
    expect.stringContaining(`${skill.successful} of ${skill.calls}`),
  ]);
  expect(faults).toEqual([]);
});

inBrowser(
  'what another process records appears and goes on without a reload, in each of several pages by one stream',
  async () => {
    const { context, faults } = open;
    const pages = [await context.newPage(), await context.newPage(), await context.newPage()];
    for (const page of pages) {
      await page.goto(`http://127.0.0.1:${server.port}/#/now`);
      await page.evaluate(() => (window.stayed = true));
    }
    const emit = (step) =>
      run(
        [
          '-e',
          `require('${PACKAGE.replaceAll('\\', '/')}').emitProgress({runId:'live-1',step:${step},status:'running',percentage:${step}0,message:'step ${step} it is'})`,
        ],
        {
          env: { OBS_PROJECT_ROOT: root },
        },
      );
    for (const step of [1, 2]) {
      expect((await emit(step)).code).toBe(0);
      for (const page of pages) await page.waitForSelector(`text=step ${step} it is`, { state: 'attached' });
    }
    expect(await pages[0].evaluate(() => window.stayed)).toBe(true);
    expect(server.pages()).toBe(1);
    // When the page that holds the stream is closed, another one takes it over.
    await open.page.goto('about:blank');
    await until(() => server.pages() === 1, 'another page to take over');
    await emit(3);
    for (const page of pages) await page.waitForSelector('text=step 3 it is', { state: 'attached' });
    for (const page of pages) await page.close();
    await open.page.goto(`http://127.0.0.1:${server.port}/`);
    expect(faults).toEqual([]);
  },
);

inBrowser('brushing a chart sets the window of all, Esc goes back, and a link shows the same again', async () => {
  const { page, context } = open;
  await show(page, '#/cujs/CUJ-001?w=24h');
  const before = await page.evaluate(() => location.hash);
  const over = await (await page.waitForSelector('.u-over')).boundingBox();
  await page.mouse.move(over.x + over.width * 0.5, over.y + 40);
  await page.mouse.down();
  await page.mouse.move(over.x + over.width - 2, over.y + 40, { steps: 5 });
  await page.mouse.up();
  await page.waitForFunction(() => /from=/.test(location.hash));
  await settled(page);
  const { from, to } = Object.fromEntries(
    new URLSearchParams((await page.evaluate(() => location.hash)).split('?')[1]),
  );
  expect(Date.parse(to) - Date.parse(from)).toBeGreaterThan(10 * HOUR);
  expect(Date.parse(to) - Date.parse(from)).toBeLessThan(14 * HOUR);
  const brushed = page.url();
  const other = await context.newPage();
  await other.goto(brushed);
  await settled(other);
  expect(await other.textContent('.windows')).toBe(await page.textContent('.windows'));
  await other.close();
  await page.keyboard.press('Escape');
  await page.waitForFunction((hash) => location.hash === hash, before);
});

inBrowser('from a number to the record: a CUJ, its cell, a run, its records; and back', async () => {
  const { page, faults } = open;
  await show(page, '#/cujs?w=24h');
  await page.click('a.row >> text=CUJ-001');
  await settled(page);
  await page.locator('svg .cell').first().click();
  await page.waitForSelector('text=Runs in this cell');
  expect(await page.evaluate(() => location.hash)).toMatch(/cell=/);
  // Each of them tells its run.
  await page.click('section:has(h2:text("Runs in this cell")) a.row');
  await page.waitForSelector('text=Records (');
  expect(await page.textContent('h2')).toBe('run-1');
  await show(page, '#/runs?w=24h');
  await page.click('a.row >> text=run-1');
  await page.waitForSelector('text=Records (');
  await page.click('summary >> text=Records (');
  await page.waitForSelector('pre:has-text("deploy")');
  await page.goBack();
  await page.waitForFunction(() => /^#\/runs\?/.test(location.hash));
  expect(faults).toEqual([]);
});

inBrowser('what the window is compared with stands in the address, and is what the functions say', async () => {
  const { page, faults } = open;
  await show(page, '#/cujs?w=24h');
  const choices = () => page.$$eval('.compared option', (all) => all.map(({ value }) => value));
  expect(await choices()).toEqual(['undefined', 'week', '0']);
  const asked = page.waitForResponse((response) => /api\/cujs.*back=604800000/.test(response.url()));
  await page.keyboard.press('c');
  const { before_from: before, from } = await (await asked).json();
  expect(Date.parse(from) - Date.parse(before)).toBe(7 * 24 * HOUR);
  await page.waitForFunction(() => /c=week/.test(location.hash));
  await page.selectOption('.compared select', '0');
  await page.waitForFunction(() => /c=0/.test(location.hash));
  expect(await page.$$('small.before')).toEqual([]);
  // A longer window and the same a week earlier would overlap.
  await show(page, '#/cujs?w=30d');
  expect(await choices()).toEqual(['undefined', '0']);
  expect(faults).toEqual([]);
});

inBrowser('skills that are installed and were never used are listed', async () => {
  const { page } = open;
  await show(page, '#/skills?w=7d');
  expect(await cellsOf(page, 'never-used')).toEqual(['never-used', 'never']);
  const told = 'section:has(h2:text("Installed, and not used"))';
  expect(await page.textContent(`${told} .note`)).toBe('1 of 2 installed skills');
  const printed = await page.getAttribute(`${told} header button`, 'title');
  expect(printed).toMatch(/^obs skills --unused 7d --root /);
});

inBrowser('the keyboard is enough', async () => {
  const { page } = open;
  const hash = () => page.evaluate(() => location.hash);
  await show(page, '#/cujs?w=24h');
  await page.keyboard.press('/');
  await page.keyboard.type('cuj-001');
  await page.waitForFunction(() => document.querySelectorAll('tbody a.row').length === 1);
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('y');
  await page.waitForFunction(() => /obs cujs CUJ-001/.test(document.querySelector('.said').textContent));
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /^#\/cujs\/CUJ-001/.test(location.hash));
  await page.keyboard.press('[');
  await page.waitForFunction(() => /from=/.test(location.hash));
  const first = await hash();
  await page.keyboard.press(']');
  await page.waitForFunction((was) => location.hash !== was, first);
  await page.keyboard.press('3');
  await page.waitForFunction(() => /w=7d/.test(location.hash));
  await page.keyboard.press('c');
  await page.waitForFunction(() => /c=0/.test(location.hash));
  await page.keyboard.press('?');
  await page.waitForSelector('[role=dialog]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await page.waitForFunction(() => /^#\/logs/.test(location.hash));
});
