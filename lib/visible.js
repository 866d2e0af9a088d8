// Text of records for a terminal: what would drive the terminal is escaped. The one table of such characters.
'use strict';

// C0 (with ESC, tab and line ends), DEL, C1, and the marks that turn the direction of text or break lines.
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
// JSON text has already escaped C0, and its own line ends must stay.
const UNSAFE_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const SHORT = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * `text` on one line, with every control character escaped.
 *
 * @example visible('a\x1b[31mb\n') // 'a\\u001b[31mb\\n'
 */
function visible(text) {
  return String(text).replace(UNSAFE, (mark) => SHORT[mark] ?? unicodeEscape(mark));
}

/** The same for text of several lines that are ours. */
function visibleLines(text) {
  return String(text).split('\n').map(visible).join('\n');
}

/** JSON text that reads back as the same value but holds no character that a terminal obeys. */
function visibleJson(json) {
  return json.replace(UNSAFE_IN_JSON, unicodeEscape);
}

function unicodeEscape(mark) {
  return `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

module.exports = { visible, visibleJson, visibleLines };
