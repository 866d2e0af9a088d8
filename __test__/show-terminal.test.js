// The views on a real terminal of 60, 80 and 120 columns against kept ones, widths and layout; `obs logs -f`.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const stringWidth = require('string-width-cjs');

const { layOut } = require('../command/terminal/table.js');
const { cut, fill, widthOf } = require('../command/terminal/width.js');
const { testWith } = require('./support/box.js');
const { PACKAGE, cleanEnvironment } = require('./support/child.js');
const { until } = require('./support/command-line.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { createShop } = require('./support/shop.js');

const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const CLOCK = path.join(__dirname, 'support', 'frozen-clock.cjs');
let screens = 0;
const VIEWS = [
  'skills',
  'skills deploy',
  'cujs',
  'runs --limit 4',
  'runs CUJ-005-live',
  'providers',
  'failures --limit 5',
  'logs --last 4',
];

let shop;
beforeAll(() => {
  jest.useFakeTimers();
  shop = createShop();
  jest.useRealTimers();
});
afterAll(() => shop.workspace.cleanup());

/** What stands on a terminal of so many columns once the command has ended. */
async function screen(columns, view) {
  const socket = path.join(shop.workspace.root, `tmux-${columns}-${(screens += 1)}`);
  const tmux = (...args) =>
    spawnSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { env, encoding: 'utf8' }).stdout;
  const env = cleanEnvironment({
    OBS_TEST_NOW: String(shop.now),
    OBS_PROJECT_ROOT: shop.workspace.root,
    LC_ALL: 'C.UTF-8',
  });
  const command = `'${process.execPath}' --require '${CLOCK}' '${OBS}' ${view}; printf 'ended'; sleep 60`;
  tmux('-u', 'new-session', '-d', '-x', String(columns), '-y', '70', command);
  let shown = '';
  await until(() => (shown = tmux('capture-pane', '-p')).includes('ended'), `${view} to end`, 60_000);
  tmux('kill-server');
  return shown
    .replace(/ended\s*$/, '')
    .replace(/[ \t]+$/gm, '')
    .trimEnd();
}

describe.each([60, 80, 120])('on %d columns', (columns) => {
  testWith(
    ['tmux'],
    'every view looks as it was looked at (OBS_UPDATE_VIEWS=1 writes them anew)',
    async () => {
      const found = [];
      for (const view of VIEWS) found.push(`$ obs ${view}\n\n${await screen(columns, view)}\n`);
      const file = path.join(__dirname, 'views', `${columns}.txt`);
      const text = found.join('\n');
      if (process.env.OBS_UPDATE_VIEWS) fs.writeFileSync(file, text);
      expect(text).toBe(fs.readFileSync(file, 'utf8'));
    },
    240_000,
  );
});

describe('layout', () => {
  const PIECES = [
    'a',
    'deploy',
    '設計',
    'e\u0301',
    '👩‍👩‍👧',
    '🇩🇪',
    '한국어',
    '-',
    ' ',
    'ｆｕｌｌ',
    'é',
    '\u200b',
    '✓',
    '█',
    '❤️',
  ];
  const style = { dim: (text) => text };

  test('width is that of a kept library, on random texts', () => {
    const random = createRandom(seedOfTest());
    for (let round = 0; round < 3000; round += 1) {
      // What that one joins, as some terminals do, and others do not.
      const pieces = PIECES.filter((piece) => !['👩‍👩‍👧', '🇩🇪', '❤️', '\u200b'].includes(piece));
      const text = Array.from({ length: random.below(8) }, () => random.pick(pieces)).join('');
      expect([text, widthOf(text)]).toEqual([text, stringWidth(text)]);
    }
  });

  test('no line is wider than the terminal as long as something can give way, and none loses its first column', () => {
    const random = createRandom(seedOfTest());
    const text = () => Array.from({ length: random.below(20) }, () => random.pick(PIECES)).join('');
    for (let round = 0; round < 500; round += 1) {
      const rows = Array.from({ length: 5 }, () => [text(), text(), text(), text()]);
      const columns = [0, 1, 2, 3].map((place) => ({
        title: `t${place}`,
        text: (row) => row[place],
        right: random.chance(0.5),
        ...(place === 0 ? { least: 6 } : { rank: place, ...(random.chance(0.5) && { least: 4 }) }),
      }));
      const room = 60 + random.below(60);
      const lines = layOut(columns, rows, { columns: room, style });
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(room);
      expect([lines.length, lines[0].includes('t0')]).toEqual([6, true]);
    }
  });

  test('what is cut fits, and filling fills', () => {
    const random = createRandom(seedOfTest());
    for (let round = 0; round < 2000; round += 1) {
      const text = Array.from({ length: random.below(12) }, () => random.pick(PIECES)).join('');
      const columns = 1 + random.below(12);
      const short = cut(text, columns);
      if (widthOf(text) <= columns) expect(short).toBe(text);
      else expect(widthOf(short)).toBeLessThanOrEqual(columns);
      expect(widthOf(fill(short, columns, random.chance(0.5)))).toBe(columns);
    }
  });
});

test('logs -f: the latest, then what any process records in any stream, filters hold, Ctrl-C ends it well', async () => {
  const { workspace } = shop;
  const env = cleanEnvironment({ OBS_PROJECT_ROOT: workspace.root });
  const start = (...args) => {
    const child = spawn(process.execPath, [OBS, 'logs', '-f', ...args], { env, cwd: workspace.root });
    const seen = { child, text: '' };
    child.stdout.on('data', (data) => (seen.text += data));
    seen.ended = new Promise((resolve) => child.on('close', (code) => resolve(code)));
    return seen;
  };
  const all = start('--last', '1', '--ndjson');
  const some = start('--last', '1', '--run', 'other');
  await until(() => all.text.includes('\n'), 'the latest record', 60_000);
  // The second one shows nothing yet, so that it follows is seen at its own record only.
  const other = () =>
    workspace.logSkillInvocation({ skill: 'again', params: {}, result: 'success', duration: 1, runId: 'other' });
  await until(() => (other(), some.text.includes('again')), 'the other run', 60_000);
  workspace.recordCujExecution('CUJ-009', false, 5, 'boom\u001b[2J');
  workspace.recordProviderCall('anthropic', true, 100);
  workspace.emitProgress({ runId: 'r', step: 1, message: 'hello' });
  await until(() => ['CUJ-009', 'anthropic', 'hello'].every((word) => all.text.includes(word)), 'all streams', 60_000);
  for (const { child } of [all, some]) child.kill('SIGINT');
  expect(await Promise.all([all.ended, some.ended])).toEqual([0, 0]);
  const streams = all.text.trimEnd().split('\n').map((line) => JSON.parse(line).stream); // prettier-ignore
  expect(new Set(streams)).toEqual(new Set(['skills', 'executions', 'providers', 'progress']));
  expect(some.text).not.toMatch(/CUJ-009|anthropic|hello/);
  expect(all.text).not.toContain('\u001b');
}, 120_000);
