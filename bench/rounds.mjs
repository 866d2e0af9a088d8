// Measures contestants in interleaved rounds and makes a row of each contest: medians, and the median of the rounds' ratios.

/** The value below which the share `q` (0 to 1) of `values` lies, by nearest rank. */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
}

export const median = (values) => quantile(values, 0.5);

const nanoseconds = () => Number(process.hrtime.bigint());

// One turn of one contestant: nanoseconds per operation, or the number that it measured itself.
async function takeTurn({ size = 1, prepare = () => null, run }) {
  const input = prepare(size);
  const started = nanoseconds();
  let result = run(input);
  let elapsed = nanoseconds() - started;
  if (result instanceof Promise) {
    result = await result;
    elapsed = nanoseconds() - started;
  }
  return typeof result === 'number' ? result : elapsed / size;
}

/**
 * Lets contestants take turns for `rounds` rounds, in changing order so that none always runs in another's wake, after
 * `warmup` rounds that do not count. A contestant is `{ size, prepare(size), run(input) }`: `prepare` is not timed and makes
 * fresh input for each turn; `run` is timed as a whole and divided by `size`, unless it returns its own number.
 * Resolves to one array of values per contestant, `values[contestant][round]`.
 */
export async function race(contestants, { rounds, warmup = 2 }) {
  const values = contestants.map(() => []);
  for (let round = -warmup; round < rounds; round += 1) {
    for (const step of contestants.keys()) {
      const index = (step + round + warmup) % contestants.length;
      const value = await takeTurn(contestants[index]);
      if (round >= 0) values[index].push(value);
    }
  }
  return values;
}

// The ratio is the median of the rounds' own ratios: what slows the machine down for a while slows both.
function rowOf({ what, unit = 'ns', limits = {} }, mine, theirs) {
  const ratios = mine.map((value, round) => value / theirs[round]);
  const spread = [quantile(ratios, 0.25), quantile(ratios, 0.75)];
  // Of the turns that nothing else disturbed: the tenth of the way from the best one.
  const best = limits.higher ? 0.9 : 0.1;
  const quiet = quantile(mine, best) / quantile(theirs, best);
  return { what, unit, ours: median(mine), base: median(theirs), ratio: median(ratios), spread, quiet, ...limits };
}

/**
 * Races `entries` against one `base`, all in the same rounds, and resolves to a row for each. An entry is a contestant with
 * `what` it is, the `unit` of its numbers and its `limits`, `{ bar, aim, higher }`: the ratio to reach and the one hoped
 * for, with `higher` when more is better; without limits a row is for information.
 */
export async function contest(entries, base, options) {
  const values = await race([...entries, base], options);
  const theirs = values.pop();
  return entries.map((entry, index) => rowOf(entry, values[index], theirs));
}

/** A contest of one. */
export async function duel(what, { ours, base, rounds, warmup, unit, ...limits }) {
  const [row] = await contest([{ ...ours, what, unit, limits }], base, { rounds, warmup });
  return row;
}

/** Like `duel`, for what is judged by the difference between the two and not by their ratio; `limits` in `unit`. */
export async function distance(what, options) {
  const row = await duel(what, options);
  return { ...row, difference: row.ours - row.base };
}

// Reading the clock twice takes about as long as the shortest thing that is measured with it.
function costOfClock() {
  const spans = Array.from({ length: 10_001 }, () => -performance.now() + performance.now());
  return median(spans);
}

const CLOCK_MS = costOfClock();

/** Nanoseconds that `action()` takes, for what cannot be timed in a row; the clock's own time is taken off. */
export function timeOf(action) {
  const started = performance.now();
  action();
  return Math.max(0, performance.now() - started - CLOCK_MS) * 1e6;
}
