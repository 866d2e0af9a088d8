// The objectives file of a workspace, `.claude/context/config/objectives.json`: read, checked, and put into plain values.
'use strict';

const path = require('node:path');

const { jsonFault } = require('./json-fault.js');
const { FILE } = require('./objectives-path.js');
const { USUAL_RULES, readRule, readShare, readSpan } = require('./rules.js');
const { createShape, wrong } = require('./shape.js');
const { readText } = require('../lib/small-files.js');

const KEYS = ['$schema', 'objectives', 'rules', 'notify'];
const KINDS = ['cuj', 'skill', 'agent', 'provider'];
const SHARES = { p50_ms: 0.5, p75_ms: 0.75, p90_ms: 0.9, p95_ms: 0.95, p99_ms: 0.99 };
const GOALS = ['success', ...Object.keys(SHARES)];
const NOTIFIERS = ['command', 'webhook_env', 'alertmanager_env'];
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A percentile of durations is the share of runs that may not be slower. */
function readGoal(shape, place, value) {
  const goal = shape.oneOf(place, value, GOALS);
  const stands = value[goal];
  if (goal === 'success') return { goal, share: readShare(shape, `${place}.success`, stands), slower_than: null };
  shape.check(stands > 0 && Number.isFinite(stands), `${place}.${goal}`, 'a positive number of milliseconds', stands);
  return { goal, share: SHARES[goal], slower_than: stands };
}

/** `{ kind, subject, goal, share, slower_than, over, period_ms }`. */
function readObjective(shape, place, value) {
  shape.object(place, value, [...KINDS, ...GOALS, 'over']);
  const kind = shape.oneOf(place, value, KINDS);
  const subject = shape.text(`${place}.${kind}`, value[kind]);
  const { over = '7d' } = value;
  return { kind, subject, ...readGoal(shape, place, value), over, period_ms: readSpan(shape, `${place}.over`, over) };
}

function readVariable(shape, place, value) {
  const wanted = 'the name of an environment variable, which holds what must not stand in a file';
  return shape.check(typeof value === 'string' && VARIABLE.test(value), place, wanted, value);
}

function readHeaders(shape, place, value = {}) {
  const names = Object.keys(shape.object(place, value, Object.keys(value)));
  for (const name of names) {
    shape.check(/^[\w-]+$/.test(name), place, 'an object of header names', name);
    readVariable(shape, `${place}.${name}`, value[name]);
  }
  return value;
}

function readNotifier(shape, place, value) {
  const type = shape.oneOf(place, shape.object(place, value, [...NOTIFIERS, 'headers_env']), NOTIFIERS);
  if (type !== 'command') {
    const headers = readHeaders(shape, `${place}.headers_env`, value.headers_env);
    return { type: type.replace('_env', ''), variable: readVariable(shape, `${place}.${type}`, value[type]), headers };
  }
  const { command } = value;
  const words = Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === 'string');
  shape.check(words && command[0] !== '', `${place}.command`, 'a list of words, the program first', command);
  return { type, argv: command };
}

/** Two objectives for the same subjects and the same thing would say two things under one name. */
function refuseTwice(file, objectives) {
  const seen = new Map();
  objectives.forEach(({ kind, subject, goal }, index) => {
    const name = JSON.stringify([kind, subject, goal]);
    if (seen.has(name)) {
      throw wrong(
        file,
        `objectives[${index}] asks for ${goal} of the ${kind} ${subject} once more (objectives[${seen.get(name)}])`,
      );
    }
    seen.set(name, index);
  });
}

function refuseSameNames(file, rules) {
  const names = rules.map(({ name }) => name);
  const index = names.findIndex((name, place) => names.indexOf(name) !== place);
  if (index >= 0) throw wrong(file, `rules[${index}].name is that of another rule, ${names[index]}`);
}

/** Checks the value of a file. */
function readObjectives(file, value) {
  const shape = createShape(file);
  shape.object('the file', value, KEYS);
  const read = (key, items, reader) => shape.list(key, items).map((item, at) => reader(shape, `${key}[${at}]`, item));
  const objectives = read('objectives', value.objectives ?? [], readObjective);
  const rules = read('rules', value.rules ?? USUAL_RULES, readRule);
  const notify = read('notify', value.notify ?? [], readNotifier);
  refuseTwice(file, objectives);
  refuseSameNames(file, rules);
  return { objectives, rules, notify };
}

function parse(file, text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { line, column } = jsonFault(text) ?? { line: 1, column: 1 };
    throw wrong(
      file,
      `line ${line}, column ${column}: ${text[0] === '\uFEFF' ? 'a byte order mark' : 'this'} is not JSON`,
      error,
    );
  }
}

/**
 * What a workspace wants: `{ file, exists, objectives, rules, notify }`. Without a file there are no objectives, nobody is
 * told, and the usual rules hold.
 *
 * @throws {TypeError} with the code OBS_BAD_OBJECTIVES: the file says what cannot be, and where
 */
function loadObjectives(root) {
  const file = path.join(root, FILE);
  let text;
  try {
    text = readText(file);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return { file, exists: false, ...readObjectives(file, {}) };
  }
  return { file, exists: true, ...readObjectives(file, parse(file, text)) };
}

module.exports = { FILE, GOALS, KINDS, loadObjectives, readObjectives };
