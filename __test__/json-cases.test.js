// What is JSON, by kind of case and by random mutations of them: the addon accepts exactly what JSON.parse accepts.
'use strict';

const fs = require('node:fs');
const { loadAddon } = require('../lib/addon.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { CUJS } = require('./support/files.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');

const SEED = seedOfTest();
const MUTATIONS = process.env.OBS_LONG === '1' ? 2_000_000 : 15_000;
const workspace = useWorkspace();
const { NativeRedactor } = loadAddon();
const redactor = new NativeRedactor();

const latin = (text) => Buffer.from(text, 'latin1');
const times = (text, count) => text.repeat(count);

/** Texts by kind. What each of them is, `JSON.parse` says. */
const CASES = {
  literals: [
    'true',
    'false',
    'null',
    'True',
    'nul',
    'nulll',
    'null null',
    'undefined',
    'NaN',
    'Infinity',
    '-Infinity',
    'tru\u0065',
    '',
  ],
  'whole numbers': [
    '0',
    '-0',
    '7',
    '-7',
    '10',
    '00',
    '01',
    '-01',
    '+1',
    '--1',
    '-',
    '- 1',
    '1 2',
    '1_000',
    '0x1',
    '0b1',
    '1n',
    '９',
    '9'.repeat(400),
  ],
  fractions: ['0.5', '-0.5', '0.0', '1.', '.5', '-.5', '1.5.5', '1..5', '0.', '1.e1', `0.${times('0', 400)}1`, '1,5'],
  exponents: [
    '1e1',
    '1E1',
    '1e+1',
    '1e-1',
    '1e',
    '1e+',
    'e1',
    '1e1.5',
    '1e 1',
    '1ee1',
    '0e0',
    '0e+',
    '1e400',
    '-1e400',
    '1e-400',
    '5e-324',
    '1e0000001',
  ],
  strings: [
    '""',
    '"a"',
    '"',
    '"""',
    '"a',
    'a"',
    "'a'",
    '`a`',
    '"a" "b"',
    '"\u00e9"',
    '"\ud83d\udca5"',
    '"\u2028\u2029"',
    '"\u007f"',
    '"\ufeff"',
  ],
  escapes: [
    '\\"',
    '\\\\',
    '\\/',
    '\\b',
    '\\f',
    '\\n',
    '\\r',
    '\\t',
    '\\',
    '\\a',
    '\\v',
    '\\0',
    '\\x41',
    "\\'",
    '\\N',
    '\\ ',
    '\\\n',
    '\\U0041',
  ].map((escape) => `"${escape}"`),
  'unicode escapes': [
    '0041',
    '004g',
    '004',
    '',
    '{41}',
    'D83D\\uDCA5',
    'd83d',
    'dca5',
    'd83dx',
    'dca5\\ud83d',
    '0000',
    'FFFF',
    ' 0041',
    '+041',
    '00 41',
  ].map((digits) => `"\\u${digits}"`),
  'control characters': Array.from({ length: 33 }, (_, code) => `"a${String.fromCharCode(code)}b"`),
  space: [
    ' 1',
    '1 ',
    '\t1\n',
    '\r\n1\r\n',
    '\f1',
    '\v1',
    '\u00a01',
    '\u20281',
    '\ufeff1',
    '1\0',
    '\u0085[]',
    ' ',
    '\n',
    '[\u30001]',
    '/**/1',
    '1//',
  ],
  arrays: [
    '[]',
    '[ ]',
    '[1]',
    '[1,2]',
    '[1,]',
    '[,1]',
    '[,]',
    '[1 2]',
    '[1;2]',
    '[',
    ']',
    '[]]',
    '[[]',
    '[1',
    '[1,',
    '[1}',
    '{1]',
    '(1)',
    '[...1]',
    '[1:2]',
  ],
  objects: [
    '{}',
    '{ }',
    '{"a":1}',
    '{"a":1,}',
    '{,"a":1}',
    '{"a"}',
    '{"a":}',
    '{:1}',
    '{a:1}',
    "{'a':1}",
    '{"a":1 "b":2}',
    '{"a":1;"b":2}',
    '{"a"::1}',
    '{"a",1}',
    '{1:1}',
    '{null:1}',
    '{"a":1',
    '{"a":1]',
    '{',
    '}',
    '{}}',
    '{"a":{}}',
    '{"a":1}{"b":2}',
    '{"a":1},',
    '{"a" "b":1}',
    '{[]:1}',
  ],
  keys: [
    '{"":1}',
    '{"a":1,"a":2}',
    '{"__proto__":1}',
    '{"\\u0061":1,"a":2}',
    '{"\\ud800":1}',
    '{"a\\"b":1}',
    '{"a\nb":1}',
    '{"toString":{}}',
  ],
  nesting: [
    times('[', 500) + times(']', 500),
    times('[', 500) + times(']', 499),
    times('{"a":', 300) + '1' + times('}', 300),
    times('[{"a":', 100) + 'null' + times('}]', 100),
    times('[', 500),
    times('[}', 3),
    '[[[]}]',
  ],
  'what follows': ['{} ', '[]\r', '1x', '{}x', '[]1', '"a"b', 'null,', '1:', '[]\0', '{}\u0000', '1 \u00a0'],
  bytes: [
    latin('"\xff"'),
    latin('\xff'),
    latin('"\xc3"'),
    latin('"\xc3\xa9"'),
    latin('"\xc0\xaf"'),
    latin('"\xed\xa0\x80"'),
    latin('"\xf4\x90\x80\x80"'),
    latin('"\xe2\x82"'),
    latin('\xef\xbb\xbf{}'),
    latin('\xff\xfe{\0}\0'),
    latin('{\0}\0'),
    latin('"\x80\\"'),
    latin('["\xc3",1]'),
    latin('"\xf0\x9f\x92"]'),
  ],
};

const buffers = Object.entries(CASES).flatMap(([kind, cases]) => cases.map((each) => [kind, Buffer.from(each)]));

/** Bytes are read as JavaScript reads a file: what is no UTF-8 becomes U+FFFD; and `toString` takes no mark from the beginning. */
function accepts(bytes) {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

const shown = (bytes) => JSON.stringify(bytes.toString('latin1'));

test('of every kind some are JSON and some are not, and there are hundreds', () => {
  for (const [kind, cases] of Object.entries(CASES)) {
    const accepted = new Set(cases.map((each) => accepts(Buffer.from(each))));
    expect([kind, accepted.size]).toEqual([kind, 2]);
  }
  expect(buffers.length).toBeGreaterThan(200);
});

test.each(Object.keys(CASES))('%s: a file of one value, alone and in a list', (kind) => {
  for (const [, bytes] of buffers.filter(([own]) => own === kind)) {
    for (const text of [
      bytes,
      Buffer.concat([latin('['), bytes, latin(']')]),
      Buffer.concat([latin('{"a":'), bytes, latin('}')]),
    ]) {
      expect([shown(text), redactor.document(text) !== null]).toEqual([shown(text), accepts(text)]);
    }
  }
});

test('as a member of a record: a line counts exactly when JSON.parse accepts it', () => {
  // The id stands behind it, or a damaged line would hold a whole record before the damage. A line end would make two lines of one.
  const tail = latin(`,"timestamp":${Date.now()},"cuj_id":"A","success":true}`);
  const lines = buffers
    .map(([, bytes]) => Buffer.concat([latin('{"metadata":'), bytes, tail]))
    .filter((line) => !line.includes('\n'));
  writeLines(workspace(), CUJS, []);
  let right = 0;
  for (const line of lines) {
    fs.appendFileSync(workspace().path(CUJS), Buffer.concat([line, latin('\n')]));
    right += accepts(line) ? 1 : 0;
    expect([shown(line), workspace().getCujSuccessRate('A').total]).toEqual([shown(line), right]);
  }
  expect(right).toBeGreaterThan(60);
});

const PIECES = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '0',
  '1',
  '-',
  '.',
  'e',
  'u',
  ' ',
  '\n',
  '\0',
  '\xff',
  '\xc3',
  'null',
  '"a":',
  '\\u00',
  '\x1f',
];

function mutated(random) {
  let [, bytes] = random.pick(buffers);
  if (random.chance(0.4)) {
    bytes = Buffer.concat([latin('{"a":['), bytes, latin(','), random.pick(buffers)[1], latin(']}')]);
  }
  for (let left = random.below(4); left > 0; left -= 1) {
    const at = random.below(bytes.length + 1);
    const end = random.chance(0.5) ? at : at + random.below(3);
    bytes = Buffer.concat([
      bytes.subarray(0, at),
      random.chance(0.7) ? latin(random.pick(PIECES)) : latin(''),
      bytes.subarray(end),
    ]);
  }
  return bytes;
}

test(`${MUTATIONS} mutations of the cases (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  let accepted = 0;
  for (let count = 0; count < MUTATIONS; count += 1) {
    const bytes = mutated(random);
    const right = accepts(bytes);
    accepted += right ? 1 : 0;
    if ((redactor.document(bytes) !== null) !== right) throw new Error(`${shown(bytes)} is ${right ? '' : 'no '}JSON`);
  }
  expect(accepted).toBeGreaterThan(MUTATIONS / 20);
}, 600_000);
