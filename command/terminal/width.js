// How many columns text takes on a terminal, and text cut to columns. Never counts fewer than a terminal may take.
'use strict';

// Signs of tables and small pictures, too, of one column each: their class costs less than those of all of Unicode.
const NARROW = /^[ -~\u2013\u2026\u2500-\u259f\u2713\u2717]*$/;
// Marks on the letter before, and what is not drawn; but terminals draw a hyphen that may be hidden, and signs before numbers.
const NONE =
  /^(?:[\p{Mn}\p{Me}\u1160-\u11ff]|(?![\u00ad\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}])\p{Cf})$/u;
const EMOJI = /^\p{Emoji_Presentation}$/u;
const EMOJI_STYLE = 0xfe0f;
// East Asian Wide and Fullwidth, with the unassigned places between them.
const WIDE = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2630, 0x2637],
  [0x268a, 0x268f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1d300, 0x1d376],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
];

/** Columns of one character. The mark that asks for a picture (U+FE0F) may widen the one before it to two. */
function columnsOf(character) {
  const code = character.codePointAt(0);
  if (code < 0x300) return 1;
  if (code === EMOJI_STYLE) return 1;
  if (NONE.test(character)) return 0;
  return EMOJI.test(character) || WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/**
 * Columns that `text` takes, which must hold no control characters (see `visible`).
 *
 * @example widthOf('日本 é') // 6
 */
function widthOf(text) {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/**
 * The beginning of `text` that takes at most `width` columns, with `mark` at its end when something was left out.
 *
 * @example cut('a long message', 8) // 'a long …'
 */
function cut(text, width, mark = '…') {
  if (text.length <= width && NARROW.test(text)) return text;
  const room = width - widthOf(mark);
  let [taken, kept, whole] = [0, '', ''];
  for (const character of text) {
    taken += columnsOf(character);
    if (taken > width) return width < widthOf(mark) ? '' : kept + mark;
    if (taken <= room) kept += character;
    whole += character;
  }
  return whole;
}

/** The same for names that differ at their ends: what is left out stood in the middle. */
function cutMiddle(text, width, mark = '…') {
  if (widthOf(text) <= width) return text;
  const room = width - widthOf(mark);
  let [tail, taken] = ['', 0];
  for (const character of [...text].reverse()) {
    if (taken + columnsOf(character) > room / 2) break;
    taken += columnsOf(character);
    tail = character + tail;
  }
  return room < 2 ? cut(text, width, mark) : cut(text, width - taken, mark) + tail;
}

/** `text` with spaces behind it, or before it, up to `width` columns. */
function fill(text, width, before = false) {
  const spaces = ' '.repeat(Math.max(0, width - widthOf(text)));
  return before ? spaces + text : text + spaces;
}

module.exports = { cut, cutMiddle, fill, widthOf };
