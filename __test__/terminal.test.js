// The picture at the end of a terminal: it shows what it should whatever came before, and counts the columns of any text.
'use strict';

const { cut, cutMiddle, widthOf } = require('../command/terminal/width.js');
const { createScreen } = require('../command/terminal/screen.js');
const { createTerminal } = require('./support/screen.js');
const { createRandom, seedOfTest } = require('./support/random.js');

const SEED = seedOfTest();

describe('columns of text', () => {
  test.each([
    ['', 0],
    ['plain ASCII', 11],
    ['é', 1],
    ['e\u0301', 1],
    ['日本', 4],
    ['한국', 4],
    ['\u1112\u1161\u11ab', 2],
    ['ｆｕｌｌ', 8],
    ['👍', 2],
    ['\u200b\u2060\ufeff', 0],
    ['█░●✓', 4],
    ['ไม้', 2],
  ])('%j takes %i', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  test('are never counted fewer than a terminal may take, as by those that know no joined pictures', () => {
    expect(widthOf('👨‍👩‍👧')).toBeGreaterThanOrEqual(6);
    expect(widthOf('❤\ufe0f')).toBe(2);
  });

  test.each([
    ['short', 10, 'short'],
    ['exactly ten', 11, 'exactly ten'],
    ['a long message', 8, 'a long …'],
    ['日本語です', 5, '日本…'],
    ['日本語です', 6, '日本…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('cut: %j to %i is %j', (text, width, wanted) => {
    expect(cut(text, width)).toBe(wanted);
  });

  test('cut in the middle: names that differ at their ends stay apart', () => {
    expect(cutMiddle('CUJ-005-1795641112914-77', 15)).toBe('CUJ-005…2914-77');
    expect(cutMiddle('short', 15)).toBe('short');
    expect(cutMiddle('long', 1)).toBe('…');
  });

  test(`cut: always fits, and is the text itself when that does; seed ${SEED}`, () => {
    const random = createRandom(SEED);
    const letters = [...'ab 日한é…', 'e\u0301', '👍', '👨‍👩‍👧', '❤\ufe0f', '\ud800'];
    for (let round = 0; round < 2000; round += 1) {
      const text = Array.from({ length: random.below(12) }, () => random.pick(letters)).join('');
      const width = random.below(14);
      for (const cutting of [cut, cutMiddle]) {
        const found = cutting(text, width);
        expect(widthOf(found)).toBeLessThanOrEqual(width);
        expect(found === text).toBe(widthOf(text) <= width);
      }
    }
  });
});

describe('a picture on a screen', () => {
  const setUp = (columns = 40, rows = 10) => {
    const [terminal, screen] = [createTerminal(columns, rows), createScreen()];
    terminal.write('$ obs watch\r\n');
    const paint = (lines) => {
      const text = screen.paint(lines);
      terminal.write(text);
      return text;
    };
    return { terminal, screen, paint };
  };

  test('writes nothing when nothing changed, and else only the lines that did', () => {
    const { paint } = setUp();
    paint(['one', 'two', 'three']);
    expect(paint(['one', 'two', 'three'])).toBe('');
    const text = paint(['one', '2', 'three']);
    expect(text).toContain('2');
    expect(text).not.toMatch(/one|three/);
  });

  test('draws everything anew once after the window changed', () => {
    const { screen, paint } = setUp();
    paint(['one', 'two']);
    screen.spoil();
    expect(paint(['one', 'two'])).toMatch(/one.*two/s);
    expect(paint(['one', 'two'])).toBe('');
  });

  test('each writing is one picture for terminals that know how, and wraps nothing', () => {
    const { paint } = setUp();
    const whole = ['\x1b[?2026h\x1b[?7l', '\x1b[?7h\x1b[?2026l'];
    const [first, second] = [paint(['one']), paint(['two'])];
    expect(first.startsWith(`\x1b[?1049h\x1b[?25l${whole[0]}`)).toBe(true);
    expect(second.startsWith(whole[0])).toBe(true);
    for (const text of [first, second]) expect(text.endsWith(whole[1])).toBe(true);
  });

  test('never clears what it is about to write, which would flicker', () => {
    const { screen, paint } = setUp();
    paint(['one', 'two']);
    screen.spoil();
    for (const lines of [['one', 'two'], ['one', 'x'], ['a', 'b', 'c'], ['d']]) {
      // What is cleared is the rest of a line that stands already, or what is below the last one.
      const parts = paint(lines).split(/\x1b\[[\d;]*H/); // eslint-disable-line no-control-regex
      for (const part of parts.slice(1)) expect(part).toMatch(/^[a-z]+\x1b\[[JK]/); // eslint-disable-line no-control-regex
    }
  });

  test('gives the terminal back as it was, and prints what stays', () => {
    const { terminal, screen, paint } = setUp();
    paint(['one', 'two']);
    expect(terminal.cursor.visible).toBe(false);
    expect(terminal.rows()[0]).toBe('one');
    terminal.write(screen.end(['it was two']));
    expect(terminal.cursor).toMatchObject({ visible: true, wraps: true, x: 0, y: 2 });
    expect(terminal.rows().slice(0, 3)).toEqual(['$ obs watch', 'it was two', '']);
    expect(screen.end(['again'])).toBe('');
  });

  test('what was never drawn takes no terminal', () => {
    expect(createScreen().end(['x'])).toBe('');
  });

  test(`shows what it is told after any changes; seed ${SEED}`, () => {
    const random = createRandom(SEED);
    for (let round = 0; round < 300; round += 1) {
      let [columns, rows] = [20 + random.below(40), 4 + random.below(12)];
      const { terminal, screen, paint } = setUp(columns, rows);
      let lines = [];
      for (let step = 0; step < 30; step += 1) {
        if (random.chance(0.15)) {
          [columns, rows] = [20 + random.below(40), 4 + random.below(12)];
          terminal.resize(columns, rows);
          screen.spoil();
        }
        const count = random.chance(0.5) ? Math.min(lines.length, rows) : random.below(rows + 1);
        lines = Array.from(
          { length: count },
          (_, i) => (random.chance(0.5) && lines[i]) || 'x'.repeat(random.below(20)),
        );
        paint(lines);
        expect(terminal.rows().join('\n').trimEnd()).toBe(lines.join('\n').trimEnd());
        expect(terminal.history()).toEqual([]);
      }
      terminal.write(screen.end());
      expect(terminal.rows()[0]).toBe('$ obs watch');
    }
  });
});
