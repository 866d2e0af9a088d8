// What the environment asks for: every variable of the package, and names that look like a slip of one.
'use strict';

const { DURABILITIES, NO, YES } = require('../../lib/core.js');
const { findProjectRoot } = require('../../lib/root.js');
const { nearest } = require('../nearest.js');
const { finding } = require('./finding.js');

const SECTION = 'Workspace';

/** By name: what is found of a value, `{ level, value, advice }`, or `null` when there is nothing to say. */
const LOOKS = {
  OBS_PROJECT_ROOT(value, env) {
    const { fault } = findProjectRoot({ env });
    if (fault === undefined) return null;
    return { level: 'fail', value: fault, advice: 'write the whole path, or begin it with ~/' };
  },
  OBS_DATA_DIR: (value) => ({ level: 'ok', value }),
  OBS_DURABILITY(value) {
    const known = DURABILITIES.includes(value);
    return {
      level: known ? 'ok' : 'fail',
      value,
      advice: known ? undefined : `set it to one of ${DURABILITIES.join(', ')}, or unset it`,
    };
  },
  OBS_DISABLED(value) {
    const word = value.toLowerCase();
    if (NO.includes(word)) return null;
    const advice = 'unset OBS_DISABLED to record again';
    if (YES.includes(word)) return { level: 'fail', value: `${value}: nothing is recorded`, advice };
    return {
      level: 'fail',
      value: `${value} is none of ${[...YES, ...NO.slice(1)].join(', ')}; records go on`,
      advice,
    };
  },
};

/** A finding for each variable that says something. */
function environment(env) {
  const known = Object.keys(LOOKS);
  const found = [];
  for (const [name, value] of Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!name.startsWith('OBS_') || value === '') continue;
    const look = known.includes(name) ? LOOKS[name](value, env) : slip(name, known);
    if (look !== null) found.push(finding(SECTION, name, look.level, look.value, { advice: look.advice }));
  }
  return found;
}

/** Other programs have variables that begin alike, so only what is nearly a name of ours is told. */
function slip(name, known) {
  const meant = nearest(name, known);
  if (meant === null) return null;
  return { level: 'warn', value: 'is no variable of this package', advice: `did you mean ${meant}?` };
}

module.exports = { environment };
