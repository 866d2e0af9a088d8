// The heat map of durations: time from left to right, durations from short to long upwards; a click on a cell lists its runs.
import { html, nothing, svg } from 'lit-html';
import { change } from '../state.mjs';
import { duration, time } from '../words.mjs';

const WIDTH = 900;
const HEIGHT = 168;

/** A cell as it stands in the address. */
const cellText = (part, edges, band) => [part.from, part.to, edges[band], edges[band + 1]].join('~');

export function readCell(text) {
  const [from, to, min, max] = (text ?? '').split('~');
  return max === undefined ? null : { from, to, min, max };
}

function cell({ parts, edges_ms: edges }, most, column, band, chosen) {
  const part = parts[column];
  const here = part.durations[band];
  if (here === 0) return nothing;
  const [width, height] = [WIDTH / parts.length, HEIGHT / (edges.length - 1)];
  const text = cellText(part, edges, band);
  const words = `${here} from ${duration(edges[band])} to ${duration(edges[band + 1])}, ${time(part.from)}`;
  return svg`<rect class="cell ${text === chosen ? 'chosen' : ''}" x=${column * width} y=${HEIGHT - (band + 1) * height}
    width=${Math.max(1, width - 1)} height=${height - 1} fill-opacity=${0.25 + 0.75 * Math.sqrt(here / most)}
    @click=${() => change({ cell: text === chosen ? undefined : text })}><title>${words}</title></rect>`;
}

/** The same as lines, for those who do not see or point. */
function asTable({ parts, edges_ms: edges }) {
  const cells = parts.flatMap((part) =>
    part.durations.map((here, band) => ({ part, band, here })).filter(({ here }) => here > 0),
  );
  const show = ({ part, band }) => change({ cell: cellText(part, edges, band) });
  return html`<details>
    <summary>Durations as a table</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Durations as a table">
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Duration</th>
            <th scope="col" class="right">Runs</th>
          </tr>
        </thead>
        <tbody>
          ${cells.map(
            (each) =>
              html`<tr>
                <td>${time(each.part.from)}</td>
                <td>${duration(edges[each.band])} to ${duration(edges[each.band + 1])}</td>
                <td class="right">
                  <button type="button" class="number" @click=${() => show(each)}>${each.here}</button>
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

/** @param {object} timeline an answer of `getTimeline` */
export function heat(timeline, chosen) {
  const { parts, edges_ms: edges } = timeline;
  if (edges.length === 0) return html`<p class="empty">No durations in this window.</p>`;
  const most = Math.max(1, ...parts.flatMap((part) => part.durations));
  const label = `Durations over time, from ${duration(edges[0])} to ${duration(edges.at(-1))}`;
  const cells = parts.flatMap((part, column) =>
    part.durations.map((_, band) => cell(timeline, most, column, band, chosen)),
  );
  return html`<div class="heat">
      <div class="bands" aria-hidden="true">
        <span>${duration(edges.at(-1))}</span><span>${duration(edges[0])}</span>
      </div>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${label}>${cells}</svg>
    </div>
    <p class="ends" aria-hidden="true"><span>${time(parts[0].from)}</span><span>${time(parts.at(-1).to)}</span></p>
    ${asTable(timeline)}`;
}
