// The arguments of a tool: their JSON Schema, and a check of what was given that says what to do instead.
'use strict';

const { WrongUsage } = require('../terminal/output.js');
const { didYouMean } = require('../nearest.js');
const { describe } = require('../../lib/errors.js');
const { readPeriod, readSince } = require('../show/period.js');
const { readTime } = require('../options.js');

const LONGEST = 200;
const MOST = 100;

const text = (description) => ({ type: 'string', minLength: 1, maxLength: LONGEST, description });
const oneOf = (words, description) => ({ type: 'string', enum: words, description });
const whole = (description) => ({ type: 'integer', minimum: 1, maximum: MOST, description });

const yes = (description) => ({ type: 'boolean', description });

/** What every tool takes. */
const DETAIL = { detail: yes('true: all fields, more rows, up to 16 KB') };

/** A window; `usual` says what it is without these. */
const windowArguments = (usual) => ({
  since: text(`a span such as 12h or 7d, or today, yesterday (UTC), all; default ${usual}`),
  from: text('instead of since: an ISO time or UTC date, such as 2026-05-05T12:00:00Z'),
  to: text('an ISO time, or a UTC date for its end; default now'),
});

const schemaOf = (properties) => ({ type: 'object', properties, additionalProperties: false });

function wrong(name, wanted, value) {
  return new WrongUsage(`${name} must be ${wanted}, got ${describe(value)}; correct it or leave it out`);
}

function checkText(name, { enum: words }, value) {
  if (words !== undefined && !words.includes(value)) {
    const guess = typeof value === 'string' ? didYouMean(value.slice(0, LONGEST), words) : '';
    throw wrong(name, `one of ${words.join(', ')}${guess}`, value);
  }
  if (typeof value !== 'string' || value === '') throw wrong(name, 'a text', value);
  if (value.length > LONGEST) throw wrong(name, `a text of ${LONGEST} characters at most`, value);
}

function checkOne(name, property, value) {
  if (property.type === 'string') checkText(name, property, value);
  else if (property.type === 'boolean') {
    if (typeof value !== 'boolean') throw wrong(name, 'true or false', value);
  } else if (!Number.isInteger(value) || value < 1 || value > MOST) {
    throw wrong(name, `a whole number from 1 to ${MOST}`, value);
  }
}

/**
 * Checks the arguments of the tool `tool` against its schema.
 *
 * @throws {WrongUsage} for the first that cannot be used; the message says what can
 */
function checkArguments(tool, { properties, required = [] }, given) {
  const known = Object.keys(properties);
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(properties, name)) {
      const short = name.slice(0, LONGEST);
      throw new WrongUsage(`${tool} takes no argument ${describe(name)}${didYouMean(short, known)}; it takes ${known.join(', ')}`); // prettier-ignore
    }
    checkOne(name, properties[name], value);
  }
  const missing = required.find((name) => !Object.hasOwn(given, name));
  if (missing !== undefined) {
    const { enum: words } = properties[missing];
    throw new WrongUsage(`${tool} needs ${missing}${words === undefined ? '' : `: one of ${words.join(', ')}`}`);
  }
}

/** `{ from, to }` as the functions take them, in epoch ms; what was not asked for is left out. */
function windowOf({ since, from, to }) {
  if (since !== undefined && from !== undefined) {
    throw new WrongUsage('since and from exclude each other: leave one of them out');
  }
  if (since === 'yesterday' && to !== undefined) {
    throw new WrongUsage('since yesterday has its own end: leave out to, or give from instead of since');
  }
  return readPeriod({
    ...(since === undefined ? {} : { since: readSince('since', since) }),
    ...(from === undefined ? {} : { from: readTime('from', from) }),
    ...(to === undefined ? {} : { to: readTime('to', to) }),
  });
}

module.exports = { DETAIL, checkArguments, oneOf, schemaOf, text, whole, windowArguments, windowOf, yes };
