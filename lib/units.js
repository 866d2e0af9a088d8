// Numbers as people read them: lengths of time in a fitting unit, counts with their word.
'use strict';

/** The number that a value is or says. An object says none: what asks it may take for ever. */
function numberOf(value) {
  return typeof value === 'object' && value !== null ? NaN : Number(value);
}

/** A length of time in the unit in which it is short to read: `0.4ms`, `431ms`, `1.2s`, `3m 20s`, `2h 5m`. */
function millis(value) {
  const given = numberOf(value);
  if (!Number.isFinite(given)) return '-';
  if (given < 10) return `${Number(given.toFixed(given < 1 ? 2 : 1))}ms`;
  if (given < 1000) return `${given.toFixed(0)}ms`;
  const seconds = given / 1000;
  if (seconds < 60) return `${Number(seconds.toFixed(1))}s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours}h ${minutes}m` : `${minutes}m ${whole % 60}s`;
}

/** `1 execution`, `2 executions`. */
function counted(value, word) {
  const given = numberOf(value);
  const count = Number.isFinite(given) ? given.toFixed(0) : '-';
  return `${count} ${word}${count === '1' ? '' : 's'}`;
}

module.exports = { counted, millis, numberOf };
