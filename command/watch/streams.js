// Follows all streams of a workspace until Ctrl-C or SIGTERM, whichever process records, across files and midnight.
'use strict';

const { stopSignal } = require('../terminal/stop.js');

// Well under the half second in which a person expects to see an event; one look costs a few system calls.
const POLL_MS = 100;
const STREAMS = ['skills', 'executions', 'progress', 'providers'];

/** When a record says it was, epoch ms; those without a time come first. */
function timeOf({ timestamp }) {
  return typeof timestamp === 'number' ? timestamp : Date.parse(timestamp) || 0;
}

/**
 * Gives `tell` what is new, `[{ stream, record }]` in the order of their times; before that what `first` gives, which is asked
 * once all streams are followed, so that nothing is recorded in between unseen.
 *
 * @param {object} internals of the face
 * @param {(found: { stream: string, record: object }[]) => Promise<void>} tell
 * @param {() => { stream: string, record: object }[]} first
 */
async function streams(internals, tell, first) {
  const stop = stopSignal();
  const followers = STREAMS.map((stream) => ({ stream, follower: internals.follow(stream) }));
  const told = first();
  const known = new Set(told.map(keyOf));
  const news = () =>
    followers
      .flatMap(({ stream, follower }) => follower.read().map((record) => ({ stream, record })))
      .sort((a, b) => timeOf(a.record) - timeOf(b.record));
  try {
    await tell(told);
    // What was recorded while `first` was asked is in both.
    await tell(news().filter((found) => !known.has(keyOf(found))));
    while (!(await stop.within(POLL_MS))) await tell(news());
    await tell(news());
  } finally {
    stop.release();
    followers.forEach(({ follower }) => follower.close());
  }
}

const keyOf = ({ stream, record }) => `${stream} ${JSON.stringify(record)}`;

module.exports = { streams };
