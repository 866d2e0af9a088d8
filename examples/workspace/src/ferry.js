// Announces parcels and carries them from one harbour to another.
'use strict';

const { findRoute } = require('./route');
const { Queue } = require('./queue');

const waiting = new Queue();

function announce(parcel) {
  // TODO(mira): refuse a parcel without an id instead of naming it "undefined"
  waiting.push(parcel);
  return findRoute(parcel.from, parcel.to, parcel.weight);
}

function board(boat) {
  let room = boat.capacity;
  const loaded = [];
  for (const parcel of waiting.peekAll()) {
    if (parcel.weight > room) continue;
    room -= parcel.weight;
    loaded.push(parcel);
  }
  // FIXME(jon): a heavy parcel can be overtaken for ever by light ones
  return loaded;
}

module.exports = { announce, board };
