// Compares answers as the recordings ask for it: keys in order, numbers to 12 significant digits.
'use strict';

const DIGITS = 12;

/** A form in which two values that count as the same are deeply equal: keys in order, numbers rounded. */
function comparable(value) {
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : String(value);
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined); // JSON knows no undefined
  return { '{}': entries.map(([key, each]) => [key, comparable(each)]) };
}

/** Jest's `expect` with the comparison above. */
function expectSame(actual, expected) {
  expect(comparable(actual)).toEqual(comparable(expected));
}

const PERCENTILES = ['p50_ms', 'p90_ms', 'p95_ms', 'p99_ms'];
const HALF_A_MICROSECOND = 0.000_5;

/** The same for the performance of skills, whose percentiles may be off by as much as their answer says. */
function expectSamePerformance(actual, expected) {
  const rest = (all) =>
    Object.entries(all).map(([skill, each]) => [
      skill,
      Object.entries(each).map(([key, value]) =>
        PERCENTILES.includes(key) && each.error_bound > 0 ? [key, 'close'] : [key, value],
      ),
    ]);
  expectSame(rest(actual), rest(expected));
  for (const [skill, each] of Object.entries(expected)) {
    for (const key of PERCENTILES) {
      const most = Math.max(Math.abs(each[key]) * each.error_bound, each.error_bound > 0 ? HALF_A_MICROSECOND : 0);
      if (most > 0) expect(Math.abs(actual[skill][key] - each[key])).toBeLessThanOrEqual(most * (1 + 1e-9));
    }
  }
}

/** The same for resources, whose slopes are small differences of large numbers and keep fewer digits. */
function expectSameResources(actual, expected) {
  const names = Object.keys(expected).filter((name) => expected[name]?.slope !== undefined);
  const flat = (all) =>
    Object.assign({ ...all }, ...names.map((name) => ({ [name]: { ...all[name], slope: 'close' } })));
  expectSame(flat(actual), flat(expected));
  for (const name of names) {
    const { slope, first, last, mean, p95 } = expected[name];
    const scale = Math.max(...[first, last, mean, p95].map(Math.abs));
    expect(Math.abs(actual[name].slope - slope)).toBeLessThanOrEqual(1e-9 * scale);
  }
}

module.exports = { comparable, expectSame, expectSamePerformance, expectSameResources };
