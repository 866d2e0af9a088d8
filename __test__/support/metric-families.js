// Reads the protobuf messages of Prometheus' metrics, by a reader of the tests' own that knows nothing of how they were written.
'use strict';

/** By message: `field number → [key, how it is read, whether there may be several]`. */
const LABEL = { 1: ['name', 'text'], 2: ['value', 'text'] };
const VALUE = { 1: ['value', 'double'] };
const BUCKET = { 1: ['cumulativeCount', 'number'], 2: ['upperBound', 'double'] };
const SPAN = { 1: ['offset', 'signed'], 2: ['length', 'number'] };
const HISTOGRAM = {
  1: ['sampleCount', 'number'],
  2: ['sampleSum', 'double'],
  3: ['bucket', BUCKET, true],
  5: ['schema', 'signed'],
  6: ['zeroThreshold', 'double'],
  7: ['zeroCount', 'number'],
  12: ['positiveSpan', SPAN, true],
  13: ['positiveDelta', 'signed', true],
};
const METRIC = {
  1: ['label', LABEL, true],
  2: ['gauge', VALUE],
  3: ['counter', VALUE],
  7: ['histogram', HISTOGRAM],
};
const FAMILY = {
  1: ['name', 'text'],
  2: ['help', 'text'],
  3: ['type', 'number'],
  4: ['metric', METRIC, true],
};

class Reader {
  constructor(bytes) {
    Object.assign(this, { bytes, at: 0 });
  }

  get done() {
    return this.at >= this.bytes.length;
  }

  varint() {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes[this.at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  take(length) {
    if (this.at + length > this.bytes.length) throw new Error('a message ends too early');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

const signed = (value) => Number(value & 1n ? -(value >> 1n) - 1n : value >> 1n);

function readMessage(bytes, fields) {
  const reader = new Reader(bytes);
  const message = {};
  while (!reader.done) {
    const tag = Number(reader.varint());
    const [key, kind, many] = fields[tag >> 3] ?? [];
    if (key === undefined) throw new Error(`no field ${tag >> 3} is known`);
    for (const value of valuesOf(reader, tag & 7, kind)) {
      if (many) (message[key] ??= []).push(value);
      else message[key] = value;
    }
  }
  return message;
}

function valuesOf(reader, wire, kind) {
  if (wire === 0) return [kind === 'signed' ? signed(reader.varint()) : Number(reader.varint())];
  if (wire === 1) return [reader.take(8).readDoubleLE()];
  const bytes = reader.take(Number(reader.varint()));
  if (kind === 'text') return [bytes.toString()];
  if (typeof kind === 'object') return [readMessage(bytes, kind)];
  const packed = new Reader(bytes);
  const values = [];
  while (!packed.done) values.push(kind === 'signed' ? signed(packed.varint()) : Number(packed.varint()));
  return values;
}

/** The families of a body of messages, each behind its length; `read` may take the bytes of each instead. */
function familiesIn(body, read = (bytes) => readMessage(bytes, FAMILY)) {
  const reader = new Reader(body);
  const families = [];
  while (!reader.done) families.push(read(reader.take(Number(reader.varint()))));
  return families;
}

module.exports = { familiesIn };
