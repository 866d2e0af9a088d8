// Writes messages of protobuf by a table of their fields. It begins with the last byte, because then the length of what a message
// holds is known when its place comes; and it reads the few fields of an answer.
'use strict';

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
const FIRST_BYTES = 64 * 1024;

/** Bytes that grow towards the front. */
class Writer {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #start = FIRST_BYTES;

  get length() {
    return this.#bytes.length - this.#start;
  }

  /** The place of `count` more bytes in front. */
  #take(count) {
    if (this.#start < count) {
      const more = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.length + count));
      this.#bytes.copy(more, more.length - this.length, this.#start);
      this.#start = more.length - this.length;
      this.#bytes = more;
    }
    this.#start -= count;
    return this.#start;
  }

  varint(value) {
    if (value < 0x80) {
      const at = this.#take(1);
      this.#bytes[at] = value;
      return;
    }
    let count = 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) count += 1;
    let at = this.#take(count);
    for (let rest = value; count > 0; count -= 1, at += 1, rest = Math.floor(rest / 0x80)) {
      this.#bytes[at] = (rest % 0x80) + (count > 1 ? 0x80 : 0);
    }
  }

  /** A negative number, or one beyond 2^53, takes all the ten bytes. */
  int64(value) {
    const number = Number(value);
    if (number >= 0 && Number.isSafeInteger(number)) {
      this.varint(number);
      return;
    }
    const bits = BigInt.asUintN(64, BigInt(value));
    const bytes = [];
    for (let rest = bits; bytes.length === 0 || rest > 0n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes[bytes.length - 1] &= 0x7f;
    this.#bytes.set(bytes, this.#take(bytes.length));
  }

  fixed64(value) {
    const at = this.#take(8);
    this.#bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)), at);
  }

  fixed32(value) {
    const at = this.#take(4);
    this.#bytes.writeUInt32LE(value, at);
  }

  double(value) {
    const at = this.#take(8);
    this.#bytes.writeDoubleLE(value, at);
  }

  string(value) {
    const count = Buffer.byteLength(value);
    const at = this.#take(count);
    this.#bytes.write(value, at);
    this.varint(count);
  }

  hex(value) {
    const at = this.#take(value.length / 2);
    this.#bytes.write(value, at, 'hex');
    this.varint(value.length / 2);
  }

  finish() {
    return this.#bytes.subarray(this.#start);
  }
}

/** What stands in a table of fields for each scalar type: its kind on the wire, and how a value is written. */
const SCALARS = {
  string: [BYTES, (writer, value) => writer.string(value)],
  // Bytes are hexadecimal text in OTLP's JSON.
  hex: [BYTES, (writer, value) => writer.hex(value)],
  bool: [VARINT, (writer, value) => writer.varint(value ? 1 : 0)],
  enum: [VARINT, (writer, value) => writer.varint(value)],
  uint32: [VARINT, (writer, value) => writer.varint(value)],
  int64: [VARINT, (writer, value) => writer.int64(value)],
  // Of numbers around 0, which take few bytes; those here are far from 2^52.
  sint64: [VARINT, (writer, value) => writer.varint(value < 0 ? -2 * value - 1 : 2 * value)],
  fixed64: [FIXED64, (writer, value) => writer.fixed64(value)],
  double: [FIXED64, (writer, value) => writer.double(value)],
  fixed32: [FIXED32, (writer, value) => writer.fixed32(value)],
};

/**
 * A kind of message: `fields()` gives `{ key: [number, type] }` in the order of the numbers; a type is the name of a scalar,
 * another kind of message, or a list of one of these where there may be several.
 */
function message(fields) {
  let made = null;
  return {
    get fields() {
      made ??= Object.entries(fields()).map(([key, [number, type]]) => fieldOf(key, number, type));
      return made;
    },
  };
}

function fieldOf(key, number, type) {
  const many = Array.isArray(type);
  const of = many ? type[0] : type;
  const [wire, write] = SCALARS[of] ?? [BYTES, (writer, value) => nested(writer, of, value)];
  const isPacked = many && wire !== BYTES;
  return { key, many, isPacked, write, tag: number * 8 + (isPacked ? BYTES : wire) };
}

function nested(writer, kind, value) {
  const behind = writer.length;
  fill(writer, kind, value);
  writer.varint(writer.length - behind);
}

function fill(writer, kind, value) {
  const { fields } = kind;
  for (let place = fields.length - 1; place >= 0; place -= 1) {
    const field = fields[place];
    const found = value[field.key];
    if (found === undefined) continue;
    if (!field.many) one(writer, field, found);
    else if (field.isPacked) packed(writer, field, found);
    else for (let item = found.length - 1; item >= 0; item -= 1) one(writer, field, found[item]);
  }
}

function one(writer, { write, tag }, value) {
  write(writer, value);
  writer.varint(tag);
}

function packed(writer, { write, tag }, values) {
  const behind = writer.length;
  for (let item = values.length - 1; item >= 0; item -= 1) write(writer, values[item]);
  writer.varint(writer.length - behind);
  writer.varint(tag);
}

/** The bytes of a message, given as the object that its JSON would be read as. */
function encode(kind, value) {
  const writer = new Writer();
  fill(writer, kind, value);
  return writer.finish();
}

/** The bytes of several messages, each behind its length. */
function encodeDelimited(kind, values) {
  const writer = new Writer();
  for (let place = values.length - 1; place >= 0; place -= 1) nested(writer, kind, values[place]);
  return writer.finish();
}

/** A varint at a place: `[value, where it ends]`. */
function readVarint(bytes, at) {
  let value = 0;
  for (let scale = 1, place = at; place < bytes.length && scale < 2 ** 64; scale *= 128, place += 1) {
    value += (bytes[place] & 0x7f) * scale;
    if (bytes[place] < 0x80) return [value, place + 1];
  }
  throw new RangeError('no number of protobuf');
}

const WIDTHS = { [FIXED64]: 8, [FIXED32]: 4 };

/** The fields of a message by number, the last of each: numbers, and bytes of what has a length. Throws when it is none. */
function decode(bytes) {
  const found = new Map();
  for (let at = 0; at < bytes.length;) {
    const [tag, behind] = readVarint(bytes, at);
    const wire = tag % 8;
    const [value, start] = wire === VARINT || wire === BYTES ? readVarint(bytes, behind) : [0, behind];
    const end = start + (wire === BYTES ? value : (WIDTHS[wire] ?? 0));
    if (end > bytes.length || (wire !== VARINT && wire !== BYTES && !(wire in WIDTHS))) {
      throw new RangeError('no message of protobuf');
    }
    found.set(Math.floor(tag / 8), wire === BYTES ? bytes.subarray(start, end) : value);
    at = end;
  }
  return found;
}

module.exports = { decode, encode, encodeDelimited, message };
