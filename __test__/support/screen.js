// A terminal as simple as can be, for tests of what is written to one: rows of cells, a history above them, and no wrapping.
'use strict';

const { widthOf } = require('../../command/terminal/width.js');

const COMMAND = new RegExp(`^${'\u001b'}\\[\\??([\\d;]*)([A-Za-z])`);

/** `write(text)` obeys it, `rows()` are the lines on the screen, `history()` those that scrolled off the first one. */
function createTerminal(columns, height) {
  const blank = () => Array.from({ length: height }, () => []);
  let screen = blank();
  let first = null; // the other screen and its cursor, while the second one is shown
  const history = [];
  const cursor = { x: 0, y: 0, visible: true, wraps: true };
  const place = (x, y) => Object.assign(cursor, { x: Math.min(x, columns - 1), y: Math.min(y, height - 1) });
  const modes = {
    25: (on) => (cursor.visible = on),
    7: (on) => (cursor.wraps = on),
    1049: (on) => swap(on),
    2026() {},
  };
  const swap = (on) => {
    if (on === (first !== null)) return;
    if (on) {
      first = { screen, x: cursor.x, y: cursor.y };
      screen = blank();
    } else {
      screen = first.screen;
      place(first.x, first.y);
      first = null;
    }
  };
  const commands = {
    G: ([n]) => place((n || 1) - 1, cursor.y),
    H: ([y, x]) => place((x || 1) - 1, (y || 1) - 1),
    K: () => screen[cursor.y].splice(cursor.x),
    J: () => {
      screen[cursor.y].splice(cursor.x);
      screen.fill(null, cursor.y + 1);
      screen = screen.map((row) => row ?? []);
    },
    h: ([n]) => modes[n](true),
    l: ([n]) => modes[n](false),
    m() {},
  };
  const newline = () => {
    if (cursor.y < height - 1) cursor.y += 1;
    else {
      const gone = screen.shift();
      if (first === null) history.push(gone);
      screen.push([]);
    }
  };
  /** A wide character takes the cell behind it too; a mark belongs to the cell before. */
  const put = (character) => {
    if (character < ' ') throw new Error(`control character ${JSON.stringify(character)}`);
    const row = screen[cursor.y];
    while (row.length < cursor.x) row.push(' ');
    const width = widthOf(character);
    if (width === 0) row[cursor.x - 1] += character;
    for (let cell = 0; cell < width; cell += 1) {
      row[cursor.x] = cell === 0 ? character : '';
      if (cursor.x < columns - 1) cursor.x += 1;
      else if (cursor.wraps) throw new Error('a line reached the end of the terminal');
    }
  };
  const take = (text) => {
    const [found, numbers, name] = COMMAND.exec(text) ?? [];
    if (found && !(name in commands)) throw new Error(`unknown command ${JSON.stringify(found)}`);
    const [character] = text;
    if (found) commands[name](numbers.split(';').map(Number));
    else if (character === '\r') cursor.x = 0;
    else if (character === '\n') newline();
    else put([...text.slice(0, 2)][0]);
    return (found ?? [...text.slice(0, 2)][0]).length;
  };
  const sized = (rows) => Array.from({ length: height }, (_, i) => (rows[i] ?? []).slice(0, columns));
  const text = (row) => row.join('').trimEnd();
  return {
    cursor,
    write(written) {
      for (let done = 0; done < written.length;) done += take(written.slice(done, done + 40));
    },
    rows: () => screen.map(text),
    history: () => history.map(text),
    /** As terminals do with their second screen: it is cut, and nothing is wrapped anew. */
    resize(newColumns, newHeight) {
      [columns, height] = [newColumns, newHeight];
      screen = sized(screen);
      if (first !== null) first.screen = sized(first.screen);
      place(cursor.x, cursor.y);
    },
  };
}

module.exports = { createTerminal };
