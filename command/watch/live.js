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
// So many of the runs that ended are printed when the terminal is given back.
const REMEMBERED = 1000;

/** @param {{ board: object, output: object, about: string }} request the board to show, and what it is about */
async function live({ board, output, about }) {
  const { stream } = output;
  const view = createView({ board, about, stream });
  const stop = stopSignal(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);
  const redraw = () => {
    view.spoil();
    stop.wake();
  };
  const leave = takeSeat({ output: stream, stop: stop.stop, redraw, ending: view.ending });
  try {
    do {
      const text = view.next();
      if (text !== '') await output.write(text);
    } while (!(await stop.within(POLL_MS)));
    // What was recorded before the end still belongs to what the person watched.
    view.next();
  } finally {
    leave();
    stop.release();
  }
}

/** What to write: `next()` after each look at the board, `ending()` to give the terminal back with what stays of the picture. */
function createView({ board, about, stream }) {
  const screen = createScreen();
  const frame = createFrame({ style: createStyle(stream), about });
  const ended = [];
  let drawn = null;
  const size = () => ({ columns: stream.columns || COLUMNS, rows: stream.rows || ROWS });
  return {
    next() {
      const news = board.look();
      const runs = board.runs();
      ended.push(...(news?.ended ?? []));
      ended.splice(0, ended.length - REMEMBERED);
      // Only what is in progress grows older.
      const second = runs.length > 0 ? Math.floor(Date.now() / 1000) : 0;
      if (news === null && second === drawn) return '';
      drawn = second;
      return screen.paint(frame.picture(runs, { ...size(), ended, fault: board.fault }));
    },
    spoil() {
      screen.spoil();
      drawn = null;
    },
    ending: () => screen.end(orNothing(() => frame.rest(board.runs(), { ...size(), ended }))),
  };
}

/** The terminal is given back whatever failed. */
function orNothing(make) {
  try {
    return make();
  } catch {
    return [];
  }
}

module.exports = { live };
