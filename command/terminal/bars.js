// Small pictures of one line: a sparkline of counts, and a strip of successes and failures.
'use strict';

const STEPS = '▁▂▃▄▅▆▇█';

/**
 * A character for each count; the largest is a full block, and none is a space.
 *
 * @example sparkline([0, 1, 8]) // ' ▁█'
 */
function sparkline(counts) {
  const most = Math.max(0, ...counts);
  return counts.map((count) => (count > 0 ? STEPS[Math.ceil((count / most) * STEPS.length) - 1] : ' ')).join('');
}

/** @example strip([true, false]) // '✓✗' */
function strip(results) {
  return results.map((success) => (success ? '✓' : '✗')).join('');
}

module.exports = { sparkline, strip };
