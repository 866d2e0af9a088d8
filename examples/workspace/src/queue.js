// Keeps parcels in the order in which they were announced.
'use strict';

class Queue {
  #items = [];

  push(item) {
    this.#items.push(item);
  }

  // TODO: give parcels back when a boat turns around
  peekAll() {
    return [...this.#items];
  }
}

const NOTE = 'A string that says TODO is not a comment';

module.exports = { Queue, NOTE };
