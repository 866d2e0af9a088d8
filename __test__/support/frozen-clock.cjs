// Preloaded into a child process (`node --require`): Date stands still at OBS_TEST_NOW, as it did for the recordings.
'use strict';

const now = Number(process.env.OBS_TEST_NOW);

class FrozenDate extends Date {
  constructor(...given) {
    super(...(given.length > 0 ? given : [now]));
  }

  static now() {
    return now;
  }
}

globalThis.Date = FrozenDate;
