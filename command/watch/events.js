// Prints progress events of any process as they are recorded, one line each, until the person stops it.
'use strict';

const { tell } = require('../../lib/faults.js');
const { stopSignal } = require('../terminal/stop.js');
const { createStyle } = require('../terminal/style.js');
const { visible } = require('../../lib/visible.js');
const { clockWords } = require('./words.js');

// Well under the half second in which a person expects to see an event; one look costs a few system calls.
const POLL_MS = 100;
const STATUS_COLOURS = { completed: 'green', failed: 'red', running: 'cyan', skipped: 'yellow', pending: 'dim' };

/**
 * Follows `progress.jsonl` from its present end; the file may come later, be renamed or truncated. Resolves at Ctrl-C or SIGTERM.
 *
 * @param {{ runId: string | null, output: object }} request `runId` narrows the view to one run
 */
async function watch({ runId, output }) {
  const { internals, store } = require('../../lib/face.js').shared();
  const follower = internals.follow('progress');
  const stop = stopSignal();
  const layout = createLayout(output.stream);
  tell(`${invitation(runId, internals.projectRoot().root)}\n`);
  const read = tellingOnce(() => follower.read());
  try {
    do {
      await show(read(), runId, layout, output);
    } while (!(await stop.within(POLL_MS)));
    // What was recorded before Ctrl-C still belongs to what the person watched.
    await show(read(), runId, layout, output);
  } finally {
    stop.release();
    follower.close();
    store.close();
  }
}

function invitation(runId, root) {
  return `Watching ${runId === null ? 'every run' : `run ${visible(runId)}`} in ${visible(root)} (Ctrl-C ends)`;
}

async function show(events, runId, layout, output) {
  const lines = events.filter((event) => runId === null || String(event.run_id) === runId).map(layout);
  if (lines.length > 0) await output.write(`${lines.join('\n')}\n`);
}

/** A file that cannot be read now may be readable at the next look: say so once, and go on. */
function tellingOnce(read) {
  let told = null;
  return () => {
    try {
      return read();
    } catch (error) {
      if (told !== error.message) tell(`watch: ${visible(error.message)}\n`);
      told = error.message;
      return [];
    }
  };
}

/** An event as one line; on a terminal coloured by status and in columns, elsewhere with single spaces. */
function createLayout(stream, env = process.env) {
  const style = createStyle(stream, env);
  const column = (text, width) => (stream.isTTY ? text.padEnd(width) : text);
  return (event) => {
    const status = visible(event.status ?? '-');
    const paint = style[STATUS_COLOURS[event.status]] ?? String;
    return [
      style.dim(clockWords(event.timestamp ?? event.iso_timestamp)),
      style.bold(`[${visible(event.run_id ?? '-')}]`),
      column(`Step ${visible(event.step ?? '-')}`, 7),
      paint(column(status, 9)),
      column(percentage(event.percentage), 5),
      visible(event.message ?? ''),
    ]
      .join(' ')
      .trimEnd();
  };
}

/** One decimal at most: a failed step of three stands at 33.333333333333336. */
function percentage(value) {
  return typeof value === 'number' ? `${Number(value.toFixed(1))}%` : `${visible(value ?? 0)}%`;
}

module.exports = { watch, createLayout, tellingOnce };
