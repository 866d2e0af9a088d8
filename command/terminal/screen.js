// A few lines at the end of a terminal that change in place, and lines that scroll up above them. Writes only what changed.
'use strict';

// What terminals do not know of these they pass over: a whole picture at once, and no wrapping of lines we counted too short.
const BEGIN = '\x1b[?2026h\x1b[?7l';
const END = '\x1b[?7h\x1b[?2026l';
const HIDE = '\x1b[?25l';
const SHOW = '\x1b[?25h';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';

const up = (lines) => (lines > 0 ? `\x1b[${lines}A` : '');
const down = (lines) => (lines > 0 ? `\x1b[${lines}B` : '');

/**
 * Makes the text to write; it writes nothing itself. The cursor rests, hidden, at the first column of the first line: whatever
 * a terminal does with lines that no longer fit when its window changes, that place stays with its line, and all that has to be
 * drawn anew is behind it. Lines must be narrower than the terminal, and fewer.
 *
 * @example
 * const screen = createScreen();
 * write(screen.paint(['working', '50 %']));
 * write(screen.paint(['working', '60 %'], ['one is done'])); // 'one is done' stays above
 * write(screen.end());
 */
function createScreen() {
  let shown = [];
  let stale = false;
  let hidden = false;

  const framed = (text) => {
    if (text === '') return '';
    const hide = hidden ? '' : HIDE;
    hidden = true;
    return `${hide}${BEGIN}${text}${END}`;
  };

  /** Everything from the cursor on. */
  const repaint = (lines, above) => {
    const all = [...above, ...lines];
    if (all.length === 0) return `\r${CLEAR_BELOW}`;
    const text = all.map((line) => `\r${line}`).join(`${CLEAR_LINE}\n`);
    if (lines.length === 0) return `${stale ? `\r${CLEAR_BELOW}` : ''}${text}${CLEAR_LINE}\r\n${CLEAR_BELOW}`;
    return `${stale ? `\r${CLEAR_BELOW}` : ''}${text}${CLEAR_BELOW}${up(lines.length - 1)}\r`;
  };

  const changes = (lines) =>
    lines.map((line, i) => (line === shown[i] ? '' : `${down(i)}${line}${CLEAR_LINE}\r${up(i)}`)).join('');

  return {
    /** The text that makes the terminal show `lines`, with `above` scrolled up in front of them; `''` when it does already. */
    paint(lines, above = []) {
      const whole = stale || above.length > 0 || lines.length !== shown.length;
      const text = framed(whole ? repaint(lines, above) : changes(lines));
      [shown, stale] = [lines, false];
      return text;
    },

    /** The window changed, or somebody else wrote to it: nothing that is there can be relied on. */
    spoil() {
      stale = true;
    },

    /** Leaves the lines where they are, and the cursor below them, as it was found. */
    end() {
      const text = hidden ? `${END}${down(shown.length - 1)}\r${shown.length > 0 ? '\n' : ''}${SHOW}` : '';
      [shown, stale, hidden] = [[], false, false];
      return text;
    },
  };
}

module.exports = { createScreen };
