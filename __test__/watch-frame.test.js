// The pictures of `obs watch`, line for line: what each size of a terminal shows of the same runs.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { createFrame } = require('../command/watch/frame.js');
const { createScreen } = require('../command/terminal/screen.js');
const { createStyle } = require('../command/terminal/style.js');
const { duration, span } = require('../command/watch/words.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { createTerminal } = require('./support/screen.js');

const SEED = seedOfTest();
const MINUTE = 60_000;

const ROW = {
  run_id: 'CUJ-005-1795641112914-77',
  cuj_id: 'CUJ-005',
  cuj_from: 'name',
  state: 'running',
  started_at: '2026-05-05T12:00:00.000Z',
  updated_at: '2026-05-05T12:00:50.000Z',
  elapsed_ms: 72_000,
  silent_ms: 22_000,
  stalled_after_ms: 3 * MINUTE,
  stalled_from_runs: 14,
  step: 4,
  total_steps: 7,
  percentage: 57.2,
  message: 'building the plan with several agents, which takes a while because there is a lot to read',
  events: 4,
  expected: { runs: 14, p50_ms: 146_000, p90_ms: 188_000 },
  left_ms: [74_000, 116_000],
  skill_calls: 2,
  skills: ['artifact-publisher', 'repo-rag'],
  agents: ['qa', 'developer'],
};
const FRESH = { ...ROW, run_id: '配布-日本語-é', cuj_id: 'CUJ-012', step: 1, total_steps: 4, percentage: 25, message: '画像を作る cafe\u0301', expected: null, left_ms: null, skill_calls: 0, elapsed_ms: 7_000 }; // prettier-ignore
const STALLED = { ...ROW, run_id: 'nightly-cleanup', cuj_id: null, state: 'stalled', step: 'remove', total_steps: null, percentage: 40, message: '', skill_calls: 0, expected: null, left_ms: null, elapsed_ms: 3 * 3_600_000, silent_ms: 12 * MINUTE }; // prettier-ignore

/** What stands on the terminal, without the empty lines below. */
function shown(runs, columns, rows, more = {}) {
  const frame = createFrame({
    style: createStyle({ isTTY: true }, more.env ?? {}),
    env: more.env ?? {},
    about: '/code/shop',
  });
  const terminal = createTerminal(columns, rows);
  terminal.write(createScreen().paint(frame.picture(runs, { columns, rows, ...more })));
  return terminal.rows().join('\n').trimEnd();
}

/** The golden views: `=== title`, then what stands there. `OBS_WRITE_GOLDEN=1` writes them anew, to be looked at. */
const GOLDEN = path.join(__dirname, 'views', 'watch.txt');
const VIEWS = {
  '60 columns': [[ROW, FRESH, STALLED], 60, 24],
  '80 columns': [[ROW, FRESH, STALLED], 80, 24],
  '120 columns': [[ROW, FRESH, STALLED], 120, 24],
  '60 columns, low': [[ROW, FRESH, STALLED], 60, 8],
  '80 columns, low': [[ROW, FRESH, STALLED], 80, 8],
  '120 columns, low': [[ROW, FRESH, STALLED], 120, 8],
  'too low for all': [Array.from({ length: 9 }, (_, i) => ({ ...(i > 6 ? STALLED : ROW), run_id: `run-${i}` })), 80, 7],
  'nothing in progress': [[], 80, 24],
  'late, soon, about': [
    [
      { ...ROW, left_ms: [0, 0], elapsed_ms: 200_000 },
      { ...ROW, left_ms: [0, 12_000], elapsed_ms: 170_000 },
      { ...ROW, left_ms: [12_000, 12_400], expected: { runs: 1, p50_ms: 1, p90_ms: 1 } },
    ],
    80,
    24,
  ],
  'ended above': [
    [ROW],
    80,
    24,
    {
      ended: [
        { ...ROW, state: 'completed', elapsed_ms: 151_000, step: 7, left_ms: null },
        { ...ROW, state: 'completed', run_id: 'quick', elapsed_ms: 3_460, skill_calls: 0 },
        { ...ROW, state: 'failed', run_id: 'deploy', elapsed_ms: 62_000, message: 'no space left on the device' },
      ],
    },
  ],
  'more ended than there is room for': [
    [ROW],
    80,
    12,
    { ended: Array.from({ length: 20 }, (_, i) => ({ ...ROW, state: 'completed', run_id: `run-${i}` })) },
  ],
  'no UTF-8, no colours': [[ROW, STALLED], 80, 24, { env: { LANG: 'C', NO_COLOR: '1' } }],
  'a fault': [[ROW], 80, 24, { fault: 'EACCES: permission denied, open progress.jsonl' }],
};

test('golden views at 60, 80 and 120 columns', () => {
  const views = Object.entries(VIEWS)
    .map(([title, args]) => `=== ${title}\n${shown(...args)}\n`)
    .join('\n');
  const found = views.replace(/\d\d:\d\d:\d\d/g, '12:00:50'); // local time
  if (process.env.OBS_WRITE_GOLDEN) fs.writeFileSync(GOLDEN, found);
  expect(found).toBe(fs.readFileSync(GOLDEN, 'utf8'));
});

test('the view in README.md is that of 80 columns', () => {
  const [, view] = /=== 80 columns\n([^=]+)\n\n===/.exec(fs.readFileSync(GOLDEN, 'utf8'));
  expect(fs.readFileSync(path.join(__dirname, '..', 'README.md'), 'utf8')).toContain(`\`\`\`\n${view}\n\`\`\``);
});

test.each([
  [0, '0s', '0ms'],
  [999, '0s', '999ms'],
  [3_460, '3s', '3.4s'],
  [59_999, '59s', '59s'],
  [72_000, '1m 12s', '1m 12s'],
  [7_500_000, '2h 05m', '2h 05m'],
  [100 * 3_600_000, '4d 04h', '4d 04h'],
])('%i ms is %s, looked at closely %s', (ms, whole, close) => {
  expect([span(ms), duration(ms)]).toEqual([whole, close]);
});

test('a locale that says nothing has all marks, one that is not UTF-8 and the console of Linux have plain ones', () => {
  const bar = (env) => /[█#]/.exec(shown([ROW], 80, 24, { env: { NO_COLOR: '1', ...env } }))[0];
  expect([{}, { LANG: 'de_DE.UTF-8' }, { LC_ALL: 'C', LANG: 'C.utf8' }, { TERM: 'linux' }].map(bar)).toEqual([
    '█',
    '█',
    '#',
    '#',
  ]);
});

describe('text from records', () => {
  const HOSTILE = 'a\u001b[31mred\u001b]0;title\u0007\r\n\tb\u009b2Jc\u202ed\u2066\u007f';
  const evil = {
    ...ROW,
    run_id: HOSTILE,
    cuj_id: HOSTILE,
    step: HOSTILE,
    message: HOSTILE,
    skills: [HOSTILE],
    agents: [HOSTILE],
  };

  test.each([['running'], ['stalled'], ['completed'], ['failed']])('cannot drive the terminal in a %s run', (state) => {
    const frame = createFrame({ style: createStyle({ isTTY: false }), env: {}, about: HOSTILE });
    const lines = [
      ...frame.picture([{ ...evil, state }], { columns: 200, rows: 24, fault: HOSTILE }),
      ...frame.picture(
        [evil, evil, evil].map((row) => ({ ...row, state })),
        { columns: 200, rows: 6 },
      ),
      ...(state === 'running' || state === 'stalled'
        ? []
        : frame.rest([evil], { columns: 200, rows: 24, ended: [{ ...evil, state }] })),
    ];
    const drives = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/; // eslint-disable-line no-control-regex
    for (const line of lines) expect(line).not.toMatch(drives);
    expect(lines.join('')).toContain('a\\u001b[31mred');
  });

  test(`of any kind fits any terminal; seed ${SEED}`, () => {
    const random = createRandom(SEED);
    const texts = [
      null,
      '',
      0,
      7,
      true,
      { a: 1 },
      ['x'],
      HOSTILE,
      '日本語'.repeat(40),
      'e\u0301'.repeat(300),
      '👨‍👩‍👧'.repeat(30),
      'x'.repeat(5_000),
      '\ud800',
    ];
    const some = () => random.pick(texts);
    for (let round = 0; round < 500; round += 1) {
      const [columns, rows] = [50 + random.below(110), 2 + random.below(30)];
      const runs = Array.from({ length: random.below(12) }, () => ({
        ...ROW,
        run_id: some(),
        cuj_id: random.pick([null, 'CUJ-1', '日本語'.repeat(9)]),
        step: some(),
        message: some(),
        total_steps: random.pick([null, 7, 10_000]),
        percentage: random.pick([null, 0, 33.333, 100]),
        state: random.pick(['running', 'stalled']),
        left_ms: random.pick([null, [0, 0], [0, 5], [1e9, 1e12]]),
        skills: [HOSTILE, 'b'],
      }));
      const frame = createFrame({
        style: createStyle({ isTTY: true }, {}),
        env: {},
        about: random.pick(['/x', HOSTILE, '/日本語'.repeat(20)]),
      });
      const ended = runs.map((row) => ({ ...row, state: random.pick(['completed', 'failed']) }));
      const picture = frame.picture(runs, { columns, rows, ended, fault: random.pick([null, HOSTILE]) });
      expect(picture.length).toBeLessThanOrEqual(rows);
      const rest = frame.rest(runs, { columns, rows, ended });
      expect(rest.length).toBeGreaterThanOrEqual(ended.length);
      // The last cell of each row stays free: it throws on what reaches it, as `?7l` is taken out.
      for (const line of [...picture, ...rest]) createTerminal(columns, 2).write(line);
    }
  });
});
