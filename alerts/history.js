// The last changes of one alert, from the end of the log.
'use strict';

const { fitting, readLines } = require('./log.js');
const { placesOf } = require('./places.js');

/** The last `most` lines of the log about an alert, oldest first, its silences among them. */
function changesOf(core, alert, most = 20) {
  const { lines } = readLines(placesOf(core).log, null);
  const about = ({ value }) => {
    if (typeof value?.alert !== 'string') return false;
    return value.state === undefined ? fitting(value.alert).test(alert) : value.alert === alert;
  };
  return lines.filter(about).slice(-most).map(({ value }) => value); // prettier-ignore
}

module.exports = { changesOf };
