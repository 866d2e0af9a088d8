// Rate, durations and their heat map over the window, each with its table; all of one answer.
import { html } from 'lit-html';
import { zoom } from '../state.mjs';
import { source } from '../store.mjs';
import { count, duration, percent, time } from '../words.mjs';
import { heat } from './heat.mjs';

const middle = ({ from, to }) => (Date.parse(from) + Date.parse(to)) / 2000;

function asTable({ parts }) {
  const rows = parts.filter(({ total }) => total > 0);
  return html`<details>
    <summary>Rates as a table</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Rates and durations as a table">
      <table>
        <thead>
          <tr>
            ${['From', 'All', 'Failed', 'Success', 'p50', 'p95'].map(
              (name, place) => html`<th scope="col" class=${place > 0 ? 'right' : ''}>${name}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (part) =>
              html`<tr>
                <td>${time(part.from)}</td>
                <td class="right">${count(part.total)}</td>
                <td class="right">${count(part.failed)}</td>
                <td class="right">${percent(part.rate)}</td>
                <td class="right">${duration(part.p50_ms)}</td>
                <td class="right">${duration(part.p95_ms)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

const line = (parts, label, key, colour, value, dash) => ({
  label,
  colour,
  value,
  dash,
  values: parts.map((part) => part[key]),
});

/** A file holds no other windows than its own. */
function chart(label, times, series, tick, range) {
  return html`<figure>
    <figcaption>${label}</figcaption>
    <obs-chart
      role="img"
      aria-label=${label}
      .spec=${{ times, series, tick, range, zoom: source.kind === 'file' ? null : zoom }}
    ></obs-chart>
  </figure>`;
}

/** @param {object} timeline an answer of `getTimeline` */
export function overTime(timeline, { cell } = {}) {
  const { parts, total } = timeline;
  if (total === 0) return html`<p class="empty">Nothing in this window.</p>`;
  const times = parts.map(middle);
  return html`<div class="charts">
      ${chart('Success rate', times, [line(parts, 'success', 'rate', 'good', percent)], percent, [0, 1.02])}
      ${chart('How many', times, [line(parts, 'all', 'total', 'accent', count), line(parts, 'failed', 'failed', 'bad', count)], count)}
      ${chart('Durations', times, [line(parts, 'p50', 'p50_ms', 'accent', duration), line(parts, 'p95', 'p95_ms', 'warn', duration, [6, 3])], duration)}
      <figure class="wide-figure">
        <figcaption>How long they took; click a cell for its runs</figcaption>
        ${heat(timeline, cell)}
      </figure>
    </div>
    ${asTable(timeline)}`;
}
