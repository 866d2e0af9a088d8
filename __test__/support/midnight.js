// For tests that need a UTC day of the system's clock to last a while: close to midnight they wait for the next one.
'use strict';

const DAY = 86_400_000;

/** Resolves when the present UTC day lasts at least `ms` more. */
async function withinOneDay(ms = 45_000) {
  const left = DAY - (Date.now() % DAY);
  if (left < ms) await new Promise((resolve) => setTimeout(resolve, left + 10));
}

module.exports = { withinOneDay };
