// The page in a real browser: live, brushed, by keyboard, with hostile records, and as a file from disk.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const { OBS } = require('../command/main.js');
const { readArguments } = require('../command/options.js');
const { createFace } = require('../lib/face.js');
const { missing, testWith } = require('./support/box.js');
const { openBrowser, openPage, settled, show } = require('./support/browser.js');
const { PACKAGE, makeFolder, removeFolder, run, until } = require('./support/command-line.js');
const { ensurePage, startServer } = require('./support/page.js');

const HOUR = 3_600_000;
const OBS_SCRIPT = path.join(PACKAGE, 'bin', 'obs.js');
const EVIL = `"'></title></script><img src=x onerror=canary()><svg onload=canary()>\u2028javascript:canary()`;
const inBrowser = (name, body) => testWith(['chromium'], `in a browser: ${name}`, body, 120_000);

let browser;
let root;
let face;
let server;
let open;

beforeAll(async () => {
  root = makeFolder();
  face = createFace({ projectRoot: root, env: {} });
  record();
  if (missing('chromium') !== '') return;
  server = await startServer([root]);
  browser = await openBrowser();
  open = await openPage(browser);
  await open.page.goto(server.url);
  await settled(open.page);
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  face.close();
  removeFolder(root);
}, 60_000);

/** A small history, the names of some of it hostile. */
function record() {
  for (let index = 0; index < 40; index += 1) {
    const good = index % 8 !== 3;
    face.recordCujExecution('CUJ-001', good, 100 + index * 10, good ? null : 'Timeout after 30 ms');
    face.recordProviderCall('claude', good, 50 + index, good ? null : 'HTTP 529');
    const result = good ? 'success' : 'failure';
    face.logSkillInvocation({
      skill: 'deploy',
      agent: 'coder',
      result,
      duration: index,
      runId: 'run-1',
      error: good ? null : 'boom',
    });
  }
  face.recordCujExecution('CUJ-002', true, 5000);
  for (let step = 1; step <= 3; step += 1) {
    face.emitProgress({
      runId: 'run-1',
      step,
      status: step < 3 ? 'running' : 'completed',
      percentage: step * 33,
      message: 'at it',
    });
  }
  face.recordCujExecution(EVIL, false, 7, EVIL, { note: EVIL, run_id: EVIL });
  face.recordProviderCall(EVIL, false, 5, EVIL, { run_id: EVIL });
  face.logSkillInvocation({
    skill: EVIL,
    agent: EVIL,
    result: EVIL,
    duration: 3,
    runId: EVIL,
    cujId: EVIL,
    error: EVIL,
    metadata: { note: EVIL },
  });
  face.emitProgress({ runId: EVIL, step: EVIL, status: 'running', percentage: 10, message: EVIL });
}

const enc = encodeURIComponent;
const VIEWS = [
  'now',
  'cujs',
  'cujs/CUJ-001',
  'skills',
  'skills/deploy',
  'agents',
  'agents/coder',
  'providers',
  'providers/claude',
  'runs',
  'runs/run-1',
  'logs',
  'logs?group=1',
];
const EVIL_VIEWS = ['cujs', 'skills', 'agents', 'providers', 'runs'].map((view) => `${view}/${enc(EVIL)}`);
const cellsOf = (page, name) =>
  page.$$eval(
    'tbody tr',
    (rows, wanted) => {
      const row = rows.find((each) => each.querySelector('a.row')?.textContent === wanted);
      return [...row.children].map((cell) => cell.textContent.trim().replace(/\s+/g, ' '));
    },
    name,
  );

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
  await show(page, '#/runs?w=24h');
  await page.click('a.row >> text=run-1');
  await page.waitForSelector('text=Records (');
  await page.click('summary >> text=Records (');
  await page.waitForSelector('pre:has-text("deploy")');
  await page.goBack();
  await page.waitForFunction(() => /^#\/runs\?/.test(location.hash));
  expect(faults).toEqual([]);
});

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
