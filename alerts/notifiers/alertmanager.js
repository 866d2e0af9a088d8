// An alert in the words of Alertmanager's API, version 2.
'use strict';

const DAY = 86_400_000;

/** A firing alert lasts until the next check says more, at most a day; any other ends now. */
function alertmanagerBody(changes, now) {
  return changes.map(({ alert, kind, subject, state, timestamp, message, details }) => ({
    labels: {
      alertname: 'obs',
      alert,
      ...(kind && { kind }),
      ...(subject && { subject }),
      severity: severityOf(details),
    },
    annotations: { summary: message },
    startsAt: timestamp,
    endsAt: new Date(state === 'firing' ? now + DAY : now).toISOString(),
  }));
}

function severityOf({ tier }) {
  return tier === 'slow' ? 'ticket' : 'page';
}

module.exports = { alertmanagerBody };
