// The bounded walk that takes over where JSON.stringify gives up: the same text wherever JSON.stringify has one.
'use strict';

const { createRandom, seedOfTest } = require('./support/random.js');
const { salvageFields, salvageText } = require('../lib/salvage.js');

const SEED = seedOfTest();

const LEAVES = [
  null,
  true,
  false,
  0,
  -0,
  1.5,
  1e21,
  5e-324,
  NaN,
  Infinity,
  '',
  'text',
  '"quoted"\\\n\u0000\u2028',
  '\ud83d\ude00',
  '\udc00 alone',
  undefined,
  Symbol('s'),
  () => {},
  new Date(0),
  new Date(NaN),
  /x/g,
  new Map([[1, 2]]),
  new Set([1]),
  new Error('x'),
  Object(5),
  Object('boxed'),
  Object(true),
  Object(Symbol('s')),
  new Uint8Array([1, 2, 3]),
  Buffer.from('hi'),
  new Float64Array([1.5, NaN]),
  Object.create(null),
  Object.create({ inherited: 1 }),
  { toJSON: (key) => `for ${key}` },
  { toJSON: 'not a function', a: 1 },
  [, 1, , 2],
  JSON.parse('{"__proto__":{"x":1},"constructor":2}'),
  Object.defineProperty({ a: 1 }, 'hidden', { value: 1, enumerable: false }),
];

function someValue(random, depth = 0) {
  if (depth > 4 || random.chance(0.4)) return random.pick(LEAVES);
  const length = random.below(5);
  if (random.chance(0.5)) return Array.from({ length }, () => someValue(random, depth + 1));
  const object = {};
  for (let index = 0; index < length; index += 1) {
    object[random.pick(['a', 'b', '1', '__proto__x', 'ü', ''])] = someValue(random, depth + 1);
  }
  return object;
}

test.each(LEAVES.map((leaf, index) => [index, leaf]))('leaf %i is written as JSON.stringify writes it', (_, leaf) => {
  expect(salvageText(leaf)).toBe(JSON.stringify(leaf, null, undefined));
  expect(salvageText({ key: [leaf] })).toBe(JSON.stringify({ key: [leaf] }));
});

test(`random values are written as JSON.stringify writes them (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  for (let times = 0; times < 2000; times += 1) {
    const value = someValue(random);
    expect(salvageText(value)).toBe(JSON.stringify(value));
  }
});

test('values that stand in two places are written in both', () => {
  const shared = { a: 1 };
  expect(salvageText([shared, shared])).toBe('[{"a":1},{"a":1}]');
});

test('what is cut says how much', () => {
  const list = Array.from({ length: 20_000 }, () => 1);
  expect(JSON.parse(salvageText(list)).at(-1)).toBe('[Truncated 10000 units]');
  const object = Object.fromEntries(list.map((value, index) => [`k${index}`, value]));
  expect(JSON.parse(salvageText(object))['…']).toBe('[Truncated 10000 units]');
  const text = JSON.parse(salvageText('x'.repeat(5_000_000)));
  // No expression over all of it: what it would have to remember of millions of letters may not fit on the stack.
  expect([text.startsWith('xxx'), text.slice(text.lastIndexOf('x') + 1)]).toEqual([
    true,
    expect.stringMatching(/^\[Truncated \d+ units\]$/),
  ]);
  expect(JSON.parse(salvageText(`${'x'.repeat(4_194_303)}💥`))).toBe(`${'x'.repeat(4_194_303)}[Truncated 2 units]`);
});

test('work is bounded however the value branches', () => {
  let value = { leaf: 1 };
  for (let depth = 0; depth < 60; depth += 1) value = [value, value];
  expect(salvageText(value).length).toBeLessThan(10_000_000);
});

test('fields share one budget, and what has no JSON gets a marker', () => {
  const fields = salvageFields(['a', 'b', 'c', 'd'], ['a', () => {}, undefined, 1n], 'b');
  expect(fields).toBe('{"a":"a","c":"[Unreadable]","d":"[BigInt 1]"}');
});
