// What time it is for records and questions: the caller's `Date.now()`, so that a test's clock counts, while it tells one.
'use strict';

/**
 * Epoch ms. A `Date.now` that throws, or gives anything but a finite number, costs no record: then it is the system's clock.
 *
 * @example clock() // 1767977312275
 */
function clock() {
  try {
    const now = Date.now();
    if (typeof now === 'number' && now - now === 0) return now;
  } catch {
    // Somebody replaced it.
  }
  return Math.round(performance.timeOrigin + performance.now());
}

module.exports = { clock };
