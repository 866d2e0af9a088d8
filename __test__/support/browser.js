// A real browser (Debian's chromium), its pages, and what goes wrong in them.
'use strict';

const { execFileSync } = require('node:child_process');

/** Opens the browser; root may not use its sandbox. */
function openBrowser() {
  const { chromium } = require('playwright-core');
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args });
}

/** A page of a context of its own: `{ page, faults, asked, context }`, the last two growing lists. */
async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']).catch(() => {});
  const page = await context.newPage();
  const watched = { page, context, faults: [], asked: [] };
  page.on('pageerror', (error) => watched.faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') watched.faults.push(message.text());
  });
  page.on('dialog', (dialog) => {
    watched.faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => watched.asked.push(request.url()));
  return watched;
}

/** Shows a view, and waits until its answers have come. */
async function show(page, hash) {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await settled(page);
}

/** The title is that of the view that was asked for; the heading that of the one that is drawn, which waits for answers. */
async function settled(page) {
  await page.waitForTimeout(50);
  await page.waitForFunction(() => {
    const plain = (text) => text.replace(/\s+/g, ' ').trim();
    return plain(document.title) === plain(`${document.querySelector('h1')?.textContent} · obs`);
  });
  await page.waitForSelector('.panel, .empty');
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}

module.exports = { openBrowser, openPage, settled, show };
