// The parts of the command lines that can be tested without a process: printing, reading of values, guessing of words.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { readArguments, readCount, readNumber, readSpan, readTime } = require('../command/options.js');
const { jsonPieces } = require('../command/terminal/output.js');
const { nearest } = require('../command/nearest.js');
const { visible, visibleJson } = require('../lib/visible.js');
const { programName, usage } = require('../command/usage.js');

describe('JSON in pieces is the text of JSON.stringify', () => {
  test.each([
    [null],
    [0],
    ['line\nend'],
    [[]],
    [{}],
    [[1, [], {}, [2, { a: null }]]],
    [{ a: 'x\ny', b: { c: [] }, 'odd "key"\n': 1, d: undefined }],
    [[undefined, { text: '{\n  "looks": "like layout"\n}' }]],
    [JSON.parse('{"__proto__":{"constructor":1},"z":1,"a":2}')],
  ])('%j', (value) => {
    expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value, null, 2));
  });

  test('with control characters escaped it still reads back as the same value', () => {
    const value = { a: Array.from({ length: 0x2100 }, (_, code) => String.fromCharCode(code)).join('') };
    const text = visibleJson([...jsonPieces(value)].join(''));
    expect(JSON.parse(text)).toEqual(value);
    expect(visible(text.replaceAll('\n', ''))).toBe(text.replaceAll('\n', ''));
  });
});

describe('values', () => {
  test.each([
    ['0', 0],
    ['-5', -5],
    ['+2.5', 2.5],
    ['1e6', 1_000_000],
    ['.5', 0.5],
  ])('%s is a number', (text, value) => expect(readNumber('n', text)).toBe(value));

  test.each(['', ' ', '5 ', '12abc', '0x10', 'NaN', 'Infinity', '1e999', '1_000', '--5'])('%j is none', (text) => {
    expect(() => readNumber('n', text)).toThrow(/^n must be a number, not '/);
  });

  test('a count is whole and not negative', () => {
    expect(readCount('n', '12')).toBe(12);
    expect(() => readCount('n', '1.5')).toThrow(/^n must be a whole number/);
  });

  test.each([
    ['7d', 604_800_000],
    ['1h30m', 5_400_000],
    ['90s', 90_000],
    ['250ms', 250],
    ['1.5h', 5_400_000],
    ['2W', 1_209_600_000],
  ])('%s is a span', (text, value) => expect(readSpan('s', text)).toBe(value));

  test.each(['7', 'd', '-7d', '7 d', '7days', ''])('%j is no span', (text) => {
    expect(() => readSpan('s', text)).toThrow(/^s must be a time span/);
  });

  test('a time is ISO text or epoch milliseconds', () => {
    expect(readTime('t', '2026-05-05')).toBe('2026-05-05');
    expect(readTime('t', '2026-05-05T12:00:00.000Z')).toBe('2026-05-05T12:00:00.000Z');
    expect(readTime('t', '1777982400000')).toBe(1_777_982_400_000);
    for (const text of ['May 5', '2026', '2026-13-45', 'today']) {
      expect(() => readTime('t', text)).toThrow(/^t must be/);
    }
  });
});

test.each([
  ['qurey', 'query'],
  ['STATS', 'stats'],
  ['stat', 'stats'],
  ['frobnicate', null],
  ['', null],
])('%j probably means %j', (word, meant) => expect(nearest(word, ['query', 'stats'])).toBe(meant));

test('the examples in a usage can be pasted: the shorter path, quoted where a shell would split it', () => {
  expect(programName('/w/.claude/tools/a.mjs', '/w')).toMatch(/^node \.claude.tools.a\.mjs$/);
  expect(programName('/w/a.mjs', '/some/where/else/deep/down')).toBe('node /w/a.mjs');
  expect(programName('/w/my tools/a.mjs', '/w')).toMatch(/^node "my tools.a\.mjs"$/);
});

describe('help', () => {
  const folder = path.join(__dirname, '..', 'command', 'tools');
  const tables = fs.readdirSync(folder).map((file) => [path.basename(file, '.js'), require(path.join(folder, file))]);
  tables.push(['obs', require('../command/table.js').OBS]);
  const pages = tables.flatMap(([tool, table]) =>
    [null, ...Object.keys(table.commands)].map((name) => [tool, name, table]),
  );

  test.each(pages)('%s %s fits into 80 columns, and tells of what that command takes', (tool, name, table) => {
    const asked = readArguments(table, name === null ? ['--help'] : [...name.split(' '), '--help']);
    expect(asked).toEqual({ help: true, name });
    const text = usage(`node .claude/tools/${tool}.mjs`, table, name);
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    if (name === null) return;
    const options = table.commands[name].options ?? Object.keys(table.options ?? {});
    const named = [...text.matchAll(/^ {2}--([\w-]+)/gm)].map(([, option]) => option);
    expect(named.sort()).toEqual([...options].sort());
    expect(text).toContain(`.mjs ${name}`);
  });

  test('of two commands that begin with one word is that of both', () => {
    const { OBS } = require('../command/table.js');
    expect(readArguments(OBS, ['help', 'redact'])).toEqual({ help: true, name: 'redact' });
    expect(usage('obs', OBS, 'redact')).not.toContain('uninstall --root');
  });
});
