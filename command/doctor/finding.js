// One thing that the doctor looked at: how it stands, and what to do about it.
'use strict';

/**
 * @param {string} section heading it stands under
 * @param {string} name what was looked at
 * @param {'ok' | 'warn' | 'fail'} level 'warn' is worth knowing, 'fail' means that something will not work
 * @param {string} value what was found, for people
 * @param {{ advice?: string, data?: object }} more what to do about it; the same for programs
 */
function finding(section, name, level, value, { advice = null, data = null } = {}) {
  return { section, name, level, value, advice, data };
}

/** 12345 as `12.1 KB`. */
function size(bytes) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let amount = bytes;
  for (; amount >= 1024 && unit < units.length - 1; unit += 1) amount /= 1024;
  return `${unit === 0 ? amount : amount.toFixed(1)} ${units[unit]}`;
}

/** Milliseconds as `3 min`, in the largest unit that leaves at least one. */
function age(ms) {
  if (ms < 0) return 'in the future';
  const units = [
    ['days', 86_400_000, 2],
    ['h', 3_600_000, 1],
    ['min', 60_000, 1],
    ['s', 1000, 0],
  ];
  const [word, unit] = units.find(([, length, least]) => ms >= length * least);
  return `${Math.floor(ms / unit)} ${word} ago`;
}

module.exports = { finding, size, age };
