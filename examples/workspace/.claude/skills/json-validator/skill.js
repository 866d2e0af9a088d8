// The json-validator skill: checks a JSON file against the part of JSON Schema that configuration files need.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

function inputs({ file, schema }, root) {
  return [path.join(root, file), path.join(root, schema)];
}

function typeOf(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function typeFits(value, wanted) {
  const actual = typeOf(value);
  return actual === wanted || (wanted === 'number' && actual === 'integer');
}

// One entry per keyword: given the value and the keyword's argument, the complaint or null.
const KEYWORDS = {
  type: (value, wanted) => (typeFits(value, wanted) ? null : `must be ${wanted}, is ${typeOf(value)}`),
  enum: (value, allowed) => (allowed.includes(value) ? null : `must be one of ${allowed.join(', ')}`),
  minimum: (value, least) => (value < least ? `must be at least ${least}, is ${value}` : null),
  maximum: (value, most) => (value > most ? `must be at most ${most}, is ${value}` : null),
  minItems: (value, least) => (value.length < least ? `needs at least ${least} items` : null),
  pattern: (value, text) => (new RegExp(text, 'u').test(value) ? null : `must match ${text}`),
};

function* objectFaults(value, schema, place) {
  const known = schema.properties ?? {};
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) yield `${place} lacks "${name}"`;
  }
  for (const [name, inner] of Object.entries(value)) {
    if (Object.hasOwn(known, name)) yield* faults(inner, known[name], `${place}.${name}`);
    else if (schema.additionalProperties === false) yield `${place} has the unknown key "${name}"`;
  }
}

function* faults(value, schema, place) {
  // A value of the wrong type would only repeat the complaint under every other keyword.
  if (schema.type && !typeFits(value, schema.type)) {
    yield `${place} ${KEYWORDS.type(value, schema.type)}`;
    return;
  }
  for (const [keyword, check] of Object.entries(KEYWORDS)) {
    const complaint = Object.hasOwn(schema, keyword) ? check(value, schema[keyword]) : null;
    if (complaint) yield `${place} ${complaint}`;
  }
  if (typeOf(value) === 'object') yield* objectFaults(value, schema, place);
  if (Array.isArray(value) && schema.items) {
    for (const [index, item] of value.entries()) yield* faults(item, schema.items, `${place}[${index}]`);
  }
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${path.basename(file)}: ${error.message}`, { cause: error });
  }
}

function run({ file, schema }, root) {
  const [value, rules] = inputs({ file, schema }, root).map(readJson);
  const found = [...faults(value, rules, '$')];
  const name = path.basename(file);
  if (found.length > 0) throw new Error(`${name} does not match its schema: ${found.join('; ')}`);
  return { summary: `${name} matches its schema`, warnings: [], checked: Object.keys(value).length };
}

module.exports = { inputs, run };
