// OTLP in protobuf and in JSON, as the official definitions decode it: both are the message that was meant.
'use strict';

const { SIGNALS } = require('../export/otlp/messages.js');
const { decode, encode } = require('../export/otlp/protobuf.js');
const { partialOf, retryAfter } = require('../export/otlp/send.js');
const { nanosOf, timeOf } = require('../export/otlp/values.js');
const { testWith } = require('./support/box.js');
const { decodeOfficially } = require('./support/collector.js');
const { createRandom, seedOfTest } = require('./support/random.js');

const TEXTS = ['', 'a', 'naïve — 配布 🚀', '\u0000\u001f"\\\n', 'x'.repeat(127), 'y'.repeat(128), 'é'.repeat(70)];
const INTEGERS = ['0', '1', '-1', '127', '128', '300', '-300', '9007199254740991', '-9007199254740991', '9223372036854775807', '-9223372036854775808']; // prettier-ignore
const DOUBLES = [0.5, -1.5, 1e300, 5e-324, 0.1, 1 / 3];
const TIMES = ['1', '255', '1796077221679000000', '18446744073709551615'];

/** Makes messages at random in the form of their JSON, of every field that is ever sent. */
function maker(random) {
  const hex = (length) => Array.from({ length }, () => random.pick([...'0123456789abcdef'])).join('').replace(/^0+$/, 'f'.repeat(length)); // prettier-ignore
  const some = (make, most = 3) => Array.from({ length: 1 + random.below(most) }, make);
  const value = (depth = 0) =>
    random.pick([
      () => ({ stringValue: random.pick(TEXTS) }),
      () => ({ boolValue: random.chance(0.5) }),
      () => ({ intValue: random.pick(INTEGERS) }),
      () => ({ doubleValue: random.pick(DOUBLES) }),
      ...(depth < 2 ? [() => ({ arrayValue: { values: some(() => value(depth + 1)) } }), () => ({ kvlistValue: { values: attributes(depth + 1) } })] : []), // prettier-ignore
    ])();
  const attributes = (depth = 0) => some(() => ({ key: random.pick(TEXTS.slice(1)), value: value(depth) }));
  const time = () => random.pick(TIMES);
  const name = () => random.pick(TEXTS.slice(1));
  const times = () => ({ startTimeUnixNano: time(), timeUnixNano: time() });
  const number = () => ({ ...times(), ...(random.chance(0.5) ? { asInt: random.pick(INTEGERS) } : { asDouble: random.pick(DOUBLES) }), attributes: attributes() }); // prettier-ignore
  const bounds = () => Array.from({ length: random.below(20) }, (_, place) => place + 0.5);
  const histogramPoint = (limits) => ({ ...times(), count: time(), sum: random.pick(DOUBLES), bucketCounts: [...limits, 0].map(() => random.pick(TIMES)), ...(limits.length > 0 && { explicitBounds: limits }), attributes: attributes() }); // prettier-ignore
  const items = {
    logs: () => ({
      timeUnixNano: time(),
      severityNumber: 1 + random.below(24),
      severityText: name(),
      body: value(),
      attributes: attributes(),
      flags: 1 + random.below(2 ** 31),
      traceId: hex(32),
      spanId: hex(16),
      observedTimeUnixNano: time(),
      eventName: name(),
    }),
    traces: () => ({
      traceId: hex(32),
      spanId: hex(16),
      ...(random.chance(0.5) && { parentSpanId: hex(16) }),
      name: name(),
      kind: 1 + random.below(5),
      startTimeUnixNano: time(),
      endTimeUnixNano: time(),
      attributes: attributes(),
      links: some(() => ({
        traceId: hex(32),
        spanId: hex(16),
        attributes: attributes(),
        flags: 1 + random.below(255),
      })),
      status: { message: name(), code: 1 + random.below(2) },
      flags: 1 + random.below(2 ** 31),
    }),
    metrics: () => ({
      name: name(),
      description: name(),
      unit: name(),
      ...random.pick([
        () => ({ gauge: { dataPoints: some(number) } }),
        () => ({ sum: { dataPoints: some(number), aggregationTemporality: 2, isMonotonic: true } }),
        () => ({ histogram: { dataPoints: some(() => histogramPoint(bounds())), aggregationTemporality: 2 } }),
      ])(),
    }),
  };
  return (signal) => {
    const [outer, inner, own] = SIGNALS[signal].keys;
    const scope = () => ({
      scope: { name: name(), version: name() },
      [own]: some(items[signal], 4),
      schemaUrl: name(),
    });
    return {
      [outer]: some(() => ({ resource: { attributes: attributes() }, [inner]: some(scope), schemaUrl: name() })),
    };
  };
}

testWith(['opentelemetry-proto'], 'random messages decode to themselves, from protobuf and from JSON', () => {
  const seed = seedOfTest();
  console.log(`seed ${seed}`);
  const make = maker(createRandom(seed));
  const requests = Array.from({ length: 60 }, (_, number) => {
    const signal = Object.keys(SIGNALS)[number % 3];
    return { signal, meant: make(signal) };
  });
  const bodies = requests.flatMap(({ signal, meant }) => [
    { signal, encoding: 'protobuf', body: encode(SIGNALS[signal].request, meant) },
    { signal, encoding: 'json', body: Buffer.from(JSON.stringify(meant)) },
  ]);
  const decoded = decodeOfficially(bodies);
  requests.forEach(({ meant }, number) => {
    expect(decoded[number * 2]).toEqual(meant);
    expect(decoded[number * 2 + 1]).toEqual(decoded[number * 2]);
  });
});

testWith(['opentelemetry-proto'], 'texts of any length, and more of them than fit into the first buffer', () => {
  const lengths = [0, 127, 128, 16_383, 16_384, 65_536, 300_000];
  const logRecords = lengths.map((length) => ({ body: { stringValue: 'é'.repeat(length) } }));
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
  const [decoded] = decodeOfficially([
    { signal: 'logs', encoding: 'protobuf', body: encode(SIGNALS.logs.request, request) },
  ]);
  expect(decoded).toEqual(request);
});

testWith(['opentelemetry-proto'], 'what is unset is not sent, and what is false or 0 is', () => {
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { boolValue: false }, traceId: undefined }, { body: { intValue: '0' } }] }] }] }; // prettier-ignore
  const [decoded] = decodeOfficially([
    { signal: 'logs', encoding: 'protobuf', body: encode(SIGNALS.logs.request, request) },
  ]);
  expect(decoded).toEqual(JSON.parse(JSON.stringify(request)));
});

test('a message that has no end, or is none, is an error and no endless loop', () => {
  const random = createRandom(seedOfTest());
  for (let n = 0; n < 2000; n += 1) {
    const bytes = Buffer.from(Array.from({ length: random.below(20) }, () => random.below(256)));
    try {
      expect(decode(bytes)).toBeInstanceOf(Map);
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
    }
  }
});

test('partial success is read from both encodings, and nothing from what is neither', () => {
  const words = 'names are too long';
  const bytes = Buffer.from([0x0a, 2 + 1 + words.length + 1, 0x08, 0x07, 0x12, words.length, ...Buffer.from(words)]);
  expect(partialOf('logs', 'application/x-protobuf', bytes)).toEqual({ rejected: 7, words });
  const json = (value) => Buffer.from(JSON.stringify(value));
  expect(partialOf('logs', 'application/json', json({ partialSuccess: { rejectedLogRecords: '7', errorMessage: words } }))).toEqual({ rejected: 7, words }); // prettier-ignore
  expect(partialOf('traces', 'application/json', json({ partialSuccess: { rejectedSpans: 2 } }))).toEqual({ rejected: 2, words: '' }); // prettier-ignore
  for (const body of [json({}), json(null), Buffer.from('<html>'), Buffer.alloc(0)]) {
    for (const type of ['application/json', 'application/x-protobuf', undefined]) {
      expect(partialOf('logs', type, body)).toEqual({ rejected: 0, words: '' });
    }
  }
});

test('Retry-After is seconds or a date', () => {
  const now = Date.UTC(2026, 0, 9, 12);
  expect(retryAfter('120', now)).toBe(120_000);
  expect(retryAfter(new Date(now + 5000).toUTCString(), now)).toBe(5000);
  expect(retryAfter(new Date(now - 5000).toUTCString(), now)).toBe(0);
  expect([retryAfter('soon', now), retryAfter(undefined, now)]).toEqual([null, null]);
});

test('times are whole nanoseconds, and those that cannot be read are none', () => {
  expect(nanosOf(Date.UTC(2026, 0, 9, 12))).toBe('1767960000000000000');
  expect([nanosOf(0.5), nanosOf(1.25), nanosOf(0), nanosOf(-5)]).toEqual(['500000', '1250000', '0', '0']);
  expect([timeOf('2026-01-09T12:00:00'), timeOf('2026-01-09T13:00:00+01:00'), timeOf(1_767_960_000_000)]).toEqual(Array(3).fill(1_767_960_000_000)); // prettier-ignore
  expect([timeOf('soon'), timeOf(null), timeOf(undefined), timeOf(1e20), timeOf({})]).toEqual(Array(5).fill(null));
});
