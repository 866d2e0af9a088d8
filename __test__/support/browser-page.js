// A browser that looks at a page of `obs serve` over a small history, the names of some of it hostile; for a whole test file.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { createFace } = require('../../lib/face.js');
const { missing, testWith } = require('./box.js');
const { openBrowser, openPage, settled } = require('./browser.js');
const { makeFolder, removeFolder } = require('./command-line.js');
const { startServer } = require('./page.js');

const EVIL = `"'></title></script><img src=x onerror=canary()><svg onload=canary()>\u2028javascript:canary()`;
const inBrowser = (name, body) => testWith(['chromium'], `in a browser: ${name}`, body, 120_000);

/** Skills that are installed: one that was used, and one that never was. */
function install(root) {
  for (const name of ['deploy', 'never-used']) {
    fs.mkdirSync(path.join(root, '.claude', 'skills', name), { recursive: true });
    fs.writeFileSync(path.join(root, '.claude', 'skills', name, 'SKILL.md'), `---\nname: ${name}\n---\n`);
  }
}

/** A small history, the names of some of it hostile. */
function record(face) {
  for (let index = 0; index < 40; index += 1) {
    const good = index % 8 !== 3;
    face.recordCujExecution('CUJ-001', good, 100 + index * 10, good ? null : 'Timeout after 30 ms', {
      run_id: 'run-1',
    });
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

/** Before all tests of a file; `take` gets `{ root, face, server, browser, open }`, without a browser only the first two. */
function usePage(take) {
  const made = {};
  beforeAll(async () => {
    made.root = makeFolder();
    made.face = createFace({ projectRoot: made.root, env: {} });
    record(made.face);
    install(made.root);
    if (missing('chromium') === '') {
      made.server = await startServer([made.root]);
      made.browser = await openBrowser();
      made.open = await openPage(made.browser);
      await made.open.page.goto(made.server.url);
      await settled(made.open.page);
    }
    take(made);
  }, 60_000);
  afterAll(async () => {
    await made.browser?.close();
    await made.server?.close();
    made.face.close();
    removeFolder(made.root);
  }, 60_000);
}

module.exports = { EVIL_VIEWS, EVIL, VIEWS, cellsOf, enc, inBrowser, usePage };
