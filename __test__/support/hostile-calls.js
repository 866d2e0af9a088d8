// Calls of the package with hostile arguments, each made from a seed and its number: which function, and what it is given.
'use strict';

const { HUGE, makers } = require('./hostile.js');
const { createRandom } = require('./random.js');

/** What a parameter of this name is usually given, where its type does not say it. */
const BY_NAME = {
  bucketSize: 60_000,
  buckets: 5,
  cron: '0 6 * * *',
  cujId: 'CUJ-1',
  every: '1h',
  file: 'legacy.json',
  logDir: 'logs',
  patterns: [/ACME-\d+/],
  allow: ['nothing'],
  keys: ['acme'],
  replacement: '[HIDDEN]',
  timezone: 'Europe/Berlin',
  timeWindow: 3_600_000,
  totalSteps: 3,
};

const BY_KIND = {
  array: () => [],
  boolean: () => true,
  function: () => () => {},
  number: () => 5,
  object: () => ({ a: 1 }),
  text: () => 'x',
};

/** Every place for a value: a parameter, or a member of one, as the way to it. */
function placesOf(parameters) {
  const below = ({ name, members }, way) => [
    [...way, name],
    ...members.flatMap((member) => below(member, [...way, name])),
  ];
  return parameters.flatMap((parameter) => below(parameter, []));
}

/**
 * The calls over a surface (see `surface.js`). The first `sweep` of them give each place of each function each kind of value once,
 * beside usual ones; those that follow are random. `reenter` is what some of the values call.
 */
class HostileCalls {
  #surface;
  #seed;
  #light;
  #huge = Object.entries(HUGE);
  #swept;

  constructor(surface, seed, { reenter = () => {}, dashboard = () => ({}) } = {}) {
    this.#surface = surface;
    this.#seed = seed;
    this.dashboard = dashboard;
    this.#light = Object.entries(makers(reenter));
    const places = surface.flatMap((entry) => placesOf(entry.parameters).map((way) => ({ entry, way })));
    this.#swept = places.flatMap((place) => this.#light.map((kind) => ({ ...place, kind })));
  }

  /** How many kinds of value there are, the huge ones left out. */
  get kinds() {
    return this.#light.length;
  }

  get sweep() {
    return this.#swept.length;
  }

  /** `{ entry, values, words }` of call `number`; with `huge` one of its values is. */
  call(number, huge = false) {
    const random = createRandom(this.#seed + number);
    const words = [];
    const swept = huge ? undefined : this.#swept[number];
    if (swept !== undefined) {
      const { entry, way, kind } = swept;
      const values = entry.parameters.map((parameter) => this.#swept1(parameter, way, [], kind, random));
      return { entry, values, words: [`${way.join('.')} = ${kind[0]}`] };
    }
    const entry = this.#surface[random.below(this.#surface.length)];
    const last = random.chance(0.9) ? entry.parameters.length : random.below(entry.parameters.length + 2);
    const place = huge ? random.below(Math.max(last, 1)) : -1;
    const values = Array.from({ length: last }, (_, index) => {
      const parameter = entry.parameters[index] ?? { name: 'more', usual: { kind: 'text' }, members: [] };
      return this.#random(parameter, random, words, index === place);
    });
    return { entry, values, words };
  }

  #swept1(parameter, way, above, [, make], random) {
    const here = [...above, parameter.name];
    const isOnWay = here.every((name, index) => name === way[index]);
    if (isOnWay && here.length === way.length) return make();
    if (parameter.members.length === 0 || (!isOnWay && random.chance(0.5))) return this.#usual(parameter);
    const members = parameter.members.filter(({ name }) => isOnWay && name === way[here.length]);
    const others = parameter.members.filter((member) => !members.includes(member) && random.chance(0.2));
    const all = [...members, ...others].map((member) => [
      member.name,
      this.#swept1(member, way, here, [, make], random),
    ]);
    return Object.fromEntries(all);
  }

  #usual({ name, usual, members }) {
    if (name === 'dashboard') return this.dashboard();
    if (Object.hasOwn(BY_NAME, name)) return BY_NAME[name];
    if (usual.literal !== undefined) return usual.literal;
    return members.length > 0 ? {} : BY_KIND[usual.kind]();
  }

  #random(parameter, random, words, huge) {
    if (parameter.members.length > 0 && random.chance(huge ? 0.5 : 0.7)) {
      const given = parameter.members.filter(() => random.chance(0.4));
      const one = huge ? random.pick(parameter.members) : null;
      if (one !== null && !given.includes(one)) given.push(one);
      return Object.fromEntries(
        given.map((member) => [member.name, this.#random(member, random, words, member === one)]),
      );
    }
    if (!huge && random.chance(0.4)) return this.#usual(parameter);
    const [kind, make] = random.pick(huge ? this.#huge : this.#light);
    words.push(`${parameter.name} = ${kind}`);
    const value = make();
    if (parameter.name === 'dashboard' && random.chance(0.7)) return replacedSomewhere(this.dashboard(), value, random);
    // Some of them a little deeper than where they are looked at first.
    return random.chance(0.1) ? { a: [value, { b: value }] } : value;
  }
}

/** `object` with `value` in place of something in it. */
function replacedSomewhere(object, value, random) {
  let at = object;
  for (;;) {
    const keys = Object.keys(at);
    const key = random.pick(keys);
    const next = at[key];
    const goesOn = typeof next === 'object' && next !== null && Object.keys(next).length > 0 && random.chance(0.8);
    if (!goesOn) {
      at[key] = value;
      return object;
    }
    at = next;
  }
}

module.exports = { HostileCalls, placesOf };
