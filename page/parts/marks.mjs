// Small drawings beside numbers: strips of runs, sparklines, intervals, bars. Each says in words what it shows.
import { html, nothing, svg } from 'lit-html';

const drawing = (width, height, label, inside, classes = '') =>
  html`<svg
    class="mark ${classes}"
    viewBox="0 0 ${width} ${height}"
    width=${width}
    height=${height}
    role="img"
    aria-label=${label}
  >
    ${inside}
  </svg>`;

/** A tick for each run, oldest first; failed ones are taller too, for those who see no colour. */
export function strip(runs) {
  if (runs.length === 0) return nothing;
  const good = (run) => run === true || run?.success === true;
  const tick = (run, place) =>
    good(run)
      ? svg`<rect class="good" x=${place * 5} y="5" width="3.5" height="9" rx="1"></rect>`
      : svg`<rect class="bad" x=${place * 5} y="0" width="3.5" height="18" rx="1"></rect>`;
  const words = `last ${runs.length}, oldest first: ${runs.map((run) => (good(run) ? '✓' : '✗')).join('')}`;
  return drawing(runs.length * 5, 18, words, runs.map(tick), 'strip');
}

/** Calls over time, failed ones at the foot. */
export function spark(all, failed) {
  const most = Math.max(1, ...all);
  const bar = (value, place, kind) =>
    value === 0
      ? nothing
      : svg`<rect class=${kind} x=${place * 5} y=${20 - Math.max(2, (value / most) * 20)} width="4"
          height=${Math.max(2, (value / most) * 20)}></rect>`;
  const words = `over time, oldest first: ${all.join(', ')}; failed: ${failed.join(', ')}`;
  const bars = all.map((value, place) => [bar(value, place, 'plain'), bar(failed[place], place, 'bad')]);
  return drawing(all.length * 5, 20, words, bars);
}

/** Where the true rate lies: a line from `low` to `high` with a mark at `rate`, and the goal where there is one. */
export function interval({ low, high, rate, total }, goal) {
  if (total === 0) return nothing;
  const at = (share) => share * 96 + 2;
  const words = `between ${(low * 100).toFixed(0)} % and ${(high * 100).toFixed(0)} % with 95 % confidence`;
  return drawing(
    100,
    12,
    words,
    svg`<line class="rail" x1="2" x2="98" y1="6" y2="6"></line>
      <line class="range" x1=${at(low)} x2=${at(high)} y1="6" y2="6"></line>
      <circle class=${goal !== undefined && rate < goal ? 'bad' : 'good'} cx=${at(rate)} cy="6" r="4"></circle>
      ${goal === undefined ? nothing : svg`<line class="goal" x1=${at(goal)} x2=${at(goal)} y1="0" y2="12"></line>`}`,
    'interval',
  );
}

/** How far a run is. */
export function progress(percentage, words) {
  const known = typeof percentage === 'number';
  return html`<progress max="100" .value=${known ? percentage : 0} aria-label=${words}></progress>`;
}
