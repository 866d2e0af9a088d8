// Measures contestants in interleaved rounds and lays their medians and ratios out as a table.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';

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

/**
 * Races `ours` against `base` and makes the row that the table shows. `limits` is `{ bar, aim, higher }`: the ratio to
 * reach and the one hoped for, with `higher` when more is better. The ratio is the median of the rounds' own ratios:
 * what slows the machine down for a while slows both.
 */
export async function duel(what, { ours, base, rounds, warmup, unit = 'ns', ...limits }) {
  const [mine, theirs] = await race([ours, base], { rounds, warmup });
  const ratios = mine.map((value, round) => value / theirs[round]);
  const spread = [quantile(ratios, 0.25), quantile(ratios, 0.75)];
  return { what, unit, ours: median(mine), base: median(theirs), ratio: median(ratios), spread, ...limits };
}

/** Like `duel`, for what is judged by the difference between the two and not by their ratio; `limits` in `unit`. */
export async function distance(what, options) {
  const row = await duel(what, options);
  return { ...row, difference: row.ours - row.base };
}

const SCALES = { ns: [1, 'ns'], us: [1e3, 'us'], ms: [1e6, 'ms'], s: [1e9, 's'] };

function scaleFor(value) {
  if (value < 1e4) return SCALES.ns;
  if (value < 1e6) return SCALES.us;
  return value < 1e10 ? SCALES.ms : SCALES.s;
}

function formatValue(value, unit) {
  if (unit !== 'ns') return `${Math.round(value).toLocaleString('en')} ${unit}`;
  const [divisor, name] = scaleFor(Math.abs(value));
  return `${(value / divisor).toFixed(divisor === 1 ? 0 : 1)} ${name}`;
}

const formatRatio = (ratio) => `${ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2)}x`;

function verdict({ ratio, difference, bar, aim, higher }) {
  if (bar === undefined) return '';
  const reached = (limit) => (higher ? (difference ?? ratio) >= limit : (difference ?? ratio) <= limit);
  if (aim !== undefined && reached(aim)) return 'aim';
  return reached(bar) ? 'bar' : 'MISSED';
}

function formatLimits({ bar, aim, difference, higher, unit }) {
  const one = (limit) => (difference === undefined ? `${limit}x` : formatValue(limit, unit));
  return [bar, aim].map((limit) => (limit === undefined ? '' : `${higher ? '>=' : '<='} ${one(limit)}`));
}

function cellsOf(row) {
  const { what, unit, ours, base, ratio, spread, difference } = row;
  const result =
    difference === undefined ? formatRatio(ratio) : `${difference < 0 ? '' : '+'}${formatValue(difference, unit)}`;
  const range = difference === undefined ? spread.map(formatRatio).join(' - ') : '';
  return [what, formatValue(ours, unit), formatValue(base, unit), result, range, ...formatLimits(row), verdict(row)];
}

const HEADINGS = ['', 'ours', 'yardstick', 'result', 'middle half', 'bar', 'aim', ''];

/** A topic's rows as a Markdown table, so that it can be pasted as it is. */
export function formatTable(title, rows) {
  const lines = [[title, ...HEADINGS.slice(1)], ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(3, ...lines.map((cells) => cells[column].length)));
  const pad = (cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]));
  const [head, ...body] = lines.map((cells) => `| ${cells.map(pad).join(' | ')} |`);
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [head, rule, ...body].join('\n');
}

/** Makes a fresh folder below `parent` for `use(folder)`, and removes it afterwards. */
export async function withFolder(parent, use) {
  const folder = mkdtempSync(path.join(parent, 'obs-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a Node script to its end and resolves to what it printed; a failing one rejects with its complaint. */
export function runNode(args, { env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => (texts[name] += text));
    }
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(texts.stdout) : reject(new Error(texts.stderr || `exit ${code}`)),
    );
  });
}
