// Takes pictures of the page with Debian's chromium: the three of the README, or with `--all FOLDER` every view in both themes
// and two widths, to be looked at.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFortnight } from './pictures-history.mjs';

const require = createRequire(import.meta.url);
const DOCS = fileURLToPath(new URL('../docs/', import.meta.url));

/** Larger pictures are too much for a README. */
const MOST_BYTES = 100_000;

const README = [
  { name: 'page-now', hash: '#/now?theme=light' },
  { name: 'page-cujs', hash: '#/cujs?w=7d&theme=dark' },
  { name: 'page-cuj', hash: '#/cujs/CUJ-002?w=7d&theme=light', height: 760 },
];

const VIEWS = [
  'now',
  'cujs',
  'cujs/CUJ-002',
  'skills',
  'skills/run-tests',
  'agents',
  'agents/qa',
  'providers',
  'providers/google',
  'runs',
  'runs/run-1004',
  'logs',
];

const every = () =>
  VIEWS.flatMap((view) =>
    ['light', 'dark'].flatMap((theme) =>
      [1280, 360].map((width) => ({
        name: `${view.replace('/', '-')}-${theme}-${width}`,
        hash: `#/${view}?w=7d&theme=${theme}`,
        width,
        whole: true,
      })),
    ),
  );

async function take(page, folder, { name, hash, width = 1120, height = 600, whole = false }) {
  await page.setViewportSize({ width, height });
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.waitForTimeout(900);
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  const file = path.join(folder, `${name}.png`);
  await page.screenshot({ path: file, fullPage: whole });
  return file;
}

async function takeAll(url, folder, wanted) {
  const { chromium } = require('playwright-core');
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForSelector('.panel');
    const files = [];
    for (const each of wanted) files.push(await take(page, folder, each));
    return files;
  } finally {
    await browser.close();
  }
}

const asked = process.argv.indexOf('--all');
const folder = asked < 0 ? DOCS : path.resolve(process.argv[asked + 1]);
mkdirSync(folder, { recursive: true });
const parent = mkdtempSync(path.join(os.tmpdir(), 'obs-pictures-'));
const root = path.join(parent, 'harbour');
makeFortnight(root);
const server = await require('../server/main.js').serve({ roots: [root] });
try {
  const files = await takeAll(server.url, folder, asked < 0 ? README : every());
  for (const file of files) {
    const { size } = statSync(file);
    console.log(`${path.relative(process.cwd(), file)}: ${size.toLocaleString('en')} bytes`);
    if (asked < 0 && size > MOST_BYTES) throw new Error(`${file} has more than ${MOST_BYTES} bytes: make it smaller`);
  }
} finally {
  await server.close();
  rmSync(parent, { recursive: true });
}
