// A terminal as simple as can be, for tests of what is written to one: rows of cells, a history above them, and no wrapping.
'use strict';

const { widthOf } = require('../../command/terminal/width.js');

const COMMAND = new RegExp(`^${'\u001b'}\\[(\\??)(\\d*)([A-Za-z])`);

/** `write(text)` obeys it, `rows()` are the lines on the screen, `history()` those that scrolled off it. */
function createTerminal(columns, height) {
  let screen = Array.from({ length: height }, () => []);
  const history = [];
  const cursor = { x: 0, y: 0, visible: true, wraps: true };
  const modes = { 25: 'visible', 7: 'wraps' };
  const commands = {
    A: (n) => (cursor.y = Math.max(0, cursor.y - (n || 1))),
    B: (n) => (cursor.y = Math.min(height - 1, cursor.y + (n || 1))),
    G: (n) => (cursor.x = Math.min(columns, n || 1) - 1),
    K: () => screen[cursor.y].splice(cursor.x),
    J: () => screen.splice(cursor.y, height, screen[cursor.y].slice(0, cursor.x), ...Array.from({ length: height - 1 - cursor.y }, () => [])), // prettier-ignore
    h: (n) => n in modes && (cursor[modes[n]] = true),
    l: (n) => n in modes && (cursor[modes[n]] = false),
    m: () => {},
  };
  const newline = () => {
    if (cursor.y < height - 1) cursor.y += 1;
    else {
      history.push(screen.shift());
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
  const text = (row) => row.join('').trimEnd();
  return {
    cursor,
    write(written) {
      for (let rest = written; rest !== '';) {
        const [found, mark, number, name] = COMMAND.exec(rest) ?? [];
        if (found) {
          if (!(name in commands)) throw new Error(`unknown command ${JSON.stringify(found + mark)}`);
          commands[name](Number(number));
        } else if (rest[0] === '\r') cursor.x = 0;
        else if (rest[0] === '\n') newline();
        else put([...rest][0]);
        rest = rest.slice((found ?? [...rest][0]).length);
      }
    },
    rows: () => screen.map(text),
    history: () => history.map(text),
    /** As a terminal that cuts its rows when it becomes narrower; what is below the cursor goes first when it becomes lower. */
    resize(newColumns, newHeight) {
      columns = newColumns;
      while (screen.length > newHeight) {
        if (cursor.y < screen.length - 1) screen.pop();
        else {
          history.push(screen.shift());
          cursor.y -= 1;
        }
      }
      while (screen.length < newHeight) screen.push([]);
      height = newHeight;
      screen = screen.map((row) => row.slice(0, columns));
    },
  };
}

module.exports = { createTerminal };
