// How many columns of a terminal a text takes, and texts cut or filled up to a width.
'use strict';

// Marks that stand on the character before, joiners, and variation selectors.
const NOTHING = /^[\p{Mn}\p{Me}\p{Cf}\u200b-\u200d\ufe00-\ufe0f]$/u;
const PICTURE = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}{2}/u;
// The ranges of Unicode 17 whose East Asian width is W or F, see https://www.unicode.org/reports/tr11/; pictures are told apart above.
const WIDE = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];
// eslint-disable-next-line no-control-regex -- the beginning and end of a colour
const COLOUR = /\x1b\[\d+m/g;
const PLAIN = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2013\u2026\u2500-\u259f\u2713\u2717]*$/;

let segmenter = null;

/** What a person sees as one character each; taken apart only where a text is not plain. */
function characters(text) {
  if (PLAIN.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function widthOfCharacter(character) {
  if (PICTURE.test(character)) return 2;
  const first = [...character].find((each) => !NOTHING.test(each));
  if (first === undefined) return 0;
  const code = first.codePointAt(0);
  return WIDE.some(([from, to]) => from <= code && code <= to) ? 2 : 1;
}

/** The columns that `text` takes; colours take none. */
function width(text) {
  const bare = text.replace(COLOUR, '');
  if (PLAIN.test(bare)) return bare.length;
  return characters(bare).reduce((sum, character) => sum + widthOfCharacter(character), 0);
}

/**
 * `text` without colours, cut to at most `columns` with `…` at its end.
 *
 * @example cut('deployment', 6) // 'deplo…'
 */
function cut(text, columns) {
  if (width(text) <= columns) return text;
  let [kept, taken] = ['', 0];
  for (const character of characters(text)) {
    taken += widthOfCharacter(character);
    if (taken > columns - 1) break;
    kept += character;
  }
  return columns < 1 ? '' : `${kept}…`;
}

/** `text` with spaces behind it, or before it, up to `columns`. */
function fill(text, columns, right = false) {
  const spaces = ' '.repeat(Math.max(0, columns - width(text)));
  return right ? spaces + text : text + spaces;
}

module.exports = { cut, fill, width };
