// A picture that fills a terminal, on the second screen that terminals keep for this. Writes only the lines that changed.
'use strict';

// What a terminal does not know of these it passes over: another screen, on which nothing is wrapped anew when the window
// changes; a picture shown at once; and no wrapping of a line that was counted too short.
const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?1049l\x1b[?25h';
const BEGIN = '\x1b[?2026h\x1b[?7l';
const END = '\x1b[?7h\x1b[?2026l';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';

const at = (row) => `\x1b[${row + 1};1H`;

/**
 * Makes the text to write; it writes nothing itself. Lines must be narrower than the terminal, and no more than it has rows.
 *
 * @example
 * const screen = createScreen();
 * write(screen.paint(['working', '50 %']));
 * write(screen.paint(['working', '60 %'])); // writes one line
 * write(screen.end(['it was at 60 %'])); // the terminal as it was, and what stays of the picture
 */
function createScreen() {
  let shown = null;
  let entered = false;

  const changes = (lines) => {
    const old = shown ?? [];
    const isShorter = shown === null || lines.length < old.length;
    if (lines.length === 0) return isShorter ? `${at(0)}${CLEAR_BELOW}` : '';
    const last = lines.length - 1;
    // Behind the last line, because there may be no row below it to clear from.
    const drawn = lines.map((line, i) => {
      if (i === last && isShorter) return `${at(i)}${line}${CLEAR_BELOW}`;
      return line === old[i] ? '' : `${at(i)}${line}${CLEAR_LINE}`;
    });
    return drawn.join('');
  };

  return {
    /** The text that makes the terminal show `lines` from its first row on; `''` when it does already. */
    paint(lines) {
      const text = changes(lines);
      shown = lines;
      if (text === '') return '';
      const enter = entered ? '' : ENTER;
      entered = true;
      return `${enter}${BEGIN}${text}${END}`;
    },

    /** The window changed, or somebody else wrote to it: nothing that is there can be relied on. */
    spoil() {
      shown = null;
    },

    /** Gives the terminal back as it was, and then prints `lines`; `''` when it was not taken. */
    end(lines = []) {
      const text = entered ? `${END}${LEAVE}${lines.map((line) => `\r${line}\r\n`).join('')}` : '';
      [shown, entered] = [null, false];
      return text;
    },
  };
}

module.exports = { createScreen };
