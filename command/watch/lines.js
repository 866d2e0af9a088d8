// `obs watch` without a terminal: a line for each change, as words or as JSON.
'use strict';

const { createLayout, tellingOnce } = require('./events.js');
const { stopSignal } = require('../terminal/stop.js');
const { tell } = require('../../lib/faults.js');
const { visible, visibleJson } = require('../../lib/visible.js');
const words = require('./words.js');

const POLL_MS = 100;

/**
 * Each event of any process, and beside them what no event says: which runs go on at the start, which stall, and what those
 * that ended came to. As JSON, a run each time that it changed.
 *
 * @param {{ board: object, follow: () => object, output: object, json: boolean, runId: string | null, invitation: string }} request
 */
async function lines({ board, follow, output, json, runId, invitation }) {
  const stop = stopSignal();
  const follower = json ? { read: () => [], close() {} } : follow();
  const read = tellingOnce(() => follower.read());
  const form = json ? jsonLines : textLines(createLayout(output.stream), runId);
  const faults = tellingOnce(() => {
    if (board.fault !== null) throw new Error(board.fault);
  });
  const look = (first) => {
    // In this order no run is told to have ended before its last event is.
    const news = board.look();
    const events = read();
    faults();
    return form({ events, news: news ?? { changed: [], ended: [] }, first }).join('\n');
  };
  const write = async (text) => {
    if (text !== '') await output.write(`${text}\n`);
  };
  try {
    // What is recorded after the invitation is news.
    const begun = look(true);
    tell(`${invitation}\n`);
    await write(begun);
    while (!(await stop.within(POLL_MS))) await write(look(false));
    await write(look(false));
  } finally {
    stop.release();
    follower.close();
  }
}

function jsonLines({ news: { changed, ended } }) {
  const at = new Date().toISOString();
  return [...changed, ...ended].map((run) => visibleJson(JSON.stringify({ schema: 1, at, run })));
}

function textLines(layout, runId) {
  const stalled = new Set();
  const asEvent = (row) => layout({ ...row, timestamp: row.updated_at, status: row.state });
  const said = (row, at, text) => `${words.clockWords(at)} [${visible(row.run_id ?? '-')}] ${text}`;
  return ({ events, news: { changed, ended }, first }) => {
    const isStalled = changed.filter((row) => row.state === 'stalled' && !stalled.has(row.run_id));
    for (const row of [...changed, ...ended]) stalled.delete(row.run_id);
    for (const row of changed.filter(({ state }) => state === 'stalled')) stalled.add(row.run_id);
    return [
      ...(first
        ? changed.map(asEvent)
        : events.filter((event) => runId === null || String(event.run_id) === runId).map(layout)),
      ...isStalled.map((row) => said(row, new Date(), `stalled: ${words.silentWords(row)[0]}`)),
      ...ended.map((row) => said(row, row.updated_at, words.endWords(row))),
    ];
  };
}

module.exports = { lines };
