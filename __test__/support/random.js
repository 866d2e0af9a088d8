// Random choices that a printed seed repeats.
'use strict';

/** mulberry32: small, good enough for tests. */
function createRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    below: (limit) => Math.floor(next() * limit),
    pick: (list) => list[Math.floor(next() * list.length)],
    chance: (probability) => next() < probability,
  };
}

/** The seed of a test: `OBS_TEST_SEED`, or another one each time. It is printed by who takes it. */
const seedOfTest = () => Number(process.env.OBS_TEST_SEED ?? Date.now() % 1_000_000_000);

module.exports = { createRandom, seedOfTest };
