// Values that nobody should hand over, by kind; each call makes a new one, because some of them change when they are looked at.
'use strict';

const vm = require('node:vm');

const elsewhere = vm.createContext({});

const refuse = () => {
  throw new Error('a hostile value was touched');
};

function nested(depth, wrap) {
  let value = wrap(1);
  for (let index = 0; index < depth; index += 1) value = wrap(value);
  return value;
}

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const TRAPS = [
  'get',
  'has',
  'ownKeys',
  'getOwnPropertyDescriptor',
  'getPrototypeOf',
  'apply',
  'construct',
  'isExtensible',
];
const refusing = () => Object.fromEntries(TRAPS.map((name) => [name, refuse]));

function circular() {
  const value = { name: 'loop', list: [] };
  value.list.push(value, [value]);
  value.self = value;
  return value;
}

const endless = () => ({ toJSON: () => ({ again: endless() }) });

function itsOwnJson() {
  const value = {};
  value.toJSON = () => value;
  return value;
}

function itsOwnPrototype() {
  const proxy = new Proxy({}, { getPrototypeOf: () => proxy });
  return proxy;
}

/** Another kind of value each time it is read. */
function changing() {
  let reads = 0;
  const values = ['text', 5, null, {}, undefined, 1n];
  return {
    get skill() {
      return values[reads++ % values.length];
    },
    get length() {
      return (reads += 1);
    },
  };
}

function shrinking() {
  const list = [1, 2, 3, 4, 5];
  Object.defineProperty(list, 1, {
    enumerable: true,
    get() {
      list.length = 2;
      return 1n;
    },
  });
  return list;
}

function detached() {
  const bytes = new Uint8Array(64);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

function outOfBounds() {
  const buffer = new ArrayBuffer(64, { maxByteLength: 64 });
  const bytes = new Uint8Array(buffer, 32, 16);
  buffer.resize?.(8);
  return bytes;
}

class Private {
  #secret = 1;
  get secret() {
    return this.#secret;
  }
  toString() {
    return Private.prototype.secret;
  }
}

function sparse(length) {
  const list = [1];
  list.length = length;
  return list;
}

function getters(error) {
  return Object.defineProperties(
    {},
    Object.fromEntries(
      ['message', 'skill', 'cujId', 'runId', 'limit', 'from', 'every', 'then', 'length', 'record'].map((name) => [
        name,
        { enumerable: true, get: error },
      ]),
    ),
  );
}

/** `reenter` records something while the value is being read. */
const makers = (reenter) => ({
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  false: () => false,
  zero: () => 0,
  'minus zero': () => -0,
  one: () => 1,
  'minus one': () => -1,
  'a fraction': () => 0.1,
  NaN: () => NaN,
  Infinity: () => Infinity,
  '-Infinity': () => -Infinity,
  'beyond whole numbers': () => 2 ** 53 + 2,
  'the largest number': () => Number.MAX_VALUE,
  'its opposite': () => -Number.MAX_VALUE,
  'the smallest number': () => Number.MIN_VALUE,
  '2^31': () => 2 ** 31,
  '2^32': () => 2 ** 32,
  '-2^31-1': () => -(2 ** 31) - 1,
  'behind all dates': () => 8.64e15 + 1,
  'the last date': () => 8.64e15,
  'a BigInt': () => 0n,
  'a long BigInt': () => 10n ** 400n,
  'a symbol': () => Symbol('s'),
  'a known symbol': () => Symbol.iterator,
  'a function': () => () => {},
  'a function that throws': () => refuse,
  'an async function that throws': () => async () => refuse(),
  'a class': () => Private,
  'a function that returns itself': () =>
    function self() {
      return self;
    },
  'an empty string': () => '',
  'a blank': () => ' ',
  'a word': () => 'x',
  'a number as text': () => '5',
  'a negative number as text': () => '-1',
  'an infinite number as text': () => '1e999',
  'NaN as text': () => 'NaN',
  'a high surrogate': () => '\ud800',
  'a low surrogate in a word': () => 'a\udc00b',
  NUL: () => 'a\0b',
  'control characters': () => '\x01\x1b[2J\x7f\x9b\r\n\t\b',
  'a bidi override': () => '\u202eabc\u2066\u061c',
  'line separators': () => 'a\u2028b\u2029c\ufeff',
  __proto__: () => '__proto__',
  constructor: () => 'constructor',
  toString: () => 'toString',
  hasOwnProperty: () => 'hasOwnProperty',
  'a way up': () => '../../..',
  'a device': () => '/dev/zero',
  'a full device': () => '/dev/full',
  'a pipe': () => 'pipe', // the caller makes one of this name in its folder
  'a folder': () => '.',
  'a file URL': () => 'file:///tmp/x',
  'a name of Windows': () => 'CON.txt:stream',
  'a long name': () => 'n'.repeat(300),
  'half of a JSON object': () => '{"cuj_id":"x",',
  'a quote': () => '"',
  'a backslash at the end': () => 'x\\',
  'an expression that cannot be': () => '(((((a{1000}){1000}){1000}',
  'a slow expression': () => '^(a+)+$',
  'a format': () => '%s%n%d',
  'a text of 5,000 units': () => 'ab'.repeat(2500),
  'a secret': () => `password=${'hunter2'.repeat(3)}`,
  'an object': () => ({}),
  'an object without a prototype': () => Object.create(null),
  'an object that inherits everything': () => Object.create({ skill: 'x', cujId: 'y', limit: 5, from: 0 }),
  'a frozen object': () => Object.freeze({ a: Object.freeze([1]) }),
  circular,
  'getters that throw': () => getters(refuse),
  'getters that throw nothing': () =>
    getters(() => {
      throw undefined;
    }),
  'a getter that records': () => getters(() => reenter()),
  'a proxy that refuses': () => new Proxy({}, refusing()),
  'a list that refuses': () => new Proxy([], refusing()),
  'a function that refuses': () => new Proxy(() => {}, refusing()),
  'a revoked proxy': () => revoked({}),
  'a revoked list': () => revoked([]),
  'a revoked function': () => revoked(() => {}),
  'its own prototype': itsOwnPrototype,
  'a proxy without end': () =>
    new Proxy({}, { get: (target, name) => (name === 'toJSON' ? undefined : nested(3, (a) => ({ a }))) }),
  'a proxy with keys that are not there': () => new Proxy({}, { ownKeys: () => ['a', 'b'], has: () => true }),
  'a toJSON that throws': () => ({ toJSON: refuse }),
  'a toJSON that gives itself': itsOwnJson,
  'a toJSON without end': endless,
  'a toJSON that records': () => ({ toJSON: () => reenter() ?? 'recorded' }),
  'a toString that throws': () => ({ toString: refuse, valueOf: refuse, [Symbol.toPrimitive]: refuse }),
  'a toString that gives an object': () => ({ toString: () => ({}), valueOf: () => ({}) }),
  'an iterator that throws': () => ({ [Symbol.iterator]: refuse, length: 3 }),
  'a then that throws': () => Object.defineProperty({}, 'then', { get: refuse }),
  'a then that never calls': () => ({ then() {} }),
  'a value that changes': changing,
  'an instance': () => new Private(),
  'a Map': () => new Map([[{}, new Map()]]),
  'a Set': () => new Set([1, 'a', NaN]),
  'a WeakMap': () => new WeakMap(),
  'a Date': () => new Date(0),
  'a Date of no time': () => new Date(NaN),
  'the earliest Date': () => new Date(-8.64e15),
  'a RegExp': () => /(?<a>x)\k<a>(?=y)/giu,
  'an Error': () => new Error('boom', { cause: circular() }),
  'an Error that cannot be read': () => Object.defineProperty(new Error(), 'message', { get: refuse }),
  'an Error of many': () => new AggregateError([new Error('a'), null], 'many'),
  'a promise': () => new Promise(() => {}),
  'a generator': () =>
    (function* () {
      yield 1;
    })(),
  'small numbers': () => new Int8Array([-1, 2, 3]),
  'large numbers': () => new BigUint64Array([1n, 2n ** 63n]),
  'a Buffer': () => Buffer.from('x\0y'),
  'a DataView': () => new DataView(new ArrayBuffer(4)),
  'shared memory': () => new Uint8Array(new SharedArrayBuffer(8)),
  'a detached buffer': detached,
  'a buffer out of bounds': outOfBounds,
  'a boxed number': () => Object(NaN),
  'a boxed text': () => Object('boxed'),
  'a boxed symbol': () => Object(Symbol('s')),
  'a boxed BigInt': () => Object(5n),
  'a list': () => [],
  'a list of nothing': () => [undefined, null, , () => {}],
  'a list in a list': () => nested(150, (a) => [a]),
  'an object in an object': () => nested(150, (a) => ({ a })),
  'a list that shrinks': shrinking,
  'arguments that are not': () => ({ length: 2 ** 53, 0: 'a' }),
  'a negative length': () => ({ length: -1 }),
  '__proto__ as a key': () =>
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  'odd keys': () => ({ '': 1, '\0': 2, '\ud800': 3, toString: 4, length: 5, 4294967295: 6 }),
  'many keys': () => Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`k${index}`, index])),
  'an object of another realm': () => vm.runInContext('({ skill: "x", cujId: "y", list: [1, { a: 1 }] })', elsewhere),
  'an Error of another realm': () => vm.runInContext('new TypeError("elsewhere")', elsewhere),
});

/** What takes much memory or time; a test may hand over a few of these. */
const HUGE = {
  'a text of 3,000,000 units': () => 'x'.repeat(3_000_000),
  'a text of 3,000,000 wide units': () => 'ü'.repeat(3_000_000),
  '3,000,000 lone surrogates': () => '\ud800'.repeat(3_000_000),
  '3,000,000 quotes': () => '"'.repeat(3_000_000),
  'lists 20,000 deep': () => nested(20_000, (a) => [a]),
  'objects 20,000 deep': () => nested(20_000, (a) => ({ a })),
  'a list of 2^32-1 holes': () => sparse(2 ** 32 - 1),
  'a list of a million': () => Array.from({ length: 1_000_000 }, (_, index) => index),
  'an object of 200,000 keys': () =>
    Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`k${index}`, 1])),
  'a large Buffer': () => Buffer.alloc(2_000_000, 7),
};

module.exports = { HUGE, makers };
