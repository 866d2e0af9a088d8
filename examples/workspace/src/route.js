// Finds the shortest chain of harbours that has room for a parcel.
'use strict';

const NEIGHBOURS = {
  north: ['bay', 'point'],
  bay: ['north', 'south'],
  point: ['north', 'south'],
  south: ['bay', 'point'],
};

/* HACK: the rooms are fixed until harbours report theirs */
const ROOM = { north: 500, bay: 40, point: 300, south: 500 };

function findRoute(from, to, weight) {
  const seen = new Set([from]);
  let paths = [[from]];
  while (paths.length > 0) {
    const done = paths.find((path) => path.at(-1) === to);
    if (done) return done;
    // TODO(mira): prefer the chain with fewer changes of boat
    paths = paths.flatMap((path) =>
      NEIGHBOURS[path.at(-1)]
        .filter((next) => !seen.has(next) && ROOM[next] >= weight)
        .map((next) => (seen.add(next), [...path, next])),
    );
  }
  return null;
}

module.exports = { findRoute };
