// `obs watch` on a terminal: a picture that changes in place until the person ends it.
'use strict';

const { createFrame } = require('./frame.js');
const { createScreen } = require('../terminal/screen.js');
const { createStyle } = require('../terminal/style.js');
const { stopSignal } = require('../terminal/stop.js');
const { takeSeat } = require('../terminal/seat.js');

const POLL_MS = 100;
// A terminal that does not say how large it is.
const [COLUMNS, ROWS] = [80, 24];

/** @param {{ board: object, output: object, root: string }} request the board to show, and the folder it is about */
async function live({ board, output, root }) {
  const { stream } = output;
  const screen = createScreen();
  const frame = createFrame({ style: createStyle(stream), root });
  const stop = stopSignal(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);
  let drawn = null;
  const redraw = () => {
    screen.spoil();
    drawn = null;
    stop.wake();
  };
  const leave = takeSeat({ output: stream, stop: stop.stop, redraw, ending: screen.end });
  const show = async () => {
    const news = board.look();
    const runs = board.runs();
    // Only what is in progress grows older.
    const second = runs.length > 0 ? Math.floor(Date.now() / 1000) : 0;
    if (news === null && second === drawn) return;
    drawn = second;
    const columns = stream.columns || COLUMNS;
    const lines = frame.picture(runs, { columns, rows: stream.rows || ROWS, fault: board.fault });
    const text = screen.paint(
      lines,
      (news?.ended ?? []).map((row) => frame.result(row, columns)),
    );
    if (text !== '') await output.write(text);
  };
  try {
    do await show();
    while (!(await stop.within(POLL_MS)));
    // What was recorded before the end still belongs to what the person watched; and what a key may have left is covered.
    redraw();
    await show();
  } finally {
    leave();
    stop.release();
  }
}

module.exports = { live };
