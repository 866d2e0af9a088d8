// Lines over time by uPlot, as an element: cursors of all charts go together, and a stretch that is brushed is the new window.
import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import { time } from '../words.mjs';

const SYNC = 'obs';
const HEIGHT = 170;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function axis(more = {}) {
  return {
    stroke: colour('soft'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { stroke: colour('line'), width: 1 },
    font: '11px system-ui, sans-serif',
    ...more,
  };
}

function seriesOf({ label, colour: name, dash, value }) {
  return {
    label,
    stroke: colour(name),
    width: 2,
    dash,
    spanGaps: true,
    points: { show: true, size: 5, fill: colour(name) },
    value: (_, raw) => (raw === null || raw === undefined ? '' : value(raw)),
  };
}

/** The time that is pointed at. */
const pointed = (seconds) => (seconds === null ? '' : time(new Date(seconds * 1000).toISOString()));

function options(spec, width, zoom) {
  return {
    width,
    height: HEIGHT,
    series: [{ label: '', value: (_, raw) => pointed(raw) }, ...spec.series.map(seriesOf)],
    scales: { y: { range: spec.range ?? ((_, low, high) => [Math.min(0, low ?? 0), (high || 1) * 1.05]) } },
    axes: [axis(), axis({ size: 84, values: (_, ticks) => ticks.map(spec.tick) })],
    cursor: { sync: { key: SYNC }, drag: { x: spec.zoom !== null, y: false, setScale: false }, focus: { prox: 30 } },
    legend: { live: true },
    hooks: {
      setSelect: [
        (plot) => {
          const { left, width: wide } = plot.select;
          if (wide < 5) return;
          const [from, to] = [left, left + wide].map((place) => Math.round(plot.posToVal(place, 'x') * 1000));
          plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
          zoom(new Date(from).toISOString(), new Date(to).toISOString());
        },
      ],
    },
  };
}

/** `<obs-chart .spec=${{ times, series: [{ label, values, colour, value }], tick, range, zoom }}>`; times in seconds. */
class Chart extends HTMLElement {
  #spec = null;
  #plot = null;
  #shape = '';
  #sizes = null;

  set spec(spec) {
    this.#spec = spec;
    if (this.isConnected) this.#draw();
  }

  connectedCallback() {
    this.#sizes = new ResizeObserver(() => this.#draw());
    this.#sizes.observe(this);
  }

  disconnectedCallback() {
    this.#sizes.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }

  #draw() {
    const width = Math.floor(this.clientWidth);
    if (this.#spec === null || width === 0) return;
    const { times, series, zoom } = this.#spec;
    const data = [times, ...series.map(({ values }) => values)];
    // Colours are those of the theme, so another theme needs another chart.
    const shape = JSON.stringify([series.map(({ label }) => label), colour('ink'), colour('paper')]);
    if (this.#plot === null || shape !== this.#shape) {
      this.#plot?.destroy();
      this.#plot = new uPlot(
        options(this.#spec, width, (from, to) => (this.#spec.zoom ?? zoom)?.(from, to)),
        data,
        this,
      );
      this.#shape = shape;
      return;
    }
    if (this.#plot.width !== width) this.#plot.setSize({ width, height: HEIGHT });
    this.#plot.setData(data);
  }
}

customElements.define('obs-chart', Chart);
