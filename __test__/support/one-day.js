// Run before every test: none begins so shortly before midnight (UTC) that the day would change while it runs. Tests compare what a process
// answers now with what they worked out a moment ago; days that change are tried with clocks of the tests' own.
'use strict';

// As they are before a test puts others in their place.
const { now } = Date;
const { setTimeout } = globalThis;
const DAY = 86_400_000;
/** Longer than a test takes on a busy machine, but for a few that do not depend on the day. */
const LONGEST = 60_000;

beforeEach(async () => {
  const left = DAY - (now() % DAY);
  if (left < LONGEST) await new Promise((resolve) => setTimeout(resolve, left + 10));
}, LONGEST + 30_000);
