// What the clocks of a time zone show.
'use strict';

/** Milliseconds that the clocks of a zone are ahead of UTC. */
function offsetAt(time, zone) {
  if (zone === 'UTC') return 0;
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(time);
  const [, sign, hours, minutes, seconds = 0] =
    /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(parts.find(({ type }) => type === 'timeZoneName').value) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

module.exports = { offsetAt };
