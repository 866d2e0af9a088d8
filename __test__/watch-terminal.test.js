// `obs watch` in a real terminal: what tmux shows of it at each width, after a change of the window, and after any end.
'use strict';

const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { PACKAGE, cleanEnvironment, makeFolder, removeFolder, until } = require('./support/command-line.js');
const { createFace } = require('../lib/face.js');

const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const hasTmux = spawnSync('tmux', ['-V']).status === 0;
const inTmux = hasTmux ? describe : describe.skip;
const SHELL_SAYS = 'the shell said this before';

let root;
let face;
let socket;
beforeEach(() => {
  root = makeFolder();
  fs.mkdirSync(path.join(root, '.claude'));
  face = createFace({ projectRoot: root, env: {} });
  socket = path.join(root, 'tmux');
});
afterEach(() => {
  spawnSync('tmux', ['-S', socket, 'kill-server']);
  face.close();
  removeFolder(root);
});

function tmux(...args) {
  const env = cleanEnvironment({ LC_ALL: 'C.UTF-8', TERM: 'xterm-256color', CI: '' });
  return execFileSync('tmux', ['-S', socket, '-u', '-f', '/dev/null', ...args], { env, encoding: 'utf8' });
}
const screen = () => tmux('capture-pane', '-p', '-t', 'obs').replace(/\n+$/, '');
const everything = () => tmux('capture-pane', '-p', '-S', '-', '-t', 'obs').replace(/\n+$/, '');
const about = (format) => tmux('display-message', '-p', '-t', 'obs', format).trim();
const keys = (...names) => tmux('send-keys', '-t', 'obs', ...names);
const shows = (text, seen = screen) => until(() => (text instanceof RegExp ? text.test(seen()) : seen().includes(text)), () => `${text} in\n${everything()}`); // prettier-ignore

/** A shell in a terminal, and in it `obs watch`, whose process id stands in a file. */
async function open(columns, { rows = 24, env = {}, more = '' } = {}) {
  tmux('new-session', '-d', '-s', 'obs', '-x', String(columns), '-y', String(rows), 'env PS1="\\$ " sh');
  const settings = Object.entries(env)
    .map(([name, value]) => `${name}='${value}' `)
    .join('');
  type(
    'watching',
    `echo '${SHELL_SAYS}'
${settings}sh -c 'echo $$ > "$0/pid"; exec "$@"' '${root}' '${process.execPath}' '${OBS}' watch --root '${root}' ${more}
echo "exit code $?"`,
  );
  await shows('in progress');
}

/** Has the shell in the terminal run commands. */
function type(name, commands) {
  const file = path.join(root, `${name}.sh`);
  fs.writeFileSync(file, `${commands}\n`);
  keys(`. '${file}'`, 'Enter');
}

const emit = (runId, step, more = {}) =>
  face.emitProgress({
    runId,
    step,
    status: 'running',
    percentage: step * 10,
    message: `step ${step} of ${runId}`,
    ...more,
  });
const end = (runId, status = 'completed') => emit(runId, 10, { status, percentage: 100 });
const kill = (signal) => process.kill(Number(fs.readFileSync(path.join(root, 'pid'), 'utf8')), signal);
const count = (text, of) => of.split(text).length - 1;

/** The terminal is as it was: the cursor is seen, lines wrap, what is typed is shown and obeyed. */
async function expectRestored() {
  await shows('exit code');
  expect([about('#{cursor_flag}'), about('#{wrap_flag}'), about('#{alternate_on}')]).toEqual(['1', '1', '0']);
  type('check', 'stty -a | grep -o " icanon\\| isig\\| echo " | tr -d "\\n"; echo .');
  await shows(/icanon echo \./);
}

inTmux('in a terminal', () => {
  test.each([60, 80, 120])('%i columns: every run in progress of all processes, as it is', async (columns) => {
    emit('CUJ-005-1', 3);
    face.logSkillInvocation({ skill: 'repo-rag', agent: 'developer', runId: 'CUJ-005-1', result: 'success' });
    await open(columns);
    await shows('agent developer; skill repo-rag; 1 call');
    const lines = screen().split('\n').map((line) => line.replace(/\d+s$/, 'Ns')); // prettier-ignore
    const start = lines.findIndex((line) => line.includes('in progress'));
    expect(lines[start]).toMatch(/^1 run in progress · .* q ends$/);
    expect(lines.slice(start + 1)).toEqual([
      '',
      `● CUJ-005-1${'Ns'.padStart(columns - 1 - 11)}`,
      expect.stringMatching(/^ {2}█+░+ {2}30% {2}step 3 of 10 +time left: no past runs$/),
      '  step 3 of CUJ-005-1',
      '  agent developer; skill repo-rag; 1 call',
    ]);
    emit('CUJ-005-1', 4);
    await shows('step 4 of CUJ-005-1');
    emit('another', 1);
    await shows('2 runs in progress');
  });

  test('what ended scrolls up with its result, in order, while the rest stays where it is', async () => {
    emit('stays', 1);
    await open(80, { rows: 12 });
    for (let i = 0; i < 20; i += 1) {
      emit(`run-${i}.`, 1);
      end(`run-${i}.`, i % 5 === 4 ? 'failed' : 'completed');
      await shows(`run-${i}.`);
    }
    expect(
      screen()
        .split('\n')
        .filter((line) => line.includes('✓')).length,
    ).toBeGreaterThan(2);
    keys('q');
    await expectRestored();
    const results = everything()
      .split('\n')
      .filter((line) => /^\d\d:\d\d:\d\d /.test(line));
    expect(results.map((line) => line.slice(9).replace(/\d+ms|\d\.\ds/, 'T'))).toEqual(
      Array.from({ length: 20 }, (_, i) =>
        i % 5 === 4
          ? `✗ run-${i}. failed after T at step 10 of 10: step 10 of run-${i}.`
          : `✓ run-${i}. completed in T`,
      ),
    );
    expect(everything()).toContain(`${SHELL_SAYS}\n`);
  });

  test('a window that changes its size is drawn anew, and leaves nothing behind', async () => {
    for (const name of ['one', 'two', 'three']) emit(name, 2);
    end('gone');
    await open(120);
    end('one');
    await shows('✓ one');
    for (const [columns, rows] of [
      [60, 24],
      [120, 24],
      [80, 10],
      [60, 8],
      [100, 30],
      [60, 24],
      [70, 6],
      [120, 24],
    ]) {
      // prettier-ignore
      tmux('resize-window', '-t', 'obs', '-x', String(columns), '-y', String(rows));
      await shows(new RegExp(`^2 runs in progress .{${columns - 27}} q ends$`, 'm'));
      const once = ['q ends', '● two', '● three', '✓ one'];
      const isClean = () => once.every((words) => count(words, screen()) === 1);
      await until(isClean, () => `each of ${once} once in\n${screen()}`);
    }
    keys('q');
    await expectRestored();
    expect(everything()).not.toContain('in progress');
  });

  test('nothing is written while nothing happens, and of a picture only what changed', async () => {
    await open(80);
    const written = path.join(root, 'written');
    fs.writeFileSync(written, '');
    tmux('pipe-pane', '-t', 'obs', `cat >> '${written}'`);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(fs.readFileSync(written, 'utf8')).toBe('');
    emit('a', 1);
    await shows('step 1 of a');
    fs.truncateSync(written, 0);
    emit('a', 2);
    await shows('step 2 of a');
    await until(() => fs.readFileSync(written, 'utf8').includes('step 2 of a'), 'the bytes');
    expect(fs.readFileSync(written, 'utf8')).not.toContain('q ends');
  });

  test('with a run it is about that one, and says so', async () => {
    emit('other', 1);
    await open(120, { more: 'mine' });
    await shows(/^no run in progress · mine in /m);
    emit('mine', 1);
    await shows('step 1 of mine');
    expect(screen()).not.toContain('other');
  });

  test('needs no keys: without a terminal to read from it shows the same', async () => {
    emit('a', 1);
    await open(80, { more: '< /dev/null' });
    await shows('step 1 of a');
    kill('SIGTERM');
    await expectRestored();
  });

  test('text from records cannot drive the terminal', async () => {
    await open(120);
    emit('\u001b[2J\u001b]0;owned\u0007', 1, { message: 'a\u001b[31mb\r\n\u009b2J\u202e\u001b[?1049hc' });
    await shows('a\\u001b[31mb\\r\\n\\u009b2J\\u202e\\u001b[?1049hc');
    expect(screen()).toContain('q ends');
    expect([about('#{pane_title}').includes('owned'), about('#{alternate_on}')]).toEqual([false, '1']);
  });

  describe('the terminal is given back', () => {
    test.each(['q', 'C-c', 'C-\\'])('at %s', async (key) => {
      emit('a', 1);
      await open(80);
      keys(key);
      await expectRestored();
      expect(everything()).toMatch(/step 1 of a\nexit code 0/);
    });

    test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])('at %s', async (signal) => {
      emit('a', 1);
      await open(80);
      kill(signal);
      await expectRestored();
      expect(everything()).toMatch(/step 1 of a\nexit code 0/);
    });

    test.each([
      ['an exception that nobody caught', 'throw new Error("not mine")'],
      ['process.exit', 'process.exit(7)'],
    ])('at %s', async (_, code) => {
      const bomb = path.join(root, 'bomb.cjs');
      const trigger = path.join(root, 'now');
      fs.writeFileSync(
        bomb,
        `setInterval(() => { if (require('fs').existsSync(${JSON.stringify(trigger)})) ${code} }, 20).unref()`,
      );
      emit('a', 1);
      // The folder's name has a space, which this variable takes only in quotes.
      await open(80, { env: { NODE_OPTIONS: `--require "${bomb}"` } });
      await shows('step 1 of a');
      fs.writeFileSync(trigger, '');
      await expectRestored();
      expect(everything()).toMatch(/step 1 of a\n/);
    });

    test('while it is stopped, and taken again when it goes on', async () => {
      emit('a', 1);
      await open(80);
      keys('C-z');
      await until(() => about('#{cursor_flag}') === '1', 'the cursor');
      type('resume', 'fg');
      await until(() => about('#{cursor_flag}') === '0', 'the picture');
      emit('a', 2);
      await shows('step 2 of a');
      keys('q');
      await expectRestored();
    });

    test('also when it cannot be drawn on any more: the process ends', async () => {
      emit('a', 1);
      await open(80);
      const isThere = () => {
        try {
          return kill(0);
        } catch {
          return false;
        }
      };
      expect(isThere()).toBe(true);
      tmux('kill-server');
      await until(() => !isThere(), 'the process to end');
    });

    test('keys that mean nothing leave no mark', async () => {
      emit('a', 1);
      await open(80);
      keys('Enter', 'x', 'Enter', 'Up');
      emit('a', 2);
      await shows('step 2 of a');
      expect(count('q ends', everything())).toBe(1);
      keys('q');
      await expectRestored();
    });
  });
});
