// Numbers and times as words: units by size, runs in runs while they are few, and what is missing as a dash.

const DASH = '–';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const text = (value) => (value === null || value === undefined || value === '' ? DASH : String(value));

/** Anything that was recorded, as text. */
export function shown(value) {
  if (value === null || value === undefined) return DASH;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function count(number) {
  return number === null || number === undefined ? DASH : number.toLocaleString('en');
}

/** `12 ms`, `3.4 s`, `5 min 20 s`, `2 h 10 min`, `3 d 4 h`. */
export function duration(ms) {
  if (ms === null || ms === undefined) return DASH;
  if (ms < 0) return `-${duration(-ms)}`;
  if (ms < 10 && ms % 1 !== 0) return `${Number(ms.toFixed(2))} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${Number((ms / 1000).toFixed(1))} s`;
  if (ms < HOUR) return two(ms, MINUTE, 'min', 1000, 's');
  if (ms < DAY) return two(ms, HOUR, 'h', MINUTE, 'min');
  return two(ms, DAY, 'd', HOUR, 'h');
}

function two(ms, large, largeName, small, smallName) {
  const first = Math.floor(ms / large);
  const second = Math.floor((ms % large) / small);
  return second === 0 ? `${first} ${largeName}` : `${first} ${largeName} ${second} ${smallName}`;
}

/** Of few runs in runs, of many as a percentage; how many they are is told either way. */
export function rate({ total, successful, rate: share }) {
  if (total === 0) return DASH;
  return total < 100 ? `${successful} of ${total}` : `${percent(share)} of ${count(total)}`;
}

export function percent(share) {
  if (share === null || share === undefined) return DASH;
  // Almost all is not all.
  const rounded = Number((share * 100).toFixed(1));
  if (rounded === 100 && share < 1) return '>99.9 %';
  return `${rounded} %`;
}

const pad = (number) => String(number).padStart(2, '0');
const day = (date) => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;

/** `2026-05-05 12:30`, in the reader's zone. */
export function time(iso, seconds = false) {
  if (!iso) return DASH;
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return text(iso);
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}${seconds ? `:${pad(date.getSeconds())}` : ''}`;
  return `${day(date)} ${clock}`;
}

/** `5 min ago`, seen from a moment. */
export function ago(iso, now) {
  if (!iso) return DASH;
  const ms = now - Date.parse(iso);
  if (Number.isNaN(ms)) return DASH;
  if (ms < 1000) return 'now';
  const unit = [DAY, HOUR, MINUTE, 1000].find((each) => ms >= each);
  return `${Math.floor(ms / unit)} ${{ [DAY]: 'd', [HOUR]: 'h', [MINUTE]: 'min', 1000: 's' }[unit]} ago`;
}

/** Whether a change of a rate is more than chance, in words. */
export function chanceWords(chance) {
  if (chance === null || chance === undefined) return '';
  return chance < 0.05 ? 'hardly chance' : 'may be chance';
}

/** `last 7 days`, or times. */
export function windowWords({ w, from, to }) {
  if (from && to) return `${time(from)} to ${time(to)}`;
  if (to) return `until ${time(to)}`;
  return {
    '1h': 'last hour',
    '24h': 'last 24 hours',
    '7d': 'last 7 days',
    '30d': 'last 30 days',
    all: 'all of history',
  }[w];
}
