// Spans of time as they stand in the objectives file (`7d`, `90m`), and in words for people.
'use strict';

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const SPAN = /^(?:\d+(?:\.\d+)?[smhdw])+$/;

/** Milliseconds of `1h30m`, `NaN` of what is no span. */
function spanMs(text) {
  if (typeof text !== 'string' || !SPAN.test(text)) return NaN;
  return [...text.matchAll(/([\d.]+)([smhdw])/g)].reduce((sum, [, amount, unit]) => sum + amount * UNIT_MS[unit], 0);
}

/** The two largest units of some milliseconds: `6h`, `3h 25m`, `2d`. */
function spanText(ms) {
  let left = Math.max(0, Math.round(ms / 1000)) * 1000;
  const parts = [];
  for (const unit of ['d', 'h', 'm', 's']) {
    const count = Math.floor(left / UNIT_MS[unit]);
    left -= count * UNIT_MS[unit];
    if (count > 0) parts.push(`${count}${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ') || '0s';
}

/** A share in percent, as short as it can be: `95 %`, `99.5 %`, `0.005 %`. */
function percent(share) {
  const value = share * 100;
  return `${Number(value >= 1 ? value.toFixed(2) : value.toPrecision(1))} %`;
}

module.exports = { percent, spanMs, spanText };
