// Draws growth as an SVG picture by hand: both axes logarithmic, colours that can be read on light and dark pages.
import { MEASURES } from './topics/growth.mjs';
import { formatValue } from './table.mjs';

const SIZE = { width: 760, height: 440 };
const PLOT = { left: 76, right: 500, top: 56, bottom: 380 };
const COLORS = ['series-a', 'series-b', 'series-c', 'series-d'];

const STYLE = `
  .page { fill: #ffffff }
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 16px; font-weight: 600 }
  .quiet { fill: #59636e }
  .grid { stroke: #d1d9e0; stroke-width: 1 }
  .line { fill: none; stroke-width: 2.5; stroke-linejoin: round }
  .series-a { stroke: #b35900; fill: #b35900 }
  .series-b { stroke: #0969da; fill: #0969da }
  .series-c { stroke: #8250df; fill: #8250df }
  .series-d { stroke: #1a7f37; fill: #1a7f37 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 }
    text { fill: #f0f6fc }
    .quiet { fill: #9198a1 }
    .grid { stroke: #3d444d }
    .series-a { stroke: #f0883e; fill: #f0883e }
    .series-b { stroke: #58a6ff; fill: #58a6ff }
    .series-c { stroke: #bc8cff; fill: #bc8cff }
    .series-d { stroke: #3fb950; fill: #3fb950 }
  }
  .line { fill: none }
`;

/** A logarithmic scale from `[low, high]` to `[from, to]`. */
function scale([low, high], [from, to]) {
  const span = Math.log10(high) - Math.log10(low);
  return (value) => from + ((Math.log10(value) - Math.log10(low)) / span) * (to - from);
}

function powersOfTen(low, high) {
  const powers = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high * 1.001; power *= 10) {
    if (power >= low * 0.999) powers.push(power);
  }
  return powers;
}

const around = (values) => [
  10 ** Math.floor(Math.log10(Math.min(...values))),
  10 ** Math.ceil(Math.log10(Math.max(...values))),
];

const at = (number) => number.toFixed(1);

function tickName(nanoseconds) {
  if (nanoseconds < 1e3) return `${nanoseconds} ns`;
  if (nanoseconds < 1e6) return `${nanoseconds / 1e3} µs`;
  return nanoseconds < 1e9 ? `${nanoseconds / 1e6} ms` : `${nanoseconds / 1e9} s`;
}

function horizontal(value, y) {
  return [
    `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${at(y)}" y2="${at(y)}"/>`,
    `<text class="quiet" x="${PLOT.left - 10}" y="${at(y + 4)}" text-anchor="end">${tickName(value)}</text>`,
  ];
}

function vertical(value, x) {
  return [
    `<line class="grid" x1="${at(x)}" x2="${at(x)}" y1="${PLOT.top}" y2="${PLOT.bottom}"/>`,
    `<text class="quiet" x="${at(x)}" y="${PLOT.bottom + 22}" text-anchor="middle">${value.toLocaleString('en')}</text>`,
  ];
}

// Labels stand at the ends of their lines, moved apart where those are close.
function labelPlaces(ends) {
  const sorted = [...ends.keys()].sort((a, b) => ends[a] - ends[b]);
  const places = [...ends];
  let lowest = -Infinity;
  for (const index of sorted) {
    places[index] = Math.max(ends[index], lowest + 38);
    lowest = places[index];
  }
  return places;
}

function drawSeries({ name, points }, color, labelY) {
  const [lastX] = points.at(-1).place;
  const path = points.map(({ place: [x, y] }, index) => `${index === 0 ? 'M' : 'L'}${at(x)} ${at(y)}`).join(' ');
  const dots = points.map(({ place: [x, y] }) => `<circle class="${color}" cx="${at(x)}" cy="${at(y)}" r="4"/>`);
  const values = [points[0], points.at(-1)].map(({ value }) => formatValue(value, 'ns').replace('us', 'µs'));
  return [
    `<path class="line ${color}" d="${path}"/>`,
    ...dots,
    `<text x="${at(lastX + 14)}" y="${at(labelY)}">${name}</text>`,
    `<text class="quiet" x="${at(lastX + 14)}" y="${at(labelY + 16)}">${values.join(' → ')}</text>`,
  ];
}

function seriesOf(rows, x, y) {
  return MEASURES.map(({ name }) => {
    const own = rows.filter((row) => row.measure === name);
    return { name, points: own.map((row) => ({ value: row.ours, place: [x(row.total), y(row.ours)] })) };
  });
}

/** The rows of the topic `growth` as the text of an SVG file. */
export function growthChart(rows) {
  if (rows.length === 0) throw new Error('The chart shows the topic "growth", which was not run');
  const totals = rows.map((row) => row.total);
  const [sizes, costs] = [[Math.min(...totals), Math.max(...totals)], around(rows.map((row) => row.ours))];
  const x = scale(sizes, [PLOT.left, PLOT.right]);
  const y = scale(costs, [PLOT.bottom, PLOT.top]);
  const series = seriesOf(rows, x, y);
  const labels = labelPlaces(series.map(({ points }) => points.at(-1).place[1]));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-labelledby="title">`,
    '<title id="title">What a record and a question cost as the history grows</title>',
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${SIZE.width}" height="${SIZE.height}"/>`,
    `<text class="title" x="${PLOT.left}" y="30">Cost against the number of executions on record (both axes logarithmic)</text>`,
    ...powersOfTen(...costs).flatMap((value) => horizontal(value, y(value))),
    ...powersOfTen(...sizes).flatMap((value) => vertical(value, x(value))),
    `<text class="quiet" x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 46}" text-anchor="middle">executions on record</text>`,
    ...series.flatMap((each, index) => drawSeries(each, COLORS[index], labels[index])),
    '</svg>\n',
  ].join('\n');
}
