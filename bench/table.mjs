// Lays the rows of the topics out as Markdown tables, so that they can be pasted as they are.

const SCALES = { ns: [1, 'ns'], us: [1e3, 'us'], ms: [1e6, 'ms'], s: [1e9, 's'] };

function scaleFor(value) {
  if (value < 1e4) return SCALES.ns;
  if (value < 1e6) return SCALES.us;
  return value < 1e10 ? SCALES.ms : SCALES.s;
}

const formatNumber = (value) =>
  value < 100 ? String(Number(value.toFixed(2))) : Math.round(value).toLocaleString('en');

/** A value with its unit; nanoseconds (`ns`) in the unit that suits them. */
export function formatValue(value, unit) {
  if (unit !== 'ns') return `${formatNumber(value)} ${unit}`;
  const [divisor, name] = scaleFor(Math.abs(value));
  return `${(value / divisor).toFixed(divisor === 1 ? 0 : 1)} ${name}`;
}

const formatRatio = (ratio) => `${ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2)}x`;

// What is judged: the ratio, or the difference, or the value itself where there is no yardstick.
const judged = ({ ratio, difference, ours }) => difference ?? ratio ?? ours;

/** `aim`, `bar` or `MISSED`; `''` for a row without limits. */
export function verdict({ bar, aim, higher, ...row }) {
  if (bar === undefined) return '';
  const reached = (limit) => (higher ? judged(row) >= limit : judged(row) <= limit);
  if (aim !== undefined && reached(aim)) return 'aim';
  return reached(bar) ? 'bar' : 'MISSED';
}

function formatLimits({ bar, aim, difference, ratio, higher, unit }) {
  const plain = difference !== undefined || ratio === undefined;
  const one = (limit) => (plain ? formatValue(limit, unit) : `${limit}x`);
  return [bar, aim].map((limit) => (limit === undefined ? '' : `${higher ? '>=' : '<='} ${one(limit)}`));
}

function formatResult({ ratio, spread, quiet, difference, unit }) {
  if (ratio === undefined) return ['', '', ''];
  if (difference !== undefined) return [`${difference < 0 ? '' : '+'}${formatValue(difference, unit)}`, '', ''];
  return [formatRatio(ratio), spread.map(formatRatio).join(' - '), formatRatio(quiet)];
}

function cellsOf(row) {
  const { what, unit, ours, base } = row;
  const yardstick = base === undefined ? '' : formatValue(base, unit);
  return [what, formatValue(ours, unit), yardstick, ...formatResult(row), ...formatLimits(row), verdict(row)];
}

/** Lines of cells as a Markdown table; the first line is its head, the first column is aligned to the left. */
export function markdownTable(lines) {
  const widths = lines[0].map((_, column) => Math.max(3, ...lines.map((cells) => cells[column].length)));
  const pad = (cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]));
  const [head, ...body] = lines.map((cells) => `| ${cells.map(pad).join(' | ')} |`);
  const rules = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [head, `| ${rules.join(' | ')} |`, ...body].join('\n');
}

const HEADINGS = ['measured', 'yardstick', 'result', 'middle half', 'quiet', 'bar', 'aim', ''];

/** A topic's rows as a table; rows without limits are for information. */
export function formatTable(title, rows) {
  return markdownTable([[title, ...HEADINGS], ...rows.map(cellsOf)]);
}
