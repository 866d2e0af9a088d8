// Guesses which known word a mistyped one was meant to be.
'use strict';

/**
 * The word of `known` that `word` was probably meant to be, or `null`.
 *
 * @example nearest('qurey', ['query', 'stats']) // 'query'
 */
function nearest(word, known) {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  // A third of the letters wrong is a typing error; more is another word, and a wrong guess is worse than none.
  return best && best.distance <= Math.max(1, Math.ceil(best.candidate.length / 3)) ? best.candidate : null;
}

/** `(did you mean 'query'?)` with a space in front, or nothing. */
function didYouMean(word, known) {
  const guess = nearest(word, known);
  return guess === null ? '' : ` (did you mean '${guess}'?)`;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
function editDistance(a, b) {
  let before = [];
  let last = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    [before, last, row] = [last, row, [i]];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(replace, last[j] + 1, row[j - 1] + 1, swapped ? before[j - 2] + 1 : Infinity);
    }
  }
  return row[b.length];
}

module.exports = { didYouMean, nearest };
